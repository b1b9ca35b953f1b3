package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.testkit.ModelCall.Protocol;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Anthropic's Messages protocol. */
final class AnthropicProtocol {

    private static final Set<String> KEYS = Set.of(
            "model",
            "max_tokens",
            "messages",
            "system",
            "temperature",
            "top_p",
            "top_k",
            "stop_sequences",
            "stream",
            "tools",
            "tool_choice",
            "metadata",
            "service_tier",
            "thinking",
            "output_config");
    private static final Set<String> IMAGES = Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

    private final ScriptedModel model;

    AnthropicProtocol(ScriptedModel model) {
        this.model = model;
    }

    private static Answer error(int status, String type, String message) {
        var body = RailsJson.object().put("type", "error");
        body.putObject("error").put("type", type).put("message", message);
        body.put("request_id", "req_" + Installation.randomToken());
        return Answer.json(status, body);
    }

    private static Answer invalid(String message) {
        return error(400, "invalid_request_error", message);
    }

    Answer messages(SeenRequest request) {
        if (!request.header("x-api-key").orElse("").equals(ScriptedModel.KEY)) {
            return error(401, "authentication_error", "invalid x-api-key");
        }
        if (request.header("anthropic-version").isEmpty()) {
            return invalid("anthropic-version: header is required");
        }
        var body = request.json();
        var problem = problem(body);
        if (problem != null) {
            return invalid(problem);
        }
        var system = new ArrayList<String>();
        var user = new ArrayList<String>();
        collect(body.path("system"), system);
        int images = 0;
        int documents = 0;
        for (var message : body.path("messages")) {
            if (message.path("role").asText().equals("user")) {
                collect(message.path("content"), user);
            }
            for (var block : message.path("content")) {
                images += block.path("type").asText().equals("image") ? 1 : 0;
                documents += block.path("type").asText().equals("document") ? 1 : 0;
            }
        }
        var call = ModelCall.chat(Protocol.ANTHROPIC, body, system, user, images, documents);
        var reply = model.reply(call);
        return reply.kind() == ModelReply.Kind.ERROR_INSIDE
                ? error(500, "api_error", String.valueOf(reply.text()))
                : Answer.json(answer(call, reply)).header("request-id", "req_" + Installation.randomToken());
    }

    private static void collect(JsonNode content, List<String> into) {
        if (content.isTextual()) {
            into.add(content.asText());
        }
        for (var block : content) {
            if (block.path("type").asText().equals("text")) {
                into.add(block.path("text").asText());
            }
        }
    }

    private static @Nullable String problem(JsonNode body) {
        if (!body.isObject()) {
            return "The request body is not valid JSON";
        }
        for (var names = body.fieldNames(); names.hasNext(); ) {
            var name = names.next();
            if (!KEYS.contains(name)) {
                return name + ": Extra inputs are not permitted";
            }
        }
        if (body.path("model").asText().isEmpty()) {
            return "model: Field required";
        }
        if (body.path("max_tokens").asInt() < 1) {
            return "max_tokens: Field required";
        }
        double temperature = body.path("temperature").asDouble(1);
        if (temperature < 0 || temperature > 1) {
            return "temperature: range: 0..1";
        }
        var messages = body.path("messages");
        if (messages.isEmpty()) {
            return "messages: at least one message is required";
        }
        if (!messages.path(messages.size() - 1).path("role").asText().equals("user")) {
            return "This model does not support assistant message prefill.";
        }
        for (var message : messages) {
            var problem = messageProblem(message);
            if (problem != null) {
                return problem;
            }
        }
        return null;
    }

    private static @Nullable String messageProblem(JsonNode message) {
        var role = message.path("role").asText();
        if (!role.equals("user") && !role.equals("assistant")) {
            return "messages: Unexpected role \"" + role
                    + "\". The Messages API accepts a top-level `system` parameter";
        }
        for (var block : message.path("content")) {
            var source = block.path("source");
            boolean base64 = source.path("type").asText().equals("base64");
            if (base64 && source.path("data").asText().startsWith("data:")) {
                return "messages.content.source.base64: invalid base64 data";
            }
            boolean image = block.path("type").asText().equals("image");
            if (image && base64 && !IMAGES.contains(source.path("media_type").asText())) {
                return "messages.content.image.source.base64.media_type: Input should be 'image/jpeg', 'image/png',"
                        + " 'image/gif' or 'image/webp'";
            }
        }
        return null;
    }

    private ObjectNode answer(ModelCall call, ModelReply reply) {
        var body = RailsJson.object()
                .put("id", "msg_" + Installation.randomToken())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", call.model());
        var content = body.putArray("content");
        // A block nobody knows: readers must pass over it.
        content.addObject().put("type", "thinking").put("thinking", "").put("signature", "c2lt");
        var forced = call.body().path("tool_choice").path("name").asText();
        var tool = reply.kind() == ModelReply.Kind.TOOL ? String.valueOf(reply.tool()) : forced;
        var text = reply.text();
        if (!tool.isEmpty() && text != null && reply.kind() != ModelReply.Kind.REFUSAL) {
            var input = RailsJson.parse(text.getBytes(StandardCharsets.UTF_8)).orElseGet(RailsJson::object);
            content.addObject()
                    .put("type", "tool_use")
                    .put("id", "toolu_1")
                    .put("name", tool)
                    .set("input", input);
        } else if (text != null) {
            int middle = text.length() / 2;
            content.addObject().put("type", "text").put("text", text.substring(0, middle));
            content.addObject().put("type", "text").put("text", text.substring(middle));
        }
        body.put(
                "stop_reason",
                switch (reply.kind()) {
                    case CUT -> "max_tokens";
                    case REFUSAL, FILTERED -> "refusal";
                    default -> tool.isEmpty() ? "end_turn" : "tool_use";
                });
        body.putNull("stop_sequence");
        if (model.tellsUsage()) {
            body.putObject("usage")
                    .put("input_tokens", reply.inputTokens(ScriptedModel.tokens(call.system() + call.user())))
                    .put("output_tokens", reply.outputTokens())
                    .put("cache_creation_input_tokens", 0)
                    .put("cache_read_input_tokens", 0);
        }
        return body;
    }
}
