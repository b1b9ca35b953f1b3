package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serial;

/** The server said no: its stable code, its sentence, and which fields were wrong. */
final class RefusedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    RefusedException(int status, JsonNode error) {
        super(words(error));
        this.status = status;
        this.code = error.path("code").asText();
    }

    RefusedException(int status, String message) {
        super(message);
        this.status = status;
        this.code = "";
    }

    /** Such as {@code ERR_NOT_FOUND}; empty when it was not our server that answered. */
    String code() {
        return code;
    }

    /** 2 when the call was wrong or not allowed, 1 when it failed. */
    int exitCode() {
        return status == 400 || status == 401 || status == 403 || status == 415 ? 2 : 1;
    }

    private static String words(JsonNode error) {
        var words = new StringBuilder(error.path("code").asText())
                .append(": ")
                .append(error.path("message").asText());
        JsonNode details = error.path("details");
        if (details.path("fields").isArray()) {
            details.path("fields").forEach(field -> line(words, field));
        } else if (details.has("field")) {
            line(words, details);
        } else if (details.has("problem") || details.has("wanted")) {
            words.append(" (")
                    .append(details.has("problem") ? "" : "wanted: ")
                    .append(details.path("problem")
                            .asText(details.path("wanted").asText()))
                    .append(')');
        }
        return words.toString();
    }

    private static void line(StringBuilder words, JsonNode field) {
        words.append("\n  ").append(field.path("field").asText());
        if (field.has("problem")) {
            words.append(": ").append(field.path("problem").asText());
        }
    }
}
