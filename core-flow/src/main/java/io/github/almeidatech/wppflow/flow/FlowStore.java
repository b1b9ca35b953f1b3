package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where the three lines of the flow meet. Every method is one transaction: when it returns, its effect survives a crash;
 * when it throws, nothing happened. All times come from the caller. Thread-safe; methods block on storage only.
 *
 * <p>Rules every implementation keeps (the contract suite in the testkit checks them):
 *
 * <ul>
 *   <li>A conversation has at most one live turn claim and, independently, at most one live command claim; conversations
 *       never wait for each other.
 *   <li>The effective owner at an instant is {@link Owner#BOT} once a signal's {@code until} has passed. A signal older
 *       than the one in force changes nothing. The ownership number (fence) grows by one when a signal moves the
 *       conversation away from {@link Owner#BOT}, and whenever a signal says a person has spoken; our own signals in a
 *       {@link TurnResult} never move it.
 *   <li>A turn holds all waiting messages of its conversation, ordered by message id, whatever order they arrived in.
 *   <li>Only the holder of the latest token completes; a late worker changes nothing.
 *   <li>The store writes these events itself, in the same transaction, payloads in brackets: {@code turn.silenced}
 *       [{@code reason}, {@code message_ids}], {@code turn.superseded} [{@code turn}], {@code command.done} [{@code key},
 *       {@code command}, {@code external_id}], {@code command.held_back} [{@code key}, {@code command}, {@code reason}],
 *       {@code command.dead_lettered} [{@code key}, {@code command}, {@code reason}], {@code ownership.changed}
 *       [{@code owner}, {@code reason}]; their cause is the turn or the message.
 * </ul>
 */
public interface FlowStore extends AutoCloseable {

    /**
     * Stores an event: keys, inbox entry, ownership and the turn's due time together. A signal is applied first, then the
     * message is judged: when the effective owner is {@link Owner#HUMAN} or {@link Owner#PAUSED} it becomes history
     * without a turn and with a {@code turn.silenced} event; {@link Owner#CLOSED} turns back into {@link Owner#BOT}.
     */
    Acceptance accept(InboundEvent event, TurnTiming timing, Instant now);

    /**
     * Claims up to {@code max} due turns, the longest due first. Where the effective owner is not the bot by now, the
     * waiting messages become history with a {@code turn.silenced} event instead. A turn whose lease has passed without completion is due
     * again at once, with its attempt counted up.
     */
    List<Turn> claimTurns(int max, Instant now, Duration lease);

    /**
     * Ends a turn, all or nothing: its messages are done, its events written, its commands waiting, its ownership
     * applied. In this order: the token is not the latest → {@link TurnOutcome#LEASE_LOST}; the fence has grown or the
     * effective owner is not the bot → {@link TurnOutcome#TAKEN_OVER}; a message arrived after the claim and
     * {@code turn.supersedes() < maxSupersedes} → {@link TurnOutcome#SUPERSEDED} and the conversation is due again by
     * {@code timing}. When messages arrived but no more superseding is allowed, they stay waiting for the next turn.
     */
    TurnOutcome completeTurn(Turn turn, TurnResult result, int maxSupersedes, TurnTiming timing, Instant now);

    /** Gives a failed turn back, to be claimed again at {@code retryAt}. False when the lease was lost. */
    boolean releaseTurn(Turn turn, Instant retryAt, Instant now);

    /**
     * Claims up to {@code max} commands that are the first of their conversation's waiting ones and due. Before a command
     * is returned: one that {@code speaksToCustomer} and whose fence is not the conversation's present one is cancelled
     * with a {@code command.held_back} event and the next is looked at; an answer (not a handoff message) is held back
     * also while the effective owner is not the bot. Claiming marks the try as begun, so a crash during it shows as
     * {@link CommandAttempt#unclearSince()} to the next.
     */
    List<CommandAttempt> claimCommands(int max, Instant now, Duration lease);

    /**
     * Stores the result of a try. {@code Done} ends the command; {@code NotDone} and {@code Unclear} make it due again at
     * {@code retryAt}; {@code Refused}, or any failure with {@code attempt >= maxAttempts}, makes it a dead letter with a
     * {@code command.dead_lettered} event; {@code HeldBack} applies the ownership, cancels it and every later waiting
     * answer of the conversation. False when the lease was lost, and then nothing changed.
     */
    boolean completeCommand(
            CommandAttempt attempt, CommandResult result, Instant retryAt, int maxAttempts, Instant now);

    /** The earliest instant at which a turn or command can be claimed; empty when nothing waits. */
    Optional<Instant> nextDue();

    /** The effective owner. {@link Owner#BOT} for a conversation never seen. */
    Owner ownerOf(ConversationId conversation, Instant now);

    /**
     * Ends all live claims, as the only process on this store may do when it starts. A store shared by several processes
     * does nothing here and waits for the leases.
     */
    void recover(Instant now);

    /** How much waits, for metrics and readiness. */
    FlowStats stats(Instant now);

    @Override
    void close();
}
