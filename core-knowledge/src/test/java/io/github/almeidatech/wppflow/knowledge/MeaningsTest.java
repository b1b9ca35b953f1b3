package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MeaningsTest {

    private static final TenantId SHOP = new TenantId("shop");

    private final Meanings meanings = Meanings.load();

    @Test
    void every_concept_of_the_lexicon_has_its_place() {
        var words = new Words();
        var lexicon = new Lexicon(words);
        List<String> concepts = lexicon.words(Language.PT_BR).stream()
                .flatMap(word -> words.read(word, Language.PT_BR).stream())
                .flatMap(token -> lexicon.sensesOf(token, Language.PT_BR).stream())
                .map(Lexicon.Sense::concept)
                .distinct()
                .toList();

        assertThat(concepts)
                .as("meanings.txt is stale: teach it again, docs/quality.md tells how")
                .hasSizeGreaterThan(900)
                .allMatch(concept -> meanings.has(Feature.concept(concept)));
    }

    @Test
    void concepts_that_are_spoken_of_together_lie_nearer_than_others() {
        assertThat(nearness("atraso", "espera")).isGreaterThan(nearness("atraso", "chuveiro"));
        assertThat(nearness("higiene", "limpar")).isGreaterThan(nearness("higiene", "cupom"));
    }

    @Test
    void what_the_lexicon_lacks_means_nothing() {
        assertThat(meanings.of(Map.of("w:xyz", 1.0))).isNull();
        assertThat(meanings.of(Map.of())).isNull();
        assertThat(meanings.of(Map.of("c:atraso", 0.0))).isNull();
    }

    @Test
    void a_passage_is_found_by_its_meaning_alone() {
        try (var base = KnowledgeBase.inMemory()) {
            base.put(
                    SHOP,
                    List.of(
                            new Document("rain", "Mau tempo", "Com temporal a saída fica para o dia seguinte.", null),
                            new Document("pay", "Pagamento", "Aceitamos cartão e dinheiro.", null),
                            new Document("pets", "Animais", "Cães pequenos podem entrar.", null)));

            var found = base.query(SHOP, Question.of("vou de guarda-chuva?")).sources();

            assertThat(found).isNotEmpty();
            assertThat(found.get(0).documentId()).isEqualTo("rain");
        }
    }

    @Test
    void passages_of_another_domain_are_not_found_by_their_meaning() {
        try (var base = KnowledgeBase.inMemory()) {
            base.put(
                    SHOP,
                    List.of(
                            new Document("rain", "Mau tempo", "Com temporal a saída fica para amanhã.", "tours"),
                            new Document("pay", "Pagamento", "Aceitamos cartão e dinheiro.", "shop")));

            var found = base.query(SHOP, new Question("vou de guarda-chuva?", "", 10, "shop"))
                    .sources();

            assertThat(found).noneMatch(source -> source.documentId().equals("rain"));
        }
    }

    private double nearness(String one, String other) {
        return Objects.requireNonNull(meanings.of(Map.of(Feature.concept(one), 1.0)))
                .cosine(Objects.requireNonNull(meanings.of(Map.of(Feature.concept(other), 1.0))));
    }
}
