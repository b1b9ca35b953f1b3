package io.github.almeidatech.wppflow.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.LoggedLines;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Erasing somebody has nothing to do in the log: it knows nobody, not even as a hash, at its finest level and unmasked. */
class NobodyInTheLogTest {

    private static final String SECRET = "Xodozinho";

    @TempDir
    private Path data;

    @Test
    void no_line_holds_a_name_a_number_a_text_or_the_hash_of_a_person() throws Exception {
        try (var lines = new LoggedLines();
                TestServer server = TestServer.start(data)) {
            server.put("/api/v1/policies/hello", """
                    {"policy":{"event":"message.received","then":[{"emit_event":{"type":"seen","payload":{"t":"{{payload.text}}"}}},
                    {"send_message":"Recebi {{payload.text}}"},{"labels":{"add":["lido"]}}]}}""");
            Customer joana = server.chatwoot().customer("+5511987770077", "Joana Exemplo");
            server.chatwoot()
                    .faults()
                    .next(
                            2,
                            request -> request.method().equals("POST"),
                            Fault.status(503).afterDoing());
            long conversation = joana.writes("quanto custa a diária do gato " + SECRET + "?")
                    .conversation();
            server.awaitEvents(conversation, "turn.completed", 1);
            joana.sendsVoiceNote(SECRET.getBytes(StandardCharsets.UTF_8));
            server.awaitEvents(conversation, "turn.completed", 2);
            joana.writes("parar");
            server.awaitEvents(conversation, "contact.opted_out", 1);
            server.deliver("{\"event\":\"message_created\",\"content\":\"" + SECRET + "\",\"conversation\":7}");
            server.post("/api/v1/lgpd/export", "{\"phone\":\"11 98777-0077\",\"chatwoot\":true}");
            server.chatwoot().faults().next(1, request -> request.method().equals("DELETE"), Fault.status(500));

            JsonNode receipt = server.post("/api/v1/lgpd/erase", "{\"phone\":\"11 98777-0077\",\"chatwoot\":true}")
                    .data();

            assertThat(receipt.path("state").asText()).isEqualTo("open");
            await().untilAsserted(() -> assertThat(
                            server.post("/api/v1/lgpd/erase", "{\"phone\":\"11 98777-0077\",\"chatwoot\":true}")
                                    .data()
                                    .path("state")
                                    .asText())
                    .isEqualTo("done"));
            String all = lines.all();
            assertThat(all).contains("has to be repeated", "tenant=pet-hotel, conversation=1/" + conversation);
            String hash = receipt.path("person").asText();
            assertThat(hash).hasSize(64);
            for (String trace : List.of(SECRET, "Joana", "987770077", "8777-0077", hash, hash.substring(0, 12))) {
                assertThat(all).as(trace).doesNotContain(trace);
            }
        }
    }
}
