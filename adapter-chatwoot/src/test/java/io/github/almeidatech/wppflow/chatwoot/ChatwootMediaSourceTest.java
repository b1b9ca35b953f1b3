package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.FileServers.HTTP;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.LIMIT;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.TENANT;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.at;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.file;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.redirect;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.refused;
import static io.github.almeidatech.wppflow.chatwoot.FileServers.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatwootMediaSourceTest {

    private final FileServers servers = new FileServers();
    private final SettableClock clock = servers.clock;
    private final List<Duration> pauses = servers.pauses;
    private final MockWebServer chatwoot = servers.chatwoot;
    private final MockWebServer storage = servers.storage;

    @AfterEach
    void stop() {
        servers.close();
    }

    private static MockResponse ok(String body) {
        return new MockResponse.Builder().body(body).build();
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void the_redirect_to_storage_is_followed(int status) throws Exception {
        chatwoot.enqueue(redirect(status, at(storage, "/bucket/foto.jpg?X-Amz-Signature=ab")));
        storage.enqueue(ok("bytes"));

        assertThat(servers.fetch(at(chatwoot, "/rails/foto.jpg")))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("bytes");
        assertThat(storage.takeRequest().getTarget()).isEqualTo("/bucket/foto.jpg?X-Amz-Signature=ab");
    }

    @Test
    void a_relative_redirect_stays_at_its_server() throws Exception {
        chatwoot.enqueue(redirect(302, "/rails/disk/foto.jpg?next=https://elsewhere.example/"));
        chatwoot.enqueue(ok("bytes"));

        assertThat(servers.fetch(at(chatwoot, "/rails/foto.jpg"))).hasSize(5);
    }

    @Test
    void no_token_cookie_or_compression_goes_along() throws Exception {
        chatwoot.enqueue(new MockResponse.Builder()
                .code(302)
                .addHeader("Location", at(storage, "/x"))
                .addHeader("Set-Cookie", "session=1; Path=/")
                .build());
        storage.enqueue(ok("bytes"));

        servers.fetch(at(chatwoot, "/x"));

        for (MockWebServer server : List.of(chatwoot, storage)) {
            var headers = server.takeRequest().getHeaders();
            assertThat(headers.names()).doesNotContain("Authorization", "Cookie", "Api-Access-Token", "Referer");
            assertThat(headers.get("Accept-Encoding")).isEqualTo("identity");
        }
    }

    @Test
    void a_file_not_there_yet_is_asked_for_again_from_the_first_address_on() throws Exception {
        for (int i = 0; i < 3; i++) {
            chatwoot.enqueue(redirect(302, at(storage, "/link-" + i)));
            storage.enqueue(i < 2 ? status(i == 0 ? 404 : 403) : ok("bytes"));
        }

        assertThat(servers.fetch(at(chatwoot, "/x"))).hasSize(5);
        assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void a_file_that_never_comes_is_given_up_after_five_tries() {
        for (int i = 0; i < 5; i++) {
            chatwoot.enqueue(status(404));
        }

        assertThat(refused(() -> servers.fetch(at(chatwoot, "/x")))).isEqualTo(Reason.NOT_FOUND);
        assertThat(pauses).extracting(Duration::toSeconds).containsExactly(1L, 2L, 5L, 10L);
        assertThat(chatwoot.getRequestCount()).isEqualTo(5);
    }

    @Test
    void no_pause_goes_beyond_the_time_limit() {
        chatwoot.enqueue(status(404));
        chatwoot.enqueue(status(404));
        var source = servers.source(servers.both(), Dns.SYSTEM);

        assertThat(refused(() -> source.fetch(TENANT, file(at(chatwoot, "/x")), 10, Duration.ofSeconds(3))))
                .isEqualTo(Reason.NOT_FOUND);
        assertThat(pauses).containsExactly(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({"500, UNREACHABLE", "503, UNREACHABLE", "429, UNREACHABLE", "408, UNREACHABLE"})
    void a_sick_storage_is_given_time(int status, Reason reason) {
        for (int i = 0; i < 5; i++) {
            chatwoot.enqueue(status(status));
        }

        assertThat(refused(() -> servers.fetch(at(chatwoot, "/x")))).isEqualTo(reason);
        assertThat(chatwoot.getRequestCount()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 410})
    void what_is_denied_at_the_first_address_is_not_asked_for_again(int status) {
        chatwoot.enqueue(status(status));

        assertThat(refused(() -> servers.fetch(at(chatwoot, "/x")))).isEqualTo(Reason.NOT_FOUND);
        assertThat(chatwoot.getRequestCount()).isEqualTo(1);
    }

    @Test
    void a_connection_that_breaks_is_tried_again() throws Exception {
        chatwoot.enqueue(new MockResponse.Builder()
                .body("half of it")
                .onResponseBody(new SocketEffect.CloseSocket())
                .build());
        chatwoot.enqueue(ok("bytes"));

        assertThat(servers.fetch(at(chatwoot, "/x"))).hasSize(5);
    }

    @Test
    void a_file_announced_too_large_is_not_read() {
        chatwoot.enqueue(ok("x".repeat(1_001)));

        assertThat(refused(() -> servers.fetch(at(chatwoot, "/x")))).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void a_file_that_turns_out_too_large_is_not_read_on() {
        chatwoot.enqueue(
                new MockResponse.Builder().chunkedBody("x".repeat(100_000), 500).build());

        assertThat(refused(() -> servers.fetch(at(chatwoot, "/x")))).isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void a_file_of_exactly_the_limit_is_read() throws Exception {
        chatwoot.enqueue(
                new MockResponse.Builder().chunkedBody("x".repeat(1_000), 500).build());

        assertThat(servers.fetch(at(chatwoot, "/x"))).hasSize(1_000);
    }

    @Test
    void a_file_that_drips_is_given_up_when_the_time_is_over() {
        chatwoot.enqueue(new MockResponse.Builder()
                .body("x".repeat(1_000))
                .throttleBody(1, 20, TimeUnit.MILLISECONDS)
                .build());
        var source = servers.source(servers.both(), Dns.SYSTEM);

        assertThat(refused(() -> source.fetch(TENANT, file(at(chatwoot, "/x")), 10_000, Duration.ofMillis(300))))
                .isEqualTo(Reason.TIMED_OUT);
    }

    @Test
    void a_name_that_does_not_exist_is_given_time_and_then_up() {
        var policy = new FetchPolicy(List.of("http://files.example"), false);
        var source = servers.source(policy, name -> {
            throw new UnknownHostException(name);
        });

        assertThat(refused(() -> source.fetch(TENANT, file("http://files.example/x"), 10, LIMIT)))
                .isEqualTo(Reason.UNREACHABLE);
        assertThat(pauses).hasSize(4);
    }

    @Test
    void an_attachment_without_address_is_not_found() {
        assertThat(refused(() -> servers.fetch(null))).isEqualTo(Reason.NOT_FOUND);
    }

    @Test
    void an_interrupted_fetch_ends_and_leaves_the_interrupt() {
        chatwoot.enqueue(status(404));
        var source = new ChatwootMediaSource(
                HTTP,
                tenant -> Optional.of(servers.both()),
                clock,
                pause -> {
                    throw new InterruptedException();
                },
                Dns.SYSTEM);

        assertThat(refused(() -> source.fetch(TENANT, file(at(chatwoot, "/x")), 10, LIMIT)))
                .isEqualTo(Reason.TIMED_OUT);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void what_customers_send_through_chatwoot_is_fetched_also_while_it_is_still_being_stored() throws Exception {
        try (var simulated = SimulatedChatwoot.start()) {
            var message = simulated.customer("+5511900000001", "Ana").sendsImage(new byte[] {1, 2, 3}, "foto");
            var client = ChatwootClient.builder(HTTP, simulated.baseUrl(), simulated.accountId(), simulated.botToken())
                    .userToken(simulated.userToken())
                    .build();
            String url = client.messages().newest(message.conversation()).stream()
                    .filter(each -> each.id() == message.id())
                    .map(each -> each.json()
                            .path("attachments")
                            .path(0)
                            .path("data_url")
                            .asText())
                    .findFirst()
                    .orElseThrow();
            simulated.missNextDownloads(2);
            var policy = new FetchPolicy(List.of(simulated.baseUrl().toString()), true);

            byte[] bytes = servers.source(policy, Dns.SYSTEM).fetch(TENANT, file(url), 100, LIMIT);

            assertThat(bytes).containsExactly(1, 2, 3);
            assertThat(pauses).hasSize(2);
        }
    }

    @Test
    void by_default_time_is_the_systems() throws Exception {
        chatwoot.enqueue(ok("bytes"));
        var source = new ChatwootMediaSource(HTTP, tenant -> Optional.of(servers.both()));

        assertThat(source.fetch(TENANT, file(at(chatwoot, "/x")), 10, LIMIT)).hasSize(5);
    }
}
