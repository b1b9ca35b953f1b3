package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who answers a conversation, and the number (fence) that grows when words of the bot become stale. Pure: every rule
 * about ownership is a function here, and the stores only keep the six values.
 *
 * @param owner the owner in force, until {@code until}
 * @param at when its cause happened; an older signal does not change the owner
 * @param until when the bot gets the conversation back by itself; null for never
 * @param reason the word of the signal in force
 * @param fence the ownership number
 * @param fenceReason the word of the signal that moved the number last
 */
public record Ownership(
        Owner owner, Instant at, @Nullable Instant until, String reason, long fence, String fenceReason) {

    /** A conversation nobody has taken from the bot. */
    public static final Ownership INITIAL = new Ownership(Owner.BOT, Instant.EPOCH, null, "initial", 0, "initial");

    /** The words under which people were called by us. */
    private static final Set<String> CALLED = Set.of("handoff", "policy_handoff", "bot_off");

    /** The word under which a person has told the bot to be silent, in a note. */
    private static final String SILENCED = "bot_off_command";

    /** The owner at an instant: the bot once {@link #until} has passed. */
    public Owner effective(Instant now) {
        return until != null && !now.isBefore(until) ? Owner.BOT : owner;
    }

    /**
     * After a signal from outside. One that is older than the one in force leaves the owner as it is. The number grows
     * when the conversation is taken from the bot and when a person has spoken. A person's word that seems older than
     * the present owner still makes the bot's unsent words stale, unless the bot has got the conversation back since:
     * Chatwoot's times are whole seconds, our own handoff's are not. A pause that {@linkplain #outlasts lasts longer} stays.
     * What follows when we have called a person, that the conversation is opened and somebody assigned, is not the reason
     * why it is a person's.
     */
    public Ownership after(OwnershipSignal signal, Instant now) {
        Owner before = effective(now);
        if (signal.at().isBefore(at)) {
            boolean stale = signal.spoken() && before != Owner.BOT;
            return stale ? new Ownership(owner, at, until, reason, fence + 1, signal.reason()) : this;
        }
        boolean moves = signal.spoken() || (before == Owner.BOT && signal.owner() != Owner.BOT);
        if (signal.owner() == Owner.HUMAN && outlasts(signal)) {
            return new Ownership(
                    owner,
                    signal.at(),
                    until,
                    reason,
                    moves ? fence + 1 : fence,
                    moves ? signal.reason() : fenceReason);
        }
        boolean follows =
                before == Owner.HUMAN && signal.owner() == Owner.HUMAN && !signal.spoken() && CALLED.contains(reason);
        return new Ownership(
                signal.owner(),
                signal.at(),
                signal.until(),
                follows ? reason : signal.reason(),
                moves ? fence + 1 : fence,
                moves ? signal.reason() : fenceReason);
    }

    /**
     * A pause ({@code #bot off}) is not shortened by the person who asked for it and goes on, nor by a policy: what they do
     * has an end of its own, and with it the bot would come back unasked. Who gives the conversation back, closes it, or asks
     * for another pause ends it.
     */
    private boolean outlasts(OwnershipSignal signal) {
        Instant other = signal.until();
        return owner == Owner.PAUSED && (until == null || other != null && until.isAfter(other));
    }

    /** After our own decision in a {@link TurnResult}: never too old, because the turn has just been checked; the number stays. */
    public Ownership afterOwn(OwnershipSignal signal) {
        Instant latest = signal.at().isBefore(at) ? at : signal.at();
        return new Ownership(signal.owner(), latest, signal.until(), signal.reason(), fence, fenceReason);
    }

    /**
     * What of a plan holds outside a turn: where its change of owner is without effect, nothing is said for its sake, neither
     * over a person nor in what is closed.
     */
    public PolicyPlan allowed(PolicyPlan plan, Instant now) {
        OwnershipSignal signal = plan.ownership();
        return signal != null && disregards(signal, now) ? plan.withoutHandover() : plan;
    }

    /** After a policy's decision outside a turn: like our own, as far as a policy has a say here. */
    public Ownership afterPolicy(OwnershipSignal signal, Instant now) {
        return disregards(signal, now) ? this : afterOwn(signal);
    }

    /**
     * A policy takes nothing from a person, also not from one who has told the bot to be silent; a pause that lasts longer
     * stays, and what is closed is not paused.
     */
    private boolean disregards(OwnershipSignal signal, Instant now) {
        return switch (effective(now)) {
            case BOT -> false;
            case HUMAN -> true;
            case PAUSED -> reason.equals(SILENCED) || outlasts(signal);
            case CLOSED -> signal.owner() == Owner.PAUSED;
        };
    }

    /** After a customer's message: what was closed is the bot's again; everything else stays as it is. */
    public Ownership afterMessage(Instant sentAt, Instant now) {
        if (effective(now) != Owner.CLOSED) {
            return this;
        }
        Instant latest = sentAt.isBefore(at) ? at : sentAt;
        return new Ownership(Owner.BOT, latest, null, "customer_message", fence, fenceReason);
    }

    /** Why a turn claimed under {@code turnFence} may not be answered any more; empty when it may. */
    public Optional<String> silences(long turnFence, Instant now) {
        if (turnFence != fence) {
            return Optional.of(fenceReason);
        }
        return effective(now) == Owner.BOT ? Optional.empty() : Optional.of(reason);
    }

    /**
     * Why a command stored under {@code commandFence} may not be carried out any more; empty when it may. Only what the
     * customer would see is ever held back; a handoff message only once a person has spoken or taken over by himself.
     */
    public Optional<String> holdsBack(OutboundCommand command, long commandFence, Instant now) {
        if (!command.speaksToCustomer()) {
            return Optional.empty();
        }
        if (commandFence != fence) {
            return Optional.of(fenceReason);
        }
        return command.isAnswer() && effective(now) != Owner.BOT ? Optional.of(reason) : Optional.empty();
    }

    /** As {@link #holdsBack}, as a signal that leaves the owner and the number as they are. */
    public Optional<OwnershipSignal> silence(OutboundCommand command, long commandFence, Instant now) {
        Owner present = effective(now);
        return holdsBack(command, commandFence, now)
                .map(why -> new OwnershipSignal(present, at, present == Owner.BOT ? null : until, why, false));
    }
}
