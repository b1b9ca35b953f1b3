package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.TenantId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How well what leans on its neighbours is read, on labelled turns of invented businesses. {@link TurnFigures} prints it. */
class TurnsTest {

    @ParameterizedTest
    @CsvSource({
        "bursts-seen, 0.92, 0.84",
        "bursts-unseen, 0.85, 0.76",
        "bursts-fresh, 0.88, 0.81",
        "dialogues-seen, 0.99, 0.87",
        "dialogues-unseen, 0.99, 0.84",
        "dialogues-fresh, 0.99, 0.70"
    })
    void bursts_are_parted_and_follow_ups_find_what_they_go_on_with(String set, double number, double found) {
        TurnFigures figures = TurnFigures.of(set);

        assertThat(figures.rightNumber()).as("%s", figures).isGreaterThan(number);
        assertThat(figures.found()).as("%s", figures).isGreaterThan(found);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    odontology | quanto custa canal de molar? | em quantas sessões faz? | od-012
                    pizzeria | tem massa sem glúten? | qual tamanho? | fv-014
                    odontology | tem estacionamento? | é pago? | od-003
                    """)
    void few_words_go_on_with_what_was_spoken_of(String business, String before, String text, String document) {
        assertThat(first(business, before, text)).isEqualTo(document);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    pizzeria | tem massa sem glúten? | tem estacionamento? | fv-033
                    garage | que horas vocês fecham no sábado? | e onde fica a oficina? | cb-002
                    odontology | tem estacionamento? | posso pagar no pix? | od-007
                    pet-hotel | cuanto cuesta el baño de un perro grande? | ¿aceptan tarjeta? | ph-007
                    """)
    void a_new_topic_in_few_words_is_not_taken_for_the_old_one(
            String business, String before, String text, String document) {
        assertThat(first(business, before, text)).isEqualTo(document);
    }

    @Test
    void what_few_words_go_on_with_is_looked_for_through_few_words_before_them() {
        assertThat(first("pet-hotel", "vocês dão banho?\ne tosa?", "quanto?")).isEqualTo("ph-023");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    gym | vcs tem natação? | minha filha tem 8 anos / quanto fica | gy-12
                    gym | vocês abrem sábado? | quero fazer natação / quanto fica | gy-12
                    odontology | vcs fazem clareamento? | minha mãe tem 60 anos / quanto custa | od-021
                    pet-hotel | aceita pix? | tenho dois gatos / quanto fica a diária | ph-002
                    pet-hotel | fazem banho? | meu cachorro é um poodle de 5kg / quanto fica | ph-023
                    """)
    void who_tells_something_and_asks_how_much_still_speaks_of_what_was_asked_before(
            String business, String before, String text, String document) {
        assertThat(first(business, before, text.replace(" / ", "\n"))).isEqualTo(document);
    }

    private static String first(String business, String before, String text) {
        var tenant = new TenantId(business);
        try (var base = KnowledgeBase.inMemory()) {
            base.put(tenant, FaqCollection.ofTests(business).documents());
            return base.query(tenant, new Question(text, before, 3, null))
                    .sources()
                    .get(0)
                    .documentId();
        }
    }
}
