package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.knowledge.Embedder;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.ImageDescriber;
import io.github.almeidatech.wppflow.multimodal.Transcriber;
import io.github.almeidatech.wppflow.router.IntentModel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;

/**
 * The language models of all tenants: where to begin. Each ability is a port of a core; a tenant without a model for it is
 * served as if there were none.
 *
 * <p>Every call has a time limit, passes a gate (calls at the same time and in a minute, for each tenant and host, and 64
 * for all tenants together), a circuit breaker (for each tenant, provider and ability: open for 30 s after 5 failures in 10
 * calls) and the tenant's budget, which is taken before the call. A provider that fails is asked twice at most, then the
 * tenant's next one. {@code Retry-After} is obeyed up to 15 minutes: until then nothing is sent.
 *
 * <p>Thread-safe. Blocks its callers; owns no threads but those of its HTTP client.
 */
public final class LanguageModels implements AutoCloseable {

    private static final int MAX_CALLS = 64;

    private final Map<TenantId, TenantModels> tenants = new HashMap<>();
    private final ConnectionPool connections;

    private LanguageModels(Builder builder) {
        var prompts = Prompts.all();
        var everybody = new Semaphore(MAX_CALLS, true);
        builder.tenants.forEach((tenant, settings) ->
                tenants.put(tenant, new TenantModels(tenant, settings, prompts, everybody, builder)));
        this.connections = builder.http.connectionPool();
    }

    /** Without tenants. */
    public static Builder builder() {
        return new Builder();
    }

    /** Writes answers out of passages; empty for a tenant without a chat model. */
    public AnswerWriter answerWriter() {
        return new ModelAnswerWriter(tenants::get);
    }

    /** Tells the tenant's intents apart; empty for a tenant without a chat model. */
    public Optional<IntentModel> intentModel(TenantId tenant) {
        return able(tenant, Ability.CLASSIFY).map(ModelIntents::new);
    }

    /** Puts voice notes into words; {@code NO_READER} for a tenant without a transcription model. */
    public Transcriber transcriber() {
        return new ModelTranscriber(tenants::get);
    }

    /** Puts pictures into words; {@code NO_READER} for a tenant without a vision model. */
    public ImageDescriber imageDescriber() {
        return new ModelDescriber(tenants::get);
    }

    /**
     * Turns the tenant's texts into vectors of length 1, up to 64 in a request; empty for a tenant without an embedding
     * model. One text has 5 s at most.
     */
    public Optional<Embedder> embedder(TenantId tenant) {
        return able(tenant, Ability.EMBED).map(ModelEmbedder::new);
    }

    /** Whether a tenant has a model for something. */
    public boolean can(TenantId tenant, Ability ability) {
        return able(tenant, ability).isPresent();
    }

    /**
     * Asks every model of the tenant for the least it can do, which costs a fraction of a cent: for a person who wants to
     * know whether keys, names and addresses are right. Takes 15 s a model at most.
     */
    public List<ModelCheck> check(TenantId tenant) {
        return each(tenant, ModelCheck::of);
    }

    /** What the tenant has spent today, by its own calendar; calls under way are counted at their estimate. */
    public SpendLedger.Amount spentToday(TenantId tenant) {
        return spentBy(Payer.of(tenant));
    }

    /**
     * What was spent on a turn in all its tries, on a conversation today, or by the tenant today, as budgets count it: every
     * kind of call, those under way at their estimate.
     */
    public SpendLedger.Amount spentBy(Payer payer) {
        TenantModels models = tenants.get(payer.tenant());
        return models == null ? SpendLedger.Amount.ZERO : models.budget().spent(payer);
    }

    /** How each of the tenant's models is doing. */
    public List<ModelState> states(TenantId tenant) {
        return each(
                tenant,
                (models, client, ability) -> new ModelState(
                        client.settings().provider().word(),
                        ability,
                        client.settings().model(ability).orElseThrow(),
                        client.breakerState(ability)));
    }

    private <T> List<T> each(TenantId tenant, Of<T> of) {
        TenantModels models = tenants.get(tenant);
        if (models == null) {
            return List.of();
        }
        return Arrays.stream(Ability.values())
                .flatMap(ability -> models.able(ability).stream().map(client -> of.model(models, client, ability)))
                .toList();
    }

    /** Makes something of one model. */
    @FunctionalInterface
    private interface Of<T> {
        T model(TenantModels models, ProviderClient client, Ability ability);
    }

    /**
     * How a model is doing.
     *
     * @param breaker {@code closed}, {@code open} or {@code half_open}
     */
    public record ModelState(String provider, Ability ability, String model, String breaker) {}

    private Optional<TenantModels> able(TenantId tenant, Ability ability) {
        return Optional.ofNullable(tenants.get(tenant)).filter(models -> models.can(ability));
    }

    /** Closes idle connections; calls under way end as they do. */
    @Override
    public void close() {
        connections.evictAll();
    }

    /** Collects tenants and what they share. */
    public static final class Builder {

        final Map<TenantId, ModelSettings> tenants = new HashMap<>();
        OkHttpClient http = new OkHttpClient();
        InstantSource clock = InstantSource.system();
        ModelCallListener listener = ModelCallListener.NONE;
        SpendLedger ledger = SpendLedger.inMemory();
        PriceTable prices = PriceTable.builtIn();
        Duration breakerDelay = Duration.ofSeconds(30);
        ChatCaller.Waiting waiting = ChatCaller.Waiting::asleep;

        private Builder() {}

        /** A tenant's models; the last one given counts. */
        public Builder tenant(TenantId tenant, ModelSettings settings) {
            tenants.put(tenant, settings);
            return this;
        }

        /** The client to derive ours from, for its proxy, trust and name resolution; a plain one by default. */
        public Builder http(OkHttpClient client) {
            this.http = client;
            return this;
        }

        /** For days and pauses; the system's by default. */
        public Builder clock(InstantSource source) {
            this.clock = source;
            return this;
        }

        /** Is told of every call; nobody by default. */
        public Builder listener(ModelCallListener each) {
            this.listener = each;
            return this;
        }

        /** Counts what is spent; in memory by default. Give the old one to the models that replace these. */
        public Builder ledger(SpendLedger spending) {
            this.ledger = spending;
            return this;
        }

        /** What models cost; {@link PriceTable#builtIn} by default. */
        public Builder prices(PriceTable table) {
            this.prices = table;
            return this;
        }

        /** How long a circuit breaker stays open; 30 s by default. */
        public Builder breakerDelay(Duration delay) {
            this.breakerDelay = delay;
            return this;
        }

        /** For tests: what happens between two attempts. */
        Builder waiting(ChatCaller.Waiting between) {
            this.waiting = between;
            return this;
        }

        /** The models. Nothing is sent. */
        public LanguageModels build() {
            return new LanguageModels(this);
        }
    }
}
