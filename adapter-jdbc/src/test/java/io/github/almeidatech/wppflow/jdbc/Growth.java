package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.HOTEL;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.jdbc.Meter.Measured;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures whether cost stays flat: {@code Growth <url> <conversations> <events> ...}, with {@code postgresql} as url on a
 * PostgreSQL of its own. Several sizes are measured in turns of a hundred calls, so that a machine that changes its speed
 * does so for all of them. Not a test.
 */
final class Growth {

    private static final int ROUNDS = Integer.getInteger("growth.rounds", 3_000);
    private static final int GROUP = 100;
    private static final int CHUNK = 50_000;
    private static final DatabaseOptions PATIENT = new DatabaseOptions(Duration.ofMinutes(10), 256, 4096, 4);

    private Growth() {}

    public static void main(String[] arguments) throws Exception {
        try (var open = new Closing()) {
            List<Size> sizes = new ArrayList<>();
            LocalPostgres postgres = arguments[0].equals("postgresql") ? open.add(LocalPostgres.start()) : null;
            for (int i = 1; i < arguments.length; i += 2) {
                int conversations = Integer.parseInt(arguments[i]);
                int events = Integer.parseInt(arguments[i + 1]);
                String several = arguments.length > 3 ? "." + conversations : "";
                sizes.add(
                        postgres != null
                                ? onPostgres(postgres, conversations, events, open)
                                : onSqlite(arguments[0] + several, conversations, events, open));
            }
            measure(sizes);
        }
    }

    /** What is open until the end, closed in the opposite order. */
    private static final class Closing implements AutoCloseable {
        private final Deque<AutoCloseable> all = new ArrayDeque<>();

        <T extends AutoCloseable> T add(T one) {
            all.push(one);
            return one;
        }

        @Override
        public void close() throws Exception {
            for (AutoCloseable each : all) {
                each.close();
            }
        }
    }

    /** A database of one size. */
    private static final class Size {
        private final FlowStore store;
        private final EventLog log;
        private final Meter meter;
        private final int conversations;
        private final long last;
        private long next = 1;
        private @Nullable String cursor;

        Size(Database database, Meter meter, int conversations, int events) {
            this.store = database.flowStore();
            this.log = database.eventLog();
            this.meter = meter;
            this.conversations = conversations;
            this.last = events * 1_000L;
            System.out.printf("%,d conversations, %,d events%n", conversations, events);
        }

        /** Neighbours are far apart. */
        int nextConversation() {
            return (int) (next++ * 7919 % conversations);
        }
    }

    private static Size onSqlite(String url, int conversations, int events, Closing open) throws Exception {
        try (Database database = Database.open(url, PATIENT)) {
            fill((sql, values) -> database.writer().write(tx -> tx.update(sql, values)), conversations, events);
        }
        return new Size(open.add(Database.open(url)), Meter::ofThisProcess, conversations, events);
    }

    /** Filled without the indexes that are no keys, which are made afterwards: in a tenth of the time. */
    private static Size onPostgres(LocalPostgres postgres, int conversations, int events, Closing open)
            throws Exception {
        String url = postgres.newDatabase();
        Database.open(url).close();
        try (Connection admin = DriverManager.getConnection(postgres.administrator(url))) {
            var session = new Session(admin);
            List<String[]> indexes = session.list(
                    "select indexname, indexdef from pg_indexes where tablename in ('event', 'conversation')"
                            + " and indexname not like '%\\_pkey'",
                    row -> new String[] {row.getString(1), row.getString(2)});
            for (String[] index : indexes) {
                session.execute("drop index " + index[0]);
            }
            session.execute("set synchronous_commit = off; set maintenance_work_mem = '512MB'");
            fill(session::update, conversations, events);
            for (String[] index : indexes) {
                session.execute(index[1]);
            }
            session.execute("vacuum (analyze)");
            session.execute("checkpoint");
        }
        System.out.println(postgres.stored(url));
        Database database = open.add(Database.open(url, PATIENT));
        return new Size(database, open.add(Meter.of(database, postgres, url)), conversations, events);
    }

    /** Something that carries out a statement. */
    private interface Filling {
        int update(String sql, Object... values) throws SQLException;
    }

    private static void fill(Filling filling, int conversations, int events) throws SQLException {
        for (int from = 1; from <= conversations; from += CHUNK) {
            filling.update("""
                insert into conversation (tenant, conversation, owner, owner_at, owner_reason, fence, fence_reason, inbox,
                  answered, waiting, urgent, quiet_ms, max_wait_ms, max_messages, turn_attempts, turn_supersedes)
                with recursive n(i) as (select ? union all select i + 1 from n where i < ?)
                select 'hotel', '1/' || (i + 1000000), 'bot', 0, 'initial', 0, 'initial', 1, 1, 0, 0, 0, 0, 20, 0, 0
                from n
                """, from, Math.min(conversations, from + CHUNK - 1));
        }
        for (int from = 1; from <= events; from += CHUNK) {
            fillEvents(filling, from, Math.min(events, from + CHUNK - 1), conversations);
        }
        filling.update(
                "insert into event_chain (tenant, length, head, latest_at, max_lag) values ('hotel', ?, ?, ?, 0)",
                events,
                new byte[32],
                events * 1000L);
    }

    private static void fillEvents(Filling filling, int from, int to, int conversations) throws SQLException {
        filling.update("""
                insert into event (tenant, position, event_id, conversation, person_key, type, version, payload, source,
                  depth, at, latest_at, salt, digest, hash, cause_id)
                with recursive n(i) as (select ? union all select i + 1 from n where i < ?)
                select 'hotel', i, 'e' || i, '1/' || (i % ? + 1000000), 'p:' || (i % ?),
                  case when i % 20 = 0 then 'message.received' else 'type.' || (i % 20) end, 1,
                  '{"text":"a diária custa noventa e cinco reais por dia"}', 'bot', 0, cast(i as bigint) * 1000, cast(i as bigint) * 1000, ?, ?, ?,
                  cast(i as text)
                from n
                """, from, to, conversations, conversations, new byte[16], new byte[32], new byte[32]);
    }

    private static void measure(List<Size> sizes) throws Exception {
        turns(sizes);
        time(sizes, "next due", size -> size.store.nextTurnDue());
        time(
                sizes,
                "events of a conversation",
                size -> size.log.query(EventQuery.of(conversation(1_000_000 + size.nextConversation()), 50)));
        time(sizes, "events of a person", size -> size.log.query(query("p:" + size.nextConversation(), null, 0, 0)));
        time(sizes, "a person with three keys", size -> {
            long one = size.nextConversation();
            return size.log.query(new EventQuery(
                    HOTEL, null, "p:" + one, Set.of("p:" + (one + 1), "p:" + (one + 2)), null, null, null, 50, null));
        });
        time(sizes, "a message by its number", Growth::aMessage);
        time(
                sizes,
                "what followed a message",
                size -> size.log.following(aMessage(size).orElseThrow(), 50));
        time(sizes, "events of a type", size -> size.log.query(query(null, "type.7", 0, 0)));
        time(sizes, "events of a kind of types", size -> size.log.query(query(null, "type.*", 0, 0)));
        time(
                sizes,
                "events of an hour long ago",
                size -> size.log.query(query(null, null, size.last / 3, size.last / 3 + 3_600_000)));
        time(sizes, "page after page", size -> {
            var page = size.log.query(new EventQuery(HOTEL, null, null, null, null, null, 50, size.cursor));
            size.cursor = page.nextCursor();
            return page;
        });
        time(sizes, "a page in the middle of a type", size -> size.log.query(query(null, "type.7", 1, size.last / 2)));
        time(sizes, "the newest events", size -> size.log.query(EventQuery.of(HOTEL, 50)));
    }

    private static Optional<Event> aMessage(Size size) {
        return size.log.arrivalOf(HOTEL, 20L * (1 + size.next++ * 13 % (size.conversations / 20)));
    }

    /** Some write, then these are answered, then others. */
    private static void turns(List<Size> sizes) throws Exception {
        List<Measured> accepting = measured(sizes, "accept");
        List<Measured> answering = measured(sizes, "claim and complete a turn");
        for (int round = 0; round < 2 * ROUNDS / GROUP; round++) {
            boolean counts = round >= ROUNDS / GROUP; // compiled before it is measured
            for (int i = 0; i < sizes.size(); i++) {
                Size size = sizes.get(i);
                accepting.get(i).calls(counts, GROUP, size.meter, () -> {
                    long number = size.next;
                    return size.store.accept(
                            message(conversation(1_000_000 + size.nextConversation()), number, "p:x", "oi"),
                            AT_ONCE,
                            NOW);
                });
                answering
                        .get(i)
                        .calls(
                                counts,
                                GROUP,
                                size.meter,
                                () -> size.store.claimTurns(FreeWorkers.of(1), NOW, LEASE).stream()
                                        .map(turn -> size.store.completeTurn(
                                                turn, new TurnResult(List.of(), List.of(), null), 2, NOW))
                                        .toList());
            }
        }
        accepting.forEach(Measured::print);
        answering.forEach(Measured::print);
    }

    /** A call of one size. */
    private interface Calling {
        @Nullable
        Object of(Size size) throws Exception;
    }

    private static void time(List<Size> sizes, String what, Calling calling) throws Exception {
        List<Measured> measured = measured(sizes, what);
        for (int round = 0; round < 2 * ROUNDS / GROUP; round++) {
            for (int i = 0; i < sizes.size(); i++) {
                Size size = sizes.get(i);
                measured.get(i).calls(round >= ROUNDS / GROUP, GROUP, size.meter, () -> calling.of(size));
            }
        }
        measured.forEach(Measured::print);
    }

    private static List<Measured> measured(List<Size> sizes, String what) {
        return sizes.stream().map(size -> new Measured(what)).toList();
    }

    private static EventQuery query(String person, String type, long from, long to) {
        return new EventQuery(
                HOTEL,
                null,
                person,
                type,
                from == 0 ? null : java.time.Instant.ofEpochMilli(from),
                to == 0 ? null : java.time.Instant.ofEpochMilli(to),
                50,
                null);
    }
}
