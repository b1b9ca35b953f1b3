package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.flow.Ownership;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A conversation's state as read in a transaction, changed there, and written back at its end. */
final class ConversationRow {

    /** The order in which conversations are locked. */
    static final Comparator<ConversationId> ORDER =
            Comparator.comparing((ConversationId id) -> id.tenant().value()).thenComparing(ConversationId::key);

    /** What changes, in the order in which {@link #read} takes it. */
    private static final List<String> NAMES = List.of(
            ("owner, owner_at, owner_until, owner_reason, fence, fence_reason, person_key, last_message_at, inbox, answered, waiting,"
                            + " first_waiting_at, last_waiting_at, urgent, quiet_ms, max_wait_ms, max_messages, turn_id, turn_attempts,"
                            + " turn_supersedes, turn_due, turn_not_before, turn_woken, turn_waited_until, turn_token, turn_lease_until,"
                            + " command_due, command_claimed, command_token, command_lease_until, record_due, record_claimed,"
                            + " record_token, record_lease_until")
                    .split(", "));

    private static final String ALL = String.join(", ", NAMES);
    private static final int TURN_DUE = NAMES.indexOf("turn_due");

    /** In the order in which {@link #read} takes them. */
    static final String COLUMNS = "select tenant, conversation, " + ALL + " ";

    /** Who owns it alone, for {@link #readOwnership}. */
    static final String OWNERSHIP = "select owner, owner_at, owner_until, owner_reason, fence, fence_reason ";

    static final String SELECT = COLUMNS + "from conversation ";

    static final String INSERT = "insert into conversation (" + ALL + ", tenant, conversation) values ("
            + "?, ".repeat(NAMES.size()) + "?, ?)";

    private static final String SET = "update conversation set ";
    private static final String THIS_ONE = " = ? where tenant = ? and conversation = ?";
    private static final String UPDATE = SET + String.join(" = ?, ", NAMES) + THIS_ONE;

    final ConversationId id;
    Ownership ownership = Ownership.INITIAL;

    @Nullable
    String personKey;

    /** When the customer's latest message was accepted, whoever answers it. */
    @Nullable
    Instant lastMessageAt;
    /** The number of the latest message that waited. */
    long inbox;
    /** The messages up to this number have had their turn. */
    long answered;

    private int waiting;
    private @Nullable Instant firstWaitingAt;
    private @Nullable Instant lastWaitingAt;
    private boolean urgent;
    private TurnTiming timing = TurnTiming.DEFAULT;

    @Nullable
    String turnId;

    int turnAttempts;
    int supersedes;

    @Nullable
    Instant turnNotBefore;

    /** What the turn would wait for came while it was claimed. */
    private boolean turnWoken;

    /** Until when the turn waits, or has waited, for somebody else's answer. */
    private @Nullable Instant turnWaitedUntil;

    @Nullable
    String turnToken;

    @Nullable
    Instant turnLeaseUntil;

    private final CommandLine replies = new CommandLine(Line.REPLIES);
    private final CommandLine records = new CommandLine(Line.RECORDS);

    private @Nullable Object[] stored;
    private boolean isNew;

    private ConversationRow(ConversationId id) {
        this.id = id;
        stored = values();
    }

    /** A row that is not there: written when it is saved, unless another process is first. */
    static ConversationRow added(ConversationId id) {
        var row = new ConversationRow(id);
        row.isNew = true;
        return row;
    }

    static ConversationRow read(ResultSet row) throws SQLException {
        var columns = new Columns(row);
        var result = new ConversationRow(ConversationId.of(new TenantId(columns.text()), columns.text()));
        result.ownership = ownership(columns);
        result.personKey = columns.nullableText();
        result.lastMessageAt = columns.nullableInstant();
        result.inbox = columns.number();
        result.answered = columns.number();
        result.waiting = columns.integer();
        result.firstWaitingAt = columns.nullableInstant();
        result.lastWaitingAt = columns.nullableInstant();
        result.urgent = columns.flag();
        result.timing = new TurnTiming(
                Duration.ofMillis(columns.number()), Duration.ofMillis(columns.number()), columns.integer());
        result.turnId = columns.nullableText();
        result.turnAttempts = columns.integer();
        result.supersedes = columns.integer();
        Instant turnDue = columns.nullableInstant(); // follows from the rest
        result.turnNotBefore = columns.nullableInstant();
        result.turnWoken = columns.flag();
        result.turnWaitedUntil = columns.nullableInstant();
        result.turnToken = columns.nullableText();
        result.turnLeaseUntil = columns.nullableInstant();
        result.replies.read(columns);
        result.records.read(columns);
        result.stored = result.values();
        result.stored[TURN_DUE] = turnDue;
        return result;
    }

    static Ownership readOwnership(ResultSet row) throws SQLException {
        return ownership(new Columns(row));
    }

    private static Ownership ownership(Columns columns) throws SQLException {
        return new Ownership(
                Owner.valueOf(columns.text().toUpperCase(Locale.ROOT)),
                columns.instant(),
                columns.nullableInstant(),
                columns.text(),
                columns.number(),
                columns.text());
    }

    private @Nullable Object[] values() {
        @Nullable Object[] own = ownValues();
        @Nullable Object[] ofReplies = replies.values();
        @Nullable Object[] ofRecords = records.values();
        @Nullable Object[] all = Arrays.copyOf(own, NAMES.size() + 2);
        System.arraycopy(ofReplies, 0, all, own.length, ofReplies.length);
        System.arraycopy(ofRecords, 0, all, own.length + ofReplies.length, ofRecords.length);
        all[all.length - 2] = id.tenant().value();
        all[all.length - 1] = id.key();
        return all;
    }

    private @Nullable Object[] ownValues() {
        return new @Nullable Object[] {
            ownership.owner().name().toLowerCase(Locale.ROOT),
            ownership.at(),
            ownership.until(),
            ownership.reason(),
            ownership.fence(),
            ownership.fenceReason(),
            personKey,
            lastMessageAt,
            inbox,
            answered,
            waiting,
            firstWaitingAt,
            lastWaitingAt,
            urgent,
            timing.quiet().toMillis(),
            timing.maxWait().toMillis(),
            timing.maxMessages(),
            turnId,
            turnAttempts,
            supersedes,
            turnDue(),
            turnNotBefore,
            turnWoken,
            turnWaitedUntil,
            turnToken,
            turnLeaseUntil
        };
    }

    /** Queues the row when it has changed since it was read or saved. */
    void save(Tx tx) {
        @Nullable Object[] now = values();
        if (Arrays.equals(now, stored)) {
            return;
        }
        if (tx.dialect().shared()) { // one text for all rows, so that they go in one exchange
            tx.later(UPDATE, now);
        } else {
            saveChanges(tx, now);
        }
        stored = now;
    }

    /** For each column that is set, changed or not, SQLite writes its places in indexes anew. */
    private void saveChanges(Tx tx, @Nullable Object[] now) {
        var columns = new StringJoiner(" = ?, ", SET, THIS_ONE);
        var values = new ArrayList<@Nullable Object>();
        for (int i = 0; i < NAMES.size(); i++) {
            if (!Objects.equals(now[i], stored[i])) {
                columns.add(NAMES.get(i));
                values.add(now[i]);
            }
        }
        values.add(id.tenant().value());
        values.add(id.key());
        tx.later(columns.toString(), values.toArray());
    }

    boolean isNew() {
        return isNew;
    }

    /** The values for {@link #INSERT}; from now on it is there. */
    @Nullable
    Object[] inserted() {
        stored = values();
        isNew = false;
        return stored;
    }

    boolean hasWaiting() {
        return waiting > 0;
    }

    Optional<Instant> firstWaitingAt() {
        return Optional.ofNullable(firstWaitingAt);
    }

    int waiting() {
        return waiting;
    }

    /** A further message waits; its number. */
    long addWaiting(Instant now, boolean isUrgent, TurnTiming newTiming) {
        timing = newTiming;
        firstWaitingAt = waiting == 0 ? now : firstWaitingAt;
        lastWaitingAt = now;
        urgent = isUrgent || waiting > 0 && urgent;
        waiting++;
        wakeTurn(now);
        return ++inbox;
    }

    /** The messages up to a number have had their turn; these are left. */
    void answer(long upTo, List<Waiting> left) {
        answered = upTo;
        waiting = left.size();
        firstWaitingAt = left.isEmpty() ? null : left.get(0).receivedAt();
        lastWaitingAt = left.isEmpty() ? null : left.get(left.size() - 1).receivedAt();
        urgent = left.stream().anyMatch(Waiting::urgent);
    }

    /** What the due time of a turn depends on. */
    record Waiting(Instant receivedAt, boolean urgent) {}

    /** When the turn can be claimed; null when no message waits. */
    @Nullable
    Instant turnDue() {
        if (firstWaitingAt == null || lastWaitingAt == null) {
            return null;
        }
        if (turnToken != null) {
            return turnLeaseUntil;
        }
        Instant due = timing.dueAt(firstWaitingAt, lastWaitingAt, waiting, urgent);
        return turnNotBefore != null && turnNotBefore.isAfter(due) ? turnNotBefore : due;
    }

    boolean holds(Turn turn) {
        return turn.token().equals(turnToken);
    }

    CommandLine line(Line name) {
        return switch (name) {
            case REPLIES -> replies;
            case RECORDS -> records;
        };
    }

    void claimTurn(String token, Instant leaseUntil) {
        turnAttempts++;
        turnWoken = false;
        turnToken = token;
        turnLeaseUntil = leaseUntil;
    }

    void releaseTurn() {
        turnToken = null;
        turnLeaseUntil = null;
    }

    /** The claim has never been: nobody has begun. */
    void unclaimTurn() {
        releaseTurn();
        turnAttempts--;
    }

    /** The turn is due again then, or when it is woken, or when more was written. */
    void waitUntil(Instant until, Instant now) {
        releaseTurn();
        turnAttempts = 0;
        turnNotBefore = turnWoken ? null : until;
        turnWaitedUntil = turnWoken ? now : until;
    }

    /** What a turn waits for is there, or the customer wrote more: it waits no longer. */
    void wakeTurn(Instant now) {
        turnWoken = true;
        if (turnAttempts == 0) {
            turnNotBefore = null;
        }
        if (turnWaitedUntil != null && turnWaitedUntil.isAfter(now)) {
            turnWaitedUntil = now;
        }
    }

    /** The next turn begins anew. */
    void endTurn() {
        releaseTurn();
        turnWoken = false;
        turnId = null;
        turnAttempts = 0;
        supersedes = 0;
        turnNotBefore = null;
        turnWaitedUntil = null;
    }
}
