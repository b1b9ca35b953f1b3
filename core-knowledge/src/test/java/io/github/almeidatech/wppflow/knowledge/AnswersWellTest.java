package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The quality that owners feel, on invented businesses. {@link FaqEvaluation} prints the same in detail. */
class AnswersWellTest {

    @Test
    void questions_about_invented_businesses_find_their_documents_and_unanswerable_ones_are_declined() {
        var sum = new FaqFigures();
        for (String business : FaqCollection.BUSINESSES) {
            sum = sum.plus(FaqFigures.of(FaqCollection.ofTests(business)));
        }

        assertThat(sum.recallAt1()).as("%s", sum).isGreaterThan(0.82);
        assertThat(sum.recallAt3()).as("%s", sum).isGreaterThan(0.93);
        assertThat(sum.declinePrecision()).as("%s", sum).isGreaterThan(0.82);
        assertThat(sum.declineRecall()).as("%s", sum).isGreaterThan(0.75);
    }
}
