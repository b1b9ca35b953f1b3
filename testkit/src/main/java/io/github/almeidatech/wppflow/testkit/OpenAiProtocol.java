package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.testkit.ModelCall.Ability;
import io.github.almeidatech.wppflow.testkit.ModelCall.Protocol;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** OpenAI's protocol as its API and the better compatible servers hold it. */
final class OpenAiProtocol {

    private static final Set<String> CHAT_KEYS = Set.of(
            ("model messages max_completion_tokens max_tokens temperature top_p n stop seed user safety_identifier store"
                            + " response_format tools tool_choice parallel_tool_calls stream stream_options metadata"
                            + " modalities audio reasoning_effort verbosity service_tier prediction presence_penalty"
                            + " frequency_penalty logit_bias logprobs top_logprobs prompt_cache_key functions function_call")
                    .split(" "));
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function");
    private static final Set<String> AUDIO =
            Set.of("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "oga", "wav", "webm");
    private static final Set<String> AUDIO_FIELDS = Set.of(
            "model",
            "language",
            "prompt",
            "response_format",
            "temperature",
            "stream",
            "chunking_strategy",
            "include[]",
            "timestamp_granularities[]",
            "file");
    private static final int MAX_AUDIO_BYTES = 26_214_400;
    private static final int MAX_INPUTS = 2048;

    private final ScriptedModel model;

    OpenAiProtocol(ScriptedModel model) {
        this.model = model;
    }

    static Answer error(int status, String type, @Nullable String code, String message) {
        var body = RailsJson.object();
        body.putObject("error")
                .put("message", message)
                .put("type", type)
                .putNull("param")
                .put("code", code);
        return Answer.json(status, body);
    }

    private static Answer invalid(@Nullable String code, String message) {
        return error(400, "invalid_request_error", code, message);
    }

    private static @Nullable Answer unauthorized(SeenRequest request) {
        var bearer = request.header("Authorization").orElse("");
        var azure = request.header("api-key").orElse("");
        return bearer.equals("Bearer " + ScriptedModel.KEY) || azure.equals(ScriptedModel.KEY)
                ? null
                : error(401, "invalid_request_error", "invalid_api_key", "Incorrect API key provided");
    }

    Answer chat(SeenRequest request) {
        var refused = unauthorized(request);
        var body = request.json();
        var problem = refused == null ? chatProblem(body) : refused;
        if (problem != null) {
            return problem;
        }
        var system = new ArrayList<String>();
        var user = new ArrayList<String>();
        int images = 0;
        int documents = 0;
        for (var message : body.path("messages")) {
            var role = message.path("role").asText();
            var texts = role.equals("system") || role.equals("developer") ? system : user;
            if (message.path("content").isTextual() && !role.equals("assistant")) {
                texts.add(message.path("content").asText());
            }
            for (var part : message.path("content")) {
                switch (part.path("type").asText()) {
                    case "text" -> texts.add(part.path("text").asText());
                    case "image_url" -> images++;
                    default -> documents++;
                }
            }
        }
        var call = ModelCall.chat(Protocol.OPENAI, body, system, user, images, documents);
        return Answer.json(completion(call, model.reply(call)));
    }

    private @Nullable Answer chatProblem(JsonNode body) {
        if (!body.isObject()) {
            return invalid(null, "We could not parse the JSON body of your request.");
        }
        for (var field : body.properties()) {
            if (!CHAT_KEYS.contains(field.getKey())) {
                return invalid(null, "Unrecognized request argument supplied: " + field.getKey());
            }
            if (field.getValue().isNull()) {
                return invalid("invalid_type", "Invalid type for '" + field.getKey() + "': got null instead.");
            }
        }
        if (body.path("model").asText().isEmpty()) {
            return invalid("missing_required_parameter", "you must provide a model parameter");
        }
        if (body.path("messages").isEmpty()) {
            return invalid("empty_array", "Invalid 'messages': empty array.");
        }
        return Optional.ofNullable(parameterProblem(body))
                .or(() -> Optional.ofNullable(messageProblem(body)))
                .or(() -> Optional.ofNullable(formatProblem(body)))
                .orElse(null);
    }

    private @Nullable Answer parameterProblem(JsonNode body) {
        var name = body.path("model").asText();
        boolean reasoning = name.matches("(o\\d|gpt-5).*");
        if (reasoning && body.has("max_tokens")) {
            return invalid(
                    "unsupported_parameter",
                    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.");
        }
        if (reasoning && body.path("temperature").asDouble(1) != 1) {
            return invalid("unsupported_value", "Unsupported value: 'temperature' does not support this value.");
        }
        if (model.isOld() && body.has("max_completion_tokens")) {
            return invalid(null, "Unrecognized request argument supplied: max_completion_tokens");
        }
        double temperature = body.path("temperature").asDouble(1);
        return temperature < 0 || temperature > 2
                ? invalid("decimal_above_max_value", "Invalid 'temperature': must be between 0 and 2.")
                : null;
    }

    private static @Nullable Answer messageProblem(JsonNode body) {
        for (var message : body.path("messages")) {
            if (!ROLES.contains(message.path("role").asText())) {
                return invalid(
                        "invalid_value",
                        "Invalid value: '" + message.path("role").asText() + "'.");
            }
            for (var part : message.path("content")) {
                var type = part.path("type").asText();
                if (!Set.of("text", "image_url", "input_audio", "file").contains(type)) {
                    return invalid("invalid_value", "Invalid content part type: '" + type + "'.");
                }
                if (type.equals("image_url")) {
                    var url = part.path("image_url").path("url").asText();
                    if (!url.startsWith("https://")
                            && !url.matches("(?s)data:image/(png|jpeg|webp|gif);base64,[A-Za-z0-9+/]+=*")) {
                        return invalid(
                                "invalid_value", "Invalid image_url: an object with an https or data URL is wanted.");
                    }
                }
            }
        }
        return null;
    }

    private @Nullable Answer formatProblem(JsonNode body) {
        var format = body.path("response_format");
        return switch (format.path("type").asText("text")) {
            case "text" -> null;
            case "json_object" ->
                body.path("messages").toString().toLowerCase(Locale.ROOT).contains("json")
                        ? null
                        : invalid(null, "'messages' must contain the word 'json' in some form.");
            case "json_schema" -> schemaProblem(format.path("json_schema"));
            default -> invalid("invalid_value", "Invalid value for 'response_format.type'.");
        };
    }

    private @Nullable Answer schemaProblem(JsonNode schema) {
        if (model.isOld()) {
            return invalid(null, "response_format json_schema is not supported");
        }
        if (!schema.path("name").asText().matches("[A-Za-z0-9_-]{1,64}")) {
            return invalid(
                    "missing_required_parameter", "Missing required parameter: 'response_format.json_schema.name'.");
        }
        var problem = schema.path("strict").asBoolean() ? strictProblem(schema.path("schema"), "()") : null;
        return problem == null ? null : invalid(null, "Invalid schema for response_format: " + problem);
    }

    /** With {@code strict} every property is required and nothing further allowed, at every level. */
    static @Nullable String strictProblem(JsonNode schema, String at) {
        var properties = schema.path("properties");
        if (schema.path("type").asText().equals("object")) {
            if (schema.path("additionalProperties").asBoolean(true)) {
                return "In context=" + at + ", 'additionalProperties' is required to be supplied and to be false.";
            }
            var required = new ArrayList<String>();
            schema.path("required").forEach(name -> required.add(name.asText()));
            for (var names = properties.fieldNames(); names.hasNext(); ) {
                var name = names.next();
                if (!required.contains(name)) {
                    return "In context=" + at + ", 'required' must include every key in properties. Missing '" + name
                            + "'.";
                }
                var inner = strictProblem(properties.path(name), at + "." + name);
                if (inner != null) {
                    return inner;
                }
            }
        } else if (at.equals("()")) {
            return "schema must be a JSON Schema of 'type: \"object\"'";
        }
        return schema.has("items") ? strictProblem(schema.path("items"), at + "[]") : null;
    }

    private ObjectNode completion(ModelCall call, ModelReply reply) {
        var body = RailsJson.object();
        if (reply.kind() == ModelReply.Kind.ERROR_INSIDE) {
            body.putObject("error").put("code", 502).put("message", reply.text());
            return body;
        }
        body.put("id", "chatcmpl-" + Installation.randomToken())
                .put("object", "chat.completion")
                .put("created", 1_788_264_000)
                .put("model", call.model());
        var choice = body.putArray("choices").addObject().put("index", 0);
        var message = choice.putObject("message")
                .put("role", "assistant")
                .putNull("content")
                .putNull("refusal");
        var forced =
                call.body().path("tool_choice").path("function").path("name").asText();
        switch (reply.kind()) {
            case REFUSAL -> message.put("refusal", reply.text());
            case TOOL -> toolCall(message, String.valueOf(reply.tool()), String.valueOf(reply.text()));
            case TEXT -> {
                if (forced.isEmpty() || reply.text() == null) {
                    message.put("content", reply.text());
                } else {
                    toolCall(message, forced, reply.text());
                }
            }
            default -> message.put("content", reply.text());
        }
        choice.put(
                "finish_reason",
                switch (reply.kind()) {
                    case CUT -> "length";
                    case FILTERED -> "content_filter";
                    case TOOL -> "tool_calls";
                    default -> "stop";
                });
        choice.putNull("logprobs");
        if (model.tellsUsage()) {
            int input = reply.inputTokens(ScriptedModel.tokens(call.system() + call.user()));
            var usage = body.putObject("usage")
                    .put("prompt_tokens", input)
                    .put("completion_tokens", reply.outputTokens())
                    .put("total_tokens", input + reply.outputTokens());
            usage.putObject("prompt_tokens_details").put("cached_tokens", 0);
            usage.putObject("completion_tokens_details").put("reasoning_tokens", 0);
        }
        return body;
    }

    private static void toolCall(ObjectNode message, String name, String arguments) {
        message.putArray("tool_calls")
                .addObject()
                .put("id", "call_1")
                .put("type", "function")
                .putObject("function")
                .put("name", name)
                .put("arguments", arguments);
    }

    Answer transcribe(SeenRequest request) {
        var refused = unauthorized(request);
        if (refused != null) {
            return refused;
        }
        if (request.rawBody().length > MAX_AUDIO_BYTES) {
            return error(
                    413,
                    "server_error",
                    null,
                    "Maximum content size limit (26214400) exceeded (" + request.rawBody().length + " bytes read)");
        }
        Multipart form;
        try {
            form = Multipart.parse(request.header("Content-Type").orElse(""), request.rawBody());
        } catch (IllegalArgumentException e) {
            return invalid(null, "Could not parse multipart form");
        }
        for (var field : form.fields().keySet()) {
            if (!AUDIO_FIELDS.contains(field)) {
                return invalid(null, "Unrecognized request argument supplied: " + field);
            }
        }
        var files = form.files("file");
        var name = field(form, "model", "");
        var language = field(form, "language", "");
        var format = field(form, "response_format", "json");
        var extension = files.isEmpty()
                ? ""
                : files.get(0).fileName().replaceFirst(".*\\.", "").toLowerCase(Locale.ROOT);
        if (files.isEmpty() || name.isEmpty()) {
            return invalid("missing_required_parameter", "file and model are required");
        }
        if (!AUDIO.contains(extension)) {
            return invalid(null, "Unsupported file format " + extension);
        }
        if (!language.isEmpty() && !language.matches("[a-z]{2}")) {
            return invalid("invalid_language_format", "Language parameter must be specified in ISO-639-1 format.");
        }
        if (!format.equals("json") && name.startsWith("gpt-")) {
            return invalid(
                    "unsupported_value",
                    "response_format '" + format + "' is not compatible with model '" + name + "'.");
        }
        var fields = RailsJson.object();
        form.fields().forEach((key, values) -> fields.put(key, values.get(0)));
        var call = new ModelCall(
                Ability.TRANSCRIPTION,
                Protocol.OPENAI,
                name,
                "",
                "",
                0,
                0,
                files.get(0).fileName(),
                language.isEmpty() ? null : language,
                fields);
        var text = model.transcript(call);
        if (format.equals("text")) {
            return Answer.text(200, "text/plain; charset=utf-8", text + "\n");
        }
        var body = RailsJson.object().put("text", text);
        if (model.tellsUsage()) {
            body.putObject("usage").put("type", "duration").put("seconds", 4);
        }
        return Answer.json(body);
    }

    private static String field(Multipart form, String name, String otherwise) {
        return form.fields().getOrDefault(name, List.of(otherwise)).get(0);
    }

    Answer embed(SeenRequest request) {
        var refused = unauthorized(request);
        if (refused != null) {
            return refused;
        }
        var body = request.json();
        var inputs = new ArrayList<String>();
        if (body.path("input").isTextual()) {
            inputs.add(body.path("input").asText());
        }
        body.path("input").forEach(input -> inputs.add(input.asText()));
        if (inputs.isEmpty() || inputs.size() > MAX_INPUTS || inputs.stream().anyMatch(String::isEmpty)) {
            return invalid(null, "'$.input' is invalid: 1 to 2048 strings, none empty.");
        }
        int tokens = inputs.stream().mapToInt(ScriptedModel::tokens).sum();
        if (inputs.stream().anyMatch(input -> ScriptedModel.tokens(input) > 8192) || tokens > 300_000) {
            return invalid("context_length_exceeded", "This model's maximum context length is 8192 tokens.");
        }
        model.note(new ModelCall(
                Ability.EMBEDDING,
                Protocol.OPENAI,
                body.path("model").asText(),
                "",
                String.join("\n", inputs),
                0,
                0,
                null,
                null,
                body));
        int dimensions =
                body.path("dimensions").asInt(body.path("model").asText().endsWith("-large") ? 3072 : 1536);
        var answer = RailsJson.object().put("object", "list");
        var data = answer.putArray("data");
        // Last first: whoever needs an order has to look at the index.
        for (int i = inputs.size() - 1; i >= 0; i--) {
            var entry = data.addObject().put("object", "embedding").put("index", i);
            var vector = WordVector.of(inputs.get(i), dimensions);
            if (body.path("encoding_format").asText().equals("base64")) {
                entry.put("embedding", base64(vector));
            } else {
                var array = entry.putArray("embedding");
                for (float value : vector) {
                    array.add(value);
                }
            }
        }
        answer.put("model", body.path("model").asText());
        if (model.tellsUsage()) {
            answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        }
        return Answer.json(answer);
    }

    private static String base64(float[] vector) {
        var buffer = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            buffer.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(buffer.array());
    }
}
