package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The times in a database that say when something goes on, and how late it was when that was last known. For SQLite alone:
 * processes that share a database go by its clock.
 */
class DueTimes {

    private static final String NOTE = "clock";
    private static final String LAST_NOTED = "select value from meta where name = ?";

    /** The conversations in which something waits or is claimed. */
    private static final String BUSY = """
            select tenant, conversation from conversation where turn_due is not null
            union select tenant, conversation from conversation where command_due is not null
            union select tenant, conversation from conversation where record_due is not null
            """;

    /** What workers have in their hands. */
    private static final String WORKED_ON = """
            select 1 from conversation where turn_due is not null and turn_lease_until > ?1
            union all select 1 from conversation where command_due is not null and command_lease_until > ?1
            union all select 1 from conversation where record_due is not null and record_lease_until > ?1
            """;

    /** Lines that wait for a time in the calendar: when that is, the next claim finds out. */
    private static final String AWAITING_A_DATE = """
            select tenant, conversation from outbox where state = 'waiting' and line = ? and due = not_before
            """;

    private final Writer writer;

    DueTimes(Writer writer) {
        this.writer = writer;
    }

    /** How late it was at the last {@link #note}, after whatever is being written has been. */
    Optional<Instant> lastNoted() {
        return writer.write(tx -> tx.first(LAST_NOTED, DueTimes::instant, NOTE));
    }

    private static Instant instant(ResultSet row) throws SQLException {
        return Instant.ofEpochMilli(Long.parseLong(row.getString(1)));
    }

    void note(Instant now) {
        writer.write(tx -> note(tx, now));
    }

    private static boolean note(Tx tx, Instant now) throws SQLException {
        return tx.update(
                        "insert into meta (name, value) values (?, ?)"
                                + " on conflict (name) do update set value = excluded.value",
                        NOTE,
                        String.valueOf(now.toEpochMilli()))
                == 1;
    }

    /**
     * The clock was set: moves everything that waits, is claimed or is paused by as much, so that it takes as long as it
     * would have, and lets nothing have happened later than now. What waits for a time in the calendar goes on waiting for it.
     * All or nothing, {@link #note} with it; repeated, because nobody knows whether it was done, it does nothing.
     *
     * @param now by the clock after it was set
     */
    void move(Duration by, Instant now) {
        writer.write(tx -> isMoved(tx, by, now) || moveAll(tx, by, now));
    }

    /**
     * As {@link #move}, unless somebody works on something: what is in a worker's hands ends by the time it was claimed at.
     *
     * @return whether it is moved
     */
    boolean moveIfIdle(Duration by, Instant now) {
        return writer.write(tx -> isMoved(tx, by, now) || isIdle(tx, now.minus(by)) && moveAll(tx, by, now));
    }

    private static boolean isIdle(Tx tx, Instant before) throws SQLException {
        tx.forgetConversations(); // what was changed before, in the same transaction, is to be seen
        return tx.first(WORKED_ON, row -> true, before).isEmpty();
    }

    private static boolean moveAll(Tx tx, Duration by, Instant now) throws SQLException {
        long millis = by.toMillis();
        Instant before = now.minusMillis(millis);
        tx.forgetConversations();
        tx.update("""
                    update inbox set received_at = received_at + ? where id in (
                      select i.id from conversation c
                      join inbox i on i.tenant = c.tenant and i.conversation = c.conversation and i.number > c.answered
                      where c.turn_due is not null)
                    """, millis);
        tx.update("""
                    update outbox set due = case when due = not_before then due else due + ?1 end, unclear_since = unclear_since + ?1, created_at = created_at + ?1
                    where state = 'waiting' and (tenant, conversation) in (%s)
                    """.formatted(BUSY), millis);
        tx.update("""
                    update conversation set turn_due = turn_due + ?1, turn_not_before = turn_not_before + ?1,
                      turn_waited_until = turn_waited_until + ?1, turn_lease_until = turn_lease_until + ?1,
                      first_waiting_at = first_waiting_at + ?1, last_waiting_at = last_waiting_at + ?1,
                      last_message_at = last_message_at + ?1,
                      command_due = command_due + ?1, command_lease_until = command_lease_until + ?1,
                      record_due = record_due + ?1, record_lease_until = record_lease_until + ?1
                    where (tenant, conversation) in (%s)
                    """.formatted(BUSY), millis);
        for (Line line : Line.values()) {
            tx.update("""
                        update conversation set %1$s_due = min(%1$s_due, ?)
                        where %1$s_due is not null and %1$s_lease_until is null and (tenant, conversation) in (%2$s)
                        """.formatted(CommandLine.columns(line), AWAITING_A_DATE), now, CommandLine.word(line));
        }
        tx.update("""
                    update conversation set owner_at = min(owner_at, ?1),
                      owner_until = case when owner_until > ?2 then owner_until + ?3 else owner_until end
                    where owner_at > ?1 or owner_until > ?2
                    """, now, before, millis);
        tx.update("update contact set copy_due = copy_due + ? where copy_due is not null", millis);
        tx.update("update job set claimed_until = min(claimed_until, ?1), finished_at = min(finished_at, ?1)", now);
        tx.update("update media_claim set held_until = held_until + ?", millis);
        tx.update("update outbox set ended_at = ? where ended_at > ?", now, now);
        tx.update("update erasure set requested_at = ? where finished_at is null and requested_at > ?", now, now);
        return note(tx, now);
    }

    private static boolean isMoved(Tx tx, Duration by, Instant now) throws SQLException {
        Instant before = now.minusMillis(by.toMillis());
        return tx.first(LAST_NOTED, DueTimes::instant, NOTE)
                .map(noted -> Duration.between(noted, now)
                                .abs()
                                .compareTo(Duration.between(noted, before).abs())
                        < 0)
                .orElse(false);
    }
}
