package io.github.almeidatech.wppflow.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnIntentsTest {

    /** Seven intents of invented tenants at once; {@link LearningCurve} prints the same in detail. */
    @ParameterizedTest
    @CsvSource({"5, 0.78", "10, 0.80", "20, 0.82"})
    void a_handful_of_examples_teaches_an_intent_and_the_standard_ones_hardly_suffer(int examples, double wanted) {
        LearningCurve.Point point = LearningCurve.of(LearningCurve.MEASURED, examples);

        assertThat(point.understood()).as("%s", point).isGreaterThanOrEqualTo(wanted);
        assertThat(point.standard()).as("%s", point).isGreaterThanOrEqualTo(0.87);
    }

    @Test
    void a_message_without_a_word_in_common_with_the_examples_is_understood() {
        Router router = Router.builder()
                .intent(new Intent(
                        "guincho",
                        "Carro parado na rua.",
                        List.of(),
                        List.of(
                                "meu carro quebrou na estrada",
                                "preciso de um guincho",
                                "bateria arriou",
                                "o pneu furou",
                                "acabou a gasolina")))
                .build();

        assertThat(router.classify(Utterance.of("minha van pifou na rodovia")).intent())
                .isEqualTo("guincho");
    }

    @Test
    void a_word_of_the_tenant_decides_where_nothing_else_does() {
        Router router = Router.builder()
                .intent("ozonio", List.of("ozonioterapia"), List.of())
                .build();

        Classification heard = router.classify(Utterance.of("e a ozonioterapia"));

        assertThat(heard.intent()).isEqualTo("ozonio");
        assertThat(heard.evidence()).anySatisfy(reason -> assertThat(reason).contains("ozonioterapia"));
    }

    @Test
    void a_standard_intent_learns_a_tenants_examples() {
        String odd = "manda a ficha azul";
        Router router = Router.builder()
                .intent(
                        "appointment",
                        List.of(),
                        List.of(odd, "preciso da ficha azul", "ficha azul por favor", "cadê a ficha azul"))
                .build();

        assertThat(router.classify(Utterance.of("quero a ficha azul")).intent()).isEqualTo("appointment");
        assertThat(router.intents()).hasSize(4);
    }
}
