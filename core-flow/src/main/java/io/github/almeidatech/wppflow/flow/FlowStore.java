package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the three lines of the flow meet. Every method is one transaction: when it returns, its effect survives a crash;
 * when it throws, nothing happened. (Where a broken connection leaves that open, repeating the call is safe: keys and
 * tokens make the second one a duplicate or a lost lease, and the next claim gives back what one before has claimed for
 * nobody.) All times come from the caller. Thread-safe; methods block on
 * storage only.
 *
 * <p>Rules every implementation keeps (the contract suite in the testkit checks them):
 *
 * <ul>
 *   <li>A conversation has at most one live turn claim and, independently of it and of each other, at most one live
 *       command claim in each {@link Line}; conversations never wait for each other. A claim is live until its result is stored or {@code now} reaches its
 *       {@code leaseUntil}.
 *   <li>Who owns a conversation follows {@link Ownership}, whose functions are the rules.
 *   <li>A turn holds all waiting messages of its conversation, ordered by message id, whatever order they arrived in.
 *   <li>Only the holder of the latest token completes; a late worker changes nothing. A worker whose lease has passed may
 *       still complete as long as nobody else has claimed and {@link #recover} was not called.
 *   <li>Inbox ids of one conversation grow in the order in which its messages become visible to claims.
 *   <li>The store writes these events itself, in the same transaction, after the given ones, made by {@link FlowEvents}:
 *       {@code turn.silenced}, {@code turn.superseded}, {@code command.done}, {@code command.held_back},
 *       {@code command.dead_lettered}, {@code command.retried}, {@code command.discarded}, {@code command.merged},
 *       {@code ownership.changed} (only when the effective owner is another). Their person key is the latest one accepted for the conversation. Their
 *       cause is the turn; at accept, for {@code turn.silenced} the message id and for {@code ownership.changed} the first
 *       given event's id, or null.
 * </ul>
 */
public interface FlowStore extends AutoCloseable {

    /**
     * Stores an event: keys, inbox entry, ownership and the turn's due time together. When one of its keys is known in
     * the tenant it is a duplicate: nothing changes, except that its other keys are known from now on.
     *
     * <p>A signal is applied first, then the message is judged: when the effective owner is {@link Owner#HUMAN} or
     * {@link Owner#PAUSED} it becomes history without a turn and with a {@code turn.silenced} event; {@link Owner#CLOSED}
     * turns back into {@link Owner#BOT}. The turn is due at {@code timing.dueAt(first arrival, last arrival, number,
     * whether one is urgent)} of all waiting messages, but not before the {@code retryAt} of a released one. The timing is
     * kept with the conversation for {@link #completeTurn}.
     *
     * @return {@link Acceptance#HUMAN_OWNED} for a message that became history; {@link Acceptance#STORED} otherwise, also
     *     for an event that only carries a signal
     */
    Acceptance accept(InboundEvent event, TurnTiming timing, Instant now);

    /**
     * Claims due turns for the free workers, shared out between the tenants that have any ({@link FreeWorkers#shareOut}), of
     * each tenant the longest due first; it may return fewer although more are due. Its cost grows with the number of such
     * tenants, not with what one of them has waiting. Where the effective owner is not the bot by now, the waiting messages of a due turn become history with a
     * {@code turn.silenced} event instead. A turn whose lease has passed without completion is due again since then, under
     * the same id, with a new token and its attempt counted up; messages that arrived meanwhile join it.
     */
    List<Turn> claimTurns(FreeWorkers free, Instant now, Duration lease);

    /**
     * Ends a turn, all or nothing: its messages are done, its events written, its commands waiting and due, its ownership
     * applied ({@link Ownership#afterOwn}). In this order:
     *
     * <ol>
     *   <li>The token is not the latest: {@link TurnOutcome#LEASE_LOST}, nothing changes.
     *   <li>{@link Ownership#silences}: {@link TurnOutcome#TAKEN_OVER}. The messages are done, the commands and the
     *       ownership dropped; the given events and a {@code turn.silenced} event are written, and
     *       {@link TurnResult#records()} wait.
     *   <li>The result has a {@link TurnResult#waitUntil()}: {@link TurnOutcome#WAITING}. Its events are written, the claim
     *       ends, the attempts are counted from zero. The turn is due again then, under the same id; at once when
     *       {@link #wakeTurn} was called since the claim; and by the timing of the latest message when one has arrived since
     *       the claim or arrives meanwhile.
     *   <li>A message arrived after the claim and {@code turn.supersedes() < maxSupersedes}:
     *       {@link TurnOutcome#SUPERSEDED}. Commands, events and ownership are dropped, a {@code turn.superseded} event is
     *       written; the next turn, with a new id, is due by the timing of the latest message.
     *   <li>{@link TurnOutcome#COMPLETED}. Messages that arrived after the claim wait for the next turn, due by the
     *       timing of the latest over them alone.
     * </ol>
     *
     * Commands are carried out in the order given inside each {@link OutboundCommand#line()}, after those of earlier turns
     * of the conversation, and are stored under {@code turn.fence()}; those of {@link TurnResult#plan()} follow the turn's
     * own. With a plan, the given events are decided; without one, and when it is dropped because of {@code TAKEN_OVER},
     * they come to {@link #undecided}.
     *
     * <p>With {@code next}, a turn that is {@code COMPLETED} has what is due then in the conversation's
     * {@linkplain Line#REPLIES replies} claimed in the same transaction, by the rules of {@link #claimCommands}; nothing, when
     * they are claimed already. As with {@link #completeCommand}, that may be repeated: as long as the reply is held with the
     * token of {@code next}, nothing changes, the turn is {@code COMPLETED} and the reply given again as it was.
     *
     * @param next how to claim the first reply; null to claim none
     */
    TurnCompletion completeTurn(Turn turn, TurnResult result, int maxSupersedes, Instant now, @Nullable NextClaim next);

    /** The same without claiming a reply. */
    default TurnOutcome completeTurn(Turn turn, TurnResult result, int maxSupersedes, Instant now) {
        return completeTurn(turn, result, maxSupersedes, now, null).outcome();
    }

    /**
     * Gives a failed turn back, to be claimed again not before {@code retryAt}. Its attempts stay counted. False when the
     * lease was lost.
     */
    boolean releaseTurn(Turn turn, Instant retryAt, Instant now);

    /**
     * Says that what a turn waits for is there: writes the events and makes the turn due at once; one that is claimed will
     * not wait. Repeating it changes nothing but when the turn is looked at.
     *
     * @return false when that turn is not open (any more), because it was answered, silenced or superseded; nothing is
     *     written then
     */
    boolean wakeTurn(ConversationId conversation, String turnId, List<Event> events, Instant now);

    /**
     * Claims commands that are the first in this line of their conversation and due, for the free workers and shared out like
     * {@linkplain #claimTurns turns}; it may return fewer although more are due. A command is in line from its {@link OutboundCommand#notBefore()} on, and
     * before that in nobody's way. Before one is returned, {@link Ownership#holdsBack} is asked: one that is held back is
     * cancelled with a {@code command.held_back} event and the next is looked at. So is, with the reason
     * {@code customer_replied}, a {@link OutboundCommand.FollowUp} with {@code unlessReply} when a message of the
     * conversation was accepted after its turn completed. Claiming counts the attempt and marks it as begun: a claim that
     * ends without a result leaves its {@link CommandAttempt#leaseUntil()} as {@link CommandAttempt#unclearSince()} to the
     * next.
     *
     * <p>Later commands of the line that were not tried yet and {@link OutboundCommand#mergedWith can be merged} with the
     * one that is claimed become part of it: the attempt carries the command with the effect of all, in their order, and
     * each of the others ends with a {@code command.merged} event. What becomes of the attempt becomes of them.
     *
     * @param line replies never wait for records, and records never for replies
     */
    List<CommandAttempt> claimCommands(Line line, FreeWorkers free, Instant now, Duration lease);

    /**
     * Stores the result of a try. {@code Done} ends the command with a {@code command.done} event. {@code NotDone} makes
     * it due again at {@code retryAt}; what an earlier try left unclear stays unclear. {@code Unclear} does so too and
     * sets {@link CommandAttempt#unclearSince()} to {@code now}. {@code Refused}, or one of these two with
     * {@code attempt >= maxAttempts}, makes it a dead letter with a {@code command.dead_lettered} event, and the
     * conversation's next command can be claimed. {@code HeldBack} applies the ownership like {@link #accept} and cancels
     * the command and every later waiting answer ({@link OutboundCommand#isAnswer()}) of the conversation, each with a
     * {@code command.held_back} event whose reason is the signal's. One that is {@link CommandResult.HeldBack#known known} leaves
     * the ownership alone and cancels, of the later ones, only what {@link Ownership#holdsBack} holds, with that reason.
     *
     * <p>With {@code next}, what is due then in the same line of the same conversation is claimed in the same transaction,
     * by the rules of {@link #claimCommands}: so that a worker goes on with the conversation it has. That may be repeated
     * when it is not known whether it was stored: as long as the next command is held with the token of {@code next},
     * nothing changes, and it is given again as it was.
     *
     * @param next how to claim the next one; null to claim none
     */
    CommandCompletion completeCommand(
            CommandAttempt attempt,
            CommandResult result,
            Instant retryAt,
            int maxAttempts,
            Instant now,
            @Nullable NextClaim next);

    /**
     * The same without claiming the next one.
     *
     * @return false when the lease was lost, and then nothing changed
     */
    default boolean completeCommand(
            CommandAttempt attempt, CommandResult result, Instant retryAt, int maxAttempts, Instant now) {
        return completeCommand(attempt, result, retryAt, maxAttempts, now, null).stored();
    }

    /**
     * Why a command that is being tried may not be carried out any more, by all that was accepted since its claim
     * ({@link Ownership#silence}); empty when it may. For the moment before it is sent: a claim can be seconds old by then.
     * One that this store does not know, because somebody else has made it, is judged by the owner alone. Changes nothing.
     */
    Optional<OwnershipSignal> holdsBack(CommandAttempt attempt, Instant now);

    /**
     * The earliest instant at which a turn can be claimed (the end of the lease for a claimed one); empty when none
     * waits.
     */
    Optional<Instant> nextTurnDue();

    /**
     * The earliest instant at which a command of the line can be claimed (the end of the lease for a claimed one), or a
     * little before; empty when none waits.
     */
    Optional<Instant> nextCommandDue(Line line);

    /** The effective owner. {@link Owner#BOT} for a conversation never seen. */
    Owner ownerOf(ConversationId conversation, Instant now);

    /** What a conversation waits for; {@link ConversationState#UNSEEN} for one never seen. */
    ConversationState stateOf(ConversationId conversation);

    /**
     * Commands that were given up, the oldest first.
     *
     * @param afterId only those with a larger {@link DeadLetter#commandId()}; 0 for the first page
     */
    List<DeadLetter> deadLetters(TenantId tenant, long afterId, int limit);

    /**
     * Makes a dead letter wait again, due at once and before all later commands of its line, with its attempts
     * counted from zero, and a {@code command.retried} event. The next try looks first whether it was done after all: its
     * {@link CommandAttempt#unclearSince()} is when it was given up. It is still held back when a person has spoken since
     * its turn.
     *
     * @return false when the tenant has no such dead letter
     */
    boolean retryDeadLetter(TenantId tenant, long commandId, Instant now);

    /** Throws a dead letter away, with a {@code command.discarded} event. False when the tenant has no such dead letter. */
    boolean discardDeadLetter(TenantId tenant, long commandId, Instant now);

    /**
     * The events that policies have to be asked about: every event of a conversation, of a tenant or from outside that this
     * store or its log has written, except those of a {@link PolicyPlan}, those decided with their turn, and emptied ones.
     * What is returned stays undecided until {@link #decide}.
     *
     * @param max how many of each tenant at most
     * @return for each tenant that has something undecided, the oldest
     */
    List<Undecided> undecided(int max);

    /**
     * Stores what policies want done about events, all or nothing, so that each event is decided once whatever happens:
     * the plans' events are written; their commands wait behind all others of the conversation, with the firing as
     * {@link CommandAttempt#turnId()}, under the present ownership number, as far as {@link Ownership#allowed}; their
     * ownership is applied ({@link Ownership#afterPolicy}).
     *
     * @param plans one for each event, in the same order
     * @return false when somebody else has decided these events meanwhile, and then nothing changed
     */
    boolean decide(Undecided batch, List<PolicyPlan> plans, Instant now);

    /**
     * Ends all live claims, as the only process on this store may do when it starts: turns are due by their timing, and
     * begun commands are due at once and unclear since {@code now} (or since their lease ended, if that was earlier). A
     * store shared by several processes does nothing here and waits for the leases.
     */
    void recover(Instant now);

    /** How much waits, for metrics and readiness. */
    FlowStats stats(Instant now);

    /**
     * Asks to be told when another process may have stored work. A hint: called from any thread, perhaps too often or
     * never, so the caller polls as well. Does nothing by default.
     */
    default void onWork(Runnable wake) {}

    @Override
    void close();
}
