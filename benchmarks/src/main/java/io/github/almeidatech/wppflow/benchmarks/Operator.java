package io.github.almeidatech.wppflow.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.server.sandbox.Sandbox;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** Somebody with a token who asks a server for things while it is disturbed, and so may get no answer. */
final class Operator {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI server;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    Operator(URI server) {
        this.server = server;
    }

    /** The answer's data; nothing when there was no good answer. */
    Optional<JsonNode> ask(String method, String path, String json) throws InterruptedException {
        return ask(method, path, json, HotelSettings.API_TOKEN);
    }

    private Optional<JsonNode> ask(String method, String path, String json, String token) throws InterruptedException {
        try {
            HttpResponse<String> response = send(method, path, json, token);
            return response.statusCode() / 100 == 2
                    ? Optional.of(JSON.readTree(response.body()).path("data"))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Wants a copy of the database. */
    Optional<JsonNode> backUp() throws InterruptedException {
        return ask("POST", "/api/v1/backups", "", HotelSettings.OPERATOR_TOKEN);
    }

    /** The status of an answer; 0 when there was none. */
    int status(String path) throws InterruptedException {
        try {
            return send("GET", path, "", HotelSettings.API_TOKEN).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    /** Waits until a server that listens has started altogether: until then it ends when it cannot store. */
    void awaitReady(ServerProcess server) throws InterruptedException {
        while (status("/ready") != 200) {
            server.live(Duration.ofMillis(200));
        }
    }

    /** The value of a metric, summed over its labels that hold a word; 0 when it is not there. */
    double metric(String name, String label) throws InterruptedException {
        try {
            return send("GET", "/metrics", "", HotelSettings.API_TOKEN)
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + "{") && line.contains('"' + label + '"'))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private HttpResponse<String> send(String method, String path, String json, String token)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(server.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .timeout(PATIENCE)
                        .method(method, HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    /** Asks that somebody be forgotten. */
    Optional<JsonNode> erase(String phone) throws InterruptedException {
        return ask("DELETE", person(phone), "");
    }

    /** Whether anything is known of somebody. */
    boolean knows(String phone) throws InterruptedException {
        return status(person(phone)) == 200;
    }

    private static String person(String phone) {
        return "/api/v1/contacts/" + Sandbox.TENANT + "/" + phone.replace("+", "%2B");
    }

    /** Sends the beginning of a webhook and leaves it at that; to be closed. */
    Socket halfAWebhook() throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
        OutputStream out = socket.getOutputStream();
        out.write(
                ("POST " + HotelSettings.WEBHOOK + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                                + "Content-Length: 2000\r\n\r\n{\"event\":\"message_created\",\"id\":")
                        .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return socket;
    }
}
