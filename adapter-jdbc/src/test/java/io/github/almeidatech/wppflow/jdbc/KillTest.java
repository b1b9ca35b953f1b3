package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.HOTEL;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.eventlog.Verification;
import io.github.almeidatech.wppflow.flow.Acceptance;
import io.github.almeidatech.wppflow.flow.FlowStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Another JVM accepts messages, says which, and is killed in the middle. */
class KillTest {

    private static final int ROUNDS = 3;
    private static final int ACKNOWLEDGED = 300;

    @TempDir
    Path folder;

    @Test
    void what_was_acknowledged_survives_a_kill() throws Exception {
        String url = "sqlite:" + folder.resolve("k.db");
        long next = 1;
        for (int round = 1; round <= ROUNDS; round++) {
            List<Long> acknowledged = acceptUntilKilled(url, next);

            try (Database database = Database.open(url)) {
                FlowStore store = database.flowStore();
                for (long id : acknowledged) {
                    assertThat(store.accept(message(conversation(id), id, "p:1", "oi"), AT_ONCE, NOW))
                            .as("round %d, message %d", round, id)
                            .isEqualTo(Acceptance.DUPLICATE);
                }
                assertThat(store.stats(NOW).waitingMessages()).isGreaterThanOrEqualTo(acknowledged.size());
                assertThat(database.eventArchive().verify(HOTEL)).isInstanceOf(Verification.Intact.class);
            }
            next += 1_000_000;
        }
    }

    private static List<Long> acceptUntilKilled(String url, long first) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Acceptor.class.getName(),
                        url,
                        String.valueOf(first))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var acknowledged = new ArrayList<Long>();
        try (var lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            String line = lines.readLine();
            while (line != null && acknowledged.size() < ACKNOWLEDGED) {
                acknowledged.add(Long.valueOf(line));
                line = lines.readLine();
            }
            process.destroyForcibly();
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertThat(acknowledged).as("the other JVM did nothing").hasSizeGreaterThanOrEqualTo(ACKNOWLEDGED);
        return acknowledged;
    }

    /** Accepts for ever, in several threads, and prints the id of each message once its commit is certain. */
    static final class Acceptor {

        private Acceptor() {}

        public static void main(String[] arguments) {
            FlowStore store = Database.open(arguments[0]).flowStore();
            var next = new AtomicLong(Long.parseLong(arguments[1]));
            for (int i = 0; i < 8; i++) {
                new Thread(() -> acceptForEver(store, next)).start();
            }
        }

        private static void acceptForEver(FlowStore store, AtomicLong next) {
            while (true) {
                long id = next.getAndIncrement();
                store.accept(message(conversation(id), id, "p:1", "oi"), AT_ONCE, NOW);
                synchronized (System.out) {
                    System.out.println(id);
                    System.out.flush();
                }
            }
        }
    }
}
