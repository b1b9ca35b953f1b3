package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.outbound.Breaker;
import io.github.almeidatech.wppflow.outbound.Gate;
import io.github.almeidatech.wppflow.outbound.Pause;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tenant's one way out to one provider. Each call passes, in this order: the pause, the gate of calls at the same time and
 * in a minute, the circuit breaker, the budget; then it is sent, once. Thread-safe; blocks.
 */
final class ProviderClient {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderClient.class);
    private static final String ANTHROPIC_VERSION = "2023-06-01";
    /** A key or an account is not repaired within seconds. */
    private static final Duration USELESS_FOR = Duration.ofMinutes(1);

    private static final Duration UNSAID_PAUSE = Duration.ofSeconds(1);
    /** Less is not enough for an answer, and would count against the provider. */
    private static final Duration SHORTEST_CALL = Duration.ofMillis(200);

    private final TenantId tenant;
    private final ProviderSettings settings;
    private final ModelHttp http;
    private final Gate gate;
    private final Budget budget;
    private final PriceTable prices;
    private final ModelCallListener listener;
    private final Pause<LlmError> pause;
    private final Map<Ability, Breaker> breakers = new EnumMap<>(Ability.class);
    private volatile Dialect dialect;

    ProviderClient(
            TenantId tenant, ProviderSettings settings, Gate gate, Budget budget, LanguageModels.Builder shared) {
        this.tenant = tenant;
        this.settings = settings;
        this.http = new ModelHttp(shared.http, settings.provider(), shared.clock);
        this.gate = gate;
        this.budget = budget;
        this.prices = shared.prices;
        this.listener = shared.listener;
        this.pause = new Pause<>(shared.clock);
        this.dialect = settings.dialect();
        String place = tenant + "'s " + settings.provider().word();
        for (Ability ability : Ability.values()) {
            breakers.put(ability, new Breaker(place + " as it is to " + ability.word(), shared.breakerDelay));
        }
        Stream.of(Ability.values())
                .flatMap(ability -> settings.model(ability).stream())
                .distinct()
                .forEach(this::warnWithoutPrice);
    }

    private void warnWithoutPrice(String model) {
        if (settings.price().isEmpty() && prices.find(model).isEmpty()) {
            LOG.warn(
                    "no price is known for {} of {}: it is counted at the dear price of unknown models until one is set",
                    model,
                    tenant);
        }
    }

    ProviderSettings settings() {
        return settings;
    }

    Dialect dialect() {
        return dialect;
    }

    /** The server took this where it had refused another. */
    void learn(Dialect works) {
        if (!works.equals(dialect)) {
            dialect = works;
            LOG.info("{} of {} needs {}", settings.provider().word(), tenant, works);
        }
    }

    /** {@code closed}, {@code open} or {@code half_open}. */
    String breakerState(Ability ability) {
        return breakerOf(ability).state();
    }

    private Breaker breakerOf(Ability ability) {
        Breaker breaker = breakers.get(ability);
        if (breaker == null) {
            throw new IllegalStateException("no breaker for " + ability);
        }
        return breaker;
    }

    /**
     * Makes the call.
     *
     * @throws LlmException for everything but an answer that can be read
     */
    <T> T call(Outgoing<T> out, Payer payer, Deadline deadline) {
        long start = System.nanoTime();
        var bill = new Bill();
        String outcome = "ok";
        try {
            return gated(out, payer, deadline, bill);
        } catch (LlmException e) {
            outcome = e.error().word();
            if (!e.told().requestId().isEmpty()) {
                LOG.info("{} of {}: {}", settings.provider().word(), tenant, e.getMessage());
            }
            throw e;
        } finally {
            var took = Duration.ofNanos(System.nanoTime() - start);
            LOG.debug("{} {} {}: {} in {}", tenant, out.ability().word(), out.model(), outcome, took);
            listener.called(new ModelCallListener.Call(
                    tenant,
                    settings.provider().word(),
                    out.ability(),
                    out.model(),
                    outcome,
                    took,
                    bill.usage().inputTokens(),
                    bill.usage().outputTokens(),
                    bill.micros));
        }
    }

    private static final class Bill {
        private @Nullable Usage usage;
        private long micros;

        Usage usage() {
            return usage == null ? Usage.NONE : usage;
        }
    }

    private <T> T gated(Outgoing<T> out, Payer payer, Deadline deadline, Bill bill) {
        refuseWhilePaused(out.ability());
        enter(out.ability(), deadline);
        try {
            refuseWhilePaused(out.ability()); // another call may have been told to wait meanwhile
            return protectedByBreaker(out, payer, deadline, bill);
        } finally {
            gate.leave();
        }
    }

    private void refuseWhilePaused(Ability ability) {
        pause.left().ifPresent(left -> {
            throw new LlmException(left.reason(), ability, "paused", null, left.time());
        });
    }

    private void enter(Ability ability, Deadline deadline) {
        try {
            if (!gate.enter(deadline.left())) {
                throw LlmException.of(LlmError.BUSY, ability, "");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LlmException(LlmError.BUSY, ability, "interrupted", e, null);
        }
    }

    private <T> T protectedByBreaker(Outgoing<T> out, Payer payer, Deadline deadline, Bill bill) {
        if (deadline.left().compareTo(SHORTEST_CALL) < 0) {
            throw LlmException.of(LlmError.TIMED_OUT, out.ability(), "no time left");
        }
        ModelPrice price = settings.price().orElseGet(() -> prices.of(out.model()));
        Budget.Taken taken = taken(out, payer, price);
        try {
            return measured(out, deadline, bill);
        } catch (LlmException e) {
            if (bill.usage == null) {
                bill.usage = withoutAnswer(e, out.atMost());
            }
            throw e;
        } finally {
            Amount used = amount(bill.usage(), price);
            taken.settle(used);
            bill.micros = used.micros();
        }
    }

    private Budget.Taken taken(Outgoing<?> out, Payer payer, ModelPrice price) {
        try {
            return budget.take(payer, out.ability(), amount(out.atMost(), price));
        } catch (LlmException e) {
            throw e;
        } catch (FlowException e) { // without the books nothing is spent
            throw new LlmException(LlmError.OVER_BUDGET, out.ability(), "ledger", e, null);
        }
    }

    private <T> T measured(Outgoing<T> out, Deadline deadline, Bill bill) {
        return breakerOf(out.ability())
                .call(
                        () -> exchange(out, deadline, bill),
                        failure ->
                                failure instanceof LlmException e && e.error().sickness(),
                        left -> new LlmException(LlmError.CIRCUIT_OPEN, out.ability(), "", null, left));
    }

    private static Amount amount(Usage usage, ModelPrice price) {
        return new Amount(usage.tokens(), price.micros(usage));
    }

    /** Nobody knows whether a call without an answer was billed, so it stays spent; one that was refused was not billed. */
    private static Usage withoutAnswer(LlmException failure, Usage atMost) {
        return switch (failure.error()) {
            case TIMED_OUT, BROKEN, UNREADABLE_ANSWER -> atMost;
            case SERVER_ERROR -> failure.told().explicit() ? Usage.NONE : atMost;
            default -> Usage.NONE;
        };
    }

    private <T> T exchange(Outgoing<T> out, Deadline deadline, Bill bill) {
        var request = new Request.Builder().url(out.url()).post(out.body());
        if (!settings.apiKey().isEmpty()) {
            switch (settings.provider().auth()) {
                case BEARER -> request.header("Authorization", "Bearer " + settings.apiKey());
                case API_KEY -> request.header("api-key", settings.apiKey());
                case X_API_KEY -> request.header("x-api-key", settings.apiKey());
            }
        }
        if (settings.provider() == Provider.ANTHROPIC) {
            request.header("anthropic-version", ANTHROPIC_VERSION);
        }
        try {
            JsonNode json = http.send(out.ability(), request, out.maxAnswerBytes(), deadline.left());
            Usage said = out.usage().apply(json);
            bill.usage = said == null ? out.atMost() : said;
            return out.reader().read(json);
        } catch (MalformedAnswerException e) {
            throw LlmException.of(e.error(), out.ability(), e.problem());
        } catch (LlmException e) {
            leaveAlone(e);
            throw e;
        }
    }

    private void leaveAlone(LlmException e) {
        LlmError error = e.error();
        if (error == LlmError.RATE_LIMITED) {
            pause.begin(error, e.retryAfter().orElse(UNSAID_PAUSE));
        } else if (error == LlmError.SERVER_ERROR && e.retryAfter().isPresent()) {
            pause.begin(error, e.retryAfter().get());
        } else if (error == LlmError.UNAUTHORIZED || error == LlmError.QUOTA_EXCEEDED) {
            pause.begin(error, USELESS_FOR);
            LOG.error(
                    "{} of {} answers {}: its key or its account needs a person",
                    settings.provider().word(),
                    tenant,
                    error.word());
        }
    }

    @Override
    public String toString() {
        return "ProviderClient[" + tenant + ", " + settings + "]";
    }
}
