package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.MisbehavingChatwoot.MADE;
import static io.github.almeidatech.wppflow.chatwoot.MisbehavingChatwoot.answer;
import static io.github.almeidatech.wppflow.chatwoot.MisbehavingChatwoot.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.SocketEffect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the client makes of a Chatwoot, or a network, that misbehaves. */
class ChatwootFaultsTest {

    private final MisbehavingChatwoot chatwoot = new MisbehavingChatwoot();
    private final SettableClock clock = chatwoot.clock;
    private final MockWebServer server = chatwoot.server;
    private final List<String> outcomes = chatwoot.outcomes;
    private ChatwootClient client = chatwoot.client(server.getPort()).build();

    @AfterEach
    void stop() {
        chatwoot.close();
    }

    @ParameterizedTest
    @CsvSource({
        "400, INVALID_REQUEST, false, false",
        "401, UNAUTHORIZED, true, false",
        "402, INVALID_REQUEST, false, false",
        "403, FORBIDDEN, false, false",
        "404, NOT_FOUND, false, false",
        "408, SERVER_ERROR, true, true",
        "409, INVALID_REQUEST, false, false",
        "422, INVALID_REQUEST, false, false",
        "429, RATE_LIMITED, true, false",
        "500, SERVER_ERROR, true, true",
        "502, SERVER_ERROR, true, true",
        "503, SERVER_ERROR, true, true",
        "504, SERVER_ERROR, true, true",
        "301, REDIRECTED, true, false",
        "307, REDIRECTED, true, false",
    })
    void an_answer_tells_whether_to_repeat_and_whether_it_was_done(
            int status, ChatwootError error, boolean retryable, boolean unclear) {
        server.enqueue(answer(status, "{\"error\":\"because\"}"));

        var failure = failureOf(client);

        assertThat(failure.error()).isEqualTo(error);
        assertThat(failure.status()).isEqualTo(status);
        assertThat(failure.code().retryable()).isEqualTo(retryable);
        assertThat(failure.error().unclear()).isEqualTo(unclear);
        assertThat(failure.code().code()).isEqualTo("ERR_CHATWOOT_API");
        assertThat(server.getRequestCount()).isEqualTo(1);
        assertThat(outcomes).containsExactly("create_message " + error.word());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"error":"Invalid Access Token"} | Invalid Access Token
            {"errors":["You need to sign in"]} | ["You need to sign in"]
            {"message":"Name is blank","attributes":["name"]} | Name is blank
            <html>oh</html> | <html>oh</html>
            '' | ''
            """)
    void chatwoots_words_are_found_wherever_they_stand(String body, String detail) {
        server.enqueue(answer(422, body));

        var failure = failureOf(client);

        assertThat(failure.detail()).isEqualTo(detail);
        assertThat(failure.getMessage())
                .as("for logs: no words of others")
                .isEqualTo("ERR_CHATWOOT_API: invalid_request (create_message, status 422)");
    }

    @Test
    void long_words_are_cut_and_endless_ones_not_read() {
        server.enqueue(answer(422, "x".repeat(1_000)));
        server.enqueue(answer(422, "x".repeat(2_000_000)));
        server.enqueue(new MockResponse.Builder()
                .code(422)
                .body("never whole")
                .onResponseBody(new SocketEffect.CloseSocket())
                .build());

        assertThat(failureOf(client).detail()).hasSize(300);
        assertThat(failureOf(client).detail()).isEmpty();
        assertThat(failureOf(client).error()).isEqualTo(ChatwootError.INVALID_REQUEST);
    }

    @Test
    void a_message_limit_disguised_as_422_is_a_limit() {
        server.enqueue(answer(422, "{\"error\":\"Too many messages\"}"));

        var failure = failureOf(client);

        assertThat(failure.error()).isEqualTo(ChatwootError.RATE_LIMITED);
        assertThat(failure.retryAfter()).contains(Duration.ofMinutes(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>login</html>",
                "{\"id\":",
                "[]",
                "{}",
                "{\"id\":\"x\",\"message_type\":1}",
                "null",
                "\"ok\"",
                "{\"id\":1}"
            })
    void a_success_that_is_none_leaves_it_unclear(String body) {
        server.enqueue(answer(200, body));

        assertThat(failureOf(client).error()).isEqualTo(ChatwootError.UNREADABLE_ANSWER);
    }

    @Test
    void an_endless_success_is_not_read_to_the_end() {
        server.enqueue(answer(200, "{\"id\":1,\"x\":\"" + "y".repeat(2_000_000) + "\"}"));

        assertThat(failureOf(client).error()).isEqualTo(ChatwootError.ANSWER_TOO_LARGE);
    }

    @Test
    void deep_json_is_not_read() {
        server.enqueue(answer(200, "[".repeat(10_000)));

        assertThat(failureOf(client).error()).isEqualTo(ChatwootError.UNREADABLE_ANSWER);
    }

    @Test
    void no_answer_in_time_leaves_it_unclear() {
        client = chatwoot.client(server.getPort())
                .timeLimit(Duration.ofSeconds(1))
                .build();
        server.enqueue(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());

        var failure = failureOf(client);

        assertThat(failure.error()).isEqualTo(ChatwootError.TIMED_OUT);
        assertThat(failure.code().code()).isEqualTo("ERR_TIMEOUT");
    }

    @Test
    void an_answer_that_drips_is_given_up_in_time() {
        client = chatwoot.client(server.getPort())
                .timeLimit(Duration.ofSeconds(1))
                .build();
        server.enqueue(new MockResponse.Builder()
                .body(MADE)
                .throttleBody(1, 50, TimeUnit.MILLISECONDS)
                .build());

        assertThat(failureOf(client).error()).isEqualTo(ChatwootError.TIMED_OUT);
    }

    @Test
    void a_connection_cut_after_the_request_leaves_it_unclear() {
        server.enqueue(new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseSocket())
                .build());
        server.enqueue(new MockResponse.Builder()
                .body(MADE)
                .onResponseBody(new SocketEffect.CloseSocket())
                .build());

        assertThat(failureOf(client).error()).isEqualTo(ChatwootError.BROKEN);
        assertThat(failureOf(client).error()).isEqualTo(ChatwootError.BROKEN);
        assertThat(server.getRequestCount()).as("nothing is repeated by itself").isEqualTo(2);
    }

    @Test
    void reading_over_a_connection_the_server_has_closed_is_done_again() {
        String list = "{\"payload\":[" + MADE + "]}";
        server.enqueue(new MockResponse.Builder()
                .body(list)
                .onResponseEnd(new SocketEffect.CloseSocket())
                .build());
        server.enqueue(answer(200, list));

        assertThat(client.messages().newest(88)).hasSize(1);
        assertThat(client.messages().newest(88)).hasSize(1);
    }

    /** OkHttp would send the request again by itself. */
    @Test
    void an_invitation_to_repeat_at_once_is_not_followed() {
        server.enqueue(new MockResponse.Builder()
                .code(503)
                .addHeader("Retry-After", "0")
                .build());
        server.enqueue(answer(200, MADE));

        assertThat(failureOf(client).error().unclear()).isTrue();
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void a_server_that_is_not_there_was_certainly_not_reached() throws IOException {
        int nobody;
        try (var socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        client = chatwoot.client(nobody).build();

        var failure = failureOf(client);

        assertThat(failure.error()).isEqualTo(ChatwootError.UNREACHABLE);
        assertThat(failure.error().unclear()).isFalse();
        assertThat(failure.getMessage()).doesNotContain("token");
    }

    @Test
    void nothing_is_written_once_the_time_for_it_is_over() {
        var failure = catchThrowableOfType(
                ChatwootException.class,
                () -> client.messages().create(88, NewMessage.text("Oi"), clock.instant(), () -> false));

        assertThat(failure.error()).isEqualTo(ChatwootError.BUSY);
        assertThat(server.getRequestCount()).isZero();
    }
}
