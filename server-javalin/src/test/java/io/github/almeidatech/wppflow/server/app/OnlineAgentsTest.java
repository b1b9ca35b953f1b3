package io.github.almeidatech.wppflow.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.testkit.Fault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People of an intent are called in turn, those who are online in Chatwoot first. */
class OnlineAgentsTest {

    private static final String SALES = "WPPFLOW_TENANTS__PET_HOTEL__ROUTING__INTENTS__SALES__";
    private static final String ANA = "Ana Atendente";
    private static final String BRUNO = "Bruno Atendente";

    @TempDir
    private Path data;

    private TestServer server;
    private int customers;

    @BeforeEach
    void start() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("WPPFLOW_TENANTS__PET_HOTEL__ROUTING__AUTO_ASSIGN", "true");
        settings.put(SALES + "MODE", "off");
        settings.put(SALES + "AGENT_IDS", "[7, 8]");
        server = TestServer.start(data, settings);
        assertThat(server.chatwoot().agent(ANA).id()).isEqualTo(7);
        assertThat(server.chatwoot().agent(BRUNO).id()).isEqualTo(8);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void who_is_not_online_is_passed_over() throws Exception {
        server.chatwoot().agent(ANA).becomes("busy");

        assertThat(calledFor("quanto custa a diária do gato?")).isEqualTo(BRUNO);
        assertThat(calledFor("quanto custa a diária do gato?")).isEqualTo(BRUNO);
    }

    @Test
    void everybody_has_their_turn_when_nobody_is_online() throws Exception {
        server.chatwoot().agent(ANA).becomes("offline");
        server.chatwoot().agent(BRUNO).becomes("offline");

        assertThat(calledFor("quanto custa a diária do gato?")).isEqualTo(ANA);
        assertThat(calledFor("quanto custa a diária do gato?")).isEqualTo(BRUNO);
    }

    @Test
    void everybody_has_their_turn_when_chatwoot_does_not_say_who_is_online() throws Exception {
        server.chatwoot().agent(ANA).becomes("offline");
        server.chatwoot().faults().always(request -> request.path().endsWith("/agents"), Fault.status(500));

        assertThat(calledFor("quanto custa a diária do gato?")).isEqualTo(ANA);
        assertThat(calledFor("quanto custa a diária do gato?")).isEqualTo(BRUNO);
    }

    private String calledFor(String question) throws Exception {
        var customer = server.chatwoot().customer("+551199000008" + ++customers, "Cliente Exemplo");
        long conversation = customer.writes(question).conversation();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> server.chatwoot().conversation(conversation).assignee() != null);
        return server.chatwoot().conversation(conversation).assignee();
    }
}
