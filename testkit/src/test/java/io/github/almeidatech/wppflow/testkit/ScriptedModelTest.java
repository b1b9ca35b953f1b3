package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptedModelTest {

    private static final String ASK =
            "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"system\",\"content\":\"Seja breve\"},"
                    + "{\"role\":\"user\",\"content\":\"Quanto custa?\"}]}";

    private final ScriptedModel model = ScriptedModel.start();
    private final Api openAi = new Api(model.openAiUrl(), "Authorization", "Bearer " + ScriptedModel.KEY);

    @AfterEach
    void close() {
        model.close();
    }

    private Api.Response chat(String json) throws Exception {
        return openAi.post("/chat/completions", json);
    }

    private static JsonNode choice(Api.Response answer) {
        return answer.json().path("choices").path(0);
    }

    private Api.Response anthropic(String json) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(model.anthropicUrl() + "/v1/messages"))
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .header("x-api-key", ScriptedModel.KEY)
                .header("anthropic-version", "2023-06-01")
                .header("Content-Type", "application/json")
                .build();
        var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new Api.Response(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8), response);
    }

    @Test
    void scripted_replies_come_first_then_rules_then_the_rest() throws Exception {
        model.next("primeira", "segunda")
                .when(call -> call.user().contains("custa"), ModelReply.text("R$ 95"))
                .otherwise(ModelReply.text("não sei"));

        assertThat(choice(chat(ASK)).path("message").path("content").asText()).isEqualTo("primeira");
        assertThat(choice(chat(ASK)).path("message").path("content").asText()).isEqualTo("segunda");
        assertThat(choice(chat(ASK)).path("message").path("content").asText()).isEqualTo("R$ 95");
        var other = chat(ASK.replace("Quanto custa?", "oi"));
        assertThat(choice(other).path("message").path("content").asText()).isEqualTo("não sei");
        assertThat(choice(other).path("finish_reason").asText()).isEqualTo("stop");
        assertThat(other.http().headers().firstValue("x-request-id")).isPresent();
        assertThat(model.calls()).hasSize(4);
        assertThat(model.calls().get(0).system()).isEqualTo("Seja breve");
        assertThat(model.calls().get(0).user()).isEqualTo("Quanto custa?");
        assertThat(model.calls().get(0).toString()).doesNotContain("custa");
        assertThat(model.mostAtOnce()).isEqualTo(1);
    }

    @Test
    void usage_is_estimated_said_or_left_out() throws Exception {
        var estimated = chat(ASK).json().path("usage");
        model.next(ModelReply.text("x").usage(1000, 50));
        var said = chat(ASK).json().path("usage");
        var none = model.withoutUsage() == model ? chat(ASK).json() : null;

        assertThat(estimated.path("prompt_tokens").asInt()).isEqualTo(6);
        assertThat(said.path("total_tokens").asInt()).isEqualTo(1050);
        assertThat(none.has("usage")).isFalse();
    }

    @Test
    void an_answer_can_be_cut_refused_filtered_empty_a_tool_call_or_an_error_inside_200() throws Exception {
        model.next(
                ModelReply.cut("{\"a\":"),
                ModelReply.refusal("não posso"),
                ModelReply.filtered(),
                ModelReply.nothing(),
                ModelReply.toolCall("route", "{\"broken\""),
                ModelReply.errorInside("upstream failed"));

        assertThat(choice(chat(ASK)).path("finish_reason").asText()).isEqualTo("length");
        var refused = choice(chat(ASK)).path("message");
        assertThat(refused.path("refusal").asText()).isEqualTo("não posso");
        assertThat(refused.path("content").isNull()).isTrue();
        assertThat(choice(chat(ASK)).path("finish_reason").asText()).isEqualTo("content_filter");
        assertThat(choice(chat(ASK)).path("message").path("content").isNull()).isTrue();
        var tool = choice(chat(ASK)).path("message").path("tool_calls").path(0).path("function");
        assertThat(tool.path("arguments").asText()).isEqualTo("{\"broken\"");
        var inside = chat(ASK);
        assertThat(inside.status()).isEqualTo(200);
        assertThat(inside.json().path("error").path("message").asText()).isEqualTo("upstream failed");
    }

    @Test
    void a_forced_tool_gets_the_text_as_its_arguments() throws Exception {
        model.next("{\"intent\":\"price\"}");

        var answer = chat(ASK.replace(
                "\"messages\"",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"route\"}}],"
                        + "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"route\"}},\"messages\""));

        var tool = choice(answer).path("message").path("tool_calls").path(0).path("function");
        assertThat(tool.path("name").asText()).isEqualTo("route");
        assertThat(tool.path("arguments").asText()).isEqualTo("{\"intent\":\"price\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"model\" | \"colour\":1,\"model\" | Unrecognized request argument supplied: colour",
                "\"model\" | \"stop\":null,\"model\" | Invalid type for 'stop'",
                "gpt-4o-mini | o3-mini\",\"max_tokens\":5,\"seed\":\"1 | Use 'max_completion_tokens' instead",
                "gpt-4o-mini | gpt-5-mini\",\"temperature\":0.2,\"user\":\"u | 'temperature' does not support",
                "\"model\" | \"temperature\":2.5,\"model\" | Invalid 'temperature'",
                "\"user\" | \"someone\" | Invalid value: 'someone'",
                "\"Quanto custa?\" | [{\"type\":\"image_url\",\"image_url\":\"data:image/png;base64,AA==\"}] | Invalid image_url",
                "\"Quanto custa?\" | [{\"type\":\"video\"}] | Invalid content part type: 'video'",
                "\"model\" | \"response_format\":{\"type\":\"json_object\"},\"model\" | must contain the word 'json'",
                "\"model\" | \"response_format\":{\"type\":\"xml\"},\"model\" | Invalid value for 'response_format.type'",
                "\"model\" | \"response_format\":{\"type\":\"json_schema\",\"schema\":{}},\"model\" | json_schema.name",
                "\"gpt-4o-mini\" | \"\" | you must provide a model parameter"
            })
    void what_a_provider_would_refuse_is_refused(String from, String to, String message) throws Exception {
        var answer = chat(ASK.replace(from, to));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").path("message").asText()).contains(message);
        assertThat(model.calls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"string\"}}} | 200",
                "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[],\"properties\":{\"a\":{\"type\":\"string\"}}} | 400",
                "{\"type\":\"object\",\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"string\"}}} | 400",
                "{\"type\":\"array\",\"items\":{\"type\":\"string\"}} | 400",
                "{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"a\"],\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"type\":\"object\"}}}} | 400"
            })
    void a_strict_schema_needs_every_property_required_and_nothing_further_allowed(String schema, int status)
            throws Exception {
        var format = "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"route\",\"strict\":true,\"schema\":"
                + schema + "}}";

        assertThat(chat(ASK.replace("\"model\"", "\"response_format\":" + format + ",\"model\""))
                        .status())
                .isEqualTo(status);
    }

    @Test
    void pictures_and_documents_are_counted() throws Exception {
        chat(ASK.replace(
                "\"Quanto custa?\"",
                "[{\"type\":\"text\",\"text\":\"veja\"},"
                        + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/jpeg;base64,AAAA\"}},"
                        + "{\"type\":\"file\",\"file\":{\"filename\":\"a.pdf\"}}]"));

        assertThat(model.calls().get(0).images()).isEqualTo(1);
        assertThat(model.calls().get(0).documents()).isEqualTo(1);
        assertThat(model.calls().get(0).user()).isEqualTo("veja");
    }

    @Test
    void an_old_server_knows_neither_the_new_token_name_nor_schemas() throws Exception {
        model.likeAnOldServer();

        assertThat(chat(ASK.replace("\"model\"", "\"max_completion_tokens\":5,\"model\""))
                        .status())
                .isEqualTo(400);
        assertThat(chat(ASK.replace("\"model\"", "\"response_format\":{\"type\":\"json_schema\"},\"model\""))
                        .status())
                .isEqualTo(400);
        assertThat(chat(ASK.replace("\"model\"", "\"max_tokens\":5,\"model\"")).status())
                .isEqualTo(200);
    }

    @Test
    void wrong_keys_paths_methods_and_bodies_are_refused() throws Exception {
        var stranger = new Api(model.openAiUrl(), "Authorization", "Bearer wrong");
        assertThat(stranger.post("/chat/completions", ASK)
                        .json()
                        .path("error")
                        .path("code")
                        .asText())
                .isEqualTo("invalid_api_key");
        assertThat(stranger.post("/embeddings", "{}").status()).isEqualTo(401);
        assertThat(stranger.post("/audio/transcriptions", "{}").status()).isEqualTo(401);
        assertThat(chat("not json").status()).isEqualTo(400);
        assertThat(chat("{\"model\":\"m\",\"messages\":[]}").status()).isEqualTo(400);
        assertThat(openAi.post("/nothing", "{}").status()).isEqualTo(404);
        assertThat(openAi.get("/chat/completions").status()).isEqualTo(405);
        var azure = new Api(model.anthropicUrl(), "api-key", ScriptedModel.KEY);
        assertThat(azure.post("/openai/deployments/d1/chat/completions?api-version=1", ASK)
                        .status())
                .isEqualTo(200);
        assertThat(model.requests()).hasSize(8);
    }

    private Api.Response transcribe(String... namesAndValues) throws Exception {
        var body = new StringBuilder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            body.append("--b\r\nContent-Disposition: form-data; name=\"")
                    .append(namesAndValues[i])
                    .append('"');
            body.append(namesAndValues[i].equals("file") ? "; filename=\"" + namesAndValues[i + 1] + "\"" : "");
            body.append("\r\n\r\n").append(namesAndValues[i + 1]).append("\r\n");
        }
        return openAi.send(
                "POST",
                "/audio/transcriptions",
                "multipart/form-data; boundary=b",
                (body + "--b--\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void voice_notes_are_heard_as_told() throws Exception {
        model.nextTranscripts("quero reservar");

        var first = transcribe("file", "voice.ogg", "model", "whisper-1", "language", "pt");
        var second = transcribe("file", "voice.ogg", "model", "whisper-1", "response_format", "text");

        assertThat(first.json().path("text").asText()).isEqualTo("quero reservar");
        assertThat(first.json().path("usage").path("type").asText()).isEqualTo("duration");
        assertThat(second.body()).isEqualTo("transcrição de teste\n");
        assertThat(model.calls().get(0).language()).isEqualTo("pt");
        assertThat(model.calls().get(0).fileName()).isEqualTo("voice.ogg");
        assertThat(model.calls().get(1).language()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file,voice.opus,model,whisper-1",
                "file,voice,model,whisper-1",
                "file,voice.ogg",
                "model,whisper-1",
                "file,voice.ogg,model,whisper-1,language,pt-BR",
                "file,voice.ogg,model,gpt-4o-transcribe,response_format,text",
                "file,voice.ogg,model,whisper-1,colour,red"
            })
    void a_recording_sent_wrong_is_refused(String parts) throws Exception {
        assertThat(transcribe(parts.split(",")).status()).isEqualTo(400);
        assertThat(model.calls()).isEmpty();
    }

    @Test
    void a_recording_above_25_megabytes_is_413_and_no_form_is_400() throws Exception {
        var huge =
                openAi.send("POST", "/audio/transcriptions", "multipart/form-data; boundary=b", new byte[26_214_401]);

        assertThat(huge.status()).isEqualTo(413);
        assertThat(huge.json().path("error").path("type").asText()).isEqualTo("server_error");
        assertThat(openAi.post("/audio/transcriptions", "{}").status()).isEqualTo(400);
    }

    @Test
    void embeddings_come_out_of_order_and_similar_texts_are_near_each_other() throws Exception {
        var answer = openAi.post(
                        "/embeddings",
                        "{\"model\":\"text-embedding-3-small\",\"dimensions\":64,\"input\":[\"diária do cachorro\",\"diaria cachorro\",\"vacina de gato\"]}")
                .json();

        var data = answer.path("data");
        assertThat(data.path(0).path("index").asInt()).isEqualTo(2);
        var dog = vector(data.path(2));
        assertThat(dog).hasSize(64);
        assertThat(cosine(dog, dog)).isBetween(0.999, 1.001);
        assertThat(cosine(dog, vector(data.path(1)))).isGreaterThan(cosine(dog, vector(data.path(0))) + 0.2);
        assertThat(answer.path("usage").path("total_tokens").asInt()).isPositive();
        var base64 = openAi.post(
                        "/embeddings",
                        "{\"model\":\"text-embedding-3-large\",\"encoding_format\":\"base64\",\"input\":\"...\"}")
                .json();
        var bytes = Base64.getDecoder()
                .decode(base64.path("data").path(0).path("embedding").asText());
        assertThat(bytes).hasSize(3072 * 4);
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getFloat())
                .isEqualTo(1f);
    }

    private static double[] vector(JsonNode entry) {
        var node = entry.path("embedding");
        var vector = new double[node.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = node.get(i).asDouble();
        }
        return vector;
    }

    private static double cosine(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Test
    void empty_too_many_or_too_long_inputs_are_refused() throws Exception {
        assertThat(openAi.post("/embeddings", "{\"model\":\"m\",\"input\":[\"a\",\"\"]}")
                        .status())
                .isEqualTo(400);
        assertThat(openAi.post("/embeddings", "{\"model\":\"m\",\"input\":[]}").status())
                .isEqualTo(400);
        assertThat(openAi.post("/embeddings", "{\"model\":\"m\",\"input\":[" + "\"a\",".repeat(2048) + "\"a\"]}")
                        .status())
                .isEqualTo(400);
        assertThat(openAi.post("/embeddings", "{\"model\":\"m\",\"input\":\"" + "a".repeat(33_000) + "\"}")
                        .status())
                .isEqualTo(400);
    }

    @Test
    void anthropic_answers_in_blocks_to_be_joined_with_strangers_to_be_passed_over() throws Exception {
        model.next("Custa R$ 95");

        var answer = anthropic(
                "{\"model\":\"claude\",\"max_tokens\":100,\"system\":\"Seja breve\",\"messages\":[{\"role\":\"user\",\"content\":"
                        + "[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AA\"}},"
                        + "{\"type\":\"document\",\"source\":{\"type\":\"url\"}},{\"type\":\"text\",\"text\":\"Quanto?\"}]}]}");

        var content = answer.json().path("content");
        assertThat(content.path(0).path("type").asText()).isEqualTo("thinking");
        assertThat(content.path(1).path("text").asText()
                        + content.path(2).path("text").asText())
                .isEqualTo("Custa R$ 95");
        assertThat(answer.json().path("stop_reason").asText()).isEqualTo("end_turn");
        assertThat(answer.json().path("usage").path("output_tokens").asInt()).isEqualTo(3);
        var call = model.calls().get(0);
        assertThat(call.system()).isEqualTo("Seja breve");
        assertThat(call.user()).isEqualTo("Quanto?");
        assertThat(call.images() + call.documents()).isEqualTo(2);
    }

    @Test
    void anthropic_tools_get_an_object_and_endings_have_their_reasons() throws Exception {
        model.next(
                ModelReply.text("{\"intent\":\"price\"}"),
                ModelReply.toolCall("other", "{}"),
                ModelReply.cut("metade"),
                ModelReply.refusal("não"),
                ModelReply.filtered(),
                ModelReply.errorInside("boom"));
        var ask = "{\"model\":\"claude\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"oi\"}]";

        var tool = anthropic(
                ask + ",\"tools\":[{\"name\":\"route\"}],\"tool_choice\":{\"type\":\"tool\",\"name\":\"route\"}}");
        assertThat(tool.json()
                        .path("content")
                        .path(1)
                        .path("input")
                        .path("intent")
                        .asText())
                .isEqualTo("price");
        assertThat(tool.json().path("stop_reason").asText()).isEqualTo("tool_use");
        assertThat(anthropic(ask + "}")
                        .json()
                        .path("content")
                        .path(1)
                        .path("name")
                        .asText())
                .isEqualTo("other");
        assertThat(anthropic(ask + "}").json().path("stop_reason").asText()).isEqualTo("max_tokens");
        assertThat(anthropic(ask + "}").json().path("stop_reason").asText()).isEqualTo("refusal");
        assertThat(anthropic(ask + "}").json().path("content")).hasSize(1);
        assertThat(anthropic(ask + "}").status()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "{\"model\":\"claude\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"response_format\":{}}",
                "{\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}",
                "{\"model\":\"claude\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}",
                "{\"model\":\"claude\",\"max_tokens\":9,\"messages\":[]}",
                "{\"model\":\"claude\",\"max_tokens\":9,\"temperature\":1.5,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}",
                "{\"model\":\"claude\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]}",
                "{\"model\":\"claude\",\"max_tokens\":9,\"messages\":[{\"role\":\"system\",\"content\":\"a\"},{\"role\":\"user\",\"content\":\"b\"}]}",
                "{\"model\":\"claude\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/jpg\",\"data\":\"AA\"}}]}]}",
                "{\"model\":\"claude\",\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"data:image/png;base64,AA\"}}]}]}"
            })
    void anthropic_refuses_what_it_does_not_take(String json) throws Exception {
        var answer = anthropic(json);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").path("type").asText()).isEqualTo("invalid_request_error");
        assertThat(model.calls()).isEmpty();
    }

    @Test
    void anthropic_needs_its_own_headers() throws Exception {
        var noKey = new Api(model.anthropicUrl(), "Authorization", "Bearer " + ScriptedModel.KEY);
        var noVersion = new Api(model.anthropicUrl(), "x-api-key", ScriptedModel.KEY);

        assertThat(noKey.post("/v1/messages", "{}").status()).isEqualTo(401);
        assertThat(noVersion.post("/v1/messages", "{}").status()).isEqualTo(400);
    }

    @Test
    void faults_strike_before_the_script_is_used_up() throws Exception {
        model.next("ok");
        model.faults()
                .next(1, request -> true, ScriptedModel.quotaExceeded())
                .next(1, request -> true, ScriptedModel.overloaded());

        assertThat(chat(ASK).json().path("error").path("code").asText()).isEqualTo("insufficient_quota");
        assertThat(chat(ASK).status()).isEqualTo(529);
        assertThat(choice(chat(ASK)).path("message").path("content").asText()).isEqualTo("ok");
        assertThat(model.faults().struck()).isEqualTo(2);
    }
}
