package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.outbound.Pause;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

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
    private static final int REFUSALS_BEFORE_PAUSE = 3;
    private static final Duration REFUSED_PAUSE = Duration.ofMinutes(1);

    private final Map<Lane, State> lanes = new EnumMap<>(Lane.class);

    private static final class State {
        private final Pause<ChatwootError> pause;
        private int limited;
        private int refused;

        State(InstantSource clock) {
            this.pause = new Pause<>(clock);
        }
    }

    Throttle(InstantSource clock) {
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new State(clock));
        }
    }

    Optional<Pause.Left<ChatwootError>> pause(Lane lane) {
        return of(lane).pause.left();
    }

    /** Notes a 429. Without a time asked for, the pause grows from 2 to 64 seconds, with jitter. Answers its length. */
    synchronized Duration limited(Lane lane, Optional<Duration> asked) {
        Duration pause = asked.orElseGet(() -> Pause.grown(FIRST_PAUSE, of(lane).limited));
        for (Lane each : lane == Lane.SEARCH ? new Lane[] {Lane.SEARCH} : Lane.values()) {
            State state = of(each);
            state.limited++;
            state.pause.begin(ChatwootError.RATE_LIMITED, pause);
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
        state.pause.begin(ChatwootError.UNAUTHORIZED, REFUSED_PAUSE);
        return state.refused == REFUSALS_BEFORE_PAUSE;
    }

    synchronized void answered(Lane lane) {
        State state = of(lane);
        state.limited = 0;
        state.refused = 0;
    }

    private State of(Lane lane) {
        return Objects.requireNonNull(lanes.get(lane));
    }
}
