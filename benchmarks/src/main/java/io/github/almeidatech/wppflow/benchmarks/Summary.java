package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.Verdict.Promise;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** What a run says at its end: lines of a word and a figure, and the verdict below. */
final class Summary {

    private static final int SHOWN_VIOLATIONS = 10;

    private final StringBuilder text = new StringBuilder();

    Summary line(String what, Object value) {
        text.append(String.format(Locale.ROOT, "%-50s%s%n", what, value));
        return this;
    }

    Summary took(Duration took) {
        return line("took", took.toMinutes() + " min " + took.toSecondsPart() + " s");
    }

    static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    /** A part of a whole, also in percent. */
    Summary share(String what, int part, int whole) {
        return line(what, part + String.format(Locale.ROOT, " (%.0f %%)", whole == 0 ? 0 : 100.0 * part / whole));
    }

    /** How often what around the servers went wrong. */
    Summary faults(Map<String, Integer> faults) {
        faults.forEach((fault, times) -> line("fault: " + fault, times));
        return this;
    }

    /** What customers wrote and saw. */
    Summary customers(Verdict verdict) {
        line("customers' messages", verdict.written() + " in " + verdict.conversations() + " conversations");
        line("  answered for in a turn", verdict.inTurns());
        line("  left to a person, with the reason", verdict.withReason());
        line("  younger ones answered first", verdict.late());
        line("turns", verdict.turns());
        line("bubbles seen by customers", verdict.bubbles());
        line("private notes", verdict.notes());
        line("dropped because a person came", verdict.heldBack());
        return line("crossed with a person's arrival", verdict.crossed());
    }

    /** The whole text, with the first violations and their counts last. */
    String verdict(Verdict verdict) {
        text.append('\n');
        verdict.violations().stream()
                .limit(SHOWN_VIOLATIONS)
                .forEach(violation -> text.append(violation).append('\n'));
        text.append(String.format(
                Locale.ROOT,
                "%d lost, %d seen twice, %d out of order, %d over a person, %d unexplained",
                verdict.count(Promise.LOST),
                verdict.count(Promise.TWICE),
                verdict.count(Promise.OUT_OF_ORDER),
                verdict.count(Promise.OVER_A_PERSON),
                verdict.count(Promise.UNEXPLAINED)));
        return text.toString();
    }
}
