package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.policy.PolicyFiles;
import io.github.almeidatech.wppflow.server.policy.PolicySource;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipe in docs/recipes/pet-hotel does what its page says. */
class RecipeTest {

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        server = TestServer.recipe(data, recipe(), Map.of());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void its_policies_have_no_problems_and_no_circles() {
        PolicyFiles.Content content = PolicyFiles.read(recipe().resolve("policies.yaml"));

        PolicySource.Read read = PolicySource.read(content.documents(), url -> false);

        assertThat(content.problems()).isEmpty();
        assertThat(read.problems()).isEmpty();
        assertThat(read.policies().cycles()).isEmpty();
        assertThat(read.policies().all()).hasSize(10);
    }

    @Test
    void a_question_about_a_stay_is_answered_labelled_kept_and_followed_up() throws Exception {
        Customer ana = server.chatwoot().customer("+5511990000401", "Ana Souza");
        long conversation =
                ana.writes("quanto custa a diária pro meu cachorro?").conversation();

        server.awaitReplies(conversation, 1);

        assertThat(server.chatwoot().messagesIn(conversation)).last().asString().contains("R$");
        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).labels())
                .contains("hospedagem", "lead"));
        JsonNode lead = server.awaitEvents(conversation, "lead.qualified", 1).get(0);
        assertThat(lead.path("payload").path("servico").asText()).isEqualTo("hosting");
        assertThat(fired(conversation))
                .contains(
                        "registrar-atendimento: write_row",
                        "o-que-o-cliente-quer: contact_attributes",
                        "interessado: emit_event",
                        "lead-na-tabela: write_row, labels, conversation_attributes, update_contact",
                        "lembrar-da-reserva: follow_up");
        await().untilAsserted(() -> assertThat(done(conversation))
                .contains("change_labels", "set_contact_attributes", "set_conversation_attributes"));

        await().untilAsserted(() -> {
            assertThat(rows(701)).anySatisfy(row -> {
                assertThat(row.path("conversa").asText()).isEqualTo(String.valueOf(conversation));
                assertThat(row.path("resultado").asText()).isEqualTo("answered");
            });
            assertThat(rows(702))
                    .anySatisfy(row -> assertThat(row.path("nome").asText()).isEqualTo("Ana Souza"));
        });

        server.chatwoot().agent().writes(conversation, "Oi, sou o Bruno!");

        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).labels())
                .contains("em-atendimento"));
    }

    @Test
    void its_rows_are_on_a_page_and_nothing_becomes_a_dead_letter() throws Exception {
        long conversation = server.chatwoot()
                .customer("+5511990000403", "Caio <Prado>")
                .writes("quanto custa a diária pro meu cachorro?")
                .conversation();

        await().untilAsserted(() -> assertThat(page())
                .contains(
                        "leads (702)", "<th>servico", "<td>Caio &lt;Prado&gt;", "<td>" + conversation, "<td>answered"));
        assertThat(server.events(conversation, "command.dead_lettered")).isEmpty();
        assertThat(server.get("/api/v1/dead-letters").body().toString()).doesNotContain("write_row");
    }

    @Test
    void answered_again_unchanged_nothing_is_different() throws Exception {
        Customer davi = server.chatwoot().customer("+5511990000404", "Davi");
        long conversation = davi.writes("vocês hospedam gato?").conversation();
        server.awaitEvents(conversation, "turn.completed", 1);
        server.awaitEvents(conversation, "lead.qualified", 1);

        JsonNode report = server.post("/api/v1/replay", "{\"conversation_id\":" + conversation + "}")
                .data();

        assertThat(report.toString()).contains("write_row", "\"em\":");
        assertThat(report.path("same").asInt()).as(report.toPrettyString()).isEqualTo(1);
    }

    @Test
    void a_receipt_of_an_erasure_says_that_rows_of_policies_stay() {
        JsonNode receipt = server.post("/api/v1/lgpd/erase", "{\"phone\":\"+5511990000405\"}")
                .data();

        assertThat(receipt.path("state").asText()).isEqualTo("done");
        assertThat(receipt.path("not_erased").toString()).contains("\"baserow_tables\"");
    }

    @Test
    void who_wants_no_messages_is_marked() throws Exception {
        Customer bia = server.chatwoot().customer("+5511990000402", "Bia");

        long conversation =
                bia.writes("não quero mais receber mensagens, pode parar").conversation();

        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).labels())
                .contains("nao-contatar"));
    }

    private static List<JsonNode> rows(long table) {
        return baserow().find(table).orElseThrow().rows();
    }

    private static String page() {
        return server.send(HttpRequest.newBuilder(baserow().baseUrl().resolve("/")))
                .response()
                .body();
    }

    private static SimulatedBaserow baserow() {
        return server.sandbox().baserow().orElseThrow();
    }

    private static List<String> fired(long conversation) {
        return server.events(conversation, "policy.fired").stream()
                .map(event -> event.path("payload").path("policy").asText() + ": "
                        + String.join(", ", texts(event.path("payload").path("actions"))))
                .toList();
    }

    private static List<String> done(long conversation) {
        return server.events(conversation, "command.done").stream()
                .map(event -> event.path("payload").path("command").asText())
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static Path recipe() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return folder.resolve("docs/recipes/pet-hotel");
            }
        }
        throw new IllegalStateException("no folder above holds mvnw");
    }
}
