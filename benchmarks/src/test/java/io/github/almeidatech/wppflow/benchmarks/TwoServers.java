package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.server.app.Application;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import io.github.almeidatech.wppflow.testkit.WebhookEndpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Two whole servers on one PostgreSQL, a simulated Chatwoot whose webhooks go to both in turn, and a client of both. */
final class TwoServers implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    static final Duration SOON = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<URI> addresses = new ArrayList<>();
    private final List<Map<String, String>> environments = new ArrayList<>();
    private final List<Application> servers = new ArrayList<>();
    private final SimulatedChatwoot chatwoot;
    private final Balancer balancer;
    private int customers;

    TwoServers(String storage, Path data, Map<String, String> more) throws Exception {
        for (int i = 0; i < 2; i++) {
            addresses.add(URI.create("http://127.0.0.1:" + ServerProcess.freePort()));
        }
        balancer = Balancer.before(addresses);
        chatwoot = SimulatedChatwoot.builder().keepPendingWhenBotFails(true).start();
        WebhookEndpoint webhook = chatwoot.connectAgentBot(balancer.address().resolve(HotelSettings.WEBHOOK));
        for (URI address : addresses) {
            var settings = HotelSettings.of(chatwoot, webhook, address.getPort(), storage, data);
            settings.put(HotelSettings.TENANT_KEYS + "TURNS__QUIET", "PT0.3S");
            settings.put(HotelSettings.TENANT_KEYS + "REPLIES__MAX_BUBBLE", "900");
            settings.put(HotelSettings.TENANT_KEYS + "CHATWOOT__CATCH_UP_EVERY", "PT0.3S");
            settings.put(HotelSettings.TENANT_KEYS + "CHATWOOT__CATCH_UP_GRACE", "PT0.5S");
            settings.put(HotelSettings.TENANT_KEYS + "POLICIES__RELOAD_EVERY", "PT1S");
            settings.putAll(more);
            environments.add(settings);
            servers.add(start(settings));
        }
    }

    private static Application start(Map<String, String> environment) {
        return Application.start(new ConfigReader(environment).read(null));
    }

    /** Stops each in peace and starts it again: what one remembers but nobody else is gone. */
    void restartBoth() {
        for (int i = 0; i < servers.size(); i++) {
            servers.get(i).close();
            servers.set(i, start(environments.get(i)));
        }
    }

    URI a() {
        return addresses.get(0);
    }

    URI b() {
        return addresses.get(1);
    }

    SimulatedChatwoot chatwoot() {
        return chatwoot;
    }

    Balancer balancer() {
        return balancer;
    }

    /** Somebody who has not written before. */
    Customer customer() {
        customers++;
        return chatwoot.customer(String.format(Locale.ROOT, "+55119900%05d", customers), "Cliente " + customers);
    }

    void awaitReplies(long conversation, int wanted) throws Exception {
        boolean there = chatwoot.await(
                conversation,
                messages -> messages.stream().filter(TwoServers::isReply).count() >= wanted,
                SOON);
        assertThat(there).as(() -> "said: " + replies(conversation)).isTrue();
    }

    List<String> replies(long conversation) {
        return chatwoot.transcript(conversation).stream()
                .filter(message -> message.type().equals("outgoing") && !message.note())
                .map(ChatMessage::text)
                .toList();
    }

    static boolean isReply(ChatMessage message) {
        return "AgentBot".equals(message.author()) && !message.note();
    }

    /** Nothing waits in the store, and nothing is on its way from Chatwoot. */
    void allQuiet() throws Exception {
        var reader = new EventReader(a(), HotelSettings.API_TOKEN);
        await().atMost(SOON).until(() -> chatwoot.awaitIdle(Duration.ofSeconds(1)) && reader.waiting() == 0);
    }

    List<JsonNode> turns(long conversation) throws Exception {
        return events("turn.completed", conversation);
    }

    List<JsonNode> events(String type, long conversation) throws Exception {
        var found = new ArrayList<JsonNode>();
        call(b(), "GET", "/api/v1/events?event_type=" + type + "&conversation_id=" + conversation, "")
                .path("events")
                .forEach(found::add);
        return found;
    }

    String asked(String question) throws Exception {
        return call(b(), "POST", "/api/v1/knowledge-base/query", "{\"query\":\"" + question + "\"}")
                .path("answer")
                .asText();
    }

    JsonNode call(URI server, String method, String path, String json) throws Exception {
        HttpResponse<String> response = send(server, method, path, json, HotelSettings.API_TOKEN);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return JSON.readTree(response.body()).path("data");
    }

    int status(URI server, String method, String path, String token) throws Exception {
        return send(server, method, path, "", token).statusCode();
    }

    HttpResponse<String> send(URI server, String method, String path, String json, String token) throws Exception {
        return http.send(
                HttpRequest.newBuilder(server.resolve(path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                BodyHandlers.ofString());
    }

    @Override
    public void close() {
        servers.forEach(Application::close);
        balancer.close();
        chatwoot.close();
    }
}
