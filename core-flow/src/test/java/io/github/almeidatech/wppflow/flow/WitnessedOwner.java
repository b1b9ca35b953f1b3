package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The simulation's own idea of who owns a conversation, told in steps instead of numbers. */
final class WitnessedOwner {

    private Owner owner = Owner.BOT;
    private Instant since = Instant.EPOCH;
    private @Nullable Instant until;
    /** The pause was asked for by a person. */
    private boolean silenced;

    private int takenAtStep;

    boolean isBots(Instant now) {
        return ownerAt(now) == Owner.BOT;
    }

    Owner ownerAt(Instant now) {
        return until == null || now.isBefore(until) ? owner : Owner.BOT;
    }

    /** Whether a person took over or spoke after that step: what was begun before is stale. */
    boolean spokeAfter(int step) {
        return takenAtStep > step;
    }

    void signal(OwnershipSignal signal, Instant now, int step) {
        boolean wasBots = isBots(now);
        boolean late = signal.at().isBefore(since);
        boolean takes = wasBots && signal.owner() != Owner.BOT;
        if (late ? signal.spoken() && !wasBots : signal.spoken() || takes) {
            takenAtStep = step;
        }
        if (!late && signal.owner() == Owner.HUMAN && outlasts(signal)) {
            since = signal.at();
        } else if (!late) {
            become(signal);
        }
    }

    void own(OwnershipSignal signal) {
        Instant before = since;
        become(signal);
        since = before.isAfter(since) ? before : since;
    }

    /** A pause is ended by who gives it back, closes it or wants another; nobody else shortens it. */
    private boolean outlasts(OwnershipSignal signal) {
        if (owner != Owner.PAUSED) {
            return false;
        }
        return until == null || signal.until() != null && signal.until().isBefore(until);
    }

    /** What policies want outside a turn: never from a person or against their pause, and nothing closed is paused. */
    boolean heeds(OwnershipSignal signal, Instant now) {
        return switch (ownerAt(now)) {
            case BOT -> true;
            case HUMAN -> false;
            case PAUSED -> !silenced && !outlasts(signal);
            case CLOSED -> signal.owner() != Owner.PAUSED;
        };
    }

    void customerWrote(Instant at, Instant now) {
        if (ownerAt(now) == Owner.CLOSED) {
            owner = Owner.BOT;
            until = null;
            since = at.isAfter(since) ? at : since;
        }
    }

    private void become(OwnershipSignal signal) {
        owner = signal.owner();
        since = signal.at();
        until = signal.until();
        silenced = signal.reason().equals("bot_off_command");
    }
}
