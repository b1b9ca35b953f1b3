package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.HOTEL;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.Acceptance;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Moving from one database to another, and moving out. */
class TransferTest {

    private static final TenantId CLINIC = new TenantId("clinic");

    @Test
    void everything_arrives_in_another_file() {
        try (var sqlite = new TestDatabases.Sqlite()) {
            everythingArrives(sqlite, sqlite);
        }
    }

    @Test
    void everything_arrives_in_postgres_and_back() {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
        try (var sqlite = new TestDatabases.Sqlite();
                var postgres = new TestDatabases.Postgres()) {
            everythingArrives(sqlite, postgres);
            everythingArrives(postgres, sqlite);
        }
    }

    private static void everythingArrives(TestDatabases from, TestDatabases to) {
        Database before = from.open();
        fill(before);
        Restoration restored = before.markRestored(NOW);
        before.note("configuration", "as it was");
        Turn claimed =
                before.flowStore().claimTurns(FreeWorkers.of(1), NOW, LEASE).get(0);
        Database empty = to.open();

        Map<String, Long> rows = before.copyInto(empty);
        Database after = to.reopen(empty);

        assertThat(rows).containsEntry("inbox", 4L).containsEntry("outbox", 1L).containsEntry("event", 5L);
        FlowStore store = after.flowStore();
        assertThat(store.stats(NOW)).isEqualTo(before.flowStore().stats(NOW));
        assertThat(store.deadLetters(HOTEL, 0, 10)).isEqualTo(before.flowStore().deadLetters(HOTEL, 0, 10));
        assertThat(store.stateOf(conversation(1))).isEqualTo(before.flowStore().stateOf(conversation(1)));
        assertThat(after.eventArchive().verify(HOTEL))
                .isEqualTo(before.eventArchive().verify(HOTEL));
        assertThat(after.eventLog().query(EventQuery.of(HOTEL, 10)))
                .isEqualTo(before.eventLog().query(EventQuery.of(HOTEL, 10)));
        assertThat(after.contactStore().find(HOTEL, Identity.person("p:1")))
                .isEqualTo(before.contactStore().find(HOTEL, Identity.person("p:1")));
        assertThat(after.documentStore().all(HOTEL))
                .isEqualTo(before.documentStore().all(HOTEL));
        assertThat(after.secret("seen")).isEqualTo(before.secret("seen"));
        assertThat(after.restoration())
                .as("what the lost database has answered is still looked for")
                .contains(restored);
        assertThat(after.note("configuration")).contains("as it was");
        assertThat(store.accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, NOW))
                .as("a second delivery is still known")
                .isEqualTo(Acceptance.DUPLICATE);
        assertThat(store.completeTurn(claimed, say("more"), 2, NOW)).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(store.claimCommands(Line.REPLIES, FreeWorkers.of(5), NOW, LEASE))
                .as("ids go on")
                .isNotEmpty();
    }

    @Test
    void a_tenant_can_take_along_all_that_is_theirs_and_nothing_of_another() {
        try (var sqlite = new TestDatabases.Sqlite()) {
            Database database = sqlite.open();
            fill(database);
            var theirs = new ConversationId(CLINIC, 1, 1);
            database.flowStore().accept(message(theirs, 1, "p:9", "segredo da clínica"), AT_ONCE, NOW);
            var documents = new ArrayList<Document>();
            for (int i = 0; i < 1_100; i++) { // more than two pages
                documents.add(new Document("d" + i, "t", "c", null));
            }
            database.documentStore().save(HOTEL, documents);
            String large = "x".repeat(400_000);
            for (int i = 0; i < 7; i++) { // more than two pages by their size
                database.documentStore().save(HOTEL, List.of(new Document("large" + i, "t", large, null)));
            }
            var rows = new HashMap<String, Integer>();
            var text = new StringBuilder();

            database.exportTenant(HOTEL, (table, row) -> {
                rows.merge(table, 1, Integer::sum);
                text.append(table).append(' ').append(row).append('\n');
            });

            assertThat(rows).containsEntry("inbox", 4).containsEntry("event", 5).containsEntry("outbox", 1);
            assertThat(rows.get("document")).isEqualTo(1_108);
            assertThat(rows).doesNotContainKeys("seen", "passage_vector", "api_token");
            assertThat(text.toString()).contains("p:1").doesNotContain("segredo", "clinic");
        }
    }

    @Test
    void nothing_is_copied_over_something() {
        try (var sqlite = new TestDatabases.Sqlite()) {
            Database source = sqlite.open();
            Database target = sqlite.open();
            fill(source);
            fill(target);

            assertThatIllegalStateException().isThrownBy(() -> source.copyInto(target));
        }
    }

    @Test
    void a_tenant_that_leaves_leaves_nothing() {
        try (var sqlite = new TestDatabases.Sqlite()) {
            Database database = sqlite.open();
            fill(database);
            var theirs = new ConversationId(CLINIC, 1, 1);
            database.flowStore().accept(message(theirs, 1, "p:1", "oi"), AT_ONCE, NOW);

            assertThat(database.eraseTenant(HOTEL)).containsEntry("inbox", 4L).containsEntry("event", 5L);

            for (Table table : Table.values()) {
                String sql = "select distinct tenant from " + table.sqlName();
                List<String> left = database.reader().readAll(session -> session.list(sql, row -> row.getString(1)));
                assertThat(left).as(table.sqlName()).isSubsetOf("clinic");
            }
            assertThat(database.flowStore().stats(NOW).waitingMessages()).isEqualTo(1);
            assertThat(database.eraseTenant(HOTEL)).isEmpty();
        }
    }

    @Test
    void the_receipt_of_a_tenant_that_left_outlives_it_and_an_erasure_that_was_cut_off() {
        try (var sqlite = new TestDatabases.Sqlite()) {
            Database database = sqlite.open();
            fill(database);
            ErasedTenants receipts = database.erasedTenants();
            receipts.add(receipts.begin(HOTEL, "operator", NOW), "inbox", 3);

            ErasedTenants.Erasure again = receipts.begin(HOTEL, "somebody else", NOW.plusSeconds(60));
            database.eraseTenant(HOTEL, (table, count) -> receipts.add(again, table, count));
            receipts.end(again, NOW.plusSeconds(61));

            ErasedTenants.Erasure receipt = receipts.latest(HOTEL).orElseThrow();
            assertThat(receipt.by()).isEqualTo("operator");
            assertThat(receipt.begun()).isEqualTo(NOW);
            assertThat(receipt.ended()).isEqualTo(NOW.plusSeconds(61));
            assertThat(receipt.rows()).containsEntry("inbox", 7L).containsEntry("event", 5L);
            assertThat(database.tenants()).doesNotContain(HOTEL);
            assertThat(receipts.begin(HOTEL, "later", NOW.plusSeconds(90)).rows())
                    .isEmpty();
        }
    }

    @Test
    void processes_that_share_a_server_go_by_its_clock_whatever_their_own_says() {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
        try (var postgres = new TestDatabases.Postgres()) {
            InstantSource ahead = InstantSource.offset(InstantSource.system(), Duration.ofHours(1));
            Database database = postgres.open();
            InstantSource clock = database.clock(ahead);

            assertThat(Duration.between(clock.instant(), ahead.instant()))
                    .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
            assertThat(database.clock(ahead)).isSameAs(clock);
        }
    }

    private static void fill(Database database) {
        FlowStore store = database.flowStore();
        store.accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, NOW);
        Turn turn = store.claimTurns(FreeWorkers.of(1), NOW, LEASE).get(0);
        store.completeTurn(turn, say("a"), 2, NOW);
        var attempt =
                store.claimCommands(Line.REPLIES, FreeWorkers.of(1), NOW, LEASE).get(0);
        store.completeCommand(attempt, new CommandResult.Refused("gone"), NOW, 5, NOW);
        for (int i = 2; i <= 4; i++) {
            store.accept(message(conversation(1), i, "p:1", "oi 🐶"), AT_ONCE, NOW);
        }
        var ana = new ContactUpdate(Set.of(Identity.person("p:1")), "+551199", "Ana", null, Map.of("pet", "Rex"), true);
        database.contactStore().upsert(HOTEL, ana, NOW);
        database.documentStore().save(HOTEL, List.of(new Document("a", "b", "c", null)));
    }

    private static TurnResult say(String text) {
        return new TurnResult(List.of((OutboundCommand) new OutboundCommand.AddPrivateNote(text)), List.of(), null);
    }
}
