package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code deploy/rollout} as an operator runs it, against something that answers like a server. */
class RolloutTest {

    private static final Path DEPLOY = Path.of("../deploy").toAbsolutePath().normalize();
    private static final String TOKEN = "token-of-the-test-suite-000000000001";

    @TempDir
    private Path folder;

    private HttpServer server;
    private volatile boolean ready = true;
    private volatile int failuresPerLook;
    private volatile int deadLetters;
    private volatile int callsPerLook;
    private volatile String callsEnd = "ok";
    private volatile int helplessPerLook;
    private volatile int waits;
    private volatile int notServed;
    private final AtomicInteger failed = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger(1_000);
    private final AtomicInteger calls = new AtomicInteger(50);
    private final AtomicInteger helpless = new AtomicInteger(2);

    /** How a run ended, what it printed, and the commands it called in their order. */
    private record Run(int exitCode, String output, List<String> called) {}

    @BeforeEach
    void serve() throws IOException {
        assumeTrue(Files.isExecutable(Path.of("/bin/bash")));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/health", http -> answer(http, 200, "{}"));
        server.createContext("/health/ready", http -> answer(http, ready ? 200 : 503, "{}"));
        server.createContext("/webhooks/", http -> answer(http, 401, "{}"));
        server.createContext("/metrics", this::metrics);
        server.start();
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.stop(0);
        }
    }

    @Test
    @MostlyWaits
    void a_version_that_does_well_is_given_more_and_more_until_it_has_everything() throws Exception {
        Run run = rollout("--version", "0.2.0", "--steps", "10,50,100");

        assertThat(run.called()).containsExactly("start", "share 10", "share 50", "share 100", "finish");
        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).endsWith("the new one serves\n");
    }

    @Test
    @MostlyWaits
    void a_version_whose_requests_fail_is_taken_back_at_its_first_share() throws Exception {
        failuresPerLook = 5;

        Run run = rollout("--steps", "10,50,100");

        assertThat(run.called()).containsExactly("start", "share 10", "share 0", "back");
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.output()).containsPattern("taken back: \\d+ of \\d+ requests failed\n$");
    }

    @Test
    @MostlyWaits
    void failures_within_the_agreed_share_are_no_reason() throws Exception {
        failuresPerLook = 5;

        Run run = rollout("--steps", "100", "--max-errors", "10");

        assertThat(run.exitCode()).isZero();
    }

    @Test
    @MostlyWaits
    void a_version_that_takes_every_webhook_and_reaches_nobody_is_taken_back() throws Exception {
        callsPerLook = 10;
        callsEnd = "unauthorized";

        Run run = rollout("--steps", "10,50,100");

        assertThat(run.called()).containsExactly("start", "share 10", "share 0", "back");
        assertThat(run.output()).containsPattern("taken back: (\\d+) of \\1 calls to other systems failed\n$");
    }

    @Test
    @MostlyWaits
    void what_is_not_found_or_asked_to_wait_is_no_failure_and_some_failures_are_agreed() throws Exception {
        callsPerLook = 10;
        for (String end : List.of("ok", "not_found", "rate_limited")) {
            callsEnd = end;
            assertThat(rollout("--steps", "100").exitCode()).as(end).isZero();
        }
        callsEnd = "timed_out";

        assertThat(rollout("--steps", "100", "--max-failed-calls", "100").exitCode())
                .isZero();
    }

    @Test
    @MostlyWaits
    void customers_who_are_given_to_a_person_because_something_failed_take_it_back() throws Exception {
        helplessPerLook = 3;

        Run run = rollout("--steps", "100");

        assertThat(run.output())
                .containsPattern("taken back: \\d+ customers were given to a person because something failed\n$");
    }

    @Test
    @MostlyWaits
    void a_customer_who_waits_too_long_takes_it_back_unless_that_was_so_before() throws Exception {
        Run run = rollout(
                "--steps", "100", "--max-wait", "60", "--share", "curl -s " + url() + "/health/wait; echo share");

        assertThat(run.output()).endsWith("taken back: a customer has waited for 61 s\n");
        assertThat(rollout("--steps", "100", "--max-wait", "60").exitCode()).isZero();
    }

    @Test
    @MostlyWaits
    void a_tenant_that_was_served_before_must_be_served_again() throws Exception {
        Run run = rollout("--start", "curl -s -o /dev/null " + url() + "/health/leave; echo start");

        assertThat(run.called()).containsExactly("start", "share 0", "back");
        assertThat(run.output()).endsWith("taken back: 1 tenants are not served, 0 were not before\n");
        assertThat(rollout("--steps", "100").exitCode()).isZero();
    }

    @Test
    void nothing_is_started_while_nobody_knows_which_tenants_are_served_now() throws Exception {
        Run run = rollout("--old", "http://127.0.0.1:1");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.called()).isEmpty();
        assertThat(run.output()).endsWith("the figures of the present one cannot be read: nothing was started\n");
    }

    @Test
    @MostlyWaits
    void who_goes_back_is_told_when_the_one_before_is_not_ready_either() throws Exception {
        ready = false;

        Run run = rollout("--ready-within", "1");

        assertThat(run.output())
                .contains("the one before it is not ready: look at it")
                .endsWith("taken back: not ready within 1 s\n");
    }

    @Test
    @MostlyWaits
    void commands_that_are_given_up_take_it_back() throws Exception {
        Run run = rollout("--steps", "100", "--share", "curl -s " + url() + "/health/break; echo share");

        assertThat(run.called()).endsWith("back");
        assertThat(run.output()).endsWith("taken back: 2 commands were given up\n");
    }

    @Test
    @MostlyWaits
    void a_version_that_does_not_become_ready_never_gets_a_request() throws Exception {
        ready = false;

        Run run = rollout("--ready-within", "1");

        assertThat(run.called()).containsExactly("start", "share 0", "back");
        assertThat(run.output()).endsWith("taken back: not ready within 1 s\n");
    }

    @Test
    @MostlyWaits
    void another_version_than_the_one_that_was_meant_is_taken_back() throws Exception {
        Run run = rollout("--version", "0.3.0");

        assertThat(run.called()).containsExactly("start", "share 0", "back");
        assertThat(run.output()).contains("it is not version 0.3.0").endsWith("taken back: the smoke test failed\n");
    }

    @Test
    @MostlyWaits
    void in_place_there_is_nothing_to_share() throws Exception {
        failuresPerLook = 5;

        Run run = run(
                List.of("--in-place", "--new", url(), "--watch", "1", "--start", "echo start", "--back", "echo back"));

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.called()).containsExactly("start", "back");
    }

    @Test
    @MostlyWaits
    void a_command_that_cannot_be_carried_out_takes_it_back() throws Exception {
        Run run = rollout("--share", "exit 3; #");

        assertThat(run.called()).containsExactly("start", "back");
        assertThat(run.output()).contains("the share could not be set to 10 %");
    }

    @Test
    void wrong_usage_starts_nothing() throws Exception {
        assertThat(run(List.of("--new", url(), "--start", "echo start", "--back", "echo back")))
                .returns(2, Run::exitCode)
                .returns(List.of(), Run::called);
        assertThat(run(List.of("--nwe", "x")).output()).endsWith("rollout: unknown: --nwe\n");
    }

    @Test
    void nginx_gets_weights_and_keeps_what_it_had_when_it_does_not_like_them() throws Exception {
        Path upstream = folder.resolve("upstream.conf");

        assertThat(share(upstream, "true", "10")).isZero();
        assertThat(upstream)
                .hasContent("upstream wppflow { server 127.0.0.1:3001 weight=90; server 127.0.0.1:3002 weight=10;"
                        + " keepalive 16; }");
        assertThat(share(upstream, "true", "100")).isZero();
        assertThat(upstream).hasContent("upstream wppflow { server 127.0.0.1:3002; keepalive 16; }");
        assertThat(share(upstream, "false", "0")).isNotZero();
        assertThat(upstream).hasContent("upstream wppflow { server 127.0.0.1:3002; keepalive 16; }");
    }

    private int share(Path upstream, String nginx, String percent) throws Exception {
        var process = new ProcessBuilder(
                DEPLOY.resolve("nginx/share").toString(), "127.0.0.1:3001", "127.0.0.1:3002", percent);
        process.environment().put("WPPFLOW_UPSTREAM", upstream.toString());
        process.environment().put("WPPFLOW_NGINX", nginx);
        return process.start().waitFor();
    }

    private Run rollout(String... more) throws Exception {
        var arguments = new ArrayList<>(List.of(
                "--old",
                url(),
                "--new",
                url(),
                "--watch",
                "1",
                "--start",
                "echo start",
                "--share",
                "echo share",
                "--finish",
                "echo finish",
                "--back",
                "echo back"));
        arguments.addAll(List.of(more));
        return run(arguments);
    }

    private Run run(List<String> arguments) throws Exception {
        var command = new ArrayList<>(List.of(DEPLOY.resolve("rollout").toString()));
        command.addAll(arguments);
        Path output = folder.resolve("output");
        var process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        process.environment().put("WPPFLOW_TOKEN", TOKEN);
        Process running = process.start();
        assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(output);
        List<String> called = text.lines()
                .filter(line -> line.matches("start|back|finish|share \\d+"))
                .toList();
        return new Run(running.exitValue(), text, called);
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Each look finds a hundred requests more. */
    private void metrics(HttpExchange http) throws IOException {
        if (!("Bearer " + TOKEN).equals(http.getRequestHeaders().getFirst("Authorization"))) {
            answer(http, 401, "{}");
            return;
        }
        String call = "wppflow_external_call_seconds_count{call=\"create_message\",outcome=\"" + callsEnd + "\",";
        String route = "route=\"/webhooks/chatwoot/{tenant}/{source}\"";
        answer(
                http,
                200,
                "wppflow_build{version=\"0.2.0\"} 1.0\nwppflow_dead_letters " + deadLetters
                        + ".0\nwppflow_oldest_pending_seconds " + waits + ".25\nwppflow_tenants_not_started "
                        + notServed
                        + ".0\n" + call + "system=\"chatwoot\"} " + calls.addAndGet(callsPerLook)
                        + "\nwppflow_handoff_total{reason=\"technical_failure\",tenant=\"pet-hotel\"} "
                        + helpless.addAndGet(helplessPerLook) + ".0\nwppflow_http_seconds_count{" + route
                        + ",status=\"200\"} "
                        + requests.addAndGet(100 - failuresPerLook) + "\nwppflow_http_seconds_count{" + route
                        + ",status=\"500\"} " + failed.addAndGet(failuresPerLook)
                        + "\nwppflow_http_seconds_count{route=\"/health/ready\",status=\"503\"} 5000\n");
    }

    private void answer(HttpExchange http, int status, String body) throws IOException {
        switch (http.getRequestURI().getPath()) {
            case "/health/break" -> deadLetters = 2;
            case "/health/wait" -> waits = 61;
            case "/health/leave" -> notServed = 1;
            default -> {}
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        http.getRequestBody().readAllBytes();
        http.sendResponseHeaders(status, bytes.length);
        http.getResponseBody().write(bytes);
        http.close();
    }
}
