package io.github.almeidatech.wppflow.server.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A contact that is changed over the API, and its row in Baserow. */
class ContactRowsTest {

    private static final SimulatedBaserow BASEROW = SimulatedBaserow.start();
    private static final BaserowTable CONTACTS = BASEROW.table(
            "Clientes",
            BaserowField.text("phone").asUnique(),
            BaserowField.text("name"),
            BaserowField.email("email"),
            BaserowField.longText("custom_fields"),
            BaserowField.checkbox("opted_out"));
    private static final Predicate<SeenRequest> WRITING =
            request -> !request.method().equals("GET");

    @TempDir
    private static Path data;

    private static TestServer server;
    private static int nextPerson = 10;

    private final String phone = "+55119922200" + ++nextPerson;

    @BeforeAll
    static void start() throws Exception {
        String baserow = "WPPFLOW_TENANTS__PET_HOTEL__BASEROW__";
        server = TestServer.start(
                data,
                Map.of(
                        "BASEROW_API_URL",
                        BASEROW.baseUrl().toString(),
                        "BASEROW_API_TOKEN",
                        BASEROW.token(),
                        "BASEROW_TABLE_CONTACTS",
                        String.valueOf(CONTACTS.id()),
                        baserow + "CONTACTS__COLUMNS__OPTED_OUT",
                        "opted_out",
                        baserow + "SYNC_EVERY",
                        "PT0.2S",
                        baserow + "MAX_PER_SECOND",
                        "1000"));
    }

    @AfterAll
    static void stop() {
        server.close();
        BASEROW.close();
    }

    @AfterEach
    void heal() {
        BASEROW.faults().clear();
    }

    private String contact() {
        return "/api/v1/contacts/pet-hotel/" + phone;
    }

    private List<JsonNode> rows() {
        return CONTACTS.rows().stream()
                .filter(row -> row.path("phone").asText().equals(phone))
                .toList();
    }

    private void awaitName(String name) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(rows())
                        .singleElement()
                        .satisfies(row -> assertThat(row.path("name").asText()).isEqualTo(name)));
    }

    /** Lets the table be read twice more. */
    private static void awaitPulls() {
        long seen = pulls();
        await().until(() -> pulls() >= seen + 2);
    }

    private static long pulls() {
        return BASEROW.requests().stream()
                .filter(request ->
                        request.method().equals("GET") && request.path().endsWith("/rows/table/" + CONTACTS.id() + "/"))
                .count();
    }

    @Test
    void what_is_changed_over_the_api_stands_in_the_row_and_stays_there() {
        assertThat(server.post(
                                "/api/v1/contacts/upsert",
                                "{\"tenant_id\":\"pet-hotel\",\"phone\":\"" + phone
                                        + "\",\"name\":\"Ana\",\"custom_fields\":{\"pet\":\"Rex\",\"porte\":\"médio\"}}")
                        .status())
                .isEqualTo(200);
        awaitName("Ana");

        server.patch(contact(), "{\"name\":\"Ana Souza\",\"opted_out\":true,\"custom_fields\":{\"pet\":null}}");
        awaitName("Ana Souza");
        awaitPulls();

        assertThat(rows().get(0).path("opted_out").asBoolean()).isTrue();
        assertThat(rows().get(0).path("custom_fields").asText()).isEqualTo("{\"porte\":\"médio\"}");
        assertThat(server.get(contact()).data().path("name").asText()).isEqualTo("Ana Souza");
        server.patch(contact(), "{\"opted_out\":false}");
        await().untilAsserted(() ->
                assertThat(rows().get(0).path("opted_out").asBoolean()).isFalse());
        awaitPulls();
        assertThat(server.get(contact()).data().path("opted_out").asBoolean()).isFalse();
    }

    @Test
    void while_the_row_cannot_be_written_reading_the_table_undoes_nothing_and_it_is_written_after_a_restart()
            throws Exception {
        CONTACTS.add(Map.of("phone", phone, "name", "Aninha", "email", "a@example.com"));
        await().untilAsserted(() ->
                assertThat(server.get(contact()).data().path("name").asText()).isEqualTo("Aninha"));
        BASEROW.faults().always(WRITING, Fault.status(503));

        server.patch(contact(), "{\"name\":\"Ana Prado\"}");
        awaitPulls();

        assertThat(server.get(contact()).data().path("name").asText()).isEqualTo("Ana Prado");
        await().untilAsserted(() -> assertThat(server.get("/metrics").response().body())
                .contains("wppflow_unwritten_contacts{tenant=\"pet-hotel\"} 1.0"));
        await().untilAsserted(() -> assertThat(server.get("/ready")
                        .data()
                        .path("components")
                        .path("baserow")
                        .asText())
                .isEqualTo("pet-hotel: contacts wait to be written: server_error"));
        server.close();
        start();
        awaitPulls();
        assertThat(server.get(contact()).data().path("name").asText())
                .as("the whole table was read again")
                .isEqualTo("Ana Prado");
        heal();

        awaitName("Ana Prado");
        await().untilAsserted(() -> assertThat(server.get("/metrics").response().body())
                .contains("wppflow_unwritten_contacts{tenant=\"pet-hotel\"} 0.0"));
        assertThat(rows().get(0).path("email").asText()).isEqualTo("a@example.com");
    }

    @Test
    void what_is_nobodys_number_is_refused_by_name() {
        for (String nobody : List.of("123", "190", "")) {
            var answer = server.post(
                    "/api/v1/contacts/upsert",
                    "{\"tenant_id\":\"pet-hotel\",\"phone\":\"" + nobody + "\",\"name\":\"Ana\"}");

            assertThat(answer.status()).as(nobody).isEqualTo(400);
            assertThat(answer.errorCode()).isEqualTo("ERR_VALIDATION");
            assertThat(answer.body().path("error").path("details").toString()).contains("phone");
        }
    }
}
