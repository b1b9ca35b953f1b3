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
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

/** Measures whether cost stays flat: {@code Growth <url> <conversations> <events>}. Not a test. */
final class Growth {

    private static final int ROUNDS = 3_000;
    private static final int GROUP = 100;
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
                  depth, at, latest_at, salt, digest, hash, cause_id)
                with recursive n(i) as (select ? union all select i + 1 from n where i < ?)
                select 'hotel', i, 'e' || i, '1/' || (i % ? + 1000000), 'p:' || (i % ?),
                  case when i % 20 = 0 then 'message.received' else 'type.' || (i % 20) end, 1,
                  '{"text":"a diária custa noventa e cinco reais por dia"}', 'bot', 0, cast(i as bigint) * 1000, cast(i as bigint) * 1000, ?, ?, ?,
                  cast(i as text)
                from n
                """, from, to, conversations, conversations, new byte[16], new byte[32], new byte[32]));
    }

    private static void measure(Database database, int conversations) throws Exception {
        FlowStore store = database.flowStore();
        EventLog log = database.eventLog();
        long[] next = {1};
        long last = conversations * 1_000L;
        turns(store, conversations);
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
        time("a message by its number", () -> log.arrivalOf(HOTEL, 20L * (next[0]++ * 13 % (conversations / 20))));
        time(
                "what followed a message",
                () -> log.following(
                        log.arrivalOf(HOTEL, 20L * (1 + next[0]++ * 13 % (conversations / 20)))
                                .orElseThrow(),
                        50));
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

    /** Conversations in an order in which neighbours are far apart: some write, then these are answered, then others. */
    private static void turns(FlowStore store, int conversations) throws Exception {
        var accepting = new Measured("accept");
        var answering = new Measured("claim and complete a turn");
        long id = 1;
        for (int round = 0; round < 2 * ROUNDS / GROUP; round++) {
            boolean counts = round >= ROUNDS / GROUP; // compiled before it is measured
            Costs before = Costs.now();
            for (int i = 0; i < GROUP; i++, id++) {
                long number = id;
                accepting.call(
                        counts,
                        () -> store.accept(
                                message(conversation(1_000_000 + number * 7919 % conversations), number, "p:x", "oi"),
                                AT_ONCE,
                                NOW));
            }
            Costs between = Costs.now();
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
                answering.add(Costs.now().minus(between));
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

    private static void time(String what, Callable<?> work) throws Exception {
        var measured = new Measured(what);
        for (int i = 0; i < ROUNDS; i++) {
            measured.call(false, work); // compiled before it is measured
        }
        Costs before = Costs.now();
        for (int i = 0; i < ROUNDS; i++) {
            measured.call(true, work);
        }
        measured.add(Costs.now().minus(before));
        measured.print();
    }

    /**
     * Time as it passed, and the processor's by threads: that alone can be compared where others work too; the rest is the
     * caller's, the compilers' and the collector's.
     */
    private static final class Measured {

        private final String what;
        private final List<Long> nanos = new ArrayList<>();
        private Costs costs = new Costs(0, 0, 0, 0, 0);

        Measured(String what) {
            this.what = what;
        }

        void call(boolean counts, Callable<?> work) throws Exception {
            long begin = System.nanoTime();
            work.call();
            if (counts) {
                nanos.add(System.nanoTime() - begin);
            }
        }

        void add(Costs more) {
            costs = costs.minus(new Costs(0, 0, 0, 0, 0).minus(more));
        }

        void print() {
            nanos.sort(null);
            double n = nanos.size();
            System.out.printf(
                    "  %-28s p50 %7.3f ms, p95 %7.3f ms, processor %7.3f ms, of it writer %6.3f ms, checkpoints %6.3f ms; %5.1f reads, %5.1f writes%n",
                    what,
                    nanos.get(nanos.size() / 2) / 1e6,
                    nanos.get(nanos.size() * 95 / 100) / 1e6,
                    costs.all / 1e6 / n,
                    costs.writer / 1e6 / n,
                    costs.checkpoints / 1e6 / n,
                    costs.reads / n,
                    costs.writes / n);
        }
    }

    /** What this process has used so far: nanoseconds of processor, and calls of the system that read or write. */
    private record Costs(long all, long writer, long checkpoints, long reads, long writes) {

        static Costs now() throws IOException {
            var threads = ManagementFactory.getThreadMXBean();
            long writer = 0;
            long checkpoints = 0;
            for (long id : threads.getAllThreadIds()) {
                ThreadInfo thread = threads.getThreadInfo(id);
                String name = thread == null ? "" : thread.getThreadName();
                writer += name.equals("wppflow-writer") ? threads.getThreadCpuTime(id) : 0;
                checkpoints += name.equals("wppflow-checkpoints") ? threads.getThreadCpuTime(id) : 0;
            }
            long all = ProcessHandle.current()
                    .info()
                    .totalCpuDuration()
                    .orElseThrow()
                    .toNanos();
            return new Costs(all, writer, checkpoints, calls("syscr:"), calls("syscw:"));
        }

        private static long calls(String name) throws IOException {
            return Files.readAllLines(Path.of("/proc/self/io")).stream()
                    .filter(line -> line.startsWith(name))
                    .mapToLong(
                            line -> Long.parseLong(line.substring(name.length()).strip()))
                    .sum();
        }

        Costs minus(Costs before) {
            return new Costs(
                    all - before.all,
                    writer - before.writer,
                    checkpoints - before.checkpoints,
                    reads - before.reads,
                    writes - before.writes);
        }
    }
}
