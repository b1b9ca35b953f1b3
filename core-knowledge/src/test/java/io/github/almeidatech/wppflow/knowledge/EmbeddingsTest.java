package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.ErrorCode;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbeddingsTest {

    private static final TenantId TENANT = new TenantId("hotel");
    private static final List<Document> DOCUMENTS = List.of(
            new Document("pool", "Piscina", "A piscina abre às 9h.", null),
            new Document("garden", "Jardim", "O jardim abre às 7h.", null),
            new Document("gong", "Gongo", "O gongo toca ao meio-dia.", null));
    private static final Document SAUNA = new Document("sauna", "Sauna", "A sauna abre às 8h.", null);

    /** Texts that speak of bathing, of plants, or of noise. */
    private static final class ByTheme implements Embedder {

        private final List<Integer> sizes = new ArrayList<>();
        private boolean broken;
        private String model = "themes";

        @Override
        public String model() {
            return model;
        }

        @Override
        public List<float[]> embed(Payer payer, List<String> texts) {
            if (broken) {
                throw new FlowException(Failure.DOWN, "embed", null);
            }
            sizes.add(texts.size());
            return texts.stream().map(ByTheme::vector).toList();
        }

        private static float[] vector(String text) {
            return new float[] {
                text.matches("(?is).*(piscina|splash).*") ? 3 : 0.1f,
                text.matches("(?is).*(jardim|photosynthesis).*") ? 3 : 0.1f,
                text.matches("(?is).*(gongo|boom).*") ? 3 : 0.1f
            };
        }
    }

    private enum Failure implements ErrorCode {
        DOWN;

        @Override
        public String code() {
            return "ERR_LLM_API";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }

    private final ByTheme embedder = new ByTheme();
    private final KnowledgeBase base = LuceneKnowledgeBase.builder(new InMemoryDocumentStore())
            .embedder(embedder)
            .build();

    @Test
    void meaning_finds_what_no_word_finds() {
        base.put(TENANT, DOCUMENTS);

        assertThat(first("photosynthesis")).isEqualTo("garden");
        assertThat(first("boom")).isEqualTo("gong");
    }

    @Test
    void words_and_meaning_together_order_the_sources() {
        base.put(TENANT, DOCUMENTS);

        assertThat(first("quando abre a piscina?")).isEqualTo("pool");
    }

    @Test
    void agreement_of_words_and_meaning_makes_more_confident() {
        base.put(TENANT, DOCUMENTS);
        double together = confidence("quando abre a piscina?");
        embedder.broken = true;

        assertThat(together).isGreaterThan(confidence("quando abre a piscina?"));
    }

    @Test
    void only_new_passages_are_embedded() {
        base.put(TENANT, DOCUMENTS);
        base.put(TENANT, List.of(SAUNA));

        assertThat(embedder.sizes).containsExactly(3, 1);
    }

    @Test
    void without_the_model_text_search_goes_on_and_the_next_change_asks_again() {
        embedder.broken = true;
        base.put(TENANT, DOCUMENTS);
        assertThat(first("quando abre a piscina?")).isEqualTo("pool");
        assertThat(base.query(TENANT, Question.of("photosynthesis")).sources()).isEmpty();

        embedder.broken = false;
        base.put(TENANT, List.of(SAUNA));

        assertThat(first("photosynthesis")).isEqualTo("garden");
    }

    @Test
    void what_was_embedded_once_is_not_paid_for_again_after_a_restart() {
        var documents = new InMemoryDocumentStore();
        var vectors = new InMemoryVectorStore();
        base(documents, vectors).put(TENANT, DOCUMENTS);

        assertThat(firstOf(base(documents, vectors), "photosynthesis")).isEqualTo("garden");
        assertThat(embedder.sizes).as("the passages once, and the question").containsExactly(3, 1);
    }

    @Test
    void another_model_makes_all_vectors_anew_and_those_of_the_old_one_go() {
        var documents = new InMemoryDocumentStore();
        var vectors = new InMemoryVectorStore();
        base(documents, vectors).put(TENANT, DOCUMENTS);
        embedder.model = "another";

        assertThat(firstOf(base(documents, vectors), "photosynthesis")).isEqualTo("garden");
        assertThat(embedder.sizes).containsExactly(3, 3, 1);
        assertThat(vectors.hashes(TENANT)).containsOnlyKeys("another");
    }

    @Test
    void vectors_of_passages_that_are_gone_are_not_kept() {
        var vectors = new InMemoryVectorStore();
        var base = base(new InMemoryDocumentStore(), vectors);
        base.put(TENANT, DOCUMENTS);

        base.put(TENANT, List.of(new Document("pool", "Piscina", "A piscina está fechada.", null)));

        assertThat(stored(vectors)).hasSize(3);
    }

    @Test
    void what_another_instance_adds_while_this_one_is_at_its_vectors_is_kept() {
        var documents = new InMemoryDocumentStore();
        var vectors = new InMemoryVectorStore();
        var later = new ArrayDeque<Runnable>();
        var one = LuceneKnowledgeBase.builder(documents)
                .embedder(embedder)
                .vectors(vectors)
                .embedding(later::add)
                .build();
        one.put(TENANT, DOCUMENTS);

        base(documents, vectors).put(TENANT, List.of(SAUNA));
        while (!later.isEmpty()) {
            later.remove().run();
        }

        assertThat(stored(vectors)).hasSize(4);
    }

    @Test
    void what_another_instance_adds_while_this_one_looks_for_what_is_gone_is_kept() {
        var documents = new InMemoryDocumentStore();
        var vectors = new InMemoryVectorStore();
        var another = base(documents, vectors);
        VectorStore hurried = new Watched(vectors, () -> another.put(TENANT, List.of(SAUNA)));

        base(documents, hurried).put(TENANT, DOCUMENTS);

        assertThat(stored(vectors)).hasSize(4);
    }

    /** Lets something happen just before somebody is told what there is. */
    private record Watched(VectorStore store, Runnable beforeLooking) implements VectorStore {

        @Override
        public Map<String, float[]> find(TenantId tenant, String model, Collection<String> hashes) {
            return store.find(tenant, model, hashes);
        }

        @Override
        public void save(TenantId tenant, String model, Map<String, float[]> vectors) {
            store.save(tenant, model, vectors);
        }

        @Override
        public Map<String, Set<String>> hashes(TenantId tenant) {
            beforeLooking.run();
            return store.hashes(tenant);
        }

        @Override
        public void remove(TenantId tenant, String model, Collection<String> hashes) {
            store.remove(tenant, model, hashes);
        }
    }

    private Set<String> stored(VectorStore vectors) {
        return vectors.hashes(TENANT).getOrDefault(embedder.model, Set.of());
    }

    @Test
    void many_passages_are_embedded_in_batches() {
        var many = IntStream.range(0, 150)
                .mapToObj(n -> new Document("d" + n, "Assunto " + n, "Texto número " + n, null))
                .toList();

        base.put(TENANT, many);

        assertThat(embedder.sizes).containsExactly(64, 64, 22);
    }

    @Test
    void a_change_does_not_wait_for_the_model_when_vectors_are_made_elsewhere() {
        var later = new ArrayList<Runnable>();
        var base = LuceneKnowledgeBase.builder(new InMemoryDocumentStore())
                .embedder(embedder)
                .embedding(later::add)
                .build();
        base.put(TENANT, DOCUMENTS);
        assertThat(embedder.sizes).isEmpty();
        assertThat(firstOf(base, "quando abre a piscina?")).isEqualTo("pool");

        later.forEach(Runnable::run);

        assertThat(firstOf(base, "photosynthesis")).isEqualTo("garden");
    }

    @Test
    void after_a_failure_what_is_missing_can_be_asked_for() {
        var base = base(new InMemoryDocumentStore(), new InMemoryVectorStore());
        embedder.broken = true;
        base.put(TENANT, DOCUMENTS);
        assertThat(base.embedMissing(TENANT)).isEqualTo(3);

        embedder.broken = false;

        assertThat(base.embedMissing(TENANT)).isZero();
        assertThat(firstOf(base, "photosynthesis")).isEqualTo("garden");
    }

    @Test
    void a_tenant_without_a_model_is_served_by_text() {
        var base = LuceneKnowledgeBase.builder(new InMemoryDocumentStore())
                .embedders(tenant -> tenant.equals(TENANT) ? Optional.of(embedder) : Optional.empty())
                .build();
        var other = new TenantId("clinic");
        base.put(other, DOCUMENTS);

        assertThat(base.embedMissing(other)).isZero();
        assertThat(base.query(other, Question.of("photosynthesis")).sources()).isEmpty();
        assertThat(embedder.sizes).isEmpty();
    }

    private LuceneKnowledgeBase base(DocumentStore documents, VectorStore vectors) {
        return LuceneKnowledgeBase.builder(documents)
                .embedder(embedder)
                .vectors(vectors)
                .build();
    }

    private static String firstOf(KnowledgeBase base, String question) {
        return base.query(TENANT, Question.of(question)).sources().get(0).documentId();
    }

    @Test
    void a_vector_without_direction_is_refused() {
        assertThatThrownBy(() -> new Vector(new float[] {0, 0})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Vector(new float[] {Float.NaN})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Vector(new float[] {1}).cosine(new Vector(new float[] {1, 1})))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private String first(String question) {
        return base.query(TENANT, Question.of(question)).sources().get(0).documentId();
    }

    private double confidence(String question) {
        return base.query(TENANT, Question.of(question)).confidence();
    }
}
