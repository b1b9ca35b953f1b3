package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LuceneKnowledgeBaseTest {

    private static final TenantId HOTEL = new TenantId("hotel");
    private static final TenantId CLINIC = new TenantId("clinic");

    private final DocumentStore store = new InMemoryDocumentStore();
    private final KnowledgeBase base = LuceneKnowledgeBase.on(store);

    @AfterEach
    void close() {
        base.close();
    }

    @Test
    void a_question_is_answered_with_the_document_that_answers_it() {
        base.put(HOTEL, FaqCollection.ofTests("pet-hotel").documents());

        var answer = base.query(HOTEL, Question.of("oi, quanto custa a diária pro meu cachorro?"));

        assertThat(answer.answered()).isTrue();
        assertThat(answer.text()).contains("R$ 85", "R$ 100", "R$ 120");
        assertThat(answer.confidence()).isBetween(0.5, 1.0);
        assertThat(answer.sources()).hasSize(3);
        assertThat(answer.sources().get(0).documentId()).isEqualTo("ph-001");
        assertThat(answer.sources().get(0).title()).isEqualTo("Diárias para cães");
        assertThat(answer.sources())
                .extracting(KnowledgeAnswer.Source::similarity)
                .allMatch(s -> s > 0 && s < 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"fazem tatuagem?", "quem ganhou o jogo ontem?", "do you sell bicycles?", "xyzzy plugh"})
    void what_no_document_states_is_declined(String question) {
        base.put(HOTEL, FaqCollection.ofTests("pet-hotel").documents());

        var answer = base.query(HOTEL, Question.of(question));

        assertThat(answer.answered()).isFalse();
        assertThat(answer.text()).isEmpty();
    }

    @Test
    void an_empty_base_declines() {
        var answer = base.query(HOTEL, Question.of("quanto custa a diária?"));

        assertThat(answer).isEqualTo(new KnowledgeAnswer(false, "", 0, List.of()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "   ",
                "o que é que a de para",
                "🐶🐱👍🏽",
                "?!...",
                "+-&&||!(){}[]^\"~*?:\\/ AND OR NOT title:x^2 \"",
                "\u0000\uD800",
                "kkkkkk",
                "\u202Eabc\u202C"
            })
    void odd_texts_are_declined_without_failing(String text) {
        base.put(HOTEL, List.of(document("prices", "A diária para cães custa R$ 95.")));

        assertThat(base.query(HOTEL, Question.of(text)).answered()).isFalse();
    }

    @Test
    void a_huge_question_is_read_in_its_beginning() {
        base.put(HOTEL, FaqCollection.ofTests("pet-hotel").documents());

        var answer = base.query(HOTEL, Question.of("quais vacinas precisa? " + "a".repeat(150_000)));

        assertThat(answer.sources()).isNotEmpty();
    }

    @Test
    void a_huge_document_is_searched_in_passages() {
        var text = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            text.append("Parágrafo número ").append(i).append(" sobre regras gerais do condomínio.\n\n");
        }
        text.append("O heliponto fica fechado em dias de vendaval.");
        base.put(HOTEL, List.of(document("rules", text.toString())));

        var answer = base.query(HOTEL, Question.of("o heliponto fecha com vendaval?"));

        assertThat(answer.sources().get(0).text()).contains("heliponto").hasSizeLessThan(1_000);
    }

    @Test
    void a_change_is_visible_to_the_next_query() {
        base.put(HOTEL, List.of(document("prices", "A diária para cães custa R$ 95.")));
        assertThat(base.query(HOTEL, Question.of("quanto custa a diária?")).text())
                .contains("95");

        base.put(HOTEL, List.of(document("prices", "A diária para cães custa R$ 110.")));

        assertThat(base.query(HOTEL, Question.of("quanto custa a diária?")).text())
                .contains("110");
        assertThat(base.size(HOTEL)).isEqualTo(1);
    }

    @Test
    void a_removed_document_answers_no_more() {
        base.put(HOTEL, List.of(document("prices", "A diária para cães custa R$ 95.")));

        assertThat(base.remove(HOTEL, List.of("prices", "unknown"))).isEqualTo(1);

        assertThat(base.query(HOTEL, Question.of("quanto custa a diária?")).sources())
                .isEmpty();
        assertThat(base.remove(HOTEL, List.of("prices"))).isZero();
        assertThat(base.size(HOTEL)).isZero();
    }

    @Test
    void of_the_same_id_in_one_call_the_last_stays() {
        base.put(HOTEL, List.of(document("a", "O jardim abre às 9h."), document("a", "A piscina abre às 10h.")));

        assertThat(base.query(HOTEL, Question.of("quando abre a piscina?")).text())
                .contains("10h");
        assertThat(base.size(HOTEL)).isEqualTo(1);
    }

    @Test
    void tenants_are_apart() {
        base.put(HOTEL, List.of(document("prices", "A diária para cães custa R$ 95.")));
        base.put(CLINIC, List.of(document("prices", "A consulta custa R$ 200.")));

        assertThat(base.query(CLINIC, Question.of("quanto custa a diária para cães?"))
                        .sources())
                .extracting(KnowledgeAnswer.Source::text)
                .noneMatch(text -> text.contains("95"));
        assertThat(base.remove(CLINIC, List.of("prices"))).isEqualTo(1);
        assertThat(base.size(HOTEL)).isEqualTo(1);
    }

    @Test
    void a_domain_sees_its_own_documents_and_those_of_none() {
        base.put(
                HOTEL,
                List.of(
                        new Document("h", "Preço da hospedagem", "A diária custa R$ 95.", "hotel"),
                        new Document("s", "Preço da hospedagem na loja", "A diária custa R$ 10.", "shop"),
                        new Document("all", "Preço do estacionamento", "O estacionamento custa R$ 5.", null)));

        var found = base.query(HOTEL, new Question("qual o preço?", "", 10, "hotel"))
                .sources();

        assertThat(found).extracting(KnowledgeAnswer.Source::documentId).containsExactlyInAnyOrder("h", "all");
        assertThat(base.query(HOTEL, new Question("qual o preço?", "", 10, null))
                        .sources())
                .hasSize(3);
    }

    @Test
    void a_follow_up_is_understood_with_what_was_said_before() {
        base.put(HOTEL, FaqCollection.ofTests("pet-hotel").documents());

        var answer =
                base.query(HOTEL, new Question("e pra gato?", "oi\nquanto custa a diária pro meu cachorro?", 3, null));

        assertThat(answer.sources().get(0).documentId()).isEqualTo("ph-002");
        assertThat(answer.answered()).isTrue();
    }

    @Test
    void a_question_that_only_asks_how_much_is_about_what_was_said_before() {
        base.put(HOTEL, FaqCollection.ofTests("pet-hotel").documents());

        var answer = base.query(HOTEL, new Question("quanto custa?", "vocês têm táxi dog?", 3, null));

        assertThat(answer.sources().get(0).documentId()).isEqualTo("ph-024");
    }

    @Test
    void a_whole_question_is_not_led_astray_by_what_was_said_before() {
        base.put(HOTEL, FaqCollection.ofTests("pet-hotel").documents());

        var answer = base.query(
                HOTEL, new Question("aceita pix?", "quanto custa a diária pro meu cachorro grande?", 3, null));

        assertThat(answer.sources().get(0).documentId()).isEqualTo("ph-007");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "quanto custa a diária do gato? | e qual o horário de atendimento? | ph-003",
                "quanto custa a diária pro meu cachorro? | e que horas vocês fecham? | ph-003",
                "quanto custa o banho? | e a tosa? | ph-023",
                "e ele precisa ter tomado alguma vacina | blz. e o banho, qto fica? | ph-023",
                "quanto custa a creche? | e qual o horário? | ph-022",
                "vocês têm piscina? | e até quando ela fica aberta? | ph-030",
                "quais vacinas o cachorro precisa? | e quanto custa a diária? | ph-001",
                "quanto é a diária de gato? | e pra coelho? | ph-031",
                "qual o horário de vocês? | e qual o endereço? | ph-005",
                "buscam em casa? | e quanto fica? | ph-024",
                "tem desconto? | e pra dois cachorros? | ph-026"
            })
    void a_new_thing_asked_takes_the_place_of_the_old_one_and_a_new_topic_that_of_the_old_topic(
            String before, String question, String expected) {
        base.put(HOTEL, FaqCollection.ofTests("pet-hotel").documents());

        var answer = base.query(HOTEL, new Question(question, before, 3, null));

        assertThat(answer.sources().get(0).documentId()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"vocês têm piscina para cães?", "vcs tem piscina pros dogs?", "do you have a pool for dogs?"})
    void what_the_whole_base_is_about_need_not_be_said_by_the_passage(String question) {
        base.put(HOTEL, FaqCollection.ofTests("pet-hotel").documents());

        var answer = base.query(HOTEL, Question.of(question));

        assertThat(answer.answered()).as("%s", answer).isTrue();
        assertThat(answer.sources().get(0).documentId()).isEqualTo("ph-030");
        assertThat(base.query(HOTEL, Question.of("vocês têm piscina para cavalos?"))
                        .answered())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"ph-001, quais vacinas o cachorro precisa?", "ph-002, quais vacinas o gato precisa?"})
    void of_passages_that_answer_as_well_the_one_is_told_that_is_about_what_was_spoken_of(
            String expected, String before) {
        base.put(HOTEL, FaqCollection.ofTests("pet-hotel").documents());

        var answer = base.query(HOTEL, new Question("e quanto custa a diária?", before, 3, null));

        assertThat(answer.sources().get(0).documentId()).isEqualTo(expected);
    }

    @Test
    void a_title_alone_can_be_found() {
        base.put(HOTEL, List.of(new Document("t", "Não temos piscina", "", null)));

        assertThat(base.query(HOTEL, Question.of("tem piscina?"))
                        .sources()
                        .get(0)
                        .text())
                .isEqualTo("Não temos piscina");
    }

    @Test
    void a_translation_in_the_base_answers_in_the_language_of_the_question() {
        base.put(
                HOTEL,
                List.of(
                        new Document("pt", "Estacionamento", "O estacionamento é gratuito para os hóspedes.", null),
                        new Document("en", "Parking", "Parking is free of charge for all of our guests.", null),
                        new Document(
                                "es", "Estacionamiento", "El estacionamiento es gratis para los huéspedes.", null)));

        assertThat(first("where can I leave my car?")).isEqualTo("en");
        assertThat(first("onde deixo o carro?")).isEqualTo("pt");
        assertThat(first("¿dónde dejo mi coche?")).isEqualTo("es");
    }

    private String first(String question) {
        return base.query(HOTEL, Question.of(question)).sources().get(0).documentId();
    }

    @Test
    void the_same_text_in_two_documents_is_one_source() {
        base.put(HOTEL, List.of(document("a", "A piscina abre às 9h."), document("b", "A piscina abre às 9h.")));

        assertThat(base.query(HOTEL, Question.of("quando abre a piscina?")).sources())
                .hasSize(1);
    }

    @Test
    void a_passage_id_names_one_version_of_the_text() {
        base.put(HOTEL, List.of(document("a", "A piscina abre às 9h.")));
        String before = passageId("quando abre a piscina?");
        base.put(HOTEL, List.of(document("a", "A piscina abre às 10h.")));
        String after = passageId("quando abre a piscina?");
        base.put(HOTEL, List.of(document("a", "A piscina abre às 9h.")));

        assertThat(after).isNotEqualTo(before);
        assertThat(passageId("quando abre a piscina?")).isEqualTo(before);
    }

    private String passageId(String question) {
        return base.query(HOTEL, Question.of(question)).sources().get(0).passageId();
    }

    @Test
    void what_another_process_changes_is_noticed_after_the_recheck_time() {
        var now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        InstantSource clock = now::get;
        try (var ours = LuceneKnowledgeBase.builder(store)
                .clock(clock)
                .recheck(Duration.ofSeconds(1))
                .build()) {
            store.save(HOTEL, List.of(document("a", "A piscina abre às 9h."), document("b", "O jardim abre às 7h.")));
            assertThat(ours.query(HOTEL, Question.of("quando abre a piscina?")).text())
                    .contains("9h");

            store.save(HOTEL, List.of(document("a", "A piscina abre às 10h.")));
            store.delete(HOTEL, List.of("b"));
            assertThat(ours.query(HOTEL, Question.of("quando abre a piscina?")).text())
                    .contains("9h");
            now.set(now.get().plusSeconds(1));

            assertThat(ours.query(HOTEL, Question.of("quando abre a piscina?")).text())
                    .contains("10h");
            assertThat(ours.size(HOTEL)).isEqualTo(1);
        }
    }

    @Test
    void a_change_of_another_process_is_not_lost_beside_our_own() {
        try (var other = LuceneKnowledgeBase.on(store)) {
            base.put(HOTEL, List.of(document("a", "A piscina abre às 9h.")));
            other.put(HOTEL, List.of(document("b", "O jardim abre às 7h.")));

            base.put(HOTEL, List.of(document("c", "A sauna abre às 8h.")));

            assertThat(base.size(HOTEL)).isEqualTo(3);
            assertThat(base.query(HOTEL, Question.of("quando abre o jardim?")).text())
                    .contains("7h");
        }
    }

    @Test
    void a_change_that_another_process_makes_during_our_own_is_seen() {
        var shared = new BusyStore(store, document("theirs", "O jardim abre às 7h."));
        try (var ours = LuceneKnowledgeBase.on(shared)) {
            ours.put(HOTEL, List.of(document("ours", "A piscina abre às 9h.")));

            assertThat(ours.query(HOTEL, Question.of("quando abre o jardim?")).text())
                    .contains("7h");
        }
    }

    @Test
    void documents_kept_from_before_are_found_at_the_start() {
        store.save(HOTEL, List.of(document("a", "A piscina abre às 9h.")));

        assertThat(base.query(HOTEL, Question.of("quando abre a piscina?")).text())
                .contains("9h");
    }

    @Test
    void after_closing_queries_fail() {
        base.close();

        assertThatThrownBy(() -> base.query(HOTEL, Question.of("oi"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_negative_recheck_is_refused() {
        var builder = LuceneKnowledgeBase.builder(store);

        assertThatThrownBy(() -> builder.recheck(Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void any_sequence_of_changes_leaves_what_a_map_would_hold() {
        for (long seed = 1; seed <= 6; seed++) {
            var random = new Random(seed);
            var tenant = new TenantId("tenant-" + seed);
            Map<String, String> expected = new HashMap<>();
            for (int step = 0; step < 40; step++) {
                String id = "d" + random.nextInt(6);
                if (random.nextInt(3) == 0) {
                    boolean was = expected.remove(id) != null;
                    assertThat(base.remove(tenant, List.of(id)))
                            .as("seed %d", seed)
                            .isEqualTo(was ? 1 : 0);
                } else {
                    String word = "zorb" + "abcdefghij".charAt(random.nextInt(10)) + "ulex" + step;
                    expected.put(id, word);
                    base.put(tenant, List.of(document(id, "O código é " + word + ".")));
                }
                for (var each : expected.entrySet()) {
                    var found = base.query(tenant, Question.of(each.getValue())).sources();
                    assertThat(found.get(0).documentId())
                            .as("seed %d step %d", seed, step)
                            .isEqualTo(each.getKey());
                    assertThat(found.get(0).text()).as("seed %d", seed).contains(each.getValue());
                }
                assertThat(base.size(tenant)).as("seed %d", seed).isEqualTo(expected.size());
            }
        }
    }

    @Test
    void queries_beside_changes_see_whole_documents() throws Exception {
        base.put(HOTEL, FaqCollection.ofTests("pet-hotel").documents());
        var pool = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> work = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                int n = i;
                work.add(() -> {
                    base.put(HOTEL, List.of(document("x" + n % 5, "A sauna abre às " + n + "h.")));
                    return true;
                });
                work.add(() -> {
                    var answer = base.query(HOTEL, Question.of("quanto custa a diária de gato?"));
                    return answer.sources().get(0).documentId().equals("ph-002");
                });
            }
            for (Future<Boolean> each : pool.invokeAll(work)) {
                assertThat(each.get()).isTrue();
            }
        } finally {
            pool.shutdownNow();
        }
        assertThat(base.size(HOTEL)).isEqualTo(43);
    }

    /** One in which somebody else saves just before us. */
    private record BusyStore(DocumentStore store, Document theirs) implements DocumentStore {

        @Override
        public void save(TenantId tenant, Collection<Document> documents, Instant at) {
            store.save(tenant, List.of(theirs), at);
            store.save(tenant, documents, at);
        }

        @Override
        public int delete(TenantId tenant, Collection<String> ids) {
            return store.delete(tenant, ids);
        }

        @Override
        public List<StoredDocument> stored(TenantId tenant) {
            return store.stored(tenant);
        }

        @Override
        public long version(TenantId tenant) {
            return store.version(tenant);
        }
    }

    private static Document document(String id, String content) {
        return new Document(id, "", content, null);
    }
}
