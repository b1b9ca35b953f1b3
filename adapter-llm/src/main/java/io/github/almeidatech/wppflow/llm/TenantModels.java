package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.outbound.Gate;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;

/** A tenant's providers, asked in their order until one answers. Thread-safe; blocks. */
final class TenantModels {

    private final TenantId tenant;
    private final ModelSettings settings;
    private final Map<Language, Prompts> prompts;
    private final Budget budget;
    private final List<ProviderClient> clients;
    private final ChatCaller.Waiting waiting;

    TenantModels(
            TenantId tenant,
            ModelSettings settings,
            Map<Language, Prompts> prompts,
            Semaphore everybody,
            LanguageModels.Builder shared) {
        this.tenant = tenant;
        this.settings = settings;
        this.prompts = prompts;
        this.waiting = shared.waiting;
        this.budget = new Budget(tenant, settings.limits(), shared.ledger, shared.clock);
        var gates = new HashMap<String, Gate>();
        this.clients = settings.providers().stream()
                .map(each -> new ProviderClient(
                        tenant,
                        each,
                        gates.computeIfAbsent(each.origin(), origin -> gate(everybody, settings.limits())),
                        budget,
                        shared))
                .toList();
    }

    private static Gate gate(Semaphore everybody, ModelLimits limits) {
        return Gate.before(everybody, limits.maxConcurrent(), limits.maxPerMinute(), Duration.ofMinutes(1));
    }

    TenantId tenant() {
        return tenant;
    }

    ModelLimits limits() {
        return settings.limits();
    }

    Language language() {
        return settings.language();
    }

    /** A customer's words, fit to be sent. */
    String words(String text, int maxCharacters) {
        String bounded = Untrusted.text(text, maxCharacters);
        return settings.masking() ? PersonalData.masked(bounded) : bounded;
    }

    Budget budget() {
        return budget;
    }

    ChatCaller.Waiting waiting() {
        return waiting;
    }

    Prompts prompts(Language language) {
        return Objects.requireNonNull(prompts.get(language));
    }

    boolean can(Ability ability) {
        return !able(ability).isEmpty();
    }

    /** Those that have a model for it, in their order. */
    List<ProviderClient> able(Ability ability) {
        return clients.stream()
                .filter(each -> each.settings().model(ability).isPresent())
                .toList();
    }

    <T> T chat(ChatRequest<T> request, Payer payer, Duration timeLimit) {
        return first(request.ability(), timeLimit, (client, deadline) -> ask(client, request, payer, deadline));
    }

    <T> T ask(ProviderClient client, ChatRequest<T> request, Payer payer, Deadline deadline) {
        return new ChatCaller(client, waiting).ask(request, payer, deadline);
    }

    /** Asks one provider. */
    @FunctionalInterface
    interface Ask<T> {
        T of(ProviderClient client, Deadline deadline);
    }

    /**
     * The first answer. Each provider but the last gets its share of the time, so that there is some left for the next.
     *
     * @throws LlmException of the last provider asked; those of the others are suppressed in it
     */
    <T> T first(Ability ability, Duration timeLimit, Ask<T> ask) {
        return first(ability, timeLimit, each -> true, ask);
    }

    /** Likewise, of some providers only. */
    <T> T first(Ability ability, Duration timeLimit, Predicate<ProviderSettings> suitable, Ask<T> ask) {
        List<ProviderClient> able = able(ability).stream()
                .filter(each -> suitable.test(each.settings()))
                .toList();
        Deadline deadline = Deadline.in(timeLimit);
        LlmException failure = LlmException.of(LlmError.NOT_CONFIGURED, ability, "");
        for (int i = 0; i < able.size(); i++) {
            try {
                return ask.of(able.get(i), deadline.share(able.size() - i));
            } catch (LlmException e) {
                if (i > 0) {
                    e.addSuppressed(failure);
                }
                failure = e;
                if (isFinal(e.error()) || Thread.currentThread().isInterrupted()) {
                    break;
                }
            }
        }
        throw failure;
    }

    /** Another provider has the same budget; and a refusal is an answer, not to be shopped around for a better one. */
    private static boolean isFinal(LlmError error) {
        return error == LlmError.OVER_BUDGET || error == LlmError.REFUSED;
    }
}
