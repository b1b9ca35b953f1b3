package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.http.Context;
import java.util.LinkedHashMap;
import java.util.Map;

/** The one shape of every answer: {@code {"success":true,"data":…}} or {@code {"success":false,"error":…}}. */
final class Envelope {

    private Envelope() {}

    static void ok(Context ctx, Object data) {
        write(ctx, 200, Map.of("success", true, "data", data));
    }

    static void error(Context ctx, ApiError error, int status, Map<String, Object> details) {
        var body = new LinkedHashMap<String, Object>();
        body.put("code", error.name());
        body.put("message", ErrorTexts.of(error, ctx.header("Accept-Language")));
        body.put("details", details);
        if (status == 401) {
            ctx.header("WWW-Authenticate", "Bearer");
        }
        if (status == 429) {
            ctx.header("Retry-After", "1");
        }
        write(ctx, status, Map.of("success", false, "error", body));
    }

    private static void write(Context ctx, int status, Object body) {
        try {
            ctx.status(status).contentType("application/json").result(StrictJson.MAPPER.writeValueAsBytes(body));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer that is not JSON", e);
        }
    }
}
