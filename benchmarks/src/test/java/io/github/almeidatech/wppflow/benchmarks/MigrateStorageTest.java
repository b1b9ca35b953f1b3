package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.server.app.Application;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server that moves from SQLite to PostgreSQL in the middle of a conversation. */
class MigrateStorageTest {

    private static final Duration SOON = Duration.ofSeconds(30);

    @BeforeEach
    void postgres() {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
    }

    @Test
    void a_conversation_goes_on_in_the_new_database_as_if_nothing_had_happened(@TempDir Path data) throws Exception {
        int port = ServerProcess.freePort();
        URI address = URI.create("http://127.0.0.1:" + port);
        try (var scene = new Scene(address, data, 1, 1, false);
                Storage sqlite = Storage.empty(Storage.Kind.SQLITE, data);
                Storage postgres = Storage.empty(Storage.Kind.POSTGRESQL, data)) {
            Customer customer = scene.visitor();
            long conversation;
            try (Application before = Application.start(config(scene, port, sqlite))) {
                conversation = customer.writes("quanto custa a diária?").conversation();
                awaitReplies(scene, conversation, 1);
            }

            try (Database from = Database.open(sqlite.url());
                    Database to = Database.open(postgres.url())) {
                assertThat(from.copyInto(to)).containsEntry("conversation", 1L);
            }

            try (Application after = Application.start(config(scene, port, postgres))) {
                int known = replies(scene, conversation);
                customer.writes("e quais vacinas precisa?");
                awaitReplies(scene, conversation, known + 1);
                Evidence evidence = scene.drained(address, SOON, time -> LockSupport.parkNanos(time.toNanos()));
                Verdict verdict = Checker.check(evidence);
                assertThat(verdict.violations()).isEmpty();
                assertThat(verdict.inTurns()).isEqualTo(2);
            }
        }
    }

    private static Config config(Scene scene, int port, Storage storage) throws Exception {
        return new ConfigReader(scene.environment(port, storage.url())).read(null);
    }

    private static void awaitReplies(Scene scene, long conversation, int wanted) throws InterruptedException {
        assertThat(scene.chatwoot().await(conversation, messages -> replies(scene, conversation) >= wanted, SOON))
                .isTrue();
    }

    private static int replies(Scene scene, long conversation) {
        return (int) scene.chatwoot().transcript(conversation).stream()
                .filter(message -> "AgentBot".equals(message.author()))
                .count();
    }
}
