package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.llm.Provider.JsonMode;
import io.github.almeidatech.wppflow.llm.Provider.TokenLimit;
import java.util.Optional;

/**
 * Which of the parameters that differ between servers are sent. What a server refuses is left out in the second attempt,
 * and remembered when that helped.
 */
record Dialect(TokenLimit tokenLimit, boolean temperature, JsonMode jsonMode) {

    /** What to try after a 400 or 422; empty when nothing is left to give up. */
    Optional<Dialect> without(String refusedParameter, boolean temperatureWasSent) {
        Dialect next = switch (refusedParameter) {
            case "max_tokens" -> new Dialect(TokenLimit.MAX_COMPLETION_TOKENS, temperature, jsonMode);
            case "max_completion_tokens" -> new Dialect(TokenLimit.MAX_TOKENS, temperature, jsonMode);
            case "temperature" -> new Dialect(tokenLimit, false, jsonMode);
            case "response_format" -> new Dialect(tokenLimit, temperature, lower());
            default -> plain(temperatureWasSent);
        };
        return next.equals(this) ? Optional.empty() : Optional.of(next);
    }

    private JsonMode lower() {
        return switch (jsonMode) {
            case SCHEMA -> JsonMode.OBJECT;
            case OBJECT, PROMPT -> JsonMode.PROMPT;
            case TOOL -> JsonMode.TOOL;
        };
    }

    /** What every server understands: the server did not say which parameter it does not know. */
    private Dialect plain(boolean temperatureWasSent) {
        return jsonMode == JsonMode.TOOL
                ? new Dialect(tokenLimit, temperature && !temperatureWasSent, jsonMode)
                : new Dialect(TokenLimit.MAX_TOKENS, temperature, JsonMode.PROMPT);
    }
}
