package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Anthropic's Messages API. The model answers by calling the one tool it is given. */
final class AnthropicMessages implements ChatProtocol {

    @Override
    public String path() {
        return "v1/messages";
    }

    @Override
    public ObjectNode body(
            ChatRequest<?> request,
            String model,
            Dialect dialect,
            @Nullable Double temperature,
            @Nullable String problem) {
        ObjectNode body = Json.object().put("model", model).put("max_tokens", request.maxTokens());
        String again = problem == null ? "" : "\n" + request.prompts().again(problem);
        body.put("system", request.instructions() + again);
        if (dialect.temperature() && temperature != null) {
            body.put("temperature", temperature);
        }
        ArrayNode messages = body.putArray("messages");
        if (request.picture() != null) {
            picture(messages, request);
        }
        request.data().forEach(each -> messages.addObject().put("role", "user").put("content", each));
        AnswerForm<?> form = request.form();
        body.putArray("tools")
                .addObject()
                .put("name", form.name())
                .put("description", "Your answer.")
                .set("input_schema", form.schema());
        body.putObject("tool_choice").put("type", "tool").put("name", form.name());
        return body;
    }

    /** Pictures before texts work best. */
    private static void picture(ArrayNode messages, ChatRequest<?> request) {
        var file = request.picture();
        if (file != null) {
            ArrayNode blocks = messages.addObject().put("role", "user").putArray("content");
            blocks.addObject()
                    .put("type", "image")
                    .putObject("source")
                    .put("type", "base64")
                    .put("media_type", file.type().mimeType())
                    .put("data", Base64.getEncoder().encodeToString(file.bytes()));
        }
    }

    @Override
    public @Nullable Usage usage(JsonNode answer) {
        JsonNode usage = answer.path("usage");
        if (!usage.path("input_tokens").isIntegralNumber()) {
            return null;
        }
        double input = usage.path("input_tokens").asDouble()
                + usage.path("cache_creation_input_tokens").asDouble()
                + usage.path("cache_read_input_tokens").asDouble();
        return Usage.tokens((long) input, usage.path("output_tokens").asLong());
    }

    @Override
    public JsonNode object(JsonNode answer) throws MalformedAnswerException {
        if (!answer.path("content").isArray()) {
            throw MalformedAnswerException.unreadable("no content");
        }
        String stop = answer.path("stop_reason").asText("");
        if (stop.equals("refusal")) {
            throw new MalformedAnswerException(LlmError.REFUSED, "declined");
        }
        if (stop.equals("max_tokens")) {
            throw MalformedAnswerException.invalid(ChatCaller.CUT_OFF);
        }
        if (stop.equals("model_context_window_exceeded")) {
            throw new MalformedAnswerException(LlmError.TOO_LARGE, "context");
        }
        var words = new StringBuilder();
        for (JsonNode block : answer.path("content")) {
            String type = block.path("type").asText();
            if (type.equals("tool_use") && block.path("input").isObject()) {
                return block.path("input");
            }
            if (type.equals("text")) {
                words.append(block.path("text").asText(""));
            }
        }
        if (words.toString().isBlank()) {
            throw MalformedAnswerException.invalid("it was empty");
        }
        return Json.strictObject(words.toString());
    }
}
