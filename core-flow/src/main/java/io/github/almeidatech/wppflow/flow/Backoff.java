package io.github.almeidatech.wppflow.flow;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long to wait after a failure: doubled from try to try up to a cap, between half of it and all of it by chance, and
 * never less than the other side asked for, as far as that is reasonable.
 *
 * @param first after the first failure
 * @param cap the longest wait by our own judgement
 * @param chance 0 to 1
 */
record Backoff(Duration first, Duration cap, DoubleSupplier chance) {

    /** The longest wait another side can ask for. */
    static final Duration LONGEST_ASKED = Duration.ofMinutes(15);

    /** After which no doubling changes anything. */
    private static final int MOST_DOUBLINGS = 30;

    Duration after(int attempt, @Nullable Duration asked) {
        int doublings = Math.min(Math.max(attempt - 1, 0), MOST_DOUBLINGS);
        Duration own = shorter(first.multipliedBy(1L << doublings), cap);
        Duration jittered = own.dividedBy(2).plus(part(own.dividedBy(2)));
        if (asked == null || asked.isNegative()) {
            return jittered;
        }
        Duration wanted = shorter(asked, LONGEST_ASKED);
        Duration spread = wanted.plus(part(wanted.dividedBy(10)));
        return spread.compareTo(jittered) > 0 ? spread : jittered;
    }

    private Duration part(Duration of) {
        return Duration.ofMillis(Math.round(of.toMillis() * chance.getAsDouble()));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
