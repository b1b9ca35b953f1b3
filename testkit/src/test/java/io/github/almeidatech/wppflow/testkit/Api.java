package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

/** A plain HTTP caller of the simulated systems. */
final class Api {

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI base;
    private final String header;
    private final String token;

    Api(URI base, String header, String token) {
        this.base = base;
        this.header = header;
        this.token = token;
    }

    static Api bot(SimulatedChatwoot chatwoot) {
        return new Api(chatwoot.baseUrl(), "api_access_token", chatwoot.botToken());
    }

    static Api user(SimulatedChatwoot chatwoot) {
        return new Api(chatwoot.baseUrl(), "Api-Access-Token", chatwoot.userToken());
    }

    static Api anybody(SimulatedChatwoot chatwoot) {
        return new Api(chatwoot.baseUrl(), "X-Nothing", "-");
    }

    Response get(String path) throws IOException, InterruptedException {
        return send("GET", path, null);
    }

    Response post(String path, String json) throws IOException, InterruptedException {
        return send("POST", path, json);
    }

    Response send(String method, String path, String json) throws IOException, InterruptedException {
        return send(
                method, path, "application/json", json == null ? new byte[0] : json.getBytes(StandardCharsets.UTF_8));
    }

    Response send(String method, String path, String contentType, byte[] body)
            throws IOException, InterruptedException {
        var target = path.startsWith("/account") ? "/api/v1" + path.replaceFirst("/account", "/accounts/1") : path;
        var request = HttpRequest.newBuilder(URI.create(base + target))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                .header("Content-Type", contentType)
                .header(header, token)
                .build();
        var response = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
        return new Response(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8), response);
    }

    record Response(int status, String body, HttpResponse<byte[]> http) {
        JsonNode json() {
            return RailsJson.parse(body.getBytes(StandardCharsets.UTF_8)).orElse(RailsJson.missing());
        }
    }
}
