package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.HOTEL;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.ContactStore;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.WriteRow;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every statement finds its rows by an index, so that none gets slower as the tables grow. */
class QueryPlanTest {

    private static final String CHAT = "chat";

    @TempDir
    Path folder;

    private final Set<String> statements = new ConcurrentSkipListSet<>();

    @Test
    void no_statement_reads_a_whole_table() throws SQLException {
        Path path = folder.resolve("q.db");
        SqliteFile file = SqliteFile.lock(path);
        file.check();
        try (Database database = Database.open(
                recording(new SqliteDialect(file, DatabaseOptions.DEFAULT)), file, DatabaseOptions.DEFAULT)) {
            useEverything(database);
        }

        assertThat(statements).hasSizeGreaterThan(60);
        var problems = new TreeSet<String>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path)) {
            for (String sql : statements) {
                List<String> plan = plan(connection, sql);
                if (plan.stream().anyMatch(step -> step.startsWith("SCAN") && !isHarmless(step))
                        || !plan.toString().contains(eventIndex(sql))
                        || sorts(sql, plan)) {
                    problems.add(plan + " in " + sql);
                }
            }
        }
        assertThat(problems).isEmpty();
    }

    /** The narrowest index for a page of events. */
    private static String eventIndex(String sql) {
        boolean page = sql.contains("from event") && sql.contains("order by position desc");
        return !page
                ? ""
                : sql.contains("and conversation = ?")
                        ? "event_conversation"
                        : sql.contains("and person_key = ?")
                                ? "event_person"
                                : sql.contains("and type = ?") ? "event_type" : "";
    }

    /** Events, and what is due, come in the order of an index; only what one conversation has waiting may be sorted. */
    private static boolean sorts(String sql, List<String> plan) {
        return plan.toString().contains("TEMP B-TREE FOR ORDER BY")
                && (sql.contains("from event") || sql.contains("_due <= ?"));
    }

    /** Values given in the statement, what waits or is dead (few, by their nature), and tables with a handful of rows. */
    private static boolean isHarmless(String step) {
        return step.contains("VALUES CLAUSE")
                || step.contains("CONSTANT ROW")
                || step.startsWith("SCAN meta")
                || step.startsWith("SCAN sqlite_sequence")
                || step.equals("SCAN waiting") // the tenants that have something due
                || step.contains("USING INDEX conversation_turn_due")
                || step.contains("USING INDEX conversation_command_due")
                || step.contains("USING INDEX conversation_record_due")
                || step.contains("USING COVERING INDEX conversation_record_due")
                || step.contains("USING COVERING INDEX conversation_turn_due")
                || step.contains("USING COVERING INDEX conversation_command_due")
                || step.contains("USING INDEX outbox_waiting")
                || step.contains("USING COVERING INDEX outbox_dead")
                || step.startsWith("SCAN schema_history");
    }

    private static List<String> plan(Connection connection, String sql) throws SQLException {
        return new Session(connection).list("explain query plan " + sql, row -> row.getString("detail"));
    }

    private static void useEverything(Database database) {
        FlowStore store = database.flowStore();
        for (int i = 1; i <= 4; i++) {
            store.accept(message(conversation(1 + i % 3), i, "p:1", "oi"), AT_ONCE, NOW);
        }
        var elsewhere = new ConversationId(new TenantId("clinic"), 1, 1);
        store.accept(message(elsewhere, 1, "p:1", "oi"), AT_ONCE, NOW);
        for (var turn : store.claimTurns(FreeWorkers.of(5), NOW, LEASE)) { // of two tenants at once
            store.accept(message(turn.conversation(), 100 + turn.conversation().number(), "p:1", CHAT), AT_ONCE, NOW);
            var notes = List.<io.github.almeidatech.wppflow.model.OutboundCommand>of(
                    new AddPrivateNote("a"),
                    new AddPrivateNote("b"),
                    new WriteRow("visits", Map.of("n", 1), Map.of("a", "x")),
                    new WriteRow("visits", Map.of("n", 1), Map.of("a", "y")));
            store.completeTurn(turn, new TurnResult(notes, List.of(), null), 0, NOW);
        }
        for (var attempt : store.claimCommands(Line.REPLIES, FreeWorkers.of(5), NOW, LEASE)) {
            store.completeCommand(attempt, new CommandResult.Refused("no"), NOW, 5, NOW);
        }
        for (var attempt : store.claimCommands(Line.RECORDS, FreeWorkers.of(5), NOW, LEASE)) {
            store.completeCommand(attempt, new CommandResult.Done("7"), NOW, 5, NOW);
        }
        var dead = store.deadLetters(HOTEL, 0, 10);
        store.retryDeadLetter(HOTEL, dead.get(0).commandId(), NOW);
        store.discardDeadLetter(HOTEL, dead.get(1).commandId(), NOW);
        store.recover(NOW);
        store.stats(NOW);
        store.nextTurnDue();
        store.nextCommandDue(Line.REPLIES);
        store.nextCommandDue(Line.RECORDS);
        store.stateOf(conversation(1));
        useEvents(database);
        useTheRest(database);
        database.expire(HOTEL, Retention.DEFAULT, NOW);
        database.erase(HOTEL, "p:1", NOW);
        database.eraseTenant(new TenantId("gone"));
    }

    private static void useEvents(Database database) {
        var log = database.eventLog();
        log.append(List.of(Arrivals.event(conversation(1), null, Map.of())));
        for (var id : new ConversationId[] {null, conversation(1)}) {
            for (String person : new String[] {null, "p:1"}) {
                for (String type : new String[] {null, "message.received", "message.*"}) {
                    log.query(new EventQuery(HOTEL, id, person, type, NOW, NOW.plusSeconds(1), 10, null));
                }
            }
        }
        log.arrivalOf(HOTEL, 1);
        log.following(Arrivals.event(conversation(1), null, Map.of()), 10);
        database.eventArchive().verify(HOTEL);
        database.eventArchive().expire(HOTEL, "message.*", NOW);
    }

    private static void useTheRest(Database database) {
        ContactStore contacts = database.contactStore(HOTEL::equals);
        database.mediaTexts().save(HOTEL, "a", new MediaText.Read("fala"), NOW);
        database.mediaTexts().find(HOTEL, "a");
        database.mediaTexts().claim(HOTEL, "a", "one", NOW, NOW.plusSeconds(1));
        database.mediaTexts().release(HOTEL, "a", "one");
        database.mediaTexts().forget(HOTEL);
        var identity = Identity.person("p:1");
        var ana = contacts.upsert(HOTEL, update(identity), NOW);
        var bia = contacts.upsert(HOTEL, update(Identity.person("p:2")), NOW);
        contacts.list(HOTEL, 10, null);
        contacts.merge(HOTEL, ana.id(), bia.id(), "same", NOW);
        contacts.undoMerge(HOTEL, contacts.merges(HOTEL, ana.id()).get(0).id(), NOW);
        contacts.wantCopy(HOTEL, ana.id(), NOW);
        contacts.takeOver(HOTEL, update(identity), NOW, NOW);
        contacts.copied(
                HOTEL,
                contacts.claimCopy(HOTEL, NOW, Duration.ofMinutes(1))
                        .orElseThrow()
                        .contact(),
                Set.of(),
                Set.of(Identity.baserow("701", 1)),
                NOW);
        contacts.notCopied(HOTEL, ana.id(), NOW);
        contacts.copyBacklog(HOTEL);
        contacts.erase(HOTEL, bia.id());
        database.contactLists().add(HOTEL, ContactList.DENY, identity);
        database.contactLists().listing(HOTEL, Set.of(identity));
        database.contactLists().entries(HOTEL, ContactList.DENY, null, 10);
        database.contactLists().remove(HOTEL, ContactList.DENY, identity);
        database.documentStore().save(HOTEL, List.of(new Document("a", "b", "c", null)));
        database.documentStore().all(HOTEL);
        database.documentStore().delete(HOTEL, List.of("a"));
        database.policyStore().documents(HOTEL);
        database.policyStore().remove(HOTEL, "x");
    }

    private static ContactUpdate update(Identity identity) {
        return new ContactUpdate(Set.of(identity), null, "Ana", null, Map.of(), null);
    }

    private Dialect recording(SqliteDialect dialect) {
        return proxy(Dialect.class, dialect, (method, arguments) -> {
            Object result = method.invoke(dialect, arguments);
            return result instanceof Connection connection
                    ? recording(connection)
                    : method.getName().equals("readers") ? recording((HikariDataSource) result) : result;
        });
    }

    private HikariDataSource recording(HikariDataSource source) {
        return new HikariDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return recording(source.getConnection());
            }
        };
    }

    private Connection recording(Connection connection) {
        return proxy(Connection.class, connection, (method, arguments) -> {
            if (method.getName().equals("prepareStatement")) {
                statements.add((String) arguments[0]);
            }
            return method.invoke(connection, arguments);
        });
    }

    @FunctionalInterface
    private interface Call {
        Object on(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static <T> T proxy(Class<T> type, T target, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        return call.on(method, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
