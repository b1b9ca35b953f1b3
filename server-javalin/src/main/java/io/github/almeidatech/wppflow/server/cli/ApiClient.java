package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Speaks with the running server as an operator. Every method blocks for at most ten minutes and throws a
 * {@link RefusedException} when the server says no, an {@link IOException} in plain words when it cannot be reached.
 */
final class ApiClient {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofMinutes(10);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();
    private final String server;
    private final String token;
    private final @Nullable String wanted;

    /**
     * @param server the server's address, with a path when it lives below one
     * @param token as configured under {@code api.tokens}
     */
    ApiClient(URI server, String token) {
        this(server.toString().replaceAll("/+$", ""), token, null);
    }

    private ApiClient(String server, String token, @Nullable String wanted) {
        this.server = server;
        this.token = token;
        this.wanted = wanted;
    }

    /**
     * The same, for calls about one thing.
     *
     * @param wanted what it is, and how to find those that are there: said behind "there is no" when the server does not know it
     */
    ApiClient wanting(String wanted) {
        return new ApiClient(server, token, wanted);
    }

    /**
     * What the server answers under {@code data}.
     *
     * @param query names and values; an entry whose value is null is left out
     */
    JsonNode get(String path, Map<String, ? extends @Nullable Object> query) throws IOException {
        return data(text(request(path, query).GET()));
    }

    /** The same for a call that changes something or needs a body. */
    JsonNode send(String method, String path, Object body) throws IOException {
        String json = JsonLines.MAPPER.writeValueAsString(body);
        return data(text(request(path, Map.of())
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json))));
    }

    /** Posts plain data, such as a map. */
    JsonNode post(String path, Object body) throws IOException {
        return send("POST", path, body);
    }

    /** An answer as it comes, for what is too large to hold. The caller closes it. */
    InputStream stream(String path, Map<String, ? extends @Nullable Object> query) throws IOException {
        HttpResponse<InputStream> answer = answer(request(path, query).GET(), BodyHandlers.ofInputStream());
        if (answer.statusCode() == 200) {
            return answer.body();
        }
        try (InputStream body = answer.body()) {
            throw refusal(answer.statusCode(), new String(body.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private HttpRequest.Builder request(String path, Map<String, ? extends @Nullable Object> query) {
        String parameters = query.entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .map(entry -> entry.getKey() + "=" + encoded(String.valueOf(entry.getValue())))
                .collect(Collectors.joining("&"));
        return HttpRequest.newBuilder(URI.create(server + path + (parameters.isEmpty() ? "" : "?" + parameters)))
                .timeout(ANSWER)
                .header("Authorization", "Bearer " + token)
                .header("Accept-Language", Locale.getDefault().toLanguageTag());
    }

    /** A value as part of a path or query. */
    static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private HttpResponse<String> text(HttpRequest.Builder request) throws IOException {
        return answer(request, BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private <T> HttpResponse<T> answer(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body)
            throws IOException {
        try {
            return http.send(request.build(), body);
        } catch (HttpTimeoutException e) {
            throw new IOException(server + " does not answer in time", e);
        } catch (IOException e) {
            throw new IOException("no server answers at " + server + "; is it running? (--server, WPPFLOW_SERVER)", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private JsonNode data(HttpResponse<String> answer) throws RefusedException {
        JsonNode body = parsed(answer.body());
        if (answer.statusCode() / 100 != 2 || !body.path("success").asBoolean()) {
            throw refusal(answer.statusCode(), answer.body());
        }
        return body.path("data");
    }

    private RefusedException refusal(int status, String body) {
        JsonNode error = parsed(body).path("error");
        if (wanted != null && error.path("code").asText().equals("ERR_NOT_FOUND")) {
            return new RefusedException(status, "ERR_NOT_FOUND: there is no " + wanted);
        }
        return error.path("code").isTextual()
                ? new RefusedException(status, error)
                : new RefusedException(status, server + " is no wpp-flow-core server: status " + status);
    }

    private static JsonNode parsed(String body) {
        try {
            return JsonLines.MAPPER.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }
}
