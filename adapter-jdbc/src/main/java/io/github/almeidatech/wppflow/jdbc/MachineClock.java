package io.github.almeidatech.wppflow.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's time without its jumps. One that is over within a minute is not noticed; one that lasts is followed then,
 * and the times in the database that say when something goes on are moved by as much: whatever waits or is claimed waits or
 * is claimed as long as it would have been. So it is when the machine is started with an earlier time than it was stopped.
 */
final class MachineClock extends SteadyClock {

    private static final Logger log = LoggerFactory.getLogger(MachineClock.class);
    /** Less is no jump. */
    private static final Duration FOLLOWED_AT_ONCE = Duration.ofSeconds(2);

    private static final Duration BELIEVED_AFTER = Duration.ofMinutes(1);

    private final InstantSource machine;
    private final DueTimes dueTimes;
    private @Nullable Duration jump;
    private long jumpedAt;

    /** @throws io.github.almeidatech.wppflow.model.FlowException when the database cannot be read or written */
    MachineClock(InstantSource machine, LongSupplier nanos, DueTimes dueTimes) {
        super(machine.instant(), nanos);
        this.machine = machine;
        this.dueTimes = dueTimes;
        Instant now = instant();
        Duration ahead = Duration.between(now, dueTimes.lastNoted().orElse(now));
        if (ahead.compareTo(FOLLOWED_AT_ONCE) > 0) {
            log.warn(
                    "the clock is {} or more behind when this database was last used; what waits is moved along",
                    ahead);
            dueTimes.move(ahead.negated(), now);
        } else {
            dueTimes.note(now);
        }
    }

    @Override
    void look() {
        Instant now = instant();
        Duration apart = Duration.between(now, machine.instant());
        if (apart.abs().compareTo(FOLLOWED_AT_ONCE) <= 0) {
            jump = null;
            tell(machine.instant(), count());
        } else if (jump == null || apart.minus(jump).abs().compareTo(FOLLOWED_AT_ONCE) > 0) {
            jump = apart;
            jumpedAt = count();
            log.warn("the machine's clock was set by {}; that is followed if it lasts a minute", apart);
        } else if (count() - jumpedAt >= BELIEVED_AFTER.toNanos()) {
            follow(apart);
            return;
        }
        noteIfPossible();
    }

    private void follow(Duration apart) {
        try {
            dueTimes.move(apart, machine.instant());
        } catch (RuntimeException e) { // the next look tries again
            log.warn("the machine's clock cannot be followed yet: {}", e.getMessage());
            return;
        }
        tell(machine.instant(), count());
        jump = null;
        log.warn("the machine's clock was set by {} and is followed; what waits was moved along", apart);
    }

    private void noteIfPossible() {
        try {
            dueTimes.note(instant());
        } catch (RuntimeException e) {
            log.debug("the time could not be noted: {}", e.getMessage());
        }
    }
}
