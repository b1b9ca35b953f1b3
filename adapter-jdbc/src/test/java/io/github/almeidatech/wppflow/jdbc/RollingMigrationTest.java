package io.github.almeidatech.wppflow.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A new version starts beside one that goes on working: its steps hold up nobody who writes. */
class RollingMigrationTest {

    /** Before it there was no version that could run beside another. */
    private static final int FIRST = 17;

    private PostgresServer server;
    private String url;

    private void aDatabaseOfAnOlderVersion() {
        aDatabaseOfVersion("16.1");
    }

    private void aDatabaseOfVersion(String target) {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
        server = PostgresServer.shared();
        url = server.emptyDatabase();
        try (var dialect = new PostgresDialect(PostgresUrl.parse(url), DatabaseOptions.DEFAULT)) {
            Schema.configuration(dialect).target(target).load().migrate();
        }
    }

    @Test
    void while_an_index_is_built_the_version_before_goes_on_writing() throws Exception {
        aDatabaseOfAnOlderVersion();
        try (Connection slow = server.adminOf(url);
                Connection other = server.adminOf(url)) {
            slow.setAutoCommit(false);
            write(slow); // longer than the others have patience

            CompletableFuture<Void> starting =
                    CompletableFuture.runAsync(() -> Database.open(url).close());
            await().until(() -> count(
                            other,
                            "select count(*) from pg_stat_activity where datname = current_database()"
                                    + " and wait_event_type = 'Lock' and query like '%index%'")
                    > 0);
            other.createStatement().execute("set lock_timeout = '1500ms'");
            write(other);
            slow.commit();
            starting.get(30, TimeUnit.SECONDS);
        }

        assertWhole();
    }

    @Test
    void while_the_rules_of_the_tables_change_a_transaction_that_writes_to_all_of_them_goes_on() throws Exception {
        aDatabaseOfVersion("23.1");
        try (Connection slow = server.adminOf(url);
                Connection other = server.adminOf(url)) {
            List<String> tables = new Session(other)
                    .list(
                            "select tablename from pg_policies where policyname = 'own_tenant' order by 1",
                            row -> row.getString(1));
            slow.setAutoCommit(false);
            lock(slow, tables.subList(tables.size() / 2, tables.size() / 2 + 1));

            CompletableFuture<Void> starting =
                    CompletableFuture.runAsync(() -> Database.open(url).close());
            await().until(() -> count(
                            other,
                            "select count(*) from pg_stat_activity where datname = current_database()"
                                    + " and wait_event_type = 'Lock' and query like '%alter policy%'")
                    > 0);
            other.createStatement().execute("set lock_timeout = '1500ms'");
            other.setAutoCommit(false);
            lock(other, tables);
            lock(slow, tables);
            other.commit();
            slow.commit();
            starting.get(30, TimeUnit.SECONDS);

            assertThat(count(other, "select count(*) from pg_policies where qual not ilike '%case%'"))
                    .isZero();
        }
    }

    private static void lock(Connection connection, List<String> tables) throws SQLException {
        for (String table : tables) {
            connection.createStatement().execute("lock table " + table + " in row exclusive mode");
        }
    }

    @Test
    void new_ones_that_start_at_once_do_not_wait_for_each_other_for_ever() throws Exception {
        aDatabaseOfAnOlderVersion();

        var starting = new ArrayList<CompletableFuture<Void>>();
        for (int i = 0; i < 3; i++) {
            starting.add(CompletableFuture.runAsync(() -> Database.open(url).close()));
        }
        for (CompletableFuture<Void> each : starting) {
            each.get(60, TimeUnit.SECONDS);
        }

        assertWhole();
    }

    @Test
    void a_step_that_was_cut_off_is_begun_again() throws Exception {
        aDatabaseOfAnOlderVersion();
        try (Connection admin = server.adminOf(url)) { // what a crash leaves in the middle
            admin.createStatement().execute("drop index conversation_turn_due");
            admin.createStatement().execute("create index event_message on event (tenant)");
        }

        Database.open(url).close();

        assertWhole();
    }

    @Test
    void every_index_on_a_table_that_grows_is_built_beside_other_work() throws Exception {
        var resource = Schema.class.getResource("migration");
        try (var files = Files.list(Path.of(resource.toURI()))) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".sql")).toList()) {
                int version = Integer.parseInt(file.getFileName().toString().replaceAll("V(\\d+)_.*", "$1"));
                String sql = Files.readString(file);
                boolean onGrowing = Pattern.compile(
                                "create (unique )?index [^;]* on (conversation|inbox|outbox|event|seen|contact) ")
                        .matcher(sql)
                        .find();
                if (version >= FIRST && onGrowing) {
                    assertThat(sql).as(file.toString()).contains("${concurrently}");
                    assertThat(Files.readString(Path.of(file + ".conf"))).contains("executeInTransaction=false");
                }
            }
        }
    }

    private void assertWhole() throws SQLException {
        try (Connection admin = server.adminOf(url)) {
            assertThat(count(admin, "select count(*) from pg_index where not indisvalid"))
                    .isZero();
            List<String> indexes = new Session(admin)
                    .list(
                            "select indexdef from pg_indexes where tablename in ('conversation', 'event')",
                            row -> row.getString(1));
            assertThat(indexes)
                    .anyMatch(
                            index -> index.contains(" conversation_turn_due ") && index.contains("(tenant, turn_due)"))
                    .anyMatch(index ->
                            index.contains(" conversation_command_due ") && index.contains("(tenant, command_due)"))
                    .anyMatch(index ->
                            index.contains(" conversation_record_due ") && index.contains("(tenant, record_due)"))
                    .anyMatch(index -> index.contains(" event_message ") && index.contains("cause_id"));
        }
    }

    /** With the locks of who changes rows. */
    private static void write(Connection connection) throws SQLException {
        boolean alone = connection.getAutoCommit();
        connection.setAutoCommit(false);
        connection.createStatement().execute("lock table conversation, event in row exclusive mode");
        connection.createStatement().execute("select txid_current()"); // one that has changed something
        if (alone) {
            connection.commit();
            connection.setAutoCommit(true);
        }
    }

    private static long count(Connection connection, String sql) throws SQLException {
        return new Session(connection).first(sql, row -> row.getLong(1)).orElseThrow();
    }
}
