package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelCall;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole turns with one provider or another, and with a second one that stands in for the first. */
class ProvidersTest {

    private static final String TENANT = "WPPFLOW_TENANTS__PET_HOTEL__";
    private static final String QUESTION = "quanto custa a diária do cachorro?";

    @TempDir
    private Path data;

    private final ScriptedModel first = ModelScript.well(ScriptedModel.start());
    private final ScriptedModel second = ModelScript.well(ScriptedModel.start());

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    private TestServer serverWith(String... providers) throws Exception {
        return TestServer.start(
                data,
                Map.of(
                        "MODEL_KEY",
                        ScriptedModel.KEY,
                        TENANT + "MODELS__CLASSIFY_BELOW",
                        "1",
                        TENANT + "TURNS__MAX_MESSAGES",
                        "1",
                        TENANT + "MODELS__PROVIDERS",
                        "[" + String.join(", ", providers) + "]"));
    }

    private static String provider(String name, String baseUrl, String models) {
        return "{provider: " + name + ", base_url: '" + baseUrl + "', api_key: '${env:MODEL_KEY}', " + models + "}";
    }

    private String anthropic() {
        return provider(
                "anthropic",
                first.anthropicUrl().toString(),
                "chat_model: claude-haiku-4-5, vision_model: claude-haiku-4-5");
    }

    private String openAi() {
        return provider(
                "openai",
                second.openAiUrl().toString(),
                "chat_model: gpt-4.1-mini, vision_model: gpt-4o-mini, transcription_model: gpt-4o-mini-transcribe");
    }

    private static Customer customer(TestServer server) {
        return server.chatwoot().customer("+5511990000091", "Joana Exemplo");
    }

    /** The latest answered turn. */
    private static JsonNode turn(TestServer server, long conversation, int turns) throws Exception {
        server.awaitReplies(conversation, turns);
        return server.get("/api/v1/explain?conversation_id=" + conversation)
                .data()
                .path("turns")
                .path(turns - 1);
    }

    @Test
    @MostlyWaits
    void anthropic_looks_at_a_picture_understands_the_words_and_answers_them() throws Exception {
        try (TestServer server = serverWith(anthropic())) {
            long conversation =
                    customer(server).sendsImage(ModelScript.jpeg(), QUESTION).conversation();
            JsonNode turn = turn(server, conversation, 1);

            assertThat(server.chatwoot().messagesIn(conversation))
                    .singleElement()
                    .asString()
                    .contains(ModelScript.WRITTEN);
            assertThat(turn.path("reason").asText()).isEqualTo("written");
            assertThat(turn.path("heard").asText()).contains(QUESTION, ModelScript.SEEN);
            assertThat(turn.path("evidence").toString()).contains("model: preço");
            assertThat(turn.at("/cost/models").toString()).isEqualTo("[\"claude-haiku-4-5\"]");
            assertThat(turn.at("/cost/dollars_for").properties())
                    .extracting(Map.Entry::getKey)
                    .containsExactly("answer", "classify", "describe");
            assertThat(first.calls())
                    .extracting(ModelCall::protocol)
                    .hasSize(3)
                    .containsOnly(ModelCall.Protocol.ANTHROPIC);
            assertThat(first.requests()).allSatisfy(request -> {
                assertThat(request.path()).isEqualTo("/v1/messages");
                assertThat(request.header("anthropic-version")).contains("2023-06-01");
            });
        }
    }

    @Test
    @MostlyWaits
    void a_voice_note_goes_to_the_provider_that_can_hear_and_the_answer_comes_from_the_first() throws Exception {
        second.nextTranscripts(QUESTION);
        try (TestServer server = serverWith(anthropic(), openAi())) {
            long conversation =
                    customer(server).sendsVoiceNote(ModelScript.voice()).conversation();
            JsonNode turn = turn(server, conversation, 1);

            assertThat(turn.path("reason").asText()).isEqualTo("written");
            assertThat(turn.at("/cost/models").toString()).contains("gpt-4o-mini-transcribe", "claude-haiku-4-5");
            assertThat(first.calls()).anyMatch(ModelScript::asksForAnAnswer);
            assertThat(second.calls())
                    .singleElement()
                    .extracting(ModelCall::ability)
                    .isEqualTo(ModelCall.Ability.TRANSCRIPTION);
        }
    }

    @Test
    @MostlyWaits
    void when_the_first_provider_is_down_the_second_does_all_of_the_turn_and_the_first_the_next_one_when_it_is_well()
            throws Exception {
        first.faults().always(request -> true, ScriptedModel.overloaded());
        try (TestServer server = serverWith(anthropic(), openAi())) {
            Customer customer = customer(server);
            long conversation =
                    customer.sendsImage(ModelScript.jpeg(), QUESTION).conversation();
            JsonNode outage = turn(server, conversation, 1);

            assertThat(outage.path("reason").asText()).isEqualTo("written");
            assertThat(outage.path("heard").asText()).contains(ModelScript.SEEN);
            assertThat(outage.at("/cost/models").toString()).contains("gpt-4.1-mini", "gpt-4o-mini");
            assertThat(first.requests()).as("asked before").isNotEmpty();
            assertThat(first.calls()).isEmpty();
            assertThat(second.calls()).hasSize(3);

            first.faults().clear();
            customer.writes("oi, a diária do cachorro pequeno custa quanto?");
            JsonNode after = turn(server, conversation, 2);

            assertThat(after.path("reason").asText()).isEqualTo("written");
            assertThat(first.calls()).anyMatch(ModelScript::asksForAnAnswer);
            assertThat(second.calls()).hasSize(3);
        }
    }

    @Test
    @MostlyWaits
    void a_first_provider_that_refuses_the_key_is_stood_in_for_without_being_asked_again() throws Exception {
        first.faults().always(request -> true, Fault.status(401));
        try (TestServer server = serverWith(anthropic(), openAi())) {
            Customer customer = customer(server);
            long conversation = customer.writes(QUESTION).conversation();
            assertThat(turn(server, conversation, 1).path("reason").asText()).isEqualTo("written");
            int asked = first.requests().size();
            customer.writes("oi, a diária do cachorro pequeno custa quanto?");

            assertThat(turn(server, conversation, 2).path("reason").asText()).isEqualTo("written");
            assertThat(first.requests()).hasSize(asked);
        }
    }

    @ParameterizedTest
    @MostlyWaits
    @CsvSource({
        "azure, /openai/v1/, /openai/v1/%s, ''",
        "azure, /openai/deployments/{model}?api-version=2026-01-01, /openai/deployments/%3$s/%1$s, 2026-01-01",
        "openrouter, /api/v1, /api/v1/%s, ''",
        "gemini, /v1beta/openai/, /v1beta/openai/%s, ''"
    })
    void a_base_url_with_a_path_is_kept_whole_for_every_kind_of_call(
            String provider, String base, String path, String version) throws Exception {
        first.nextTranscripts(QUESTION);
        URI here = first.anthropicUrl();
        String models = "chat_model: chat, vision_model: eye, transcription_model: ear, embedding_model: mind";
        try (TestServer server = serverWith(provider(provider, here + base, models))) {
            Customer customer = customer(server);
            long conversation = customer.sendsVoiceNote(ModelScript.voice()).conversation();
            assertThat(turn(server, conversation, 1).path("reason").asText()).isEqualTo("written");
            customer.sendsImage(ModelScript.jpeg(), "quanto custa a diária do gato?");
            assertThat(turn(server, conversation, 2).path("heard").asText()).contains(ModelScript.SEEN);

            assertThat(first.requests())
                    .extracting(SeenRequest::path)
                    .contains(
                            path.formatted("chat/completions", "", "chat"),
                            path.formatted("chat/completions", "", "eye"),
                            path.formatted("audio/transcriptions", "", "ear"),
                            path.formatted("embeddings", "", "mind"));
            assertThat(first.requests()).allSatisfy(request -> {
                assertThat(request.query("api-version").orElse("")).isEqualTo(version);
                assertThat(request.header(provider.equals("azure") ? "api-key" : "authorization"))
                        .isPresent();
            });
        }
    }
}
