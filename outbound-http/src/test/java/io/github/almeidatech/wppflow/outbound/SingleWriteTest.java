package io.github.almeidatech.wppflow.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicBoolean;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SingleWriteTest {

    private final MockWebServer server = new MockWebServer();
    private final OkHttpClient http =
            SingleWrite.heededBy(new OkHttpClient.Builder()).build();

    @BeforeEach
    void start() throws IOException {
        server.start();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void a_request_is_not_written_again_when_the_answer_invites_to() {
        server.enqueue(new MockResponse.Builder()
                .code(503)
                .setHeader("Retry-After", "0")
                .build());
        var write = SingleWrite.once();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> status(write, server.url("/")))
                .withMessage("written once already");

        assertThat(write.begun()).isTrue();
        assertThat(server.getRequestCount()).isEqualTo(1);
    }

    @Test
    void what_may_be_repeated_is() throws IOException {
        server.enqueue(new MockResponse.Builder()
                .code(503)
                .setHeader("Retry-After", "0")
                .build());
        server.enqueue(new MockResponse.Builder().build());

        assertThat(status(SingleWrite.of(true, () -> false), server.url("/"))).isEqualTo(200);

        assertThat(server.getRequestCount()).isEqualTo(2);
    }

    @Test
    void what_comes_too_late_is_never_written() {
        var late = new AtomicBoolean(true);
        var write = SingleWrite.of(true, late::get);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> status(write, server.url("/")))
                .withMessage("too late to begin");

        assertThat(write.begun()).isFalse();
        assertThat(server.getRequestCount()).isZero();
    }

    @Test
    void without_a_connection_nothing_was_written() throws IOException {
        int nobody;
        try (var socket = new ServerSocket(0)) {
            nobody = socket.getLocalPort();
        }
        var write = SingleWrite.once();

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> status(write, HttpUrl.get("http://localhost:" + nobody + "/")));

        assertThat(write.begun()).isFalse();
    }

    @Test
    void a_request_without_it_is_left_alone() throws IOException {
        server.enqueue(new MockResponse.Builder().build());

        try (Response response =
                http.newCall(new Request.Builder().url(server.url("/")).build()).execute()) {
            assertThat(response.code()).isEqualTo(200);
        }
    }

    private int status(SingleWrite write, HttpUrl url) throws IOException {
        var request = new Request.Builder().url(url).post(RequestBody.create("{}", null));
        try (Response response = http.newCall(write.watch(request).build()).execute()) {
            return response.code();
        }
    }
}
