package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfidenceTest {

    private final Words words = new Words();
    private final QuestionReader reader = new QuestionReader(words, new Lexicon(words));
    private final Confidence confidence = Confidence.load();

    @Test
    void the_shipped_weights_are_what_the_questions_teach() {
        var asked = FaqCollection.BUSINESSES.stream()
                .map(FaqCollection::ofTests)
                .flatMap(business -> ConfidenceFit.asked(business).stream())
                .toList();

        Map<String, Double> taught = weights(ConfidenceFit.of(asked).lines());
        Map<String, Double> shipped = weights(Resource.lines("confidence.txt"));

        assertThat(shipped.keySet()).isEqualTo(taught.keySet());
        shipped.forEach((name, weight) -> assertThat(taught.get(name))
                .as("confidence.txt is stale: run FaqEvaluation --calibrate; %s", name)
                .isCloseTo(weight, within(0.011)));
    }

    private static Map<String, Double> weights(List<String> lines) {
        var weights = new HashMap<String, Double>();
        for (String line : lines) {
            if (!line.startsWith("#")) {
                weights.put(
                        line.substring(0, line.lastIndexOf(' ')),
                        Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)));
            }
        }
        return weights;
    }

    @Test
    void the_everyday_words_of_a_question_are_told_from_its_topic() {
        assertThat(plan("vocês alugam cadeiras?").manner())
                .contains("voce", "alugam")
                .doesNotContain("cadeira");
        assertThat(plan("quem é a dona?").manner()).contains("quem", "dona");
    }

    @Test
    void support_from_elsewhere_adds_to_the_confidence() {
        var passage = new PassageMaker(new PassageReader(words, new Lexicon(words)))
                .entries(new Document("a", "Estacionamento", "Há vagas na frente.", null))
                .get(0)
                .passage();
        var plan = plan("tem estacionamento?");
        var ranked = List.of(new Ranking.Ranked(passage, 1, 1, List.of(1.0)));

        assertThat(confidence.of(plan, ranked, 2)).isGreaterThan(confidence.of(plan, ranked, 0));
    }

    private QueryPlan plan(String text) {
        return reader.read(text, "", feature -> false, Vocabulary.of(List.of()));
    }
}
