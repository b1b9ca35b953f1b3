package io.github.almeidatech.wppflow.flow;

import java.time.Duration;
import java.time.Instant;

/**
 * When a burst of messages is answered: after a quiet time since the last one, but never later than the cap after the
 * first, and at once when there are many or one is urgent.
 *
 * @param quiet how long nobody may have written; zero answers at once
 * @param maxWait the longest the first message waits
 * @param maxMessages this many are answered without waiting for more
 */
public record TurnTiming(Duration quiet, Duration maxWait, int maxMessages) {

    /** 4 s quiet, 30 s at most, 20 messages. */
    public static final TurnTiming DEFAULT = new TurnTiming(Duration.ofSeconds(4), Duration.ofSeconds(30), 20);

    public TurnTiming {
        if (quiet.isNegative() || maxWait.isNegative() || maxMessages < 1) {
            throw new IllegalArgumentException("quiet and maxWait >= 0 and maxMessages >= 1 wanted");
        }
    }

    /** When the turn over these messages is due. */
    public Instant dueAt(Instant first, Instant last, int messages, boolean urgent) {
        if (urgent || messages >= maxMessages) {
            return last;
        }
        var afterQuiet = last.plus(quiet);
        var atLatest = first.plus(maxWait);
        return afterQuiet.isBefore(atLatest) ? afterQuiet : atLatest;
    }
}
