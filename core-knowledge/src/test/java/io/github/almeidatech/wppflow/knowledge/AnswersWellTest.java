package io.github.almeidatech.wppflow.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The quality that owners feel, on invented businesses. {@link FaqEvaluation} prints the same in detail. */
class AnswersWellTest {

    /** What all was taught with: they show what broke, not how good it is. */
    @Test
    void businesses_that_taught_it_are_still_answered() {
        assertMeets(FaqCollection.BUSINESSES, 0.95, 0.98, 0.85, 0.80);
    }

    /** Ordinary customers, by an author who knew nothing of the code; measured once, after all was done. */
    @Test
    void businesses_that_were_measured_at_the_very_end_are_answered() {
        assertMeets(FaqCollection.ORDINARY, 0.81, 0.90, 0.87, 0.77);
    }

    /** A hotel for pets and a shop by other authors; measured once, no mistake was looked at. */
    @Test
    void businesses_that_were_measured_last_are_answered() {
        assertMeets(FaqCollection.LATEST, 0.81, 0.92, 0.84, 0.72);
    }

    /** A third of what they are asked has no answer, and more than half of that is nearly answered. */
    @Test
    void businesses_that_are_asked_what_they_nearly_tell_are_answered_too() {
        assertMeets(FaqCollection.NEAR_MISSES, 0.77, 0.92, 0.88, 0.54);
    }

    /** Ten other businesses asked as the development set asks a beauty salon. */
    @Test
    void businesses_asked_as_the_development_set_asks_are_answered() {
        assertMeets(FaqCollection.SAME_KIND, 0.81, 0.90, 0.84, 0.82);
        assertMeets(FaqCollection.SAME_KIND_LATER, 0.83, 0.91, 0.83, 0.79);
    }

    /** Written by those who knew the code, before their results were seen. */
    @Test
    void businesses_that_nothing_was_changed_for_are_answered_too() {
        assertMeets(FaqCollection.FRESH, 0.80, 0.92, 0.73, 0.70);
        assertMeets(FaqCollection.FIRST_SIGHT, 0.82, 0.89, 0.82, 0.66);
    }

    /** Nobody looked at their mistakes; their trades have words in the lexicon. */
    @Test
    void businesses_whose_mistakes_nobody_looked_at_are_answered_too() {
        assertMeets(FaqCollection.UNSEEN, 0.83, 0.93, 0.91, 0.88);
    }

    /** The hardest look: other authors, trades whose words nobody had in mind, and a third of paraphrases. */
    @Test
    void businesses_of_other_authors_are_answered_too() {
        assertMeets(FaqCollection.INDEPENDENT, 0.82, 0.92, 0.85, 0.74);
    }

    private static void assertMeets(
            List<String> businesses, double first, double amongThree, double declinePrecision, double declineRecall) {
        FaqFigures sum = of(businesses);

        assertThat(sum.recallAt1()).as("%s", sum).isGreaterThan(first);
        assertThat(sum.recallAt3()).as("%s", sum).isGreaterThan(amongThree);
        assertThat(sum.declinePrecision()).as("%s", sum).isGreaterThan(declinePrecision);
        assertThat(sum.declineRecall()).as("%s", sum).isGreaterThan(declineRecall);
    }

    private static FaqFigures of(List<String> businesses) {
        var sum = new FaqFigures();
        for (String business : businesses) {
            sum = sum.plus(FaqFigures.of(FaqCollection.ofTests(business)));
        }
        return sum;
    }
}
