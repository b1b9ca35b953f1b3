package io.github.almeidatech.wppflow.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnIntentsTest {

    /** Intents of invented tenants, the first twenty messages of each to learn from, the rest to be understood. */
    private static Map<String, List<String>> intents() {
        var intents = new HashMap<String, List<String>>();
        String name = "";
        for (String line : Resource.lines("own-intents.txt")) {
            if (line.startsWith("# ")) {
                name = line.substring(2);
                intents.put(name, new ArrayList<>());
            } else {
                intents.get(name).add(line);
            }
        }
        return intents;
    }

    private static Router taught(int examples) {
        Router.Builder builder = Router.builder();
        intents().forEach((name, lines) -> builder.intent(name, List.of(), lines.subList(0, examples)));
        return builder.build();
    }

    @ParameterizedTest
    @CsvSource({"5, 0.55", "10, 0.70", "20, 0.80"})
    void a_handful_of_examples_teaches_an_intent(int examples, double wanted) {
        Router router = taught(examples);
        int right = 0;
        int all = 0;

        for (var intent : intents().entrySet()) {
            for (String line : intent.getValue().subList(20, intent.getValue().size())) {
                all++;
                right += router.classify(Utterance.of(line)).intent().equals(intent.getKey()) ? 1 : 0;
            }
        }

        assertThat((double) right / all).isGreaterThanOrEqualTo(wanted);
    }

    @Test
    void the_standard_intents_hardly_suffer() {
        Router router = taught(20);
        int right = 0;
        List<Labelled> messages = Labelled.read("validation.jsonl");

        for (Labelled message : messages) {
            right += router.classify(Utterance.of(message.text())).intent().equals(message.intent()) ? 1 : 0;
        }

        assertThat((double) right / messages.size()).isGreaterThanOrEqualTo(0.84);
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
