package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP answer of a simulated system, either whole or written piece by piece. */
final class Answer {

    private final int status;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final byte[] body;
    private final @Nullable Stream stream;

    private Answer(int status, @Nullable String contentType, byte[] body, @Nullable Stream stream) {
        this.status = status;
        this.body = body;
        this.stream = stream;
        if (contentType != null) {
            headers.put("Content-Type", contentType);
        }
    }

    static Answer json(JsonNode body) {
        return json(200, body);
    }

    static Answer json(int status, JsonNode body) {
        return new Answer(status, "application/json; charset=utf-8", RailsJson.bytes(body), null);
    }

    static Answer error(int status, String error) {
        return json(status, RailsJson.object().put("error", error));
    }

    static Answer empty(int status) {
        return new Answer(status, null, new byte[0], null);
    }

    static Answer text(int status, String contentType, String body) {
        return bytes(status, contentType, body.getBytes(StandardCharsets.UTF_8));
    }

    static Answer bytes(int status, String contentType, byte[] body) {
        return new Answer(status, contentType, body, null);
    }

    /** What Rails shows for an exception nobody caught. */
    static Answer serverError(int status) {
        return text(
                status,
                "text/html; charset=utf-8",
                "<!DOCTYPE html><html><head><title>We're sorry, but something went wrong (" + status
                        + ")</title></head><body><h1>We're sorry, but something went wrong.</h1></body></html>");
    }

    static Answer stream(String contentType, Stream stream) {
        return new Answer(200, contentType, new byte[0], stream);
    }

    Answer header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    int status() {
        return status;
    }

    Map<String, String> headers() {
        return headers;
    }

    byte[] body() {
        return body;
    }

    @Nullable
    Stream stream() {
        return stream;
    }

    /** Writes a body that has no known end. */
    @FunctionalInterface
    interface Stream {
        void writeTo(OutputStream out) throws IOException, InterruptedException;
    }
}
