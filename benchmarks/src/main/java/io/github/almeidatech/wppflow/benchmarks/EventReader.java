package io.github.almeidatech.wppflow.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the server's event log and its queues over its API. */
final class EventReader {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern DEPTH = Pattern.compile("(?m)^wppflow_queue_depth\\{.*} (\\S+)$");

    private final URI server;
    private final String token;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    EventReader(URI server, String token) {
        this.server = server;
        this.token = token;
    }

    /**
     * An event as the API tells it.
     *
     * @param conversation 0 when it is about none
     */
    record LoggedEvent(
            String id,
            String type,
            long conversation,
            JsonNode payload,
            @Nullable String causeId,
            Instant at) {}

    /** Everything, in the order it was written. */
    List<LoggedEvent> all() throws InterruptedException {
        var events = new ArrayList<LoggedEvent>();
        String cursor = "";
        do {
            JsonNode page = data("/api/v1/events?limit=1000" + cursor);
            page.path("events").forEach(event -> events.add(read(event)));
            JsonNode next = page.path("next_cursor");
            cursor = next.isTextual() ? "&cursor=" + URLEncoder.encode(next.asText(), StandardCharsets.UTF_8) : "";
        } while (!cursor.isEmpty());
        Collections.reverse(events);
        return events;
    }

    /** Whether a request of the API is answered well. */
    boolean answers() throws InterruptedException {
        try {
            get("/api/v1/events?limit=1");
            return true;
        } catch (IllegalStateException | UncheckedIOException e) {
            return false;
        }
    }

    /** How many messages and commands wait. */
    int waiting() throws InterruptedException {
        var depths = DEPTH.matcher(get("/metrics"));
        double sum = 0;
        while (depths.find()) {
            sum += Double.parseDouble(depths.group(1));
        }
        return (int) sum;
    }

    private static LoggedEvent read(JsonNode event) {
        JsonNode cause = event.path("cause_id");
        return new LoggedEvent(
                event.path("id").asText(),
                event.path("event_type").asText(),
                event.path("conversation_id").asLong(),
                event.path("payload"),
                cause.isTextual() ? cause.asText() : null,
                Instant.ofEpochMilli(event.path("timestamp").asLong()));
    }

    private JsonNode data(String path) throws InterruptedException {
        try {
            return JSON.readTree(get(path)).path("data");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String get(String path) throws InterruptedException {
        var request = HttpRequest.newBuilder(server.resolve(path))
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofSeconds(30))
                .build();
        try {
            var response = http.send(request, BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IllegalStateException(path + " answered " + response.statusCode());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
