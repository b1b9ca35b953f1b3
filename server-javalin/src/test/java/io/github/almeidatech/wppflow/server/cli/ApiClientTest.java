package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How commands speak with the running server. */
class ApiClientTest {

    @TempDir
    private static Path data;

    private static TestServer server;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start() throws IOException {
        server = TestServer.start(data);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answers_come_in_words_or_as_json() {
        assertThat(ask("--token-file", token(), "--tenant", "pet-hotel", "--type", "none.such"))
                .isZero();
        assertThat(out.toString()).isEqualTo("0 events\n");

        assertThat(ask("--token-file", token(), "--tenant", "pet-hotel", "--type", "none.such", "--json"))
                .isZero();
        assertThat(out.toString()).contains("\"events\" : [ ]");
    }

    @Test
    void what_the_server_refuses_is_said_with_code_sentence_and_field() {
        assertThat(ask("--token-file", token(), "--tenant", "nobody", "--type", "x"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("ERR_INVALID_TENANT: ", "\n  tenant_id");

        assertThat(ask("--token-file", token(), "--path", "/api/v1/nothing")).isEqualTo(1);
        assertThat(err.toString()).contains("ERR_NOT_FOUND: ");

        assertThat(ask("--token-file", token(), "--post", "/api/v1/events/log")).isEqualTo(2);
        assertThat(err.toString()).contains("ERR_MISSING_FIELD: ", "\n  event_type: ");
    }

    @Test
    void a_token_is_needed_and_must_be_right() throws IOException {
        Path wrong = Files.writeString(data.resolve("wrong-token"), "wrong\n");

        assertThat(ask("--token-file", wrong.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("ERR_UNAUTHORIZED");
        assertThat(ask("--token-file", Files.writeString(wrong, " \n").toString()))
                .isEqualTo(2);
        assertThat(err.toString()).contains("WPPFLOW_TOKEN");
        assertThat(ask("--token-file", data.resolve("missing").toString())).isEqualTo(1);
        assertThat(ask("--token-file", token(), "--server", "ftp://example.com"))
                .isEqualTo(2);
    }

    @Test
    void a_server_that_is_not_there_or_not_ours_is_told() throws IOException {
        assertThat(ask("--token-file", token(), "--server", "http://127.0.0.1:1"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("no server answers at http://127.0.0.1:1");

        var stranger = com.sun.net.httpserver.HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        stranger.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 5);
            exchange.getResponseBody().write("hello".getBytes(StandardCharsets.UTF_8));
            exchange.close();
        });
        stranger.start();
        try {
            String address = "http://127.0.0.1:" + stranger.getAddress().getPort() + "/";
            assertThat(ask("--token-file", token(), "--server", address)).isEqualTo(1);
            assertThat(err.toString()).contains("no wpp-flow-core server: status 200");
        } finally {
            stranger.stop(0);
        }
    }

    @Test
    void large_answers_come_as_a_stream() {
        assertThat(ask("--token-file", token(), "--tenant", "pet-hotel", "--stream"))
                .isZero();
        assertThat(out.toString()).contains("\"success\":true");

        assertThat(ask("--token-file", token(), "--tenant", "nobody", "--stream"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("ERR_INVALID_TENANT");
    }

    private static String token() {
        return data.resolve("api-token").toString();
    }

    private int ask(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        String[] all = new String[arguments.length + 2];
        all[0] = "--server";
        all[1] = server.uri("").toString();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return new CommandLine(new Ask())
                .setOverwrittenOptionsAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionExceptionHandler(new Failures())
                .execute(all);
    }

    /** A command as others are built. */
    @Command(name = "ask")
    private static final class Ask implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Option(names = "--type")
        private String type;

        @Option(names = "--path", defaultValue = "/api/v1/events")
        private String path;

        @Option(names = "--post")
        private String post;

        @Option(names = "--stream")
        private boolean stream;

        @Override
        public Integer call() throws IOException {
            var query = new java.util.HashMap<String, Object>();
            query.put("tenant_id", api.tenant());
            query.put("event_type", type);
            if (stream) {
                try (InputStream in = api.client().stream(path, query)) {
                    api.out().print(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    api.out().flush();
                }
                return 0;
            }
            JsonNode data =
                    post == null ? api.client().get(path, query) : api.client().post(post, Map.of("payload", Map.of()));
            api.print(data, found -> found.path("events").size() + " events");
            return 0;
        }
    }
}
