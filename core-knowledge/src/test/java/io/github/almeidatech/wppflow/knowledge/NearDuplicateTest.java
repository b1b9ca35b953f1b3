package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;

class NearDuplicateTest {

    private static final String TEXT = "A diária de cachorro custa R$ 85 para porte pequeno, R$ 100 para porte médio e"
            + " R$ 120 para porte grande, com duas caminhadas e recreação.";

    @Test
    void documents_that_differ_in_a_word_are_named() {
        var tenant = new TenantId("hotel");
        try (var base = LuceneKnowledgeBase.on(new InMemoryDocumentStore())) {
            base.put(
                    tenant,
                    List.of(
                            new Document("b", "Preço", TEXT.replace("R$ 120", "R$ 130"), null),
                            new Document("a", "Diária", TEXT, null),
                            new Document("c", "Gatos", "A diária de gato custa R$ 75 na suíte individual.", null)));

            var found = base.nearDuplicates(tenant);

            assertThat(found).hasSize(1);
            assertThat(found.get(0).first()).isEqualTo("a");
            assertThat(found.get(0).second()).isEqualTo("b");
            assertThat(found.get(0).similarity()).isBetween(0.7, 0.999);
        }
    }

    @Test
    void the_most_alike_come_first() {
        var found = NearDuplicate.among(List.of(
                new Document("a", "", TEXT, null),
                new Document("b", "", TEXT.toUpperCase(java.util.Locale.ROOT), null),
                new Document("c", "", TEXT + " Inclui banho.", null)));

        assertThat(found).hasSize(3);
        assertThat(found.get(0)).isEqualTo(new NearDuplicate("a", "b", 1));
    }

    @Test
    void single_words_and_titles_alone_are_compared_too() {
        assertThat(NearDuplicate.among(List.of(
                        new Document("a", "Piscina", "", null),
                        new Document("b", "x", "piscina", null),
                        new Document("c", "Sauna", "", null))))
                .containsExactly(new NearDuplicate("a", "b", 1));
        assertThat(NearDuplicate.among(List.of())).isEmpty();
    }
}
