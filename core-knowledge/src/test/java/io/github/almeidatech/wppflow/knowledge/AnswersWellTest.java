package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The quality that owners feel, on invented businesses. {@link FaqEvaluation} prints the same in detail. */
class AnswersWellTest {

    @Test
    void questions_about_invented_businesses_find_their_documents_and_unanswerable_ones_are_declined() {
        FaqFigures sum = of(FaqCollection.BUSINESSES);

        assertThat(sum.recallAt1()).as("%s", sum).isGreaterThan(0.80);
        assertThat(sum.recallAt3()).as("%s", sum).isGreaterThan(0.91);
        assertThat(sum.declinePrecision()).as("%s", sum).isGreaterThan(0.86);
        assertThat(sum.declineRecall()).as("%s", sum).isGreaterThan(0.75);
    }

    /** The honest figures, a little below what was measured at first sight. */
    @Test
    void businesses_that_nothing_was_made_better_by_are_answered_too() {
        FaqFigures sum = of(FaqCollection.UNSEEN);

        assertThat(sum.recallAt1()).as("%s", sum).isGreaterThan(0.74);
        assertThat(sum.recallAt3()).as("%s", sum).isGreaterThan(0.87);
        assertThat(sum.declinePrecision()).as("%s", sum).isGreaterThan(0.74);
        assertThat(sum.declineRecall()).as("%s", sum).isGreaterThan(0.66);
    }

    private static FaqFigures of(List<String> businesses) {
        var sum = new FaqFigures();
        for (String business : businesses) {
            sum = sum.plus(FaqFigures.of(FaqCollection.ofTests(business)));
        }
        return sum;
    }
}
