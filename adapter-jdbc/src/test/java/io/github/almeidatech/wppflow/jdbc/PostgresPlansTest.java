package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What PostgreSQL makes of the statements: how many rows it reads, also where it has never analysed the tables and
 * sees them through the policies of row-level security.
 */
class PostgresPlansTest {

    private static final int MESSAGES = 2_000;
    private static final TurnTiming IN_AN_HOUR = new TurnTiming(Duration.ofHours(1), Duration.ofHours(1), 20);

    @BeforeAll
    static void needPostgres() {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
    }

    /** Plans do not last: those of a server that began with empty tables have gone by the second half. */
    @Test
    void what_a_message_and_its_turn_read_does_not_grow_with_what_is_stored_and_waits() throws SQLException {
        String url = PostgresServer.shared().newDatabase();
        try (Connection admin = PostgresServer.shared().adminOf(url)) {
            try (Database database = Database.open(url)) {
                store(database, 1);
            }
            long before = rowsRead(admin);
            try (Database database = Database.open(url)) {
                store(database, 1 + MESSAGES);
                var later = NOW.plus(Duration.ofHours(2));
                FlowStore store = database.flowStore();
                for (int round = 0; round < 100; round++) {
                    for (var turn : store.claimTurns(FreeWorkers.of(2), later, LEASE)) {
                        store.completeTurn(turn, new TurnResult(List.of(), List.of(), null), 0, later);
                    }
                }
            } // closed, the sessions have told what they read

            assertThat((rowsRead(admin) - before) / MESSAGES).isLessThan(100);
        } finally {
            PostgresServer.shared().giveBack(url);
        }
    }

    @Test
    void what_may_find_a_few_rows_or_nearly_all_is_planned_for_them_in_its_own_transaction() {
        String url = PostgresServer.shared().newDatabase();
        try (Database database = Database.open(url)) {
            String ofRemoving = database.writer().write(tx -> {
                tx.planByArguments();
                return planning(tx);
            });

            assertThat(ofRemoving).isEqualTo("force_custom_plan");
            assertThat(database.writer().write(PostgresPlansTest::planning)).isEqualTo("force_generic_plan");
        } finally {
            PostgresServer.shared().giveBack(url);
        }
    }

    @Test
    void the_texts_of_files_are_forgotten_without_going_through_all_of_them_again_and_again() throws SQLException {
        int texts = 20_000;
        String url = PostgresServer.shared().newDatabase();
        try (Connection admin = PostgresServer.shared().adminOf(url)) {
            long before;
            try (Database database = Database.open(url)) {
                var session = new Session(admin);
                session.execute("insert into media_text (tenant, hash, read_at) select 'hotel', md5(n::text), n"
                        + " from generate_series(1, " + texts + ") n");
                session.execute("analyze media_text");
                before = rowsRead(admin);

                assertThat(database.mediaTexts().forget(new TenantId("hotel"))).isEqualTo(texts);
            }

            assertThat((rowsRead(admin) - before) / texts).isLessThan(5);
        } finally {
            PostgresServer.shared().giveBack(url);
        }
    }

    private static String planning(Tx tx) throws SQLException {
        return tx.first("show plan_cache_mode", row -> row.getString(1)).orElseThrow();
    }

    private static void store(Database database, long first) {
        FlowStore store = database.flowStore();
        LongStream.range(first, first + MESSAGES).parallel().forEach(n -> {
            var tenant = new TenantId("tenant-" + n % 4);
            store.accept(message(new ConversationId(tenant, 1, n), n, "p:" + n, "oi"), IN_AN_HOUR, NOW);
            if (n % 10 == 0) {
                store.nextTurnDue();
                store.claimTurns(FreeWorkers.of(2), NOW, LEASE);
                database.eventLog().query(EventQuery.of(new ConversationId(tenant, 1, n - 1), 10));
            }
        });
    }

    private static long rowsRead(Connection admin) throws SQLException {
        return new Session(admin)
                .first(
                        "select (select sum(seq_tup_read) from pg_stat_user_tables)"
                                + " + (select sum(idx_tup_read) from pg_stat_user_indexes) as rows_read",
                        row -> row.getLong("rows_read"))
                .orElseThrow();
    }
}
