package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The one shape of every answer: {@code {"success":true,"data":…}} or {@code {"success":false,"error":…}}. */
final class Envelope {

    private Envelope() {}

    static void ok(Context ctx, Object data) {
        ctx.status(200).contentType("application/json").result(bytes(Map.of("success", true, "data", data)));
    }

    static void error(Context ctx, ApiError error, int status, Map<String, Object> details) {
        if (status == 401) {
            ctx.header("WWW-Authenticate", "Bearer");
        }
        if (status == 429) {
            ctx.header("Retry-After", "1");
        }
        ctx.status(status).contentType("application/json").result(error(error, ctx.header("Accept-Language"), details));
    }

    /** An error by itself. */
    static byte[] error(ApiError error, @Nullable String acceptLanguage, Map<String, Object> details) {
        var body = new LinkedHashMap<String, Object>();
        body.put("code", error.name());
        body.put("message", ErrorTexts.of(error, acceptLanguage));
        body.put("details", details);
        return bytes(Map.of("success", false, "error", body));
    }

    private static byte[] bytes(Object body) {
        try {
            return StrictJson.MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer that is not JSON", e);
        }
    }
}
