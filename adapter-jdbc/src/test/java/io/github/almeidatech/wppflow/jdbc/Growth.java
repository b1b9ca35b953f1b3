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
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** Measures whether cost stays flat: {@code Growth <url> <conversations> <events>}. Not a test. */
final class Growth {

    private static final int ROUNDS = 300;
    private static final int CHUNK = 50_000;

    private Growth() {}

    public static void main(String[] arguments) throws Exception {
        int conversations = Integer.parseInt(arguments[1]);
        int events = Integer.parseInt(arguments[2]);
        var patient = new DatabaseOptions(Duration.ofMinutes(10), 256, 4096, 4);
        try (Database database = Database.open(arguments[0], patient)) {
            fill(database, conversations, events);
        }
        try (Database database = Database.open(arguments[0])) {
            System.out.printf("%,d conversations, %,d events%n", conversations, events);
            measure(database, conversations);
        }
    }

    private static void fill(Database database, int conversations, int events) {
        database.writer().write(tx -> tx.update("""
                insert into conversation (tenant, conversation, owner, owner_at, owner_reason, fence, fence_reason, inbox,
                  answered, waiting, urgent, quiet_ms, max_wait_ms, max_messages, turn_attempts, turn_supersedes)
                with recursive n(i) as (select 1 union all select i + 1 from n where i < ?)
                select 'hotel', '1/' || (i + 1000000), 'bot', 0, 'initial', 0, 'initial', 1, 1, 0, 0, 0, 0, 20, 0, 0
                from n
                """, conversations));
        for (int from = 1; from <= events; from += CHUNK) {
            fillEvents(database, from, Math.min(events, from + CHUNK - 1), conversations);
        }
        database.writer()
                .write(tx -> tx.update(
                        "insert into event_chain (tenant, length, head, latest_at, max_lag) values ('hotel', ?, ?, ?, 0)",
                        events,
                        new byte[32],
                        events * 1000L));
    }

    private static void fillEvents(Database database, int from, int to, int conversations) {
        database.writer()
                .write(tx -> tx.update(
                        """
                insert into event (tenant, position, event_id, conversation, person_key, type, version, payload, source,
                  depth, at, latest_at, salt, digest, hash)
                with recursive n(i) as (select ? union all select i + 1 from n where i < ?)
                select 'hotel', i, 'e' || i, '1/' || (i % ? + 1000000), 'p:' || (i % ?), 'type.' || (i % 20), 1,
                  '{"text":"a diária custa noventa e cinco reais por dia"}', 'bot', 0, cast(i as bigint) * 1000, cast(i as bigint) * 1000, ?, ?, ?
                from n
                """, from, to, conversations, conversations, new byte[16], new byte[32], new byte[32]));
    }

    private static void measure(Database database, int conversations) throws Exception {
        FlowStore store = database.flowStore();
        EventLog log = database.eventLog();
        long[] next = {1};
        long last = conversations * 1_000L;
        time("accept", () -> {
            long id = next[0]++;
            return store.accept(
                    message(conversation(1_000_000 + id * 7 % conversations), id, "p:x", "oi"), AT_ONCE, NOW);
        });
        time(
                "claim and complete a turn",
                () -> store.claimTurns(FreeWorkers.of(1), NOW, LEASE).stream()
                        .map(turn -> store.completeTurn(turn, new TurnResult(List.of(), List.of(), null), 2, NOW))
                        .toList());
        time("next due", store::nextTurnDue);
        time(
                "events of a conversation",
                () -> log.query(EventQuery.of(conversation(1_000_000 + next[0]++ * 13 % conversations), 50)));
        time("events of a person", () -> log.query(query("p:" + next[0]++ * 13 % conversations, null, 0, 0)));
        time("a person with three keys", () -> {
            long one = next[0]++ * 13 % conversations;
            return log.query(new EventQuery(
                    HOTEL, null, "p:" + one, Set.of("p:" + (one + 1), "p:" + (one + 2)), null, null, null, 50, null));
        });
        time("events of a type", () -> log.query(query(null, "type.7", 0, 0)));
        time("events of a kind of types", () -> log.query(query(null, "type.*", 0, 0)));
        time("events of an hour long ago", () -> log.query(query(null, null, last / 3, last / 3 + 3_600_000)));
        String[] cursor = {null};
        time("page after page", () -> {
            var page = log.query(new EventQuery(HOTEL, null, null, null, null, null, 50, cursor[0]));
            cursor[0] = page.nextCursor();
            return page;
        });
        time("a page in the middle of a type", () -> log.query(query(null, "type.7", 1, last / 2)));
        time("the newest events", () -> log.query(EventQuery.of(HOTEL, 50)));
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

    /** Time as it passed, and the processor's in this process: that alone can be compared where others work too. */
    private static void time(String what, Callable<?> work) throws Exception {
        for (int i = 0; i < ROUNDS; i++) { // compiled before it is measured
            work.call();
        }
        var nanos = new long[ROUNDS];
        long cpu = cpuNanos();
        for (int i = 0; i < ROUNDS; i++) {
            long before = System.nanoTime();
            work.call();
            nanos[i] = System.nanoTime() - before;
        }
        cpu = cpuNanos() - cpu;
        Arrays.sort(nanos);
        System.out.printf(
                "  %-28s p50 %7.3f ms, p95 %7.3f ms, processor %7.3f ms%n",
                what, nanos[ROUNDS / 2] / 1e6, nanos[ROUNDS * 95 / 100] / 1e6, cpu / 1e6 / ROUNDS);
    }

    private static long cpuNanos() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
    }
}
