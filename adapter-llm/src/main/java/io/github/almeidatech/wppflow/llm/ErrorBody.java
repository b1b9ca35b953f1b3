package io.github.almeidatech.wppflow.llm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a provider says went wrong: the words meant for programs, and of the message, which may repeat what was sent, only whether it begins with
 * words that are known.
 *
 * @param code such as {@code insufficient_quota}; may be empty, or a number
 * @param type such as {@code overloaded_error}; may be empty
 * @param parameter the request's field it is about; may be empty
 */
record ErrorBody(String code, String type, String parameter) {

    static final ErrorBody NONE = new ErrorBody("", "", "");

    /** OpenRouter says it in the message alone. */
    private static final String KEY_LIMIT_EXCEEDED = "key_limit_exceeded";

    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

    /** Reads {@code {"error":{…}}}, the same in a list (Gemini), {@code {"object":"error",…}} (vLLM); else empty. */
    static Optional<ErrorBody> find(JsonNode body) {
        JsonNode whole = body.isArray() ? body.path(0) : body;
        JsonNode error = whole.path("error");
        if (error.isMissingNode() || error.isNull()) {
            boolean inside = whole.path("object").asText().equals("error")
                    || whole.path("type").asText().equals("error");
            return inside ? Optional.of(of(whole)) : Optional.empty();
        }
        return Optional.of(of(error));
    }

    private static ErrorBody of(JsonNode error) {
        boolean keyLimit = error.path("message").asText("").startsWith("Key limit exceeded");
        return new ErrorBody(
                keyLimit ? KEY_LIMIT_EXCEEDED : word(error.path("code")),
                word(error.path("type")),
                word(error.path("param")));
    }

    private static String word(JsonNode value) {
        String text = value.asText("");
        return value.isValueNode() && WORD.matcher(text).matches() ? text : "";
    }

    /** What kind of failure it is, when that provider says so. */
    LlmError error(int status, Provider provider) {
        if (code.equals("insufficient_quota")
                || code.equals(KEY_LIMIT_EXCEEDED)
                || type.equals("insufficient_quota")
                || type.equals("billing_error")) {
            return LlmError.QUOTA_EXCEEDED;
        }
        if (code.equals("content_filter")) {
            return LlmError.REFUSED;
        }
        if (code.equals("context_length_exceeded")) {
            return LlmError.TOO_LARGE;
        }
        if (status >= 500 || status == 408 || status == 409 || status == 498) { // 498: Groq has no capacity
            return LlmError.SERVER_ERROR;
        }
        if (status < 400) {
            return LlmError.NOT_FOUND; // a redirect: the address is not quite right
        }
        return switch (status) {
            case 401 -> LlmError.UNAUTHORIZED;
            // Without its words it is a proxy's, about everybody.
            case 403 -> equals(NONE) ? LlmError.UNAUTHORIZED : provider.forbidden();
            case 402 -> LlmError.QUOTA_EXCEEDED;
            case 404 -> LlmError.NOT_FOUND;
            case 413 -> LlmError.TOO_LARGE;
            case 429 -> LlmError.RATE_LIMITED;
            default -> LlmError.INVALID_REQUEST;
        };
    }

    /** The most telling of the words. */
    String detail() {
        return !parameter.isEmpty() ? parameter : code.isEmpty() ? type : code;
    }
}
