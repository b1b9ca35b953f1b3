package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ConfidenceTest {

    private final Words words = new Words();
    private final QuestionReader reader = new QuestionReader(words, new Lexicon(words));
    private final Confidence confidence = Confidence.load();

    @Test
    void the_everyday_words_of_a_question_are_told_from_its_topic() {
        assertThat(plan("vocês alugam cadeiras?").cues())
                .contains("voce", "alugam")
                .doesNotContain("cadeira");
        assertThat(plan("quem é a dona?").cues()).contains("quem", "dona");
    }

    @Test
    void how_a_question_begins_and_what_it_means_are_cues_too() {
        var plan = plan("vcs consertam fechadura?");

        assertThat(plan.cues()).contains("^voce", "^voce_consertam", "=conserto");
        assertThat(plan.asksForDeed()).isTrue();
        assertThat(plan("quem consertam?").asksForDeed()).isFalse();
        assertThat(plan("qual o preço?").asksForDeed()).isFalse();
    }

    @Test
    void hours_and_ages_are_asked_about_without_their_words() {
        assertThat(plan("posso passar aí umas 18h?").cues()).doesNotContain("=idade");
        assertThat(plan("posso passar aí umas 18h?").units())
                .anyMatch(unit -> unit.concepts().contains("horario"));
        assertThat(plan("minha filha tem 7 anos").units())
                .anyMatch(unit -> unit.concepts().contains("idade"));
    }

    @Test
    void who_is_left_for_some_days_stays_the_night() {
        for (String text : List.of(
                "quanto pra deixar a gata 10 dias?",
                "vou viajar uma semana, vocês ficam com ele enquanto viajo?",
                "quanto pra deixar ele de sexta a domingo?",
                "posso deixar minha gata do dia 10 ao 15?",
                "deixar no fim de semana quanto fica",
                "can I leave her from friday to sunday?",
                "can I leave her for a week?")) {
            assertThat(plan(text).units())
                    .as(text)
                    .anyMatch(unit -> unit.concepts().contains("hospedagem"));
        }
        for (String text : List.of("posso deixar a bolsa aqui?", "vocês ficam abertos de segunda a sexta?")) {
            assertThat(plan(text).units())
                    .as(text)
                    .noneMatch(unit -> unit.concepts().contains("hospedagem"));
        }
    }

    @Test
    void a_breed_is_a_kind_of_what_the_base_tells_of() {
        for (String text : List.of("minha shih tzu", "tenho um pit bull", "meu golden retriever")) {
            assertThat(reader.read(text, "", Feature.concept("cachorro")::equals, Vocabulary.of(List.of()))
                            .units())
                    .as(text)
                    .singleElement()
                    .satisfies(unit -> assertThat(unit.kindsOf()).contains("cachorro"));
        }
    }

    @Test
    void what_meets_nothing_must_mean_nearly_the_same() {
        var passage = new PassageMaker(new PassageReader(words, new Lexicon(words)), Meanings.of(List.of()))
                .entries(new Document("a", "Passeios", "Duas caminhadas por dia.", null))
                .get(0)
                .passage();
        var plan = plan("sou o fulano do 302");
        List<Double> none = plan.units().stream().map(unit -> 0.0).toList();
        var far = List.of(new Ranking.Ranked(passage, 0.2, 0, 0.12, none));
        var near = List.of(new Ranking.Ranked(passage, 0.9, 0, 0.6, none));

        assertThat(confidence.of(plan, far, none, 0)).isZero();
        assertThat(confidence.of(plan, near, none, 0)).isPositive();
    }

    @Test
    void support_from_elsewhere_adds_to_the_confidence() {
        var passage = new PassageMaker(new PassageReader(words, new Lexicon(words)), Meanings.of(List.of()))
                .entries(new Document("a", "Estacionamento", "Há vagas na frente.", null))
                .get(0)
                .passage();
        var plan = plan("tem estacionamento?");
        List<Double> granted = plan.units().stream().map(unit -> 0.0).toList();
        var ranked = List.of(new Ranking.Ranked(passage, 1, 1, 0, List.of(1.0)));

        assertThat(confidence.of(plan, ranked, granted, 2)).isGreaterThan(confidence.of(plan, ranked, granted, 0));
    }

    private QueryPlan plan(String text) {
        return reader.read(text, "", feature -> false, Vocabulary.of(List.of()));
    }
}
