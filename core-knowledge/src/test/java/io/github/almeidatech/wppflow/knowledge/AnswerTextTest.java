package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerTextTest {

    private static final TenantId TENANT = new TenantId("hotel");
    private static final String FILLING =
            "O prédio foi reformado por uma construtora da região e ganhou uma fachada nova"
                    + " com tijolos aparentes e vidros grandes. ";

    private final KnowledgeBase base = KnowledgeBase.inMemory();

    @Test
    void a_short_passage_is_said_whole() {
        String text = "A piscina abre às 9h. Traga a touca.";
        base.put(TENANT, List.of(new Document("a", "Piscina", text, null)));

        assertThat(base.query(TENANT, Question.of("a piscina abre quando?")).text())
                .isEqualTo(text);
    }

    @Test
    void of_a_long_passage_the_sentence_that_answers_is_said_with_its_neighbours() {
        String text = FILLING.repeat(3) + "A piscina abre às 9h. Menores entram acompanhados. " + FILLING.repeat(2);
        base.put(TENANT, List.of(new Document("a", "Piscina", text, null)));

        String said =
                base.query(TENANT, Question.of("que horas abre a piscina?")).text();

        assertThat(said)
                .contains("A piscina abre às 9h. Menores entram acompanhados.")
                .hasSizeLessThan(430);
        assertThat(said.length()).isLessThan(text.length());
    }

    @Test
    void lists_are_said_whole() {
        String text = "Horários da piscina:\n- segunda: 9h às 12h\n- terça: 9h às 18h\n"
                .repeat(10)
                .strip();
        base.put(TENANT, List.of(new Document("a", "Piscina", text, null)));

        assertThat(base.query(TENANT, Question.of("horários da piscina?")).text())
                .isEqualTo(text);
    }
}
