package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.server.TestServer;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What n8n nodes send, depending on how their body was written: every form, at each address that takes a delivery. */
class PayloadFormsTest {

    private static final String RAW =
            "{\"event\":\"message_created\",\"id\":11,\"message_type\":\"incoming\",\"content\":\"oi\",\"content_type\":\"text\","
                    + "\"conversation\":{\"id\":60,\"channel\":\"Channel::Whatsapp\",\"status\":\"pending\",\"meta\":{\"sender\":{\"phone_number\":\"+5511999990001\"}}},"
                    + "\"sender\":{\"id\":5,\"type\":\"contact\",\"phone_number\":\"+5511999990001\"},"
                    + "\"account\":{\"id\":1},\"inbox\":{\"id\":3}}";

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "RAW",
                "{'headers':{},'params':{},'query':{},'body':RAW,'webhookUrl':'u','executionMode':'production'}",
                "[{'headers':{},'params':{},'query':{},'body':RAW}]",
                "[{'json':{'body':RAW}}]",
                "{'tenant_id':'pet-hotel','payload':RAW}",
                "{'tenant_id':'pet-hotel','payload':{'body':RAW}}",
                "{'payload':{'headers':{},'body':RAW}}",
                "{'body':TEXT}",
                "{'event':'message_created','body':RAW}"
            })
    void every_form_means_the_same_message(String form) throws Exception {
        String body = form(form);

        TestServer.Answer normalized = server.post("/api/v1/messages/normalize", body);
        TestServer.Answer delivered = server.post("/webhooks/n8n/pet-hotel", body);

        assertThat(normalized.status()).isEqualTo(200);
        assertThat(normalized.body().path("success").asBoolean()).isTrue();
        assertThat(normalized.data().path("message_id").asLong()).isEqualTo(11);
        assertThat(normalized.data().path("phone").asText()).isEqualTo("5511999990001");
        assertThat(normalized.data().path("conversation_id").asText()).isEqualTo("60");
        assertThat(normalized.data().path("type").asText()).isEqualTo("text");
        assertThat(normalized.data().path("content").asText()).isEqualTo("oi");
        assertThat(delivered.status()).isEqualTo(200);
        assertThat(delivered.data().path("reason").asText()).isEqualTo("customer_message");
        assertThat(delivered.data().path("message_id").asLong()).isEqualTo(11);
    }

    @Test
    void n8n_passes_on_as_many_webhooks_as_chatwoot_sends_whatever_the_api_allows_a_token(@TempDir Path own)
            throws Exception {
        try (TestServer slow = TestServer.start(own, Map.of("WPPFLOW_SERVER__API_CALLS_PER_SECOND", "1"))) {
            for (int i = 0; i < 20; i++) { // ten are saved for calls
                assertThat(slow.post("/webhooks/n8n/pet-hotel", form("RAW")).status())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void the_first_systems_hand_made_form_is_the_same_message_without_an_id() {
        String handMade = form("{'event':'message_created','body':{'conversation':{'id':60,'contact':{'phone_number':"
                + "'+55 11 99999-0001'}},'message':{'content':'oi','content_type':'text'}}}");

        TestServer.Answer answer = server.post("/api/v1/messages/normalize", handMade);

        assertThat(answer.data().path("phone").asText()).isEqualTo("5511999990001");
        assertThat(answer.data().path("content").asText()).isEqualTo("oi");
        assertThat(answer.data().path("message_id").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'event':'message_updated','body':RAW}",
                "{'payload':{'payload':{'payload':{'payload':{'payload':RAW}}}}}",
                "{'body':{'body':RAW}}",
                "[]",
                "[RAW,RAW]",
                "{}",
                "'x'",
                "{'event':5}",
                "{'body':{}}"
            })
    void what_is_none_of_them_is_refused_with_400(String form) {
        String body = form(form);

        assertThat(server.post("/api/v1/messages/normalize", body).status()).isEqualTo(400);
        assertThat(server.post("/webhooks/n8n/pet-hotel", body).status()).isEqualTo(400);
    }

    @Test
    void an_envelope_cannot_choose_another_tenant() {
        String body = form("{'tenant_id':'other','payload':RAW}");

        assertThat(server.post("/api/v1/messages/normalize", body).status()).isEqualTo(403);
        assertThat(server.post("/webhooks/n8n/pet-hotel", body).status()).isEqualTo(403);
    }

    @Test
    void an_event_that_comes_back_keeps_its_place_in_the_chain_of_causes() {
        TestServer.Answer answer = server.post(
                "/api/v1/events/log", form("{'event_type':'order.paid','cause_id':'policy-1','depth':2,'payload':{}}"));

        assertThat(answer.data().path("cause_id").asText()).isEqualTo("policy-1");
        assertThat(answer.data().path("depth").asInt()).isEqualTo(2);
        assertThat(server.post("/api/v1/events/log", form("{'event_type':'order.paid','depth':-1}"))
                        .status())
                .isEqualTo(400);
    }

    private static String form(String form) {
        return form.replace('\'', '"')
                .replace("RAW", RAW)
                .replace(
                        "TEXT",
                        new ObjectMapper().getNodeFactory().textNode(RAW).toString());
    }
}
