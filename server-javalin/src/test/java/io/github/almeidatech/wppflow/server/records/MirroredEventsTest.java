package io.github.almeidatech.wppflow.server.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens outside of turns becomes rows of the tenant's events table too. */
class MirroredEventsTest {

    private final SimulatedBaserow baserow = SimulatedBaserow.start();
    private final BaserowTable table = baserow.table(
            "Eventos",
            BaserowField.text("event_id"),
            BaserowField.text("tenant_id"),
            BaserowField.text("contact_id"),
            BaserowField.text("event_type"),
            BaserowField.longText("payload"),
            BaserowField.dateTime("timestamp"));

    @TempDir
    private Path data;

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        String keys = "WPPFLOW_TENANTS__PET_HOTEL__BASEROW__";
        var settings = new HashMap<String, String>();
        settings.put("BASEROW_API_URL", baserow.baseUrl().toString());
        settings.put("BASEROW_API_TOKEN", baserow.token());
        settings.put("BASEROW_TABLE_EVENTS", String.valueOf(table.id()));
        settings.put(keys + "EVENT_TYPES", "[turn.completed, 'ownership.*', 'operator.*', 'contact.*', order.paid]");
        settings.put(keys + "MAX_PER_SECOND", "1000");
        server = TestServer.start(data, settings);
    }

    @AfterEach
    void stop() {
        server.close();
        baserow.close();
    }

    @Test
    void each_event_has_one_row_whatever_baserow_does_and_nobody_waits_for_it() throws Exception {
        Customer customer = server.chatwoot().customer("+5511991110091", "Cliente");
        baserow.faults()
                .next(2, request -> request.method().equals("POST"), Fault.cut())
                .next(2, request -> request.method().equals("POST"), Fault.status(503));

        long conversation = customer.writes("quanto custa a diária do gato?").conversation();
        server.awaitReplies(conversation, 1);
        server.chatwoot().agent().writes(conversation, "Oi, sou a Ana!");
        server.awaitEvents(conversation, "ownership.changed", 1);
        server.put("/api/v1/contact-lists/opted_out/11991110092", "{}");
        for (int i = 1; i <= 30; i++) {
            server.post("/api/v1/events/log", "{\"id\":\"paid-" + i + "\",\"event_type\":\"order.paid\"}");
        }

        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            assertThat(rows("order.paid")).hasSize(30);
            assertThat(rows("turn.completed")).hasSize(1);
            assertThat(rows("ownership.changed")).isNotEmpty();
            assertThat(rows("contact.opted_out")).hasSize(1);
            assertThat(rows("operator.contact_listed")).hasSize(1);
        });
        assertThat(table.rows())
                .extracting(row -> row.path("event_id").asText())
                .doesNotHaveDuplicates();
        assertThat(rows("message.received")).as("not asked for").isEmpty();
    }

    @Test
    void what_the_bot_decided_is_written_down_also_when_a_person_took_over_before_it_was_said() throws Exception {
        Customer customer = server.chatwoot().customer("+5511991110094", "Cliente");
        server.chatwoot()
                .faults()
                .always(request -> request.path().contains("active_storage"), Fault.slow(Duration.ofSeconds(3)));
        long conversation = customer.sendsFile(
                        "pergunta.txt", "text/plain", "quanto custa a diaria do gato?".getBytes(UTF_8), null)
                .conversation();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> server.chatwoot().faults().struck() > 0); // now it is being thought about

        server.chatwoot().agent().writes(conversation, "Oi, sou a Ana!");

        server.awaitEvents(conversation, "turn.silenced", 1);
        String decided = server.awaitEvents(conversation, "turn.completed", 1)
                .get(0)
                .path("id")
                .asText();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(rows("turn.completed"))
                        .extracting(row -> row.path("event_id").asText())
                        .contains(decided));
        assertThat(server.chatwoot().messagesIn(conversation)).containsExactly("Oi, sou a Ana!");
    }

    @Test
    void what_could_not_be_written_is_written_after_a_restart_and_what_was_is_not_again() throws Exception {
        server.post("/api/v1/events/log", "{\"id\":\"paid-1\",\"event_type\":\"order.paid\"}");
        await().untilAsserted(() -> assertThat(rows("order.paid")).hasSize(1));
        baserow.faults().always(request -> true, Fault.status(503));
        server.post("/api/v1/events/log", "{\"id\":\"paid-2\",\"event_type\":\"order.paid\"}");
        await().untilAsserted(() -> assertThat(
                        server.get("/ready").data().at("/components/baserow").asText())
                .isNotEqualTo("ok"));
        server.close();
        baserow.faults().clear();

        start();

        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(rows("order.paid"))
                        .extracting(row -> row.path("event_id").asText())
                        .containsExactly("paid-1", "paid-2"));
    }

    @Test
    void whoever_is_erased_has_no_rows_left() throws Exception {
        Customer customer = server.chatwoot().customer("+5511991110093", "Cliente");
        long conversation = customer.writes("quanto custa a diária do gato?").conversation();
        server.awaitReplies(conversation, 1);
        server.put("/api/v1/contact-lists/opted_out/11991110093", "{}");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(rows("contact.opted_out")).hasSize(1));

        server.post("/api/v1/lgpd/erase", "{\"phone\":\"11991110093\"}");

        await().untilAsserted(() -> assertThat(server.get("/api/v1/lgpd/erasures")
                        .data()
                        .at("/erasures/0/state")
                        .asText())
                .isEqualTo("done"));
        assertThat(table.rows())
                .extracting(row -> row.path("contact_id").asText())
                .doesNotContain("+5511991110093");
    }

    private List<JsonNode> rows(String type) {
        return table.rows().stream()
                .filter(row -> row.path("event_type").asText().equals(type))
                .toList();
    }
}
