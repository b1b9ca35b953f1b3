package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.erasure.Erasure;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tenant with tables in Baserow: what people type there, and what conversations leave there. */
class BaserowTest {

    private static final SimulatedBaserow BASEROW = SimulatedBaserow.start();
    private static final BaserowTable CONTACTS = BASEROW.table(
                    "Clientes",
                    BaserowField.text("Telefone").asUnique(),
                    BaserowField.text("Nome"),
                    BaserowField.email("email"),
                    BaserowField.longText("custom_fields"),
                    BaserowField.checkbox("Não perturbe"),
                    BaserowField.text("Pet"))
            .withBlankRows();
    private static final BaserowTable EVENTS = BASEROW.table(
            "Eventos",
            BaserowField.text("event_id").asUnique(),
            BaserowField.text("tenant_id"),
            BaserowField.text("contact_id"),
            BaserowField.text("event_type"),
            BaserowField.longText("payload"),
            BaserowField.dateTime("timestamp"));
    private static final BaserowTable KNOWLEDGE = BASEROW.table(
            "Perguntas",
            BaserowField.text("doc_id").asUnique(),
            BaserowField.text("title"),
            BaserowField.longText("content"),
            BaserowField.text("domain"),
            BaserowField.checkbox("enabled"));

    private static final BaserowTable RULES = BASEROW.table(
            "Regras",
            BaserowField.text("policy_id"),
            BaserowField.text("description"),
            BaserowField.checkbox("enabled"),
            BaserowField.text("event"),
            BaserowField.number("priority", 0),
            BaserowField.longText("when"),
            BaserowField.longText("then"));

    private static final BaserowTable VISITS =
            BASEROW.table("Visitas", BaserowField.text("n"), BaserowField.text("text"), BaserowField.text("key"));

    @TempDir
    private static Path data;

    private static TestServer server;
    private static int nextCustomer = 10;

    private final String phone = "+55119911100" + ++nextCustomer;
    private final Customer customer = server.chatwoot().customer(phone, "Cliente " + nextCustomer);

    @BeforeAll
    static void start() throws Exception {
        String baserow = "WPPFLOW_TENANTS__PET_HOTEL__BASEROW__";
        var settings = new HashMap<String, String>();
        settings.put("BASEROW_API_URL", BASEROW.baseUrl().toString());
        settings.put("BASEROW_API_TOKEN", BASEROW.token());
        settings.put("BASEROW_TABLE_CONTACTS", String.valueOf(CONTACTS.id()));
        settings.put("BASEROW_TABLE_EVENTS", String.valueOf(EVENTS.id()));
        settings.put("BASEROW_TABLE_KB", String.valueOf(KNOWLEDGE.id()));
        settings.put("BASEROW_TABLE_POLICIES", String.valueOf(RULES.id()));
        settings.put(baserow + "CONTACTS__COLUMNS__PHONE", "Telefone");
        settings.put(baserow + "CONTACTS__COLUMNS__NAME", "Nome");
        settings.put(baserow + "CONTACTS__COLUMNS__OPTED_OUT", "Não perturbe");
        settings.put(baserow + "CONTACT_FIELDS__PET", "Pet");
        settings.put(baserow + "TABLES__VISITS__TABLE", String.valueOf(VISITS.id()));
        settings.put(baserow + "TABLES__VISITS__KEY_COLUMN", "key");
        settings.put(baserow + "SYNC_EVERY", "PT0.2S");
        settings.put(baserow + "MAX_PER_SECOND", "1000");
        server = TestServer.start(data, settings);
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

    @Test
    void who_writes_gets_a_row_once() throws Exception {
        long conversation =
                customer.writes("quanto custa a diária pro cachorro?").conversation();
        server.awaitReplies(conversation, 1);
        await().untilAsserted(() -> assertThat(rowsOf(phone)).hasSize(1));

        customer.writes("e quais vacinas precisa?");
        server.awaitReplies(conversation, 2);
        await().untilAsserted(() ->
                assertThat(eventRows("turn.completed", conversation)).hasSize(2));

        assertThat(rowsOf(phone))
                .singleElement()
                .satisfies(row -> assertThat(row.path("Nome").asText()).isEqualTo("Cliente " + phone.substring(12)));
        assertThat(eventRows("turn.completed", conversation))
                .allSatisfy(row -> assertThat(row.path("payload").asText()).contains("message_ids"));
    }

    @Test
    void mistakes_in_the_table_of_policies_are_told_with_their_row_wherever_policies_are_and_the_last_good_ones_stay()
            throws Exception {
        RULES.add(
                Map.of("policy_id", "boa", "enabled", true, "event", "x", "then", "[{\"labels\":{\"add\":[\"a\"]}}]"));
        await().untilAsserted(() ->
                assertThat(server.get("/api/v1/policies/boa").status()).isEqualTo(200));

        assertThat(server.put(
                                "/api/v1/policies/boa",
                                "{\"policy\":{\"event\":\"y\",\"then\":[{\"labels\":{\"add\":[\"b\"]}}]}}")
                        .status())
                .as("two with one id would keep each later change from coming into force")
                .isEqualTo(400);
        RULES.add(Map.of("policy_id", "desligada", "enabled", false, "event", "x", "then", "[{"));
        long wrong = RULES.add(Map.of(
                "policy_id",
                "errada",
                "enabled",
                true,
                "event",
                "x",
                "then",
                "[{\"labels\":{\"add\":[\"a\"]}},{\"dance\":{}}]"));

        await().untilAsserted(() -> assertThat(server.get("/api/v1/policies")
                        .data()
                        .at("/problems/0/field")
                        .asText())
                .isEqualTo("row " + wrong + ": then[1].dance"));
        assertThat(server.get("/api/v1/policies/boa").status())
                .as("the last good set")
                .isEqualTo(200);
        assertThat(server.get("/ready").status()).isEqualTo(200);
        assertThat(server.get("/ready").data().at("/components/policies").asText())
                .isEqualTo("last good ones in force: pet-hotel");
        await().untilAsserted(() -> assertThat(server.get("/metrics").response().body())
                .contains("wppflow_policy_sets_refused_total{tenant=\"pet-hotel\"} 1.0")
                .contains("wppflow_sync_total{outcome=\"refused\",table=\"policies\",tenant=\"pet-hotel\"}"));

        RULES.remove(wrong);

        await().untilAsserted(() -> assertThat(
                        server.get("/ready").data().at("/components/policies").asText())
                .isEqualTo("ok"));
        assertThat(server.get("/api/v1/policies").data().path("problems")).isEmpty();
    }

    @Test
    void what_people_type_into_the_table_is_known_within_an_interval() throws Exception {
        CONTACTS.add(Map.of("Telefone", phone, "Nome", "Ana Prado", "Pet", "Rex"));

        await().untilAsserted(() -> {
            JsonNode contact = server.get("/api/v1/contacts/pet-hotel/" + phone).data();
            assertThat(contact.path("name").asText()).isEqualTo("Ana Prado");
            assertThat(contact.path("custom_fields").path("pet").asText()).isEqualTo("Rex");
        });
    }

    @Test
    void the_rows_of_an_execution_plan_are_written_once_for_its_key() {
        long conversation = customer.writes("obrigada!").conversation();
        String plan =
                "{\"conversation_id\":" + conversation + ",\"idempotency_key\":\"visita-0001\",\"execution_plan\":{"
                        + "\"persist\":[{\"table\":\"visits\",\"fields\":{\"n\":\"7\",\"text\":\"banho\"}},"
                        + "{\"table\":\"others\",\"fields\":{\"n\":\"8\"}}]}}";

        JsonNode first = server.post("/api/v1/chatwoot/sync", plan).data();
        JsonNode second = server.post("/api/v1/chatwoot/sync", plan).data();

        assertThat(VISITS.rows())
                .as(first.toString())
                .singleElement()
                .satisfies(row -> assertThat(row.path("text").asText()).isEqualTo("banho"));
        assertThat(first.path("errors")).hasSize(1);
        assertThat(first.at("/errors/0/reason").asText()).isEqualTo("unknown_table");
        assertThat(second).isEqualTo(first);
        await().untilAsserted(
                        () -> assertThat(rowsOf(phone)).hasSize(1)); // of who wrote: nothing is left to the next test
    }

    @Test
    void an_opt_out_in_a_conversation_is_ticked_in_the_table() throws Exception {
        customer.writes("parar");

        await().untilAsserted(() -> assertThat(rowsOf(phone))
                .singleElement()
                .satisfies(
                        row -> assertThat(row.path("Não perturbe").asBoolean()).isTrue()));
        await().untilAsserted(
                        () -> assertThat(eventRows("contact.opted_out", 0)).isNotEmpty());
    }

    @Test
    void rows_of_the_knowledge_table_answer_until_they_are_deleted() throws Exception {
        long row = KNOWLEDGE.add(Map.of(
                "doc_id",
                "ofuro",
                "title",
                "Banho de ofurô",
                "content",
                "O banho de ofurô para gatos custa R$ 142 e dura uma hora.",
                "enabled",
                true));
        String question = "{\"tenant_id\":\"pet-hotel\",\"query\":\"quanto custa o banho de ofurô para gatos?\"}";

        await().untilAsserted(() -> assertThat(server.post("/api/v1/knowledge-base/query", question)
                        .data()
                        .toString())
                .contains("R$ 142"));
        KNOWLEDGE.remove(row);

        await().untilAsserted(() -> assertThat(server.post("/api/v1/knowledge-base/query", question)
                        .data()
                        .toString())
                .doesNotContain("R$ 142"));
    }

    @Test
    void a_reply_never_waits_for_baserow_and_nothing_is_lost_or_doubled_meanwhile() throws Exception {
        int madeBefore = CONTACTS.createdThroughApi();
        BASEROW.faults()
                .next(
                        2,
                        request -> request.path().endsWith("/rows/table/" + CONTACTS.id() + "/")
                                && request.method().equals("POST"),
                        Fault.status(500).afterDoing())
                .always(request -> !request.method().equals("POST"), Fault.status(503));
        long conversation =
                customer.writes("quanto custa a diária pro cachorro?").conversation();
        server.awaitReplies(conversation, 1);
        customer.writes("e quais vacinas precisa?");
        server.awaitReplies(conversation, 2);
        await().untilAsserted(() -> assertThat(server.get("/metrics").response().body())
                .containsPattern("wppflow_queue_depth\\{queue=\"records\"} [1-9]")
                .contains("wppflow_queue_depth{queue=\"outbox\"} 0.0"));
        await().untilAsserted(() -> assertThat(server.get("/ready")
                        .data()
                        .path("components")
                        .path("baserow")
                        .asText())
                .contains("pet-hotel"));
        assertThat(server.get("/ready").status()).isEqualTo(200);

        heal();

        await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
            assertThat(rowsOf(phone)).hasSize(1);
            assertThat(eventRows("turn.completed", conversation)).hasSize(2);
        });
        assertThat(CONTACTS.createdThroughApi() - madeBefore).isEqualTo(1);
        await().untilAsserted(() -> assertThat(server.get("/ready")
                        .data()
                        .path("components")
                        .path("baserow")
                        .asText())
                .isEqualTo("ok"));
    }

    @Test
    void erasing_a_person_erases_their_rows_first_or_nothing() throws Exception {
        long conversation = customer.writes("quanto custa a diária pro gato?").conversation();
        server.awaitReplies(conversation, 1);
        await().untilAsserted(() -> assertThat(rowsOf(phone)).hasSize(1));
        await().untilAsserted(() ->
                assertThat(eventRows("turn.completed", conversation)).hasSize(1));
        BASEROW.faults().always(request -> true, Fault.status(503));

        var begun = server.delete("/api/v1/contacts/pet-hotel/" + phone, "{}");
        assertThat(begun.data().path("state").asText()).isEqualTo("open");
        assertThat(begun.data().path("problem").asText()).isEqualTo("ERR_BASEROW_API");
        assertThat(server.get("/api/v1/contacts/pet-hotel/" + phone).status()).isEqualTo(404);
        heal();

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            var erased = server.delete("/api/v1/contacts/pet-hotel/" + phone, "{}");
            assertThat(erased.status()).isEqualTo(200);
            assertThat(erased.data().path("id")).isEqualTo(begun.data().path("id"));
            assertThat(erased.data().path("problem").asText())
                    .as("looked for once more, a minute after it was begun")
                    .isEqualTo(Erasure.ROW_UNDERWAY);
            assertThat(erased.data().path("rows_before").asInt()).isEqualTo(2);
        });
        assertThat(rowsOf(phone)).isEmpty();
        assertThat(eventRows("turn.completed", conversation)).isEmpty();
        assertThat(server.get("/api/v1/contacts/pet-hotel/" + phone).status()).isEqualTo(404);
    }

    @Test
    void a_persons_export_has_their_row_and_says_when_baserow_does_not_answer() throws Exception {
        long conversation = customer.writes("quanto custa a diária pro gato?").conversation();
        server.awaitReplies(conversation, 1);
        await().untilAsserted(() -> assertThat(rowsOf(phone)).hasSize(1));

        JsonNode row = export().at("/baserow/records/0");
        assertThat(row.path("row").asLong())
                .isEqualTo(rowsOf(phone).get(0).path("id").asLong());
        assertThat(row.at("/cells/Telefone").asText()).endsWith(phone.substring(3));

        BASEROW.faults().always(request -> true, Fault.status(503));
        JsonNode without = export();

        assertThat(without.at("/baserow/problem").asText()).isEqualTo("ERR_BASEROW_API");
        assertThat(without.path("messages")).isNotEmpty();
    }

    private JsonNode export() {
        return server.post("/api/v1/lgpd/export", "{\"phone\":\"" + phone + "\"}")
                .data();
    }

    @Test
    void what_is_wrong_with_the_tables_is_told_and_the_server_works_on() throws Exception {
        EVENTS.rename("payload", "Conteudo");

        await().untilAsserted(() -> assertThat(server.get("/ready")
                        .data()
                        .path("components")
                        .path("baserow")
                        .asText())
                .isEqualTo("pet-hotel: table " + EVENTS.id() + " (events): column \"payload\" is missing"));
        assertThat(server.get("/ready").status()).isEqualTo(200);
        assertThat(server.get("/metrics").response().body())
                .contains("wppflow_schema_problems{tenant=\"pet-hotel\"} 1.0")
                .contains("wppflow_breaker_state{system=\"baserow\",tenant=\"pet-hotel\"} 0.0")
                .contains("wppflow_sync_total{outcome=\"ok\",table=\"contacts\",tenant=\"pet-hotel\"}");

        EVENTS.rename("Conteudo", "payload");
        await().untilAsserted(() -> assertThat(server.get("/ready")
                        .data()
                        .path("components")
                        .path("baserow")
                        .asText())
                .isEqualTo("ok"));
    }

    private static List<JsonNode> rowsOf(String phone) {
        return CONTACTS.rows().stream()
                .filter(row -> row.path("Telefone").asText().endsWith(phone.substring(3)))
                .toList();
    }

    /** All of the type for conversation 0. */
    private static List<JsonNode> eventRows(String type, long conversation) {
        List<String> ids = conversation == 0
                ? List.of()
                : server.events(conversation, type).stream()
                        .map(event -> event.path("id").asText())
                        .toList();
        return EVENTS.rows().stream()
                .filter(row -> row.path("event_type").asText().equals(type))
                .filter(row ->
                        conversation == 0 || ids.contains(row.path("event_id").asText()))
                .toList();
    }
}
