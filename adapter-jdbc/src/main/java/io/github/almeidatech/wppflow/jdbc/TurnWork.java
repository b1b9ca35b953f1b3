package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.flow.Acceptance;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.Ownership;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What happens to messages and turns in one transaction. */
final class TurnWork {

    private static final Logger log = LoggerFactory.getLogger(TurnWork.class);
    /** A message of a newer version waits this long for an instance that knows it. */
    private static final Duration UNKNOWN_MESSAGE_PAUSE = Duration.ofSeconds(30);

    private final Tx tx;
    private final Instant now;

    TurnWork(Tx tx, Instant now) {
        this.tx = tx;
        this.now = now;
    }

    Acceptance accept(Arrival arrival) throws SQLException {
        if (tx.see(arrival.keys(), now)) {
            return Acceptance.DUPLICATE;
        }
        InboundEvent event = arrival.event();
        ConversationRow row = tx.conversation(event.conversation());
        if (event.personKey() != null) {
            row.personKey = event.personKey();
        }
        tx.append(event.events());
        String cause = event.events().isEmpty() ? null : event.events().get(0).id();
        OwnershipSignal signal = event.signal();
        if (signal != null) {
            own(tx, row, row.ownership.after(signal, now), cause, now);
        }
        InboundMessage message = event.message();
        if (message == null) {
            arrival.insert(tx, null, now);
            return Acceptance.STORED;
        }
        own(tx, row, row.ownership.afterMessage(message.sentAt(), now), cause, now);
        row.lastMessageAt = now;
        if (row.ownership.effective(now) != Owner.BOT) {
            arrival.insert(tx, null, now);
            silenced(row, row.ownership.reason(), List.of(message.messageId()), String.valueOf(message.messageId()));
            return Acceptance.HUMAN_OWNED;
        }
        tx.workAdded();
        arrival.insert(tx, row.addWaiting(now, event.urgent(), arrival.timing()), now);
        return Acceptance.STORED;
    }

    /** Gives a conversation to somebody, and writes it down when that is somebody else. */
    static void own(Tx tx, ConversationRow row, Ownership after, @Nullable String cause, Instant now) {
        Owner before = row.ownership.effective(now);
        row.ownership = after;
        Owner owner = after.effective(now);
        if (owner != before) {
            tx.appendNew(FlowEvents.ownershipChanged(row.id, row.personKey, owner, after.reason(), cause, now));
        }
    }

    private void silenced(ConversationRow row, String reason, List<Long> messageIds, String cause) {
        Owner owner = row.ownership.effective(now);
        tx.appendNew(FlowEvents.turnSilenced(row.id, row.personKey, reason, owner, messageIds, cause, now));
    }

    List<Turn> claim(List<ConversationRow> due, Instant leaseUntil) throws SQLException {
        Map<ConversationId, List<Body>> waiting = waitingBodies(due);
        var turns = new ArrayList<Turn>();
        for (ConversationRow row : due) {
            try {
                List<InboundMessage> messages = messages(row, waiting.getOrDefault(row.id, List.of()));
                claim(row, messages, leaseUntil).ifPresent(turns::add);
            } catch (FlowException e) {
                log.warn("a message of {} is not known to this version and waits for a newer one", row.id, e);
                row.releaseTurn();
                row.turnNotBefore = now.plus(UNKNOWN_MESSAGE_PAUSE);
            }
        }
        return turns;
    }

    private Optional<Turn> claim(ConversationRow row, List<InboundMessage> messages, Instant leaseUntil) {
        String turnId = row.turnId == null ? Uuid7.at(now) : row.turnId;
        boolean theBots = row.ownership.effective(now) == Owner.BOT;
        if (!theBots && !messages.isEmpty()) {
            silenced(row, row.ownership.reason(), ids(messages), turnId);
        }
        if (!theBots || messages.isEmpty()) { // none are left when they were erased
            row.answer(row.inbox, List.of());
            row.endTurn();
            return Optional.empty();
        }
        String token = UUID.randomUUID().toString();
        row.turnId = turnId;
        row.claimTurn(token, leaseUntil);
        return Optional.of(new Turn(
                row.id,
                turnId,
                messages,
                row.turnAttempts,
                row.supersedes,
                row.ownership.fence(),
                leaseUntil,
                token,
                row.inbox));
    }

    private record Body(ConversationId conversation, int version, String json) {}

    private Map<ConversationId, List<Body>> waitingBodies(List<ConversationRow> rows) throws SQLException {
        String sql = """
                select i.tenant, i.conversation, i.version, i.body from conversation c
                join inbox i on i.tenant = c.tenant and i.conversation = c.conversation and i.number > c.answered
                where (c.tenant, c.conversation) in (values %s) and i.body is not null
                """;
        Session.Row<Body> mapper = row -> new Body(
                ConversationId.of(new TenantId(row.getString("tenant")), row.getString("conversation")),
                row.getInt("version"),
                row.getString("body"));
        List<ConversationId> wanted = rows.stream().map(row -> row.id).toList();
        return tx.listIn(sql, wanted, mapper).stream().collect(Collectors.groupingBy(Body::conversation));
    }

    private static List<InboundMessage> messages(ConversationRow row, List<Body> bodies) {
        return bodies.stream()
                .map(body -> MessageJson.read(row.id, body.version(), body.json()))
                .sorted(Comparator.comparingLong(InboundMessage::messageId))
                .toList();
    }

    private static List<Long> ids(List<InboundMessage> messages) {
        return messages.stream().map(InboundMessage::messageId).toList();
    }

    TurnOutcome complete(Turn turn, TurnResult result, int maxSupersedes) throws SQLException {
        ConversationRow row = tx.conversation(turn.conversation());
        if (!row.holds(turn)) {
            return TurnOutcome.LEASE_LOST;
        }
        Optional<String> silence = row.ownership.silences(turn.fence(), now);
        if (silence.isPresent()) {
            tx.append(result.events());
            silenced(row, silence.get(), ids(turn.messages()), turn.id());
            end(row, turn);
            new CommandQueue(tx, row, turn.fence(), now).add(turn.id(), result.records());
            return TurnOutcome.TAKEN_OVER;
        }
        if (result.waitUntil() != null) {
            tx.append(result.events());
            row.waitUntil(result.waitUntil(), now);
            return TurnOutcome.WAITING;
        }
        if (row.inbox > turn.lastInboxId() && turn.supersedes() < maxSupersedes) {
            tx.appendNew(FlowEvents.turnSuperseded(row.id, row.personKey, turn.id(), ids(turn.messages()), now));
            row.endTurn();
            row.supersedes = turn.supersedes() + 1;
            return TurnOutcome.SUPERSEDED;
        }
        end(row, turn);
        PolicyPlan plan = result.plan();
        var queue = new CommandQueue(tx, row, turn.fence(), now);
        queue.add(turn.id(), result.allCommands());
        if (plan == null) {
            tx.append(result.events());
        } else {
            tx.appendDecided(result.events());
            tx.appendDecided(plan.events());
            for (var firing : plan.byFiring().entrySet()) {
                queue.add(firing.getKey(), firing.getValue());
            }
        }
        OwnershipSignal ownership = result.ownership();
        if (ownership != null) {
            own(tx, row, row.ownership.afterOwn(ownership), result.ownershipCause(turn), now);
        }
        return TurnOutcome.COMPLETED;
    }

    private void end(ConversationRow row, Turn turn) throws SQLException {
        row.answer(
                turn.lastInboxId(),
                row.inbox == turn.lastInboxId() ? List.of() : newerThan(row.id, turn.lastInboxId()));
        row.endTurn();
    }

    private List<ConversationRow.Waiting> newerThan(ConversationId conversation, long number) throws SQLException {
        return tx.list(
                "select received_at, urgent from inbox where tenant = ? and conversation = ? and number > ?"
                        + " and body is not null order by number",
                row -> new ConversationRow.Waiting(Session.instant(row, "received_at"), row.getInt("urgent") != 0),
                conversation.tenant().value(),
                conversation.key(),
                number);
    }

    boolean wake(ConversationId conversation, String turnId, List<Event> events) throws SQLException {
        ConversationRow row = tx.conversation(conversation);
        if (!turnId.equals(row.turnId)) {
            return false;
        }
        tx.append(events);
        row.wakeTurn(now);
        tx.workAdded();
        return true;
    }

    boolean release(Turn turn, Instant retryAt) throws SQLException {
        ConversationRow row = tx.conversation(turn.conversation());
        if (!row.holds(turn)) {
            return false;
        }
        row.releaseTurn();
        row.turnNotBefore = retryAt;
        return true;
    }

    /** Nobody has the turn in hand: it is due as if this had not been claimed. */
    static void giveBack(ConversationRow row, Turn turn) {
        if (row.holds(turn)) {
            row.unclaimTurn();
        }
    }

    /** A person's waiting messages are no more to be answered, and neither is the turn they are in. */
    boolean forget(ConversationRow row, String personKey) throws SQLException {
        int waiting = tx.update(
                "update inbox set body = null where tenant = ? and conversation = ? and person_key = ? and number > ?",
                row.id.tenant().value(),
                row.id.key(),
                personKey,
                row.answered);
        if (waiting > 0) {
            List<ConversationRow.Waiting> left = newerThan(row.id, row.answered);
            row.answer(left.isEmpty() ? row.inbox : row.answered, left);
            row.endTurn();
        }
        return waiting > 0;
    }
}
