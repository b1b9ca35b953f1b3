package io.github.almeidatech.wppflow.server.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.server.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTest {

    @Test
    void a_folder_that_exists_is_continued(@TempDir Path data) throws Exception {
        String token;
        long conversation;
        try (TestServer server = TestServer.start(data)) {
            token = server.sandbox().token();
            conversation = server.chatwoot()
                    .customer("+5511990000077", "Joana")
                    .writes("quanto custa a diária do gato?")
                    .conversation();
            server.awaitReplies(conversation, 1);
        }

        try (TestServer server = TestServer.start(data)) {
            assertThat(server.sandbox().token()).isEqualTo(token);
            assertThat(server.chatwoot().messagesIn(conversation)).hasSize(1);
            server.chatwoot().customer("+5511990000077", "Joana").writes("e a diária de cachorro?");
            server.awaitReplies(conversation, 2);
            assertThat(server.chatwoot().messagesIn(conversation))
                    .last()
                    .asString()
                    .doesNotContain("assistente virtual");
        }
    }
}
