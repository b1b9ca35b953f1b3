package io.github.almeidatech.wppflow.chatwoot;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files that Chatwoot has taken and not passed on yet: it sends them about two seconds later than texts, so a text right
 * behind one would arrive before it. Remembers the latest of 1,000 conversations. Thread-safe.
 */
final class Uploads {

    private static final Duration DELAY = Duration.ofSeconds(3);
    private static final int MOST = 1_000;

    private final InstantSource clock;
    private final Map<Long, Instant> sent = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Instant> eldest) {
            return size() > MOST;
        }
    };

    Uploads(InstantSource clock) {
        this.clock = clock;
    }

    synchronized void sent(long conversation) {
        sent.remove(conversation);
        sent.put(conversation, clock.instant());
    }

    /** How long the next message has to wait; zero when it may go. */
    synchronized Duration left(long conversation) {
        Instant at = sent.get(conversation);
        if (at == null) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(clock.instant(), at.plus(DELAY));
        if (left.isNegative() || left.isZero() || left.compareTo(DELAY) > 0) { // over, or the clock was set back
            sent.remove(conversation);
            return Duration.ZERO;
        }
        return left;
    }
}
