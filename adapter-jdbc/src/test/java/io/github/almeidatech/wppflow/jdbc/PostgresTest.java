package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.HOTEL;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.eventlog.Verification;
import io.github.almeidatech.wppflow.flow.Acceptance;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Several instances on one server, and what happens when it is not there. */
class PostgresTest {

    private static final TenantId CLINIC = new TenantId("clinic");

    private final ExecutorService pool = Executors.newCachedThreadPool();
    private String url;
    private Database one;
    private Database two;

    @BeforeAll
    static void needPostgres() {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
    }

    @BeforeEach
    void open() {
        url = PostgresServer.shared().newDatabase();
        one = Database.open(url);
        two = Database.open(url);
    }

    @AfterEach
    void close() {
        pool.shutdownNow();
        one.close();
        two.close();
        PostgresServer.shared().giveBack(url);
    }

    @Test
    void instances_that_accept_the_same_messages_at_the_same_time_store_each_once() throws Exception {
        for (long seed = 1; seed <= 3; seed++) {
            long first = seed * 1_000;
            var stored = new AtomicInteger();
            var accepting = new ArrayList<Future<?>>();
            for (int thread = 0; thread < 8; thread++) {
                var order = new ArrayList<>(
                        Stream.iterate(first, id -> id + 1).limit(100).toList());
                Collections.shuffle(order, new Random(seed * 100 + thread));
                Database instance = thread % 2 == 0 ? one : two;
                accepting.add(pool.submit(() -> order.forEach(id -> {
                    var message = message(conversation(1 + id % 10), id, "p:1", "oi");
                    if (instance.flowStore().accept(message, AT_ONCE, NOW) == Acceptance.STORED) {
                        stored.incrementAndGet();
                    }
                })));
            }
            for (Future<?> each : accepting) {
                each.get();
            }

            assertThat(stored).as("seed %d", seed).hasValue(100);
        }
        assertThat(one.flowStore().stats(NOW).waitingMessages()).isEqualTo(300);
        assertThat(one.eventArchive().verify(HOTEL))
                .isEqualTo(two.eventArchive().verify(HOTEL));
        assertThat(one.eventArchive().verify(HOTEL))
                .isInstanceOfSatisfying(
                        Verification.Intact.class,
                        intact -> assertThat(intact.events()).isEqualTo(300));
    }

    @Test
    void instances_share_the_turns_and_none_is_claimed_twice() throws Exception {
        for (int i = 1; i <= 60; i++) {
            one.flowStore().accept(message(conversation(i), i, "p:1", "oi"), AT_ONCE, NOW);
        }
        var claiming = new ArrayList<Future<List<ConversationId>>>();
        for (Database instance : List.of(one, two, one, two)) {
            claiming.add(pool.submit(() -> {
                var mine = new ArrayList<ConversationId>();
                List<Turn> claimed;
                do {
                    claimed = instance.flowStore().claimTurns(FreeWorkers.of(3), NOW, LEASE);
                    for (Turn turn : claimed) {
                        mine.add(turn.conversation());
                        var nothing = new TurnResult(List.of(), List.of(), null);
                        assertThat(instance.flowStore().completeTurn(turn, nothing, 2, NOW))
                                .isEqualTo(TurnOutcome.COMPLETED);
                    }
                } while (!claimed.isEmpty());
                return mine;
            }));
        }
        var all = new ArrayList<ConversationId>();
        for (var each : claiming) {
            all.addAll(each.get());
        }
        all.addAll(one.flowStore().claimTurns(FreeWorkers.of(100), NOW, LEASE).stream()
                .map(Turn::conversation)
                .toList());

        assertThat(all).hasSize(60).doesNotHaveDuplicates();
    }

    @Test
    void a_row_another_instance_is_changing_is_passed_over_not_waited_for() throws Exception {
        one.flowStore().accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, NOW);
        one.flowStore().accept(message(conversation(2), 2, "p:1", "oi"), AT_ONCE, NOW);
        var locked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        Future<?> holding = pool.submit(() -> one.writer().write(Reads.of(conversation(1)), tx -> {
            locked.countDown();
            return await(go);
        }));
        locked.await();

        List<Turn> claimed = two.flowStore().claimTurns(FreeWorkers.of(5), NOW, LEASE);

        assertThat(claimed).extracting(Turn::conversation).containsExactly(conversation(2));
        go.countDown();
        holding.get();
    }

    @Test
    void one_person_seen_by_two_instances_at_once_is_one_contact() throws Exception {
        var upserting = new ArrayList<Future<String>>();
        for (int i = 0; i < 20; i++) {
            Database instance = i % 2 == 0 ? one : two;
            var update = new ContactUpdate(
                    Set.of(Identity.person("p:1"), Identity.chatwoot(1, i % 3)), null, "Ana", null, Map.of(), null);
            upserting.add(pool.submit(
                    () -> instance.contactStore().upsert(HOTEL, update, NOW).id()));
        }
        var ids = new HashSet<String>();
        for (Future<String> each : upserting) {
            ids.add(each.get());
        }

        assertThat(ids).hasSize(1);
        assertThat(one.contactStore().list(HOTEL, 10, null).contacts())
                .singleElement()
                .satisfies(contact -> assertThat(contact.identities()).hasSize(4));
    }

    @Test
    void another_instance_hears_of_new_work_and_the_own_one_does_not_need_to() throws Exception {
        var heardByOne = new AtomicInteger();
        var listening = new CountDownLatch(2);
        var heard = new CountDownLatch(2);
        one.flowStore().onWork(() -> {
            listening.countDown();
            heardByOne.incrementAndGet();
        });
        two.flowStore().onWork(() -> {
            listening.countDown();
            heard.countDown();
        });
        assertThat(listening.await(10, TimeUnit.SECONDS)).isTrue();

        one.flowStore().accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, NOW);

        assertThat(heard.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(heardByOne).hasValue(1);
    }

    @Test
    void an_instance_that_starts_beside_others_leaves_their_claims_alone() {
        one.flowStore().accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, NOW);
        Turn turn = one.flowStore().claimTurns(FreeWorkers.of(1), NOW, LEASE).get(0);

        two.flowStore().recover(NOW);

        assertThat(two.shared()).isTrue();
        assertThat(one.flowStore().completeTurn(turn, new TurnResult(List.of(), List.of(), null), 2, NOW))
                .isEqualTo(TurnOutcome.COMPLETED);
    }

    @Test
    void while_one_transaction_is_under_way_the_next_is_done() throws Exception {
        two.close();
        var gathered = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        Future<Boolean> before = busyUntil(gathered);
        List<Future<Boolean>> together = Stream.of(1, 2, 3)
                .map(each -> pool.submit(() -> one.writer().write(Reads.of(conversation(each)), tx -> {
                    begun.countDown();
                    return waitFor(go);
                })))
                .toList();
        Awaitility.await().until(() -> one.writer().waiting() == 3);
        gathered.countDown();
        begun.await();

        assertThat(one.writer().write(Tx::isAlone))
                .as("with two connections, in one process")
                .isTrue();
        assertThat(before).isDone();
        assertThat(together).noneMatch(Future::isDone);
        go.countDown();
        for (Future<Boolean> each : together) {
            assertThat(each.get()).isTrue();
        }
    }

    @Test
    void works_that_look_for_something_stay_with_the_connection_that_knows_whether_it_is_alone() throws Exception {
        two.close();
        var gathered = new CountDownLatch(1);
        Future<Boolean> before = busyUntil(gathered);
        List<Future<Boolean>> together = Stream.of(1, 2, 3)
                .map(each -> pool.submit(() -> one.writer().write(Tx::isAlone)))
                .toList();
        Awaitility.await().until(() -> one.writer().waiting() == 3);
        gathered.countDown();

        for (Future<Boolean> each : together) {
            assertThat(each.get()).isTrue();
        }
        assertThat(before.get()).isTrue();
    }

    /** The first connection, so that what is written meanwhile is gathered. */
    private Future<Boolean> busyUntil(CountDownLatch gathered) throws InterruptedException {
        var begun = new CountDownLatch(1);
        Future<Boolean> busy = pool.submit(() -> one.writer().write(tx -> {
            begun.countDown();
            return waitFor(gathered);
        }));
        begun.await();
        return busy;
    }

    private static boolean waitFor(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_cut_connection_is_replaced_within_the_call() throws SQLException {
        for (int i = 1; i <= 5; i++) {
            disconnectAll();
            assertThat(one.flowStore().accept(message(conversation(i), i, "p:1", "oi"), AT_ONCE, NOW))
                    .isEqualTo(Acceptance.STORED);
        }
        disconnectAll();
        assertThat(one.flowStore().stats(NOW).waitingMessages()).isEqualTo(5);
    }

    @Test
    void a_removal_of_old_rows_that_is_stuck_holds_up_no_reply_of_another_instance() throws Exception {
        ConversationId id = conversation(1);
        one.flowStore().accept(message(id, 1, "p:1", "oi"), AT_ONCE, NOW);
        reply(one, id);
        Instant night = NOW.plus(Duration.ofDays(91));
        try (var admin = PostgresServer.shared().adminOf(url);
                var statement = admin.createStatement()) {
            admin.setAutoCommit(false);
            statement.execute("select 1 from outbox for update");
            pool.execute(() -> one.expire(HOTEL, Retention.DEFAULT, night));
            Awaitility.await().until(() -> isWaitingForALock());

            two.flowStore().accept(message(id, 2, "p:1", "e aí?"), AT_ONCE, night);
            reply(two, id);

            admin.rollback();
        }
        Awaitility.await()
                .ignoreExceptions()
                .until(() -> one.expire(HOTEL, Retention.DEFAULT, night).equals(new Expired(0, 0, 0, 0, 0, 0)));
        assertThat(one.eventArchive().verify(HOTEL)).isInstanceOf(Verification.Intact.class);
    }

    private boolean isWaitingForALock() throws SQLException {
        try (var admin = PostgresServer.shared().adminOf(url);
                var statement = admin.createStatement();
                var found = statement.executeQuery(
                        "select 1 from pg_stat_activity where usename = 'wppflow' and wait_event_type = 'Lock'"
                                + " and datname = current_database()")) {
            return found.next();
        }
    }

    private static void reply(Database instance, ConversationId conversation) {
        FlowStore store = instance.flowStore();
        Instant now = NOW.plus(Duration.ofDays(91));
        Turn turn = store.claimTurns(FreeWorkers.of(1), now, LEASE).get(0);
        assertThat(turn.conversation()).isEqualTo(conversation);
        var answer = new TurnResult(List.of(new SendMessage("olá", null, Purpose.ANSWER)), List.of(), null);
        assertThat(store.completeTurn(turn, answer, 2, NOW)).isEqualTo(TurnOutcome.COMPLETED);
        CommandAttempt attempt =
                store.claimCommands(Line.REPLIES, FreeWorkers.of(1), now, LEASE).get(0);
        assertThat(store.completeCommand(attempt, new CommandResult.Done("1"), NOW, 5, NOW))
                .isTrue();
    }

    private void disconnectAll() throws SQLException {
        try (var admin = PostgresServer.shared().adminOf(url);
                var statement = admin.createStatement()) {
            statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'wppflow'");
        }
    }

    @Test
    void a_server_that_is_away_is_told_in_time_and_found_again() {
        PostgresServer.shared().stop();
        try {
            long before = System.nanoTime();
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> one.flowStore().accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, NOW))
                    .extracting(FlowException::code)
                    .isEqualTo(StorageError.UNAVAILABLE);
            assertThat(System.nanoTime() - before).isLessThan(TimeUnit.SECONDS.toNanos(4));
            assertThat(one.isWritable()).isFalse();
            assertThatExceptionOfType(FlowException.class)
                    .isThrownBy(() -> one.flowStore().nextTurnDue())
                    .extracting(FlowException::code)
                    .isEqualTo(StorageError.UNAVAILABLE);
        } finally {
            PostgresServer.shared().start();
        }

        assertThat(one.isWritable()).isTrue();
        assertThat(one.flowStore().accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, NOW))
                .isEqualTo(Acceptance.STORED);
        Awaitility.await()
                .atMost(Duration.ofSeconds(10))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(two.flowStore().nextTurnDue()).contains(NOW));
    }

    @Test
    void a_session_for_one_tenant_sees_no_other_s_rows_even_when_a_query_forgets_to_ask() throws SQLException {
        for (TenantId tenant : List.of(HOTEL, CLINIC)) {
            one.documentStore().save(tenant, List.of(new Document("prices", "Diária", "R$ 95", null)));
            one.flowStore().accept(message(new ConversationId(tenant, 1, 1), 1, "p:1", "oi"), AT_ONCE, NOW);
        }
        for (String table : tablesWithTenant()) {
            String sql = "select distinct tenant from " + table;
            Set<String> seen =
                    one.reader().read(HOTEL, session -> Set.copyOf(session.list(sql, row -> row.getString(1))));
            assertThat(seen).as(table).isSubsetOf("hotel");
            assertThat(withoutTenant(sql)).as(table).isEmpty();
        }
        List<String> all =
                one.reader().readAll(session -> session.list("select tenant from document", row -> row.getString(1)));
        assertThat(all).hasSize(2);
    }

    /** Also for reading and writing what is still empty in the test above, and for the tables' owner, who we are. */
    @Test
    void every_table_with_a_tenant_is_behind_the_second_line() {
        List<String> behind = one.reader().readAll(session -> session.list("""
                        select c.relname from pg_class c
                        join pg_policy p on p.polrelid = c.oid and p.polname = 'own_tenant'
                        where c.relnamespace = 'public'::regnamespace and c.relrowsecurity and c.relforcerowsecurity
                          and p.polcmd = '*' and p.polpermissive and p.polroles = '{0}'
                        """, row -> row.getString(1)));

        assertThat(behind).containsExactlyInAnyOrderElementsOf(tablesWithTenant());
        assertThat(one.isUnrestricted()).isFalse();
    }

    @Test
    void a_query_that_fails_leaves_the_session_with_nobody_s_rows_but_those_asked_for_next() {
        for (TenantId tenant : List.of(HOTEL, CLINIC)) {
            one.documentStore().save(tenant, List.of(new Document("prices", "Diária", "R$ 95", null)));
        }
        String sql = "select tenant from document";
        var options = new DatabaseOptions(Duration.ofSeconds(10), 64, 64, 1);
        try (Database narrow = Database.open(url, options)) { // one session for all
            narrow.reader().read(HOTEL, session -> session.list(sql, row -> row.getString(1)));

            assertThatThrownBy(() -> narrow.reader().read(CLINIC, session -> session.list("select 1 / 0", row -> 1)))
                    .isInstanceOf(FlowException.class);

            List<String> seen = narrow.reader().read(CLINIC, session -> session.list(sql, row -> row.getString(1)));
            assertThat(seen).containsExactly("clinic");
        }
    }

    private Set<String> tablesWithTenant() {
        return one
                .reader()
                .readAll(session -> session.list(
                        "select table_name from information_schema.columns where column_name = 'tenant'"
                                + " and table_schema = 'public'",
                        row -> row.getString(1)))
                .stream()
                .collect(Collectors.toSet());
    }

    private List<String> withoutTenant(String sql) throws SQLException {
        try (var connection = PostgresUrl.parse(url).dataSource("").getConnection()) {
            return new Session(connection).list(sql, row -> row.getString(1));
        }
    }

    @Test
    void what_text_cannot_hold_does_not_stop_anybody() {
        String odd = "a\u0000b\ud83d";

        one.flowStore().accept(message(conversation(1), 1, "p:" + odd, odd), AT_ONCE, NOW);

        assertThat(one.flowStore().claimTurns(FreeWorkers.of(1), NOW, LEASE))
                .singleElement()
                .satisfies(turn -> assertThat(turn.messages().get(0).text()).startsWith("a\u0000b"));
        assertThat(one.eventArchive().verify(HOTEL)).isInstanceOf(Verification.Intact.class);
    }

    @Test
    void one_conversation_locked_by_a_frozen_process_holds_up_no_other() throws Exception {
        one.flowStore().accept(message(conversation(1), 1, "p:1", "oi"), AT_ONCE, NOW);
        try (var frozen =
                        PostgresUrl.parse(url).dataSource("-c wppflow.tenant=*").getConnection();
                var statement = frozen.createStatement()) {
            frozen.setAutoCommit(false);
            statement.execute("update conversation set urgent = urgent where conversation = '1/1'");
            Future<Acceptance> locked =
                    pool.submit(() -> one.flowStore().accept(message(conversation(1), 2, "p:1", "oi"), AT_ONCE, NOW));
            Future<Acceptance> free =
                    pool.submit(() -> one.flowStore().accept(message(conversation(2), 3, "p:1", "oi"), AT_ONCE, NOW));

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(locked::get)
                    .satisfies(e -> assertThat(((FlowException) e.getCause()).code())
                            .isIn(StorageError.UNAVAILABLE, StorageError.UNCLEAR));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(10))
                    .ignoreExceptions()
                    .until(() -> one.flowStore().accept(message(conversation(2), 3, "p:1", "oi"), AT_ONCE, NOW)
                            == Acceptance.DUPLICATE);
            assertThat(free).isDone();
            frozen.rollback();
        }
        assertThat(one.flowStore().accept(message(conversation(1), 2, "p:1", "oi"), AT_ONCE, NOW))
                .isEqualTo(Acceptance.STORED);
    }

    @Test
    void instances_that_start_together_make_the_tables_once() throws Exception {
        String empty = PostgresServer.shared().emptyDatabase();
        var opening = new ArrayList<Future<Database>>();
        for (int i = 0; i < 3; i++) {
            opening.add(pool.submit(() -> Database.open(empty)));
        }
        for (Future<Database> each : opening) {
            try (Database database = each.get()) {
                assertThat(database.isWritable()).isTrue();
            }
        }
        PostgresServer.shared().giveBack(empty);
    }

    @Test
    void it_is_backed_up_with_its_own_tools() {
        one.checkpoint();
        one.checkIntegrity();
        assertThatIllegalStateException().isThrownBy(() -> one.backup(Path.of("copy.db")));
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
