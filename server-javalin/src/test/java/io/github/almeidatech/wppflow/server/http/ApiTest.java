package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.server.TestServer.Answer;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The modules over HTTP. */
class ApiTest {

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.start(data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void only_health_is_open() {
        assertThat(anonymous("/health").status()).isEqualTo(200);
        assertThat(anonymous("/ready").status()).isEqualTo(401);
        assertThat(anonymous("/metrics").status()).isEqualTo(401);
        assertThat(anonymous("/api/v1/events").status()).isEqualTo(401);
        assertThat(anonymous("/nothing").status()).isEqualTo(404);
        assertThat(anonymous("/health").response().headers().map())
                .containsKeys("x-content-type-options", "content-security-policy", "referrer-policy")
                .doesNotContainKeys("server", "access-control-allow-origin");
    }

    @Test
    void readiness_names_the_components() {
        Answer ready = server.get("/ready");

        assertThat(ready.status()).isEqualTo(200);
        assertThat(ready.data().path("ready").asBoolean()).isTrue();
        assertThat(ready.data().at("/components/storage").asText()).isEqualTo("ok");
        assertThat(ready.data().at("/components/engine").asText()).isEqualTo("ok");
    }

    @Test
    void a_delivery_is_normalized_without_being_stored() {
        Answer answer = server.post(
                "/api/v1/messages/normalize",
                "{\"tenant_id\":\"pet-hotel\",\"source\":\"agent-bot\",\"payload\":{\"event\":\"message_created\",\"id\":7,"
                        + "\"content\":\"oi\",\"message_type\":\"incoming\",\"created_at\":\"2026-09-01T12:00:00.000Z\","
                        + "\"sender\":{\"id\":1,\"phone_number\":\"+551187654321\"},\"conversation\":{\"id\":88,"
                        + "\"channel\":\"Channel::Whatsapp\",\"status\":\"pending\",\"contact_inbox\":{\"source_id\":\"551187654321\"}}}}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.data().path("conversation_id").isTextual()).isTrue();
        assertThat(answer.data().path("phone").asText()).isEqualTo("551187654321");
        assertThat(answer.data().path("phone_e164_canonical").asText()).isEqualTo("+5511987654321");
        assertThat(answer.data().path("timestamp").asLong()).isEqualTo(1_788_264_000_000L);
        assertThat(answer.data().path("actionable").asBoolean()).isTrue();
    }

    @Test
    void what_cannot_be_normalized_is_refused_with_the_field() {
        assertThat(server.post("/api/v1/messages/normalize", "{\"payload\":{\"id\":1}}")
                        .errorCode())
                .isEqualTo("ERR_VALIDATION");
        assertThat(server.post("/api/v1/messages/normalize", "{}").errorCode()).isEqualTo("ERR_MISSING_FIELD");
        assertThat(server.post("/api/v1/messages/normalize", "{\"payload\":{},\"source\":\"fax\"}")
                        .errorCode())
                .isEqualTo("ERR_VALIDATION");
        assertThat(server.post("/api/v1/messages/normalize", "{\"tenant_id\":\"other\",\"payload\":{}}")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void a_message_is_classified() {
        Answer answer = server.post(
                "/api/v1/routing/classify",
                "{\"message\":{\"content\":\"quero falar com um atendente\"},\"contact\":{\"name\":\"x\"},"
                        + "\"conversation_history\":[{\"role\":\"customer\",\"content\":\"oi\"},{\"role\":\"bot\",\"content\":\"olá\"}]}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.data().path("intent").asText()).isNotBlank();
        assertThat(answer.data().path("confidence").isNumber()).isTrue();
        assertThat(answer.data().path("suggested_agent").asText()).isNotBlank();
        assertThat(answer.data().at("/metadata/sentiment").asText()).isNotBlank();
        assertThat(answer.data().at("/metadata/signals").toString()).contains("wants_person");
    }

    @Test
    void a_contact_is_found_whichever_way_the_number_is_written_and_can_be_changed_exported_and_erased() {
        Answer created = server.post(
                "/api/v1/contacts/upsert",
                "{\"phone\":\"+55 11 98765-0001\",\"name\":\"Joana Exemplo\",\"custom_fields\":{\"pet\":\"Rex\"}}");
        server.post("/api/v1/contacts/upsert", "{\"phone\":\"11 8765-0001\",\"custom_fields\":{\"porte\":\"médio\"}}");

        Answer shown = server.get("/api/v1/contacts/pet-hotel/551187650001");
        assertThat(created.status()).isEqualTo(200);
        assertThat(shown.data().path("id")).isEqualTo(created.data().path("id"));
        assertThat(shown.data().path("custom_fields").toString()).contains("Rex", "médio");

        Answer changed = server.patch(
                "/api/v1/contacts/pet-hotel/5511987650001",
                "{\"email\":\"joana@example.com\",\"opted_out\":true,\"custom_fields\":{\"pet\":null}}");
        assertThat(changed.data().path("email").asText()).isEqualTo("joana@example.com");
        assertThat(changed.data().path("opted_out").asBoolean()).isTrue();
        assertThat(changed.data().path("custom_fields").has("pet")).isFalse();

        assertThat(server.get("/api/v1/contacts/pet-hotel/5511987650001/export")
                        .data()
                        .toString())
                .contains("Joana");
        assertThat(server.delete("/api/v1/contacts/pet-hotel/5511987650001", "{}")
                        .status())
                .isEqualTo(200);
        assertThat(server.get("/api/v1/contacts/pet-hotel/5511987650001").errorCode())
                .isEqualTo("ERR_CONTACT_NOT_FOUND");
        assertThat(server.delete("/api/v1/contacts/pet-hotel/5511987650001", "{}")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"name\":5}", "[]", "{\"colour\":\"x\"}", "{\"opted_out\":\"yes\"}", "{\"custom_fields\":[]}"})
    void a_wrong_correction_changes_nothing(String patch) {
        server.post("/api/v1/contacts/upsert", "{\"phone\":\"+5511987650009\",\"name\":\"Ana\"}");

        assertThat(server.patch("/api/v1/contacts/pet-hotel/5511987650009", patch)
                        .status())
                .isEqualTo(400);
        assertThat(server.get("/api/v1/contacts/pet-hotel/5511987650009")
                        .data()
                        .path("name")
                        .asText())
                .isEqualTo("Ana");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | ERR_MISSING_FIELD | phone",
                "{\"phone\":\"lixo\"} | ERR_VALIDATION | phone",
                "{\"phone\":\"+5511987650002\",\"email\":\"nada\"} | ERR_VALIDATION | email",
                "{\"phone\":5511} | ERR_VALIDATION | phone",
                "{\"phone\":\"a\",\"phone\":\"b\"} | ERR_VALIDATION | ''",
                "{\"chatwoot_contact_id\":0} | ERR_VALIDATION | chatwoot_contact_id",
            })
    void a_wrong_contact_is_refused_with_the_field(String body, String code, String field) {
        Answer answer = server.post("/api/v1/contacts/upsert", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo(code);
        if (!field.equals("''")) {
            assertThat(answer.body().at("/error/details/field").asText()).isEqualTo(field);
        }
    }

    @Test
    void events_are_written_once_and_listed_by_page() {
        String event =
                "{\"id\":\"pedido-1\",\"event_type\":\"order.paid\",\"contact_id\":\"c1\",\"payload\":{\"total\":95.5},\"conversation_id\":77}";
        server.post("/api/v1/events/log", event);
        server.post("/api/v1/events/log", event);
        server.post("/api/v1/events/log", "{\"event_type\":\"order.shipped\"}");

        Answer first = server.get("/api/v1/events?event_type=order.*&limit=1");
        Answer second = server.get("/api/v1/events?event_type=order.*&limit=1&cursor="
                + first.data().path("next_cursor").asText());

        assertThat(first.data().at("/events/0/event_type").asText()).isEqualTo("order.shipped");
        assertThat(second.data().at("/events/0/payload/total").asDouble()).isEqualTo(95.5);
        assertThat(second.data().at("/events/0/contact_id").asText()).isEqualTo("c1");
        assertThat(server.get("/api/v1/events?conversation_id=77").data().path("events"))
                .hasSize(1);
        assertThat(server.get("/api/v1/events?event_type=order.paid&from=2000-01-01T00:00:00Z&to=4000000000000")
                        .data()
                        .path("events"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0", "limit=x", "limit=1001", "conversation_id=0", "from=yesterday", "cursor=nonsense"})
    void a_wrong_query_is_400(String query) {
        assertThat(server.get("/api/v1/events?" + query).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"event_type\":\"With Spaces\"}",
                "{\"event_type\":\"a\",\"confidence\":2}",
                "{\"event_type\":\"a\",\"payload\":[]}",
                "{\"event_type\":\"a\",\"conversation_id\":1.5}",
                "{\"event_type\":\"operator.token_created\"}"
            })
    void a_wrong_event_is_400(String body) {
        assertThat(server.post("/api/v1/events/log", body).status()).isEqualTo(400);
    }

    @Test
    void the_knowledge_base_answers_learns_and_forgets() {
        Answer known = server.post(
                "/api/v1/knowledge-base/query", "{\"query\":\"quanto custa a diária para cachorro?\",\"top_k\":2}");
        Answer put = server.post(
                "/api/v1/knowledge-base/documents",
                "{\"documents\":[{\"id\":\"piscina\",\"title\":\"Piscina para cães\",\"content\":\"A piscina abre aos sábados e custa R$ 40.\"}]}");
        Answer learnt =
                server.post("/api/v1/knowledge-base/query", "{\"query\":\"quanto custa a piscina?\",\"context\":\"\"}");
        Answer removed = server.delete("/api/v1/knowledge-base/documents", "{\"ids\":[\"piscina\",\"nada\"]}");

        assertThat(known.data().path("answered").asBoolean()).isTrue();
        assertThat(known.data().path("sources")).hasSize(2);
        assertThat(known.data().at("/sources/0/document").asText()).isEqualTo("ph-001");
        assertThat(put.data().path("stored").asInt()).isEqualTo(1);
        assertThat(learnt.data().path("answer").asText()).contains("R$ 40");
        assertThat(removed.data().path("removed").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{\"query\":\"\"}", "{\"query\":\"x\",\"top_k\":0}", "{\"query\":\"x\",\"top_k\":51}"})
    void a_wrong_question_is_400(String body) {
        assertThat(server.post("/api/v1/knowledge-base/query", body).status()).isEqualTo(400);
    }

    @Test
    void a_document_is_read_and_what_needs_a_model_is_refused_with_the_reason() {
        String text = Base64.getEncoder().encodeToString("Vacinas em dia".getBytes(StandardCharsets.UTF_8));
        String voice = Base64.getEncoder().encodeToString("OggS....".getBytes(StandardCharsets.UTF_8));

        assertThat(server.post("/api/v1/multimodal/process", "{\"data\":\"" + text + "\"}")
                        .data()
                        .path("text")
                        .asText())
                .isEqualTo("Vacinas em dia");
        assertThat(server.post("/api/v1/multimodal/process", "{\"data\":\"data:text/plain;base64," + text + "\"}")
                        .status())
                .isEqualTo(200);
        JsonNode document = server.post("/api/v1/multimodal/process", "{\"data\":\"" + pdf("Carteira do Rex") + "\"}")
                .data();
        assertThat(document.path("text").asText()).contains("Carteira do Rex");
        assertThat(document.at("/metadata/pages").asInt()).isEqualTo(1);
        assertThat(document.at("/metadata/dimensions").isNull()).isTrue();
        Answer refused = server.post("/api/v1/multimodal/process", "{\"data\":\"" + voice + "\"}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.errorCode()).isEqualTo("ERR_TRANSCRIPTION");
        assertThat(refused.body().at("/error/details/reason").asText()).isEqualTo("no_reader");
        assertThat(server.post("/api/v1/multimodal/process", "{\"file_url\":\"http://169.254.169.254/latest\"}")
                        .status())
                .isEqualTo(403);
        assertThat(server.post("/api/v1/multimodal/process", "{\"data\":\"***\"}")
                        .status())
                .isEqualTo(400);
        assertThat(server.post("/api/v1/multimodal/process", "{}").errorCode()).isEqualTo("ERR_MISSING_FIELD");
        assertThat(server.post("/api/v1/multimodal/process", "{\"file_url\":\"x\",\"type\":\"song\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_plan_is_carried_out_in_chatwoot_once_for_each_key() throws Exception {
        long conversation = server.chatwoot()
                .customer("+5511990000055", "Joana Exemplo")
                .writes("obrigada!")
                .conversation();
        String body =
                "{\"conversation_id\":" + conversation + ",\"idempotency_key\":\"pedido-0001\",\"execution_plan\":{"
                        + "\"persist\":true,\"messages\":[\"Seu pedido saiu.\",{\"content\":\"avisado\",\"private\":true}],"
                        + "\"labels\":{\"add\":[\"pedido\"]},\"contact_attributes\":{\"plano\":\"mensal\"},"
                        + "\"emit_events\":[{\"type\":\"order.sent\",\"payload\":{\"id\":7}}]}}";

        Answer first = server.post("/api/v1/chatwoot/sync", body);
        Answer second = server.post("/api/v1/chatwoot/sync", body);

        assertThat(first.status()).isEqualTo(200);
        assertThat(first.data().path("messages_sent").asInt()).isEqualTo(2);
        assertThat(first.data().path("labels_updated").asBoolean()).isTrue();
        assertThat(first.data().path("attributes_updated").asBoolean()).isTrue();
        assertThat(first.data().path("errors")).isEmpty();
        assertThat(second.data()).isEqualTo(first.data());
        assertThat(server.chatwoot().messagesIn(conversation)).containsExactly("Seu pedido saiu.");
        assertThat(server.chatwoot().conversation(conversation).labels()).contains("pedido");
        assertThat(server.get("/api/v1/events?event_type=order.sent").data().path("events"))
                .hasSize(1);
    }

    @Test
    void a_plan_that_cannot_be_carried_out_says_why() {
        Answer wrong = server.post(
                "/api/v1/chatwoot/sync", "{\"conversation_id\":1,\"execution_plan\":{\"labels\":{\"add\":[5]}}}");
        Answer nowhere = server.post(
                "/api/v1/chatwoot/sync",
                "{\"conversation_id\":987654,\"execution_plan\":{\"labels\":{\"add\":[\"x\"]}}}");

        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body().at("/error/details/field").asText()).startsWith("execution_plan.labels.add");
        assertThat(nowhere.data().at("/errors/0/command").asText()).isEqualTo("change_labels");
        assertThat(server.post("/api/v1/chatwoot/sync", "{\"conversation_id\":1,\"execution_plan\":5}")
                        .errorCode())
                .isEqualTo("ERR_MISSING_FIELD");
    }

    @Test
    void policies_are_rehearsed_over_what_has_happened() {
        server.post("/api/v1/events/log", "{\"event_type\":\"stay.booked\",\"payload\":{\"nights\":7}}");
        server.post("/api/v1/events/log", "{\"event_type\":\"stay.booked\",\"payload\":{\"nights\":1}}");
        String policy = "{\"id\":\"long-stay\",\"event\":\"stay.*\",\"when\":{\">=\":[{\"var\":\"payload.nights\"},5]},"
                + "\"then\":[{\"emit_event\":{\"type\":\"stay.long\",\"payload\":{}}}]}";

        Answer report = server.post(
                "/api/v1/policies/dry-run",
                "{\"policies\":[" + policy + "],\"against\":[],\"from\":\"2000-01-01T00:00:00Z\"}");
        Answer wrong = server.post("/api/v1/policies/dry-run", "{\"policies\":[{\"id\":\"x\",\"event\":5}]}");

        assertThat(report.body().toString()).contains("long-stay");
        assertThat(report.data().at("/policies/long-stay/fired").asInt()).isEqualTo(1);
        assertThat(report.data().path("differing").asInt()).isEqualTo(1);
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body().at("/error/details/fields").toString()).contains("policies");
        assertThat(server.post("/api/v1/policies/dry-run", "{\"policies\":[],\"from\":\"yesterday\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_rehearsal_may_be_limited_in_time_and_compared_with_nothing() {
        String none = "{\"policies\":[],\"against\":null,\"to\":\"2000-01-01T00:00:00Z\"}";

        Answer before = server.post("/api/v1/policies/dry-run", none);
        Answer all = server.post("/api/v1/policies/dry-run", "{\"policies\":[]}");
        Answer wrong = server.post(
                "/api/v1/policies/dry-run", "{\"policies\":\"all of them\",\"to\":\"2000-01-01T00:00:00Z\"}");

        assertThat(before.data().path("events").asInt()).isZero();
        assertThat(all.data().path("events").asInt()).isPositive();
        assertThat(wrong.status()).isEqualTo(400);
    }

    @Test
    void pictures_and_videos_without_a_model_are_refused_with_the_module_that_would_read_them() {
        String picture = Base64.getEncoder().encodeToString("GIF89a........".getBytes(StandardCharsets.UTF_8));
        String video = Base64.getEncoder().encodeToString("....ftypisom".getBytes(StandardCharsets.UTF_8));
        String nothing = Base64.getEncoder().encodeToString(new byte[] {'M', 'Z', 0, 1});

        assertThat(server.post("/api/v1/multimodal/process", "{\"data\":\"" + picture + "\"}")
                        .errorCode())
                .isEqualTo("ERR_OCR");
        assertThat(server.post("/api/v1/multimodal/process", "{\"data\":\"" + video + "\"}")
                        .errorCode())
                .isEqualTo("ERR_TRANSCRIPTION");
        assertThat(server.post("/api/v1/multimodal/process", "{\"data\":\"" + nothing + "\",\"type\":\"document\"}")
                        .errorCode())
                .isEqualTo("ERR_PDF_PARSE");
        assertThat(server.post(
                                "/api/v1/multimodal/process",
                                "{\"data_url\":\"http://10.0.0.1/a.jpg\",\"type\":\"image\"}")
                        .errorCode())
                .isEqualTo("ERR_OCR");
    }

    @Test
    void errors_speak_the_callers_language() {
        Answer english = server.send(HttpRequest.newBuilder(server.uri("/api/v1/events"))
                .header("Accept-Language", "en-GB")
                .GET());
        Answer spanish = server.send(HttpRequest.newBuilder(server.uri("/api/v1/events"))
                .header("Accept-Language", "es")
                .GET());

        assertThat(english.body().at("/error/message").asText())
                .isNotEqualTo(spanish.body().at("/error/message").asText());
        assertThat(anonymous("/api/v1/events").body().at("/error/message").asText())
                .contains("Credenciais");
    }

    @Test
    void bodies_are_json_in_utf8_within_limits() throws Exception {
        assertThat(server.send(HttpRequest.newBuilder(server.uri("/api/v1/routing/classify"))
                                .header(
                                        "Authorization",
                                        "Bearer " + server.sandbox().token())
                                .header("Content-Type", "application/json")
                                .POST(BodyPublishers.ofByteArray(new byte[] {'"', (byte) 0xC3, '"'})))
                        .status())
                .isEqualTo(400);
        assertThat(server.announce("/api/v1/routing/classify", 1_100_000)).isEqualTo(413);
        assertThat(server.post("/api/v1/routing/classify", "null").status()).isEqualTo(400);
        assertThat(server.post("/api/v1/routing/classify", "{} {}").status()).isEqualTo(400);
    }

    private static Answer anonymous(String path) {
        return server.send(HttpRequest.newBuilder(server.uri(path)).GET());
    }

    /** The least that is a PDF with one line; in base64. */
    private static String pdf(String line) {
        String text = "BT /F1 12 Tf 72 720 Td (" + line + ") Tj ET";
        String file = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
                + "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
                + "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
                + "/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n"
                + "4 0 obj<</Length " + text.length() + ">>stream\n" + text + "\nendstream endobj\n"
                + "trailer<</Root 1 0 R>>\n%%EOF\n";
        return Base64.getEncoder().encodeToString(file.getBytes(StandardCharsets.US_ASCII));
    }
}
