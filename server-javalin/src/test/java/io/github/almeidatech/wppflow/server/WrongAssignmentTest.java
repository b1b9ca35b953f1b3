package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An intent is mapped to a team and a person that Chatwoot does not have, as after somebody has left. */
class WrongAssignmentTest {

    private static final String ROUTING = "WPPFLOW_TENANTS__PET_HOTEL__ROUTING__";

    @TempDir
    private Path data;

    @Test
    void the_conversation_goes_to_the_team_of_all_handoffs_and_the_mistake_is_told() throws Exception {
        try (var server = TestServer.start(
                data,
                Map.of(
                        ROUTING + "AUTO_ASSIGN", "true",
                        ROUTING + "INTENTS__SALES__MODE", "off",
                        ROUTING + "INTENTS__SALES__TEAM_ID", "998",
                        ROUTING + "INTENTS__SALES__AGENT_IDS", "[999]"))) {
            long conversation = server.chatwoot()
                    .customer("+5511990000081", "Cliente Exemplo")
                    .writes("quanto custa a diária do gato?")
                    .conversation();

            await().atMost(Duration.ofSeconds(20))
                    .until(() -> server.chatwoot()
                            .conversation(conversation)
                            .status()
                            .equals("open"));
            assertThat(server.chatwoot().conversation(conversation).team()).isEqualTo("recepcao");
            JsonNode told = server.get("/api/v1/events?event_type=command.dead_lettered")
                    .data();
            assertThat(told.toString()).contains("no_such_team");
        }
    }
}
