package io.github.almeidatech.wppflow.chatwoot;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Remembers for one tenant when Chatwoot does not want to hear from us: after 429, and after its tokens were refused
 * again and again. Thread-safe.
 */
final class Throttle {

    /** What can be paused by itself. Searching contacts has a limit of its own and must not hold up answers. */
    enum Lane {
        BOT,
        USER,
        SEARCH
    }

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);
    private static final int LONGEST_DOUBLING = 5;
    private static final int REFUSALS_BEFORE_PAUSE = 3;
    private static final Duration REFUSED_PAUSE = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Map<Lane, State> lanes = new EnumMap<>(Lane.class);

    private static final class State {
        private Instant until = Instant.MIN;
        private ChatwootError reason = ChatwootError.RATE_LIMITED;
        private int limited;
        private int refused;
    }

    /** A pause that is not over. */
    record Pause(ChatwootError reason, Duration left) {}

    Throttle(InstantSource clock) {
        this.clock = clock;
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new State());
        }
    }

    synchronized Optional<Pause> pause(Lane lane) {
        State state = of(lane);
        Instant now = clock.instant();
        return state.until.isAfter(now)
                ? Optional.of(new Pause(state.reason, Duration.between(now, state.until)))
                : Optional.empty();
    }

    /** Notes a 429. Without a time asked for, the pause grows from 2 to 64 seconds, with jitter. Answers its length. */
    synchronized Duration limited(Lane lane, Optional<Duration> asked) {
        Duration pause = asked.orElseGet(() -> grown(of(lane).limited));
        for (Lane each : lane == Lane.SEARCH ? new Lane[] {Lane.SEARCH} : Lane.values()) {
            State state = of(each);
            state.limited++;
            begin(state, pause, ChatwootError.RATE_LIMITED);
        }
        return pause;
    }

    /** Notes that the lane's token was refused; true when this begins a pause. */
    synchronized boolean refused(Lane lane) {
        State state = of(lane);
        state.refused++;
        if (state.refused < REFUSALS_BEFORE_PAUSE) {
            return false;
        }
        begin(state, REFUSED_PAUSE, ChatwootError.UNAUTHORIZED);
        return state.refused == REFUSALS_BEFORE_PAUSE;
    }

    synchronized void answered(Lane lane) {
        State state = of(lane);
        state.limited = 0;
        state.refused = 0;
    }

    private void begin(State state, Duration pause, ChatwootError reason) {
        Instant until = clock.instant().plus(pause);
        if (until.isAfter(state.until)) {
            state.until = until;
            state.reason = reason;
        }
    }

    private static Duration grown(int times) {
        long millis = FIRST_PAUSE.toMillis() << Math.min(times, LONGEST_DOUBLING);
        return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    }

    private State of(Lane lane) {
        return Objects.requireNonNull(lanes.get(lane));
    }
}
