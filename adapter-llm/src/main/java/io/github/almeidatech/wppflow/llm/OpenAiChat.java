package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.llm.Provider.JsonMode;
import io.github.almeidatech.wppflow.multimodal.MediaFile;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** OpenAI's chat completions, as the compatible servers know them too. */
final class OpenAiChat implements ChatProtocol {

    @Override
    public String path() {
        return "chat/completions";
    }

    @Override
    public ObjectNode body(
            ChatRequest<?> request,
            String model,
            Dialect dialect,
            @Nullable Double temperature,
            @Nullable String problem) {
        ObjectNode body = Json.object().put("model", model);
        ArrayNode messages = body.putArray("messages");
        message(messages, "system", instructions(request, dialect, problem));
        if (dialect.jsonMode() == JsonMode.PROMPT) {
            // The simplest servers want user and assistant to take turns.
            message(messages, "user", String.join("\n\n", request.data()));
        } else {
            request.data().forEach(each -> message(messages, "user", each));
        }
        if (request.picture() != null) {
            ArrayNode parts = messages.addObject().put("role", "user").putArray("content");
            parts.addObject().put("type", "image_url").putObject("image_url").put("url", dataUrl(request.picture()));
        }
        body.put(dialect.tokenLimit().field(), request.maxTokens());
        if (dialect.temperature() && temperature != null) {
            body.put("temperature", temperature);
        }
        format(body, request.form(), dialect);
        return body;
    }

    private static void message(ArrayNode messages, String role, String text) {
        messages.addObject().put("role", role).put("content", text);
    }

    /** Without a JSON schema mode, the schema stands in the prompt. */
    private static String instructions(ChatRequest<?> request, Dialect dialect, @Nullable String problem) {
        String schema = dialect.jsonMode() == JsonMode.SCHEMA
                ? ""
                : "\n" + request.prompts().schema(request.form().schema());
        String again = problem == null ? "" : "\n" + request.prompts().again(problem);
        return request.instructions() + schema + again;
    }

    private static void format(ObjectNode body, AnswerForm<?> form, Dialect dialect) {
        switch (dialect.jsonMode()) {
            case SCHEMA -> {
                ObjectNode format = body.putObject("response_format").put("type", "json_schema");
                format.putObject("json_schema")
                        .put("name", form.name())
                        .put("strict", true)
                        .set("schema", form.schema());
            }
            case OBJECT -> body.putObject("response_format").put("type", "json_object");
            case PROMPT, TOOL -> {
                // the prompt says it
            }
        }
    }

    private static String dataUrl(MediaFile picture) {
        return "data:" + picture.type().mimeType() + ";base64,"
                + Base64.getEncoder().encodeToString(picture.bytes());
    }

    @Override
    public @Nullable Usage usage(JsonNode answer) {
        JsonNode usage = answer.path("usage");
        return usage.path("prompt_tokens").isIntegralNumber()
                ? Usage.tokens(
                        usage.path("prompt_tokens").asLong(),
                        usage.path("completion_tokens").asLong())
                : null;
    }

    @Override
    public JsonNode object(JsonNode answer) throws MalformedAnswerException {
        JsonNode choice = answer.path("choices").path(0);
        JsonNode message = choice.path("message");
        if (!message.isObject()) {
            throw MalformedAnswerException.unreadable("no message");
        }
        String finish = choice.path("finish_reason").asText("");
        if (!message.path("refusal").asText("").isEmpty() || finish.equals("content_filter")) {
            throw new MalformedAnswerException(LlmError.REFUSED, "declined");
        }
        if (finish.equals("error") || choice.path("error").isObject()) {
            // Only OpenRouter writes errors there.
            boolean moderated = choice.path("error").path("code").asInt() == 403;
            throw new MalformedAnswerException(
                    moderated ? LlmError.REFUSED : LlmError.SERVER_ERROR, moderated ? "declined" : "error inside");
        }
        if (finish.equals("length")) {
            throw MalformedAnswerException.invalid(ChatCaller.CUT_OFF);
        }
        String words = words(message.path("content"));
        if (words.isBlank()) {
            throw MalformedAnswerException.invalid("it was empty");
        }
        return Json.strictObject(words);
    }

    private static String words(JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        var words = new StringBuilder();
        content.forEach(part -> words.append(part.path("text").asText("")));
        return words.toString();
    }
}
