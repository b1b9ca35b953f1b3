package io.github.almeidatech.wppflow.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A webhook on loopback that answers as it is told. */
abstract class WebhookFixture {

    static final TenantId TENANT = new TenantId("pet-hotel");
    static final ConversationId CONVERSATION = new ConversationId(TENANT, 1, 60);
    static final String SECRET = "a secret that is long enough";
    static final String TOKEN = "a token that is long enough too";
    static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");

    final MockWebServer server = new MockWebServer();
    final List<String> calls = new ArrayList<>();
    Duration limit = Duration.ofSeconds(5);
    boolean answerIsEvent;

    @Nullable
    URI elsewhere;

    @BeforeEach
    void startServer() throws IOException {
        server.start();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    WebhookClient client() {
        return new WebhookClient(
                target -> new OkHttpClient(),
                failure -> "forbidden".equals(failure.getMessage()),
                () -> NOW,
                (target, took, outcome) -> calls.add(target + " " + outcome));
    }

    Optional<WebhookTarget> target(TenantId tenant, String name) {
        URI url = elsewhere == null ? server.url("/webhook/reservas").uri() : elsewhere;
        return tenant.equals(TENANT) && name.equals("reservas")
                ? Optional.of(new WebhookTarget("reservas", url, SECRET, TOKEN, limit, answerIsEvent, true))
                : Optional.empty();
    }

    void answers(int status, String body) {
        server.enqueue(new MockResponse.Builder().code(status).body(body).build());
    }

    RecordedRequest request() {
        try {
            RecordedRequest request = server.takeRequest(5, TimeUnit.SECONDS);
            if (request == null) {
                throw new AssertionError("nobody called");
            }
            return request;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static JsonNode json(RecordedRequest request) {
        try {
            return new ObjectMapper().readTree(request.getBody().utf8());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
