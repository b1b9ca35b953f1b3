package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The quality that owners feel, on invented businesses. {@link FaqEvaluation} prints the same in detail. */
class AnswersWellTest {

    @Test
    void questions_about_invented_businesses_find_their_documents_and_unanswerable_ones_are_declined() {
        FaqFigures sum = of(FaqCollection.BUSINESSES);

        assertThat(sum.recallAt1()).as("%s", sum).isGreaterThan(0.81);
        assertThat(sum.recallAt3()).as("%s", sum).isGreaterThan(0.925);
        assertThat(sum.declinePrecision()).as("%s", sum).isGreaterThan(0.93);
        assertThat(sum.declineRecall()).as("%s", sum).isGreaterThan(0.76);
    }

    /** Written by one who knew the code, before their results were seen. */
    @Test
    void businesses_that_nothing_was_changed_for_are_answered_too() {
        FaqFigures sum = of(FaqCollection.FRESH);

        assertThat(sum.recallAt1()).as("%s", sum).isGreaterThan(0.75);
        assertThat(sum.recallAt3()).as("%s", sum).isGreaterThan(0.90);
        assertThat(sum.declinePrecision()).as("%s", sum).isGreaterThan(0.72);
        assertThat(sum.declineRecall()).as("%s", sum).isGreaterThan(0.49);
    }

    /** Nobody looked at their mistakes; their trades have words in the lexicon since. */
    @Test
    void businesses_whose_mistakes_nobody_looked_at_are_answered_too() {
        FaqFigures sum = of(FaqCollection.UNSEEN);

        assertThat(sum.recallAt1()).as("%s", sum).isGreaterThan(0.81);
        assertThat(sum.recallAt3()).as("%s", sum).isGreaterThan(0.905);
        assertThat(sum.declinePrecision()).as("%s", sum).isGreaterThan(0.91);
        assertThat(sum.declineRecall()).as("%s", sum).isGreaterThan(0.76);
    }

    /** Asked in few words and mostly in paraphrases. */
    @Test
    void businesses_asked_in_few_words_do_not_get_worse() {
        FaqFigures sum = of(FaqCollection.TERSE);

        assertThat(sum.recallAt1()).as("%s", sum).isGreaterThan(0.615);
        assertThat(sum.recallAt3()).as("%s", sum).isGreaterThan(0.80);
        assertThat(sum.declinePrecision()).as("%s", sum).isGreaterThan(0.73);
        assertThat(sum.declineRecall()).as("%s", sum).isGreaterThan(0.83);
    }

    /** The hardest look: other authors, trades whose words nobody had in mind, and a third of paraphrases. */
    @Test
    void businesses_of_other_authors_do_not_get_worse() {
        FaqFigures sum = of(FaqCollection.INDEPENDENT);

        assertThat(sum.recallAt1()).as("%s", sum).isGreaterThan(0.745);
        assertThat(sum.recallAt3()).as("%s", sum).isGreaterThan(0.865);
        assertThat(sum.declinePrecision()).as("%s", sum).isGreaterThan(0.84);
        assertThat(sum.declineRecall()).as("%s", sum).isGreaterThan(0.58);
    }

    private static FaqFigures of(List<String> businesses) {
        var sum = new FaqFigures();
        for (String business : businesses) {
            sum = sum.plus(FaqFigures.of(FaqCollection.ofTests(business)));
        }
        return sum;
    }
}
