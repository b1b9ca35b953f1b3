package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;

import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what retention costs and whether it holds up what is answered meanwhile: {@code Nightly <messages> <events>}, on a
 * PostgreSQL of its own. Not a test.
 */
final class Nightly {

    private static final int CHUNK = 20_000;
    private static final Duration GAP = Duration.ofMillis(250);
    private static final Duration UNDISTURBED = Duration.ofSeconds(20);
    private static final TenantId HOTEL = Arrivals.HOTEL;
    /** Its customers are replied to meanwhile; its rows stay. */
    private static final TenantId CLINIC = new TenantId("clinic");

    private final LocalPostgres postgres;
    private final String url;
    private final AtomicLong ids = new AtomicLong(1_000_000_000);

    private Nightly(LocalPostgres postgres) {
        this.postgres = postgres;
        this.url = postgres.newDatabase();
    }

    public static void main(String[] arguments) throws Exception {
        int messages = Integer.parseInt(arguments[0]);
        int events = Integer.parseInt(arguments[1]);
        try (LocalPostgres postgres = LocalPostgres.start()) {
            new Nightly(postgres).run(messages, events);
        }
    }

    private void run(int messages, int events) throws Exception {
        Database.open(url).close();
        try (Database replying = Database.open(url);
                Database removing = Database.open(url)) {
            fill(0, messages, events);
            sizes("filled with %,d messages and %,d events".formatted(messages, events));
            replies("undisturbed", replying, UNDISTURBED);
            night("of another instance", replying, removing, 91);
            sizes("after it");
            night("again, with nothing to remove", replying, removing, 91);
            Duration before = postgres.processorTime();
            admin("vacuum");
            System.out.printf(
                    "vacuum: %s of processor%n", postgres.processorTime().minus(before));
            sizes("after vacuum");
            fill(1, messages, events);
            sizes("filled again with as much");
            night("of the same instance", replying, replying, 91 + 200);
        }
    }

    private void night(String which, Database replying, Database removing, int days) throws Exception {
        long begin = System.nanoTime();
        Duration before = postgres.processorTime();
        var expired = CompletableFuture.supplyAsync(
                () -> removing.expire(HOTEL, Retention.DEFAULT, NOW.plus(Duration.ofDays(days))));
        replies("night " + which, replying, expired);
        System.out.printf(
                "  %s in %.1f s, %s of the database's processor, vacuum and replies included%n",
                expired.get(),
                (System.nanoTime() - begin) / 1e9,
                postgres.processorTime().minus(before));
    }

    /** Rows as they are a while after their arrival: answered, sent, done. */
    private void fill(int round, int messages, int events) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.administrator(url));
                var statement = connection.createStatement()) {
            long at = NOW.plus(Duration.ofDays(200L * round)).toEpochMilli();
            statement.execute("set synchronous_commit = off");
            statement.execute("""
                    insert into conversation (tenant, conversation, owner, owner_at, owner_reason, fence, fence_reason,
                      inbox, answered, waiting, urgent, quiet_ms, max_wait_ms, max_messages, turn_attempts, turn_supersedes)
                    select 'hotel', '1/' || n, 'bot', 0, 'initial', 0, 'initial', 1000000000, 1000000000, 0, 0, 0, 0, 20, 0, 0
                    from generate_series(1, %d) n on conflict do nothing
                    """.formatted(messages / 20));
            for (int from = 1; from <= messages; from += CHUNK) {
                String numbers = "generate_series(%d, %d) n".formatted(from, Math.min(messages, from + CHUNK - 1));
                long first = (long) round * messages;
                statement.execute("""
                        insert into inbox (tenant, conversation, number, event, message_id, person_key, urgent,
                          received_at, version, body, raw)
                        select 'hotel', '1/' || (n %% %d + 1), %d + n, 'message_created', n, 'p:' || (n %% %d), 0, %d + n, 1,
                          repeat('corpo ', 60), convert_to(repeat('webhook ', 180), 'UTF8') from %s
                        """.formatted(messages / 20, first, messages / 20, at, numbers));
                statement.execute("""
                        insert into outbox (tenant, conversation, line, turn_id, key, fence, person_key, type, version, body,
                          state, attempts, due, created_at, ended_at)
                        select 'hotel', '1/' || (n %% %d + 1), 'replies', 't' || n, 't' || n || '-1', 0, 'p:' || (n %% %d),
                          'send_message', 1, repeat('resposta ', 30), 'done', 1, %d, %d, %d + n from %s
                        """.formatted(messages / 20, messages / 20, at, at, at, numbers));
                statement.execute("""
                        insert into seen (tenant, high, low, at)
                        select 'hotel', hashtextextended('k' || n || '/' || k, %d), n, %d + n from %s, generate_series(1, 2) k
                        """.formatted(round, at, numbers));
            }
            for (int from = 1; from <= events; from += CHUNK) {
                long first = (long) round * events;
                String numbers =
                        "generate_series(%d, %d) n".formatted(first + from, first + Math.min(events, from + CHUNK - 1));
                statement.execute("""
                        insert into event (tenant, position, event_id, conversation, person_key, type, version, payload,
                          source, depth, at, latest_at, salt, digest, hash)
                        select 'hotel', n, 'e' || n, '1/' || (n %% %d + 1), 'p:' || (n %% %d), 'type.' || (n %% 20), 1,
                          '{"text":"a diária custa noventa e cinco reais por dia"}', 'bot', 0, %d + n, %d + n,
                          decode(repeat('00', 16), 'hex'), decode(repeat('00', 32), 'hex'), decode(repeat('00', 32), 'hex')
                        from %s
                        """.formatted(messages / 20, messages / 20, at, at, numbers));
            }
            statement.execute("""
                    insert into event_chain (tenant, length, head, latest_at, max_lag)
                    values ('hotel', %d, decode(repeat('00', 32), 'hex'), %d, 0)
                    on conflict (tenant) do update set length = excluded.length, latest_at = excluded.latest_at
                    """.formatted((round + 1L) * events, at + (round + 1L) * events));
            statement.execute("analyze");
        }
    }

    private void replies(String what, Database database, Duration time) {
        replies(
                what,
                database,
                new CompletableFuture<Boolean>().completeOnTimeout(true, time.toSeconds(), TimeUnit.SECONDS));
    }

    /** A few messages a second of another tenant, each accepted, claimed and answered, until something is done. */
    private void replies(String what, Database database, CompletableFuture<?> until) {
        FlowStore store = database.flowStore();
        List<Long> nanos = new ArrayList<>();
        int failed = 0;
        while (!until.isDone() || nanos.isEmpty()) {
            long id = ids.incrementAndGet();
            long begin = System.nanoTime();
            try {
                var conversation = new ConversationId(CLINIC, 1, id);
                store.accept(message(conversation, id, "p:x", "oi"), AT_ONCE, NOW);
                store.claimTurns(FreeWorkers.of(10), NOW, LEASE)
                        .forEach(turn -> store.completeTurn(turn, new TurnResult(List.of(), List.of(), null), 2, NOW));
                nanos.add(System.nanoTime() - begin);
            } catch (RuntimeException e) {
                failed++;
            }
            LockSupport.parkNanos(GAP.toNanos());
        }
        Collections.sort(nanos);
        System.out.printf(
                "%s: %,d replies, p50 %.1f ms, p99 %.1f ms, longest %.1f ms, %d failed%n",
                what,
                nanos.size(),
                nanos.get(nanos.size() / 2) / 1e6,
                nanos.get(nanos.size() * 99 / 100) / 1e6,
                nanos.get(nanos.size() - 1) / 1e6,
                failed);
    }

    private void sizes(String when) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.administrator(url));
                var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                        select relname, n_live_tup, n_dead_tup, pg_total_relation_size(relid) / 1048576
                        from pg_stat_user_tables where relname in ('inbox', 'outbox', 'seen', 'event') order by relname
                        """)) {
            System.out.println(when);
            while (rows.next()) {
                System.out.printf(
                        "  %-7s %,11d rows, %,11d dead, %,6d MiB%n",
                        rows.getString(1), rows.getLong(2), rows.getLong(3), rows.getLong(4));
            }
        }
    }

    private void admin(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(postgres.administrator(url));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
