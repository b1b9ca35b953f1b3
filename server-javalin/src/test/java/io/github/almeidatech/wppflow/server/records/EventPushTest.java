package io.github.almeidatech.wppflow.server.records;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.ChainedEvent;
import io.github.almeidatech.wppflow.eventlog.EventArchive;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.knowledge.InMemoryDocumentStore;
import io.github.almeidatech.wppflow.knowledge.LuceneKnowledgeBase;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.LoggedLines;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How events get their rows behind a place in the chain, one step at a time. */
class EventPushTest {

    private static final TenantId HOTEL = new TenantId("pet-hotel");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration SETTLE = Duration.ofSeconds(60);

    private final SettableClock clock = new SettableClock(NOW);
    private final SimulatedBaserow baserow = SimulatedBaserow.start();
    private final BaserowTable table = baserow.table(
            "Eventos",
            BaserowField.text("event_id"),
            BaserowField.text("tenant_id"),
            BaserowField.text("contact_id"),
            BaserowField.singleSelect("event_type", "order.paid"),
            BaserowField.longText("payload"),
            BaserowField.dateTime("timestamp"));
    private final Metrics metrics = new Metrics();

    @TempDir
    private Path folder;

    private Database database;
    private BaserowTables tables;
    private EventPush push;

    @BeforeEach
    void open() {
        database = Database.open("sqlite:" + folder.resolve("p.db"));
        tables = tables();
        happened("before", "order.paid");
        push = push(database.eventArchive());
        push.begin();
    }

    @AfterEach
    void close() {
        database.close();
        baserow.close();
    }

    @Test
    void what_happened_before_is_history_and_what_is_not_wanted_has_no_row() {
        push.run();
        happened("a", "order.paid");
        happened("b", "message.received");

        push.run();

        assertThat(rows()).containsExactly("a");
        assertThat(push.trouble()).isEmpty();
    }

    @Test
    void a_long_way_without_anything_wanted_is_not_gone_again_after_a_restart() {
        for (int i = 0; i < 501; i++) {
            happened("m" + i, "message.received");
        }

        push.run();

        assertThat(database.eventMirrors().position(HOTEL)).isEqualTo(501);
        assertThat(baserow.requests()).isEmpty();
    }

    @Test
    void what_another_instance_has_written_is_not_looked_for_again() {
        EventPush other = push(database.eventArchive());
        other.begin();
        happened("a", "order.paid");
        push.run();
        int before = baserow.requests().size();

        other.run();

        assertThat(baserow.requests()).hasSize(before);
        happened("b", "order.paid");
        other.run();
        push.run();
        assertThat(rows()).containsExactly("a", "b");
    }

    @Test
    void another_instance_that_is_at_it_is_left_to_it() {
        happened("a", "order.paid");
        database.jobs().claim("event_mirror/pet-hotel", NOW.plusMillis(1), NOW, Duration.ofMinutes(5));

        push.run();
        assertThat(rows()).isEmpty();

        clock.advance(Duration.ofMinutes(6)); // it died
        push.run();
        assertThat(rows()).containsExactly("a");
    }

    @Test
    void after_a_failure_that_may_be_none_it_waits_until_the_rows_would_show() {
        happened("a", "order.paid");
        baserow.faults().next(1, request -> request.method().equals("POST"), Fault.cut());

        push.run();
        assertThat(push.trouble()).isNotEmpty();
        clock.advance(SETTLE.minusSeconds(1));
        push.run();
        assertThat(push.trouble()).isNotEmpty();
        clock.advance(Duration.ofSeconds(2));
        push.run();

        assertThat(push.trouble()).isEmpty();
        assertThat(rows()).containsExactly("a");
        assertThat(metrics.scrape()).contains("table=\"event_rows\"");
    }

    /** An answer with all of them would be larger than is read. */
    @Test
    void events_that_are_large_together_do_not_keep_those_after_them() {
        for (int i = 0; i < 20; i++) {
            happened("large" + i, "order.paid", null, Map.of("note", "x".repeat(60_000)));
        }
        push.run();
        happened("after", "order.paid");
        push.run();
        assertThat(push.trouble()).isEmpty();

        EventPush afterRestart = push(database.eventArchive());
        afterRestart.begin();
        afterRestart.run();

        assertThat(rows()).hasSize(21).doesNotHaveDuplicates().endsWith("after");
        assertThat(database.eventMirrors().position(HOTEL)).isEqualTo(22);
    }

    @Test
    void an_event_the_table_cannot_hold_is_passed_over() {
        happened("a", "order.lost");
        happened("b", "order.paid");

        push.run();

        assertThat(rows()).containsExactly("b");
        assertThat(metrics.scrape()).contains("outcome=\"refused\",table=\"event_rows\"");
    }

    @Test
    void who_was_erased_while_it_was_written_has_no_row_left() {
        EventArchive archive = database.eventArchive();
        var erasing = new EventArchive() {
            private boolean read;

            @Override
            public List<ChainedEvent> read(TenantId tenant, long after, int limit) {
                List<ChainedEvent> events = archive.read(tenant, after, limit);
                if (!read && events.stream().anyMatch(each -> each.event().id().equals("a"))) {
                    read = true;
                    archive.erase(tenant, "p:1");
                }
                return events;
            }

            @Override
            public long erase(TenantId tenant, String personKey) {
                return archive.erase(tenant, personKey);
            }

            @Override
            public long expire(TenantId tenant, String type, Instant before) {
                return archive.expire(tenant, type, before);
            }
        };
        EventPush late = push(erasing);
        late.begin();
        happened("a", "order.paid", "p:1");
        happened("b", "order.paid");

        late.run();

        assertThat(rows()).containsExactly("b");
    }

    @Test
    void a_store_that_fails_is_told_and_tried_again() {
        database.close();

        push.run();

        assertThat(metrics.scrape()).contains("outcome=\"failed\",table=\"event_rows\"");
    }

    @Test
    void an_orderly_stop_is_no_failure_whatever_it_cuts_off() {
        happened("a", "order.paid");
        var cutOff = new EventArchive() {
            @Override
            public List<ChainedEvent> read(TenantId tenant, long after, int limit) {
                push.stop(); // in the middle of a step
                throw new IllegalStateException("interrupted");
            }

            @Override
            public long erase(TenantId tenant, String personKey) {
                return 0;
            }

            @Override
            public long expire(TenantId tenant, String type, Instant before) {
                return 0;
            }
        };
        push = push(cutOff);
        push.begin();
        try (var lines = new LoggedLines()) {
            push.run();
            push.run(); // nothing more is begun

            assertThat(lines.above(Level.INFO)).isEmpty();
        }
        assertThat(metrics.scrape()).doesNotContain("table=\"event_rows\"");
        assertThat(push.trouble()).isEmpty();
    }

    @Test
    void baserow_not_answering_any_more_at_the_stop_is_none_either() {
        happened("a", "order.paid");
        baserow.faults()
                .next(
                        1,
                        request -> {
                            push.stop();
                            return request.method().equals("POST");
                        },
                        Fault.drop());
        try (var lines = new LoggedLines()) {
            push.run();

            assertThat(lines.above(Level.INFO)).isEmpty();
        }
        assertThat(metrics.scrape()).doesNotContain("table=\"event_rows\"");
    }

    private List<String> rows() {
        return table.rows().stream().map(row -> row.path("event_id").asText()).toList();
    }

    private void happened(String id, String type) {
        happened(id, type, null);
    }

    private void happened(String id, String type, String person) {
        happened(id, type, person, Map.of());
    }

    private void happened(String id, String type, String person, Map<String, Object> payload) {
        database.eventLog()
                .append(List.of(
                        new Event(id, HOTEL, null, person, type, 1, payload, Event.Source.SYSTEM, null, null, 0, NOW)));
    }

    private EventPush push(EventArchive archive) {
        return new EventPush(
                HOTEL,
                tables,
                new EventPush.Stores(archive, database.eventMirrors(), database.jobs()),
                tables::mirrors,
                SETTLE,
                metrics,
                clock);
    }

    private BaserowTables tables() {
        var environment = new HashMap<String, String>();
        environment.put("TENANT_ID", "pet-hotel");
        environment.put("TENANT_NAME", "Hotel");
        environment.put("CHATWOOT_BASE_URL", "https://chatwoot.example");
        environment.put("CHATWOOT_ACCOUNT_ID", "1");
        environment.put("CHATWOOT_API_TOKEN", "a-bot-token-of-the-test-suite-001");
        environment.put("CHATWOOT_WEBHOOK_SECRET", "a-webhook-secret-of-the-tests-01");
        environment.put("BASEROW_API_URL", baserow.baseUrl().toString());
        environment.put("BASEROW_API_TOKEN", baserow.token());
        environment.put("BASEROW_TABLE_EVENTS", String.valueOf(table.id()));
        environment.put("WPPFLOW_TENANTS__PET_HOTEL__BASEROW__EVENT_TYPES", "['order.*']");
        Tenants tenants = Tenants.of(
                new ConfigReader(environment).read(null),
                LanguageModels.builder().build(),
                new OkHttpClient(),
                metrics,
                clock);
        var documents = new InMemoryDocumentStore();
        var parts = new BaserowTables.Parts(
                new Contacts(new InMemoryContactStore(), new InMemoryContactLists(), new Pseudonyms(new byte[32])),
                LuceneKnowledgeBase.on(documents),
                documents,
                new OkHttpClient(),
                metrics);
        return new BaserowTables(tenants.get(HOTEL), baserow::token, parts, SETTLE, clock);
    }
}
