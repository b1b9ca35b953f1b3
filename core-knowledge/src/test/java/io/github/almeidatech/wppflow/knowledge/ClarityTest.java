package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer.Clarity;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClarityTest {

    private static final TenantId HOTEL = new TenantId("hotel");

    private final KnowledgeBase base = KnowledgeBase.inMemory();

    @BeforeEach
    void documents() {
        base.put(HOTEL, FaqCollection.ofTests("pet-hotel").documents());
    }

    @AfterEach
    void close() {
        base.close();
    }

    @ParameterizedTest
    @CsvSource({
        "vcs tem wifi, CLEAR",
        "oi tem estacionamento ai, CLEAR",
        "queria saber do banho, CLEAR",
        "onde fica, CLEAR",
        "que horas abre, CLEAR",
        "meu cachorro é bem calmo, NO_QUESTION",
        "pois é então, NOTHING",
        "preciso de ajuda, NOTHING",
        "'não, obrigado', NOTHING",
        "quanto fica?, NO_TOPIC",
        "até quando?, NO_TOPIC",
        "vcs dão?, NO_TOPIC",
        "???, NO_TOPIC"
    })
    void how_clear_it_is_what_is_asked_for_is_told(String text, Clarity clarity) {
        assertThat(base.query(HOTEL, Question.of(text)).clarity()).isEqualTo(clarity);
    }

    @ParameterizedTest
    @ValueSource(strings = {"quanto fica?", "qual o preço?", "gostaria de saber valores"})
    void of_many_prices_none_is_told_to_who_does_not_say_of_what(String text) {
        assertThat(base.query(HOTEL, Question.of(text)).answered()).isFalse();
    }

    @Test
    void the_only_price_and_a_list_of_prices_are_told() {
        var shop = new TenantId("shop");
        base.put(shop, List.of(new Document("a", "Aula", "A aula custa R$ 80.", null)));
        assertThat(base.query(shop, Question.of("qual o preço?")).text()).contains("R$ 80");

        base.put(
                shop,
                List.of(
                        new Document("b", "Preços", "Aula R$ 80, pacote R$ 300.", null),
                        new Document("c", "Álbum", "O álbum custa R$ 50.", null)));
        assertThat(base.query(shop, Question.of("qual o preço?")).text()).contains("R$ 300");
    }

    @Test
    void what_was_said_before_makes_it_clear() {
        KnowledgeAnswer answer = base.query(HOTEL, new Question("quanto fica?", "vocês dão banho?", 3, null));

        assertThat(answer.clarity()).isEqualTo(Clarity.CLEAR);
        assertThat(answer.text()).contains("R$ 55");
    }

    @Test
    void a_follow_up_of_a_follow_up_is_about_what_was_asked_before_both() {
        var question = new Question("e pra gato?", "quanto custa a diária do cachorro?\ne pra coelho?", 3, null);

        assertThat(base.query(HOTEL, question).sources().get(0).documentId()).isEqualTo("ph-002");
    }

    @Test
    void mere_question_marks_lean_on_nothing() {
        assertThat(base.query(HOTEL, new Question("???", "quanto custa o banho?", 3, null))
                        .answered())
                .isFalse();
    }
}
