package io.github.almeidatech.wppflow.llm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.llm.Provider.JsonMode;
import io.github.almeidatech.wppflow.llm.Provider.TokenLimit;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What servers that call themselves compatible do not understand. */
class DialectsTest {

    private static final String GOOD = Hotel.answer("A diária custa R$ 85,00.", "1");

    private final ScriptedModel model = ScriptedModel.start().otherwise(ModelReply.text(GOOD));

    @AfterEach
    void close() {
        model.close();
    }

    private static AnswerWriter writer(ProviderSettings.Builder provider) {
        return Hotel.models(provider.build()).build().answerWriter();
    }

    private JsonNode lastBody() {
        return model.calls().get(model.calls().size() - 1).body();
    }

    @Test
    void openai_is_asked_with_a_strict_schema() {
        writer(Hotel.openAi(model)).write(Hotel.question("quanto custa?"));

        JsonNode format = lastBody().path("response_format");
        assertThat(format.path("type").asText()).isEqualTo("json_schema");
        assertThat(format.path("json_schema").path("strict").asBoolean()).isTrue();
        assertThat(format.at("/json_schema/schema/properties/passages/items/enum"))
                .hasSize(2);
        assertThat(lastBody().path("max_completion_tokens").asInt()).isPositive();
        assertThat(lastBody().has("temperature")).isFalse();
    }

    @Test
    void anthropic_is_asked_with_a_tool_it_must_call() {
        writer(Hotel.anthropic(model).temperature(0.2)).write(Hotel.question("quanto custa?"));

        assertThat(lastBody().path("tool_choice").path("name").asText()).isEqualTo("answer");
        assertThat(lastBody().at("/tools/0/input_schema/additionalProperties").asBoolean(true))
                .isFalse();
        assertThat(lastBody().path("system").isTextual()).isTrue();
        assertThat(lastBody().path("temperature").asDouble()).isEqualTo(0.2);
        assertThat(model.requests().get(0).header("anthropic-version")).contains("2023-06-01");
        assertThat(model.requests().get(0).header("authorization")).isEmpty();
    }

    @Test
    void a_reasoning_model_that_refuses_a_temperature_is_asked_without() {
        model.faults().next(1, request -> request.body().contains("temperature"), refused("temperature"));
        AnswerWriter writer = writer(Hotel.openAi(model).chatModel("gpt-5-mini").temperature(0.2));

        assertThat(writer.write(Hotel.question("quanto custa?"))).isPresent();
        assertThat(writer.write(Hotel.question("quanto custa?"))).isPresent();

        assertThat(model.requests()).as("learned for good").hasSize(3);
        assertThat(lastBody().has("temperature")).isFalse();
        assertThat(lastBody().has("response_format")).isTrue();
    }

    private static Fault refused(String parameter) {
        return Fault.answer(
                400,
                "application/json",
                "{\"error\":{\"message\":\"m\",\"type\":\"invalid_request_error\",\"param\":\"" + parameter
                        + "\",\"code\":\"unsupported_parameter\"}}");
    }

    @Test
    void a_token_limit_of_the_wrong_name_gets_the_other_name() {
        model.faults().next(1, request -> request.body().contains("\"max_tokens\""), refused("max_tokens"));
        AnswerWriter writer = writer(Hotel.openAi(model).tokenLimit(TokenLimit.MAX_TOKENS));

        assertThat(writer.write(Hotel.question("quanto custa?"))).isPresent();
        assertThat(lastBody().has("max_completion_tokens")).isTrue();
    }

    @Test
    void a_server_without_schemas_is_asked_for_json_and_told_the_schema() {
        model.faults().next(1, request -> request.body().contains("json_schema"), refused("response_format"));

        assertThat(writer(Hotel.openAi(model)).write(Hotel.question("quanto custa?")))
                .isPresent();
        assertThat(lastBody().path("response_format").path("type").asText()).isEqualTo("json_object");
        assertThat(model.calls().get(0).system()).contains("\"additionalProperties\":false");
    }

    @Test
    void an_old_server_that_says_nothing_is_asked_in_the_plainest_way_from_then_on() {
        model.likeAnOldServer();
        AnswerWriter writer = writer(Hotel.openAi(model));

        assertThat(writer.write(Hotel.question("quanto custa?"))).isPresent();
        assertThat(writer.write(Hotel.question("quanto custa?"))).isPresent();

        assertThat(model.requests()).hasSize(3);
        assertThat(lastBody().has("max_tokens")).isTrue();
        assertThat(lastBody().has("response_format")).isFalse();
        assertThat(lastBody().path("messages"))
                .as("rules and one message of data")
                .hasSize(2);
    }

    @Test
    void what_did_not_help_is_not_learned() {
        model.faults().next(2, request -> true, Fault.status(400));
        AnswerWriter writer = writer(Hotel.openAi(model));
        assertThat(catchThrowableOfType(LlmException.class, () -> writer.write(Hotel.question("?")))
                        .error())
                .isEqualTo(LlmError.INVALID_REQUEST);

        writer.write(Hotel.question("quanto custa?"));

        assertThat(lastBody().path("response_format").path("type").asText()).isEqualTo("json_schema");
    }

    @Test
    void anthropics_newest_models_are_asked_without_a_temperature() {
        model.faults().next(1, request -> request.body().contains("temperature"), Fault.status(400));
        AnswerWriter writer = writer(Hotel.anthropic(model).temperature(0.2));

        assertThat(writer.write(Hotel.question("quanto custa?"))).isPresent();
        assertThat(lastBody().has("temperature")).isFalse();
    }

    @Test
    void azure_shows_its_key_in_its_own_header() {
        var azure = ProviderSettings.of(Provider.AZURE)
                .baseUrl(model.openAiUrl() + "/?api-version=2026-01-01")
                .apiKey(ScriptedModel.KEY)
                .chatModel("my-deployment");

        assertThat(writer(azure).write(Hotel.question("quanto custa?"))).isPresent();
        assertThat(model.requests().get(0).header("api-key")).contains(ScriptedModel.KEY);
        assertThat(model.requests().get(0).header("authorization")).isEmpty();
        assertThat(model.requests().get(0).query("api-version")).contains("2026-01-01");
    }

    @Test
    void a_server_of_ones_own_needs_no_key() {
        var open = ProviderSettings.of(Provider.OLLAMA)
                .baseUrl(model.openAiUrl().toString())
                .chatModel("qwen3");

        catchThrowableOfType(LlmException.class, () -> writer(open).write(Hotel.question("quanto custa?")));

        assertThat(model.requests().get(0).header("authorization")).isEmpty();
    }

    @Test
    void a_mode_can_be_chosen() {
        writer(Hotel.openAi(model).jsonMode(JsonMode.OBJECT)).write(Hotel.question("quanto custa?"));

        assertThat(lastBody().path("response_format").path("type").asText()).isEqualTo("json_object");
    }

    @Test
    void nothing_left_to_give_up_ends_it() {
        var plainest = new Dialect(TokenLimit.MAX_TOKENS, false, JsonMode.PROMPT);

        assertThat(plainest.without("", false)).isEmpty();
        assertThat(plainest.without("response_format", false)).isEmpty();
        assertThat(plainest.without("temperature", false)).isEmpty();
        assertThat(new Dialect(TokenLimit.MAX_TOKENS, false, JsonMode.TOOL).without("", false))
                .isEmpty();
    }
}
