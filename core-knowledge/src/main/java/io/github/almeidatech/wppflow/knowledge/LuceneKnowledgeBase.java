package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * The knowledge base on a search index in memory, one for each tenant, built from the {@link DocumentStore} when the
 * tenant is first asked about. It needs neither model nor network: Portuguese morphology, spelling by sound, and a
 * lexicon of everyday business talk in Portuguese, English and Spanish find the passage, and a calibrated model decides
 * whether it is good enough to answer. With an {@link Embedder} its ranking is fused with that of the vectors.
 *
 * <p>Thread-safe: queries run side by side and on their caller's thread; changes of one tenant run one after the other
 * and queries do not wait for them. Changes that other processes make in the store are noticed within
 * {@link Builder#recheck}.
 */
public final class LuceneKnowledgeBase implements KnowledgeBase {

    private final DocumentStore store;
    private final TenantKnowledge.Parts parts;
    private final Map<TenantId, TenantKnowledge> tenants = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private LuceneKnowledgeBase(Builder builder) {
        this.store = builder.store;
        this.parts = new TenantKnowledge.Parts(
                builder.store, builder.embedder, builder.vectors, builder.embedding, builder.clock, builder.recheck);
    }

    /** One with everything at its default. */
    public static LuceneKnowledgeBase on(DocumentStore store) {
        return builder(store).build();
    }

    /**
     * Begins to describe one.
     *
     * @param store the documents; not closed with the knowledge base
     */
    public static Builder builder(DocumentStore store) {
        return new Builder(store);
    }

    @Override
    public KnowledgeAnswer query(TenantId tenant, Question question) {
        return knowledge(tenant).query(question);
    }

    @Override
    public List<String> questions(TenantId tenant, String text) {
        return knowledge(tenant).questions(text);
    }

    @Override
    public void put(TenantId tenant, Collection<Document> documents) {
        knowledge(tenant).put(List.copyOf(documents));
    }

    @Override
    public int remove(TenantId tenant, Collection<String> ids) {
        return knowledge(tenant).remove(List.copyOf(ids));
    }

    @Override
    public int size(TenantId tenant) {
        return knowledge(tenant).documents().size();
    }

    @Override
    public List<StoredDocument> documents(TenantId tenant) {
        return store.stored(tenant);
    }

    @Override
    public List<NearDuplicate> nearDuplicates(TenantId tenant) {
        return NearDuplicate.among(knowledge(tenant).documents());
    }

    /**
     * Gives the tenant's passages the vectors they lack, from the {@link VectorStore} or by the {@link Embedder}. Changes
     * do so by themselves; this is for after a failure. Blocks while the model is asked; does nothing without one.
     *
     * @return how many passages lack their vector in the end
     */
    public int embedMissing(TenantId tenant) {
        return knowledge(tenant).embedMissing();
    }

    private TenantKnowledge knowledge(TenantId tenant) {
        if (closed) {
            throw new IllegalStateException("the knowledge base is closed");
        }
        return tenants.computeIfAbsent(tenant, each -> new TenantKnowledge(each, parts));
    }

    @Override
    public void close() {
        closed = true;
        tenants.values().forEach(TenantKnowledge::close);
        tenants.clear();
    }

    /** Collects the parts. */
    public static final class Builder {

        private final DocumentStore store;
        private Function<TenantId, Optional<Embedder>> embedder = tenant -> Optional.empty();
        private VectorStore vectors = new InMemoryVectorStore();
        private Executor embedding = Runnable::run;
        private InstantSource clock = InstantSource.system();
        private Duration recheck = Duration.ofMillis(500);

        private Builder(DocumentStore store) {
            this.store = Objects.requireNonNull(store, "store");
        }

        /** Adds vectors to the text search of every tenant; none by default. */
        public Builder embedder(Embedder embedder) {
            return embedders(tenant -> Optional.of(embedder));
        }

        /** The same, by tenant; asked for once for each. */
        public Builder embedders(Function<TenantId, Optional<Embedder>> byTenant) {
            this.embedder = byTenant;
            return this;
        }

        /** Where vectors are kept; in memory by default, to be made again at each start. */
        public Builder vectors(VectorStore store) {
            this.vectors = store;
            return this;
        }

        /**
         * Where passages get their vectors; by default the thread that changes documents does so before it returns. Until
         * a passage has its vector, it is found by its text alone.
         */
        public Builder embedding(Executor executor) {
            this.embedding = executor;
            return this;
        }

        /** For {@link #recheck}; the system's clock by default. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** How long a change made by another process may stay unseen; half a second by default, zero asks each time. */
        public Builder recheck(Duration recheck) {
            if (recheck.isNegative()) {
                throw new IllegalArgumentException("recheck of zero or more wanted, got " + recheck);
            }
            this.recheck = recheck;
            return this;
        }

        public LuceneKnowledgeBase build() {
            return new LuceneKnowledgeBase(this);
        }
    }
}
