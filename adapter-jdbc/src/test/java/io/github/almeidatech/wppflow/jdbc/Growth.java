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
import io.github.almeidatech.wppflow.jdbc.Meter.Costs;
import io.github.almeidatech.wppflow.jdbc.Meter.Measured;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * Measures whether cost stays flat: {@code Growth <url> <conversations> <events>}, with {@code postgresql} as url on a
 * PostgreSQL of its own. Not a test.
 */
final class Growth {

    private static final int ROUNDS = Integer.getInteger("growth.rounds", 3_000);
    private static final int GROUP = 100;
    private static final int CHUNK = 50_000;
    private static final DatabaseOptions PATIENT = new DatabaseOptions(Duration.ofMinutes(10), 256, 4096, 4);

    private Growth() {}

    public static void main(String[] arguments) throws Exception {
        int conversations = Integer.parseInt(arguments[1]);
        int events = Integer.parseInt(arguments[2]);
        if (arguments[0].equals("postgresql")) {
            try (LocalPostgres postgres = LocalPostgres.start()) {
                onPostgres(postgres, conversations, events);
            }
            return;
        }
        try (Database database = Database.open(arguments[0], PATIENT)) {
            fill((sql, values) -> database.writer().write(tx -> tx.update(sql, values)), conversations, events);
        }
        try (Database database = Database.open(arguments[0])) {
            measure(database, Meter::ofThisProcess, conversations, events);
        }
    }

    /** Filled without the indexes that are no keys, which are made afterwards: in a tenth of the time. */
    private static void onPostgres(LocalPostgres postgres, int conversations, int events) throws Exception {
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
        try (Database database = Database.open(url, PATIENT);
                Meter meter = Meter.of(database, postgres, url)) {
            measure(database, meter, conversations, events);
        }
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

    private static void measure(Database database, Meter meter, int conversations, int events) throws Exception {
        System.out.printf("%,d conversations, %,d events%n", conversations, events);
        FlowStore store = database.flowStore();
        EventLog log = database.eventLog();
        long[] next = {1};
        long last = conversations * 1_000L;
        turns(store, meter, conversations);
        time(meter, "next due", store::nextTurnDue);
        time(
                meter,
                "events of a conversation",
                () -> log.query(EventQuery.of(conversation(1_000_000 + next[0]++ * 13 % conversations), 50)));
        time(meter, "events of a person", () -> log.query(query("p:" + next[0]++ * 13 % conversations, null, 0, 0)));
        time(meter, "a person with three keys", () -> {
            long one = next[0]++ * 13 % conversations;
            return log.query(new EventQuery(
                    HOTEL, null, "p:" + one, Set.of("p:" + (one + 1), "p:" + (one + 2)), null, null, null, 50, null));
        });
        time(
                meter,
                "a message by its number",
                () -> log.arrivalOf(HOTEL, 20L * (next[0]++ * 13 % (conversations / 20))));
        time(
                meter,
                "what followed a message",
                () -> log.following(
                        log.arrivalOf(HOTEL, 20L * (1 + next[0]++ * 13 % (conversations / 20)))
                                .orElseThrow(),
                        50));
        time(meter, "events of a type", () -> log.query(query(null, "type.7", 0, 0)));
        time(meter, "events of a kind of types", () -> log.query(query(null, "type.*", 0, 0)));
        time(meter, "events of an hour long ago", () -> log.query(query(null, null, last / 3, last / 3 + 3_600_000)));
        String[] cursor = {null};
        time(meter, "page after page", () -> {
            var page = log.query(new EventQuery(HOTEL, null, null, null, null, null, 50, cursor[0]));
            cursor[0] = page.nextCursor();
            return page;
        });
        time(meter, "a page in the middle of a type", () -> log.query(query(null, "type.7", 1, last / 2)));
        time(meter, "the newest events", () -> log.query(EventQuery.of(HOTEL, 50)));
    }

    /** Conversations in an order in which neighbours are far apart: some write, then these are answered, then others. */
    private static void turns(FlowStore store, Meter meter, int conversations) throws Exception {
        var accepting = new Measured("accept");
        var answering = new Measured("claim and complete a turn");
        long id = 1;
        for (int round = 0; round < 2 * ROUNDS / GROUP; round++) {
            boolean counts = round >= ROUNDS / GROUP; // compiled before it is measured
            Costs before = meter.now();
            for (int i = 0; i < GROUP; i++, id++) {
                long number = id;
                accepting.call(
                        counts,
                        () -> store.accept(
                                message(conversation(1_000_000 + number * 7919 % conversations), number, "p:x", "oi"),
                                AT_ONCE,
                                NOW));
            }
            Costs between = meter.now();
            for (int i = 0; i < GROUP; i++) {
                answering.call(
                        counts,
                        () -> store.claimTurns(FreeWorkers.of(1), NOW, LEASE).stream()
                                .map(turn ->
                                        store.completeTurn(turn, new TurnResult(List.of(), List.of(), null), 2, NOW))
                                .toList());
            }
            if (counts) {
                accepting.add(between.minus(before));
                answering.add(meter.now().minus(between));
            }
        }
        accepting.print();
        answering.print();
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

    private static void time(Meter meter, String what, Callable<?> work) throws Exception {
        var measured = new Measured(what);
        for (int i = 0; i < ROUNDS; i++) {
            measured.call(false, work); // compiled before it is measured
        }
        Costs before = meter.now();
        for (int i = 0; i < ROUNDS; i++) {
            measured.call(true, work);
        }
        measured.add(meter.now().minus(before));
        measured.print();
    }
}
