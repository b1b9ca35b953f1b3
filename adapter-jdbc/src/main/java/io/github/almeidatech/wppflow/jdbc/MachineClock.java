package io.github.almeidatech.wppflow.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's time without its jumps. One that is over within a minute is not noticed; one that lasts is followed as soon as
 * what is being worked on has ended: nothing new is claimed until then. The times in the database that say when something goes
 * on are moved by as much, so that whatever waits, waits as long as it would have. So it is when the machine is started with an
 * earlier time than it was stopped.
 */
final class MachineClock extends SteadyClock {

    private static final Logger log = LoggerFactory.getLogger(MachineClock.class);
    /** Less is no jump. */
    private static final Duration FOLLOWED_AT_ONCE = Duration.ofSeconds(2);

    private static final Duration BELIEVED_AFTER = Duration.ofMinutes(1);
    /** How long somebody may still go by the time he read before the clock was set. */
    private static final Duration READ_BEFORE = Duration.ofSeconds(5);

    private final InstantSource machine;
    private final DueTimes dueTimes;
    private @Nullable Duration jump;
    private long jumpedAt;
    private volatile boolean beingSet;
    private volatile @Nullable Followed followed;
    private @Nullable Tried tried;

    private record Followed(Duration jump, long count) {}

    /** A move of which nobody has heard yet whether it was stored. */
    private record Tried(Duration jump, Instant noted) {}

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
        if (tried != null && !isSettled(tried)) {
            return;
        }
        Instant now = instant();
        Duration apart = Duration.between(now, machine.instant());
        if (apart.abs().compareTo(FOLLOWED_AT_ONCE) <= 0) {
            jump = null;
            beingSet = false;
            tell(machine.instant(), count());
        } else if (jump == null || apart.minus(jump).abs().compareTo(FOLLOWED_AT_ONCE) > 0) {
            jump = apart;
            jumpedAt = count();
            beingSet = false;
            log.warn("the machine's clock was set by {}; that is followed if it lasts a minute", apart);
        } else if (count() - jumpedAt >= BELIEVED_AFTER.toNanos()) {
            follow(apart);
            return;
        }
        noteIfPossible();
    }

    /**
     * Whether nothing may be claimed at that time: the clock is about to be set, or was set since that time was read from it.
     * To be asked in the transaction.
     */
    boolean keepsFromClaiming(Instant at) {
        return beingSet || wasReadBefore(at);
    }

    private boolean wasReadBefore(Instant at) {
        Followed last = followed;
        if (last == null || count() - last.count() > READ_BEFORE.toNanos()) {
            return false;
        }
        Instant now = instant();
        Duration fromOld = Duration.between(at, now.minus(last.jump())).abs();
        Duration fromNew = Duration.between(at, now).abs();
        return fromOld.compareTo(READ_BEFORE) < 0 && fromOld.compareTo(fromNew) < 0;
    }

    private void follow(Duration apart) {
        beingSet = true;
        Instant now = machine.instant().truncatedTo(ChronoUnit.MILLIS); // as it is noted, to be known again
        try {
            if (!dueTimes.moveIfIdle(apart, now)) {
                log.info("the machine's clock is followed when what is being worked on has ended");
                noteIfPossible();
                return;
            }
        } catch (RuntimeException e) {
            tried = new Tried(apart, now); // it may be stored all the same: until that is known, nothing is claimed
            log.warn("the machine's clock cannot be followed yet: {}", e.getMessage());
            return;
        }
        followed(apart);
    }

    private void followed(Duration apart) {
        followed = new Followed(apart, count());
        tell(instant().plus(apart), count());
        jump = null;
        beingSet = false;
        log.warn("the machine's clock was set by {} and is followed; what waits was moved along", apart);
    }

    /** Finds out what became of a move, by the time that is noted with it and that nothing else notes meanwhile. */
    private boolean isSettled(Tried move) {
        try {
            if (dueTimes.lastNoted().filter(move.noted()::equals).isPresent()) {
                followed(move.jump());
            }
        } catch (RuntimeException e) {
            log.debug("whether the clock is followed is not known: {}", e.getMessage());
            return false;
        }
        tried = null;
        beingSet = false;
        return true;
    }

    private void noteIfPossible() {
        try {
            dueTimes.note(instant());
        } catch (RuntimeException e) {
            log.debug("the time could not be noted: {}", e.getMessage());
        }
    }
}
