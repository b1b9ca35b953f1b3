package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimilarQuestionsTest {

    private final SimilarQuestions questions = new SimilarQuestions();

    @ParameterizedTest
    @CsvSource({
        "vocês vendem aquário?, oi vcs vendem aquarios",
        "aceitam cartão de vale alimentação?, aceita vale-alimentação?",
        "tem piscina?, TEM PISCINAAA???"
    })
    void the_same_question_in_other_words_is_the_same(String one, String other) {
        assertThat(similarity(one, other)).isGreaterThanOrEqualTo(0.6);
    }

    @ParameterizedTest
    @CsvSource({"vocês vendem aquário?, vocês vendem ração?", "tem piscina?, tem estacionamento?", "aquário, ???"})
    void another_question_is_another(String one, String other) {
        assertThat(similarity(one, other)).isLessThan(0.6);
    }

    @Test
    void a_question_of_everyday_words_is_told_by_them() {
        assertThat(similarity("e aí?", "e aí?")).isEqualTo(1);
        assertThat(similarity("", "??")).isEqualTo(1);
    }

    private double similarity(String one, String other) {
        return questions.gist(one).similarity(questions.gist(other));
    }
}
