package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
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

    private static final SimulatedBaserow BASEROW = SimulatedBaserow.start();
    private static final BaserowTable CONVERSATIONS = BASEROW.table(
            "Atendimentos",
            BaserowField.text("conversa"),
            BaserowField.text("telefone"),
            BaserowField.text("nome"),
            BaserowField.text("intencao"),
            BaserowField.text("resultado"),
            BaserowField.text("motivo"),
            BaserowField.longText("ultima_pergunta"),
            BaserowField.dateTime("em"));
    private static final BaserowTable LEADS = BASEROW.table(
            "Leads",
            BaserowField.text("telefone"),
            BaserowField.text("nome"),
            BaserowField.text("servico"),
            BaserowField.longText("pergunta"),
            BaserowField.text("conversa"));

    @TempDir
    private static Path data;

    private static TestServer server;

    @BeforeAll
    static void start() throws Exception {
        String tables = "WPPFLOW_TENANTS__PET_HOTEL__BASEROW__TABLES__";
        server = TestServer.recipe(
                data,
                recipe(),
                Map.of(
                        "BASEROW_API_URL",
                        BASEROW.baseUrl().toString(),
                        "BASEROW_API_TOKEN",
                        BASEROW.token(),
                        tables + "ATENDIMENTOS__TABLE",
                        String.valueOf(CONVERSATIONS.id()),
                        tables + "LEADS__TABLE",
                        String.valueOf(LEADS.id())));
    }

    @AfterAll
    static void stop() {
        server.close();
        BASEROW.close();
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
            assertThat(CONVERSATIONS.rows()).anySatisfy(row -> {
                assertThat(row.path("conversa").asText()).isEqualTo(String.valueOf(conversation));
                assertThat(row.path("resultado").asText()).isEqualTo("answered");
            });
            assertThat(LEADS.rows())
                    .anySatisfy(row -> assertThat(row.path("nome").asText()).isEqualTo("Ana Souza"));
        });

        server.chatwoot().agent().writes(conversation, "Oi, sou o Bruno!");

        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).labels())
                .contains("em-atendimento"));
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
