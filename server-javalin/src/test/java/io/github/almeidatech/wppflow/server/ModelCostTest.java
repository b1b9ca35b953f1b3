package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What models cost in a turn of every kind, and what happens when a budget does not allow it. */
class ModelCostTest {

    private static final String TENANT = "WPPFLOW_TENANTS__PET_HOTEL__";
    private static final String QUESTION = "quanto custa a diária do cachorro?";

    @TempDir
    private Path data;

    private final ScriptedModel model = ModelScript.well(ScriptedModel.start());

    @AfterEach
    void close() {
        model.close();
    }

    /** @param together so many messages are answered, and at once */
    private TestServer server(int together, Map<String, String> budgets) throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("MODEL_KEY", ScriptedModel.KEY);
        settings.put(TENANT + "TURNS__QUIET", "PT20S");
        settings.put(TENANT + "TURNS__VOICE_QUIET", "PT20S");
        settings.put(TENANT + "TURNS__MAX_MESSAGES", String.valueOf(together));
        settings.put(TENANT + "MODELS__CLASSIFY_BELOW", "1");
        settings.put(
                TENANT + "MODELS__PROVIDERS",
                "[{provider: compatible, base_url: '" + model.openAiUrl() + "', api_key: '${env:MODEL_KEY}',"
                        + " chat_model: m, vision_model: v, transcription_model: t, embedding_model: e,"
                        + " price: {input: 10, output: 10, minute: 0.60}}]");
        budgets.forEach((key, value) -> settings.put(TENANT + "MODELS__" + key, value));
        return TestServer.start(data, settings);
    }

    /** A voice note and a picture in one turn. */
    private long burst(TestServer server) throws Exception {
        model.nextTranscripts(QUESTION);
        Customer customer = server.chatwoot().customer("+5511990000095", "Joana Exemplo");
        long conversation = customer.sendsVoiceNote(ModelScript.voice()).conversation();
        customer.sendsImage(ModelScript.jpeg(), "é esse aqui, " + QUESTION);
        server.awaitReplies(conversation, 1);
        return conversation;
    }

    private static JsonNode explained(TestServer server, long conversation) {
        return server.get("/api/v1/explain?conversation_id=" + conversation).data();
    }

    @Test
    @MostlyWaits
    void what_a_turn_costs_is_shown_for_every_kind_of_call_and_counts_on_the_conversation() throws Exception {
        try (TestServer server = server(2, Map.of())) {
            JsonNode explained = explained(server, burst(server));

            JsonNode cost = explained.at("/turns/0/cost");
            double sum = 0;
            for (Map.Entry<String, JsonNode> kind : cost.path("dollars_for").properties()) {
                assertThat(kind.getValue().asDouble()).as(kind.getKey()).isPositive();
                sum += kind.getValue().asDouble();
            }
            assertThat(cost.path("dollars_for").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactly("answer", "classify", "describe", "embed", "transcribe");
            // sound, picture, intent, a vector for each of the two questions, answer
            assertThat(cost.path("calls").asInt()).isEqualTo(6);
            assertThat(cost.path("dollars").asDouble()).isCloseTo(sum, offset(1e-9));
            assertThat(cost.path("turn_dollars").asDouble())
                    .isEqualTo(cost.path("dollars").asDouble());
            assertThat(cost.path("turn_tokens").asLong())
                    .isEqualTo(cost.path("tokens_in").asLong()
                            + cost.path("tokens_out").asLong());
            assertThat(explained.at("/spent_today/tokens")).isEqualTo(cost.path("turn_tokens"));
            assertThat(explained.at("/spent_today/dollars").asDouble())
                    .isEqualTo(cost.path("dollars").asDouble());
            assertThat(explained.at("/spent_today/max_dollars").asDouble()).isEqualTo(2);
        }
    }

    @Test
    @MostlyWaits
    void a_conversation_without_budget_is_served_without_models_and_each_reason_is_written_down() throws Exception {
        try (TestServer server = server(2, Map.of("TOKENS_PER_CONVERSATION", "0"))) {
            long conversation = burst(server);

            assertServedOffline(server, conversation);
            assertThat(model.calls()).noneMatch(ModelScript::asksForAnAnswer);
        }
    }

    @Test
    @MostlyWaits
    void a_turn_without_budget_is_served_without_models_and_each_reason_is_written_down() throws Exception {
        try (TestServer server = server(2, Map.of("TOKENS_PER_TURN", "0"))) {
            assertServedOffline(server, burst(server));
        }
    }

    @Test
    @MostlyWaits
    void a_day_without_money_is_served_without_models_and_each_reason_is_written_down() throws Exception {
        try (TestServer server = server(2, Map.of("DOLLARS_PER_DAY", "0"))) {
            assertServedOffline(server, burst(server));
            assertThat(model.requests()).isEmpty();
        }
    }

    private static void assertServedOffline(TestServer server, long conversation) {
        assertThat(server.chatwoot().messagesIn(conversation))
                .singleElement()
                .asString()
                .contains("R$ 85", "Fonte");
        JsonNode turn = explained(server, conversation).at("/turns/0");
        assertThat(turn.path("unreadable").toString()).isEqualTo("[\"over_budget\",\"over_budget\"]");
        assertThat(turn.path("evidence").toString()).contains("model: over_budget");
        assertThat(turn.path("embedding").asText()).isEqualTo("over_budget");
        assertThat(turn.path("model").asText()).isEqualTo("over_budget");
        assertThat(turn.path("reason").asText()).isEqualTo("knowledge");
        assertThat(turn.at("/cost/turn_dollars").asDouble()).isZero();
    }

    @Test
    @MostlyWaits
    void what_the_api_is_asked_for_a_conversation_counts_on_it() throws Exception {
        try (TestServer server = server(1, Map.of())) {
            model.nextTranscripts(QUESTION);
            String voice = Base64.getEncoder().encodeToString(ModelScript.voice());

            server.post(
                    "/api/v1/multimodal/process",
                    "{\"type\":\"audio\",\"data\":\"" + voice + "\",\"conversation_id\":7}");
            JsonNode heard = spentIn(server, 7);
            server.post(
                    "/api/v1/routing/classify",
                    "{\"message\":{\"content\":\"" + QUESTION + "\"},\"conversation_id\":7}");
            JsonNode understood = spentIn(server, 7);
            server.post("/api/v1/knowledge-base/query", "{\"query\":\"" + QUESTION + "\",\"conversation_id\":7}");
            JsonNode asked = spentIn(server, 7);
            server.post("/api/v1/knowledge-base/query", "{\"query\":\"" + QUESTION + "\"}");

            assertThat(heard.path("dollars").asDouble()).isPositive();
            assertThat(understood.path("dollars").asDouble())
                    .isGreaterThan(heard.path("dollars").asDouble());
            assertThat(asked.path("dollars").asDouble())
                    .isGreaterThan(understood.path("dollars").asDouble());
            assertThat(spentIn(server, 7)).isEqualTo(asked);
        }
    }

    private static JsonNode spentIn(TestServer server, long conversation) {
        return explained(server, conversation).path("spent_today");
    }

    @Test
    @MostlyWaits
    void what_an_answer_that_was_superseded_has_cost_counts_on_the_conversation() throws Exception {
        try (TestServer server = server(1, Map.of())) {
            model.faults().next(1, request -> request.body().contains("passages"), Fault.slow(Duration.ofSeconds(2)));
            Customer customer = server.chatwoot().customer("+5511990000096", "Joana Exemplo");
            long conversation = customer.writes(QUESTION).conversation();
            await().until(() ->
                    model.requests().stream().anyMatch(request -> request.body().contains("passages")));
            customer.writes("e tem vaga hoje?");
            server.awaitReplies(conversation, 1);

            JsonNode explained = explained(server, conversation);

            assertThat(server.events(conversation, "turn.superseded")).hasSize(1);
            assertThat(explained.path("turns")).hasSize(1);
            assertThat(explained.at("/spent_today/dollars").asDouble())
                    .isGreaterThan(explained.at("/turns/0/cost/turn_dollars").asDouble());
        }
    }
}
