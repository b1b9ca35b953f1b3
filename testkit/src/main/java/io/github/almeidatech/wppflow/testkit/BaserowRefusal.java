package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A request a simulated Baserow does not carry out, with the answer that says so. */
final class BaserowRefusal extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient int status;
    private final transient @Nullable String error;
    private final transient JsonNode detail;

    private BaserowRefusal(int status, @Nullable String error, JsonNode detail) {
        super(error);
        this.status = status;
        this.error = error;
        this.detail = detail;
    }

    static BaserowRefusal of(int status, @Nullable String error, String detail) {
        return new BaserowRefusal(status, error, RailsJson.object().textNode(detail));
    }

    /** A body that does not fit; the detail is an object keyed by column, or a plain text. */
    static BaserowRefusal body(JsonNode detail) {
        return new BaserowRefusal(400, "ERROR_REQUEST_BODY_VALIDATION", detail);
    }

    static BaserowRefusal value(String field, String code, String message) {
        var detail = RailsJson.object();
        detail.putArray(field).addObject().put("error", message).put("code", code);
        return body(detail);
    }

    JsonNode detail() {
        return detail;
    }

    Answer answer() {
        var body = RailsJson.object();
        if (error != null) {
            body.put("error", error);
        }
        body.set("detail", detail);
        return Answer.json(status, body);
    }
}
