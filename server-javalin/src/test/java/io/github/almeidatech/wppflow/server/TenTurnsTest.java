package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A conversation as owners have it, through the sandbox, without any model but one that hears voice notes. What is said is
 * {@code docs/conversation.md}; with {@code WPPFLOW_WRITE_DOCS=1} in the environment the test writes the page instead of comparing it.
 */
class TenTurnsTest {

    private static final String TENANT = "WPPFLOW_TENANTS__PET_HOTEL__";
    private static final Path PAGE = page();

    @TempDir
    private Path data;

    private final ScriptedModel ears = ScriptedModel.start();
    private final StringBuilder told = new StringBuilder();
    private TestServer server;
    private Customer customer;
    private long conversation;
    private int turns;
    private int heard;
    private int noted;

    @BeforeEach
    void start() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("EARS_KEY", ScriptedModel.KEY);
        settings.put(
                TENANT + "MODELS__PROVIDERS",
                "[{provider: compatible, base_url: '" + ears.openAiUrl()
                        + "', api_key: '${env:EARS_KEY}', transcription_model: t}]");
        settings.put(TENANT + "ROUTING__BOTS__RECEPCAO__NAME", "Bia");
        server = TestServer.start(data, settings);
        customer = server.chatwoot().customer("+5511990000077", "Joana Exemplo");
    }

    @AfterEach
    void stop() {
        server.close();
        ears.close();
    }

    @Test
    void ten_turns_end_as_an_owner_would_want() throws Exception {
        says("oiii bom diaa, td bem?", "greeting");
        says("qto custa pra deixar meu dog de 8kg uns dias? 🐶", "knowledge", "R$ 85");
        speaks("e ele precisa ter tomado alguma vacina", "knowledge", "antirrábica");
        says("blz. vcs dão banho nele tb?", "knowledge", "R$ 55");
        says("e pra um gato, qto fica a diaria?", "knowledge", "R$ 75");
        says("posso pagar no pix? e onde vcs ficam", "knowledge", "Pix", "Rua das Acácias");
        says("vcs vendem aquário de 200 litros?", "no_answer", "chamar alguém da equipe");
        personAnswers("Oi Joana, aqui é a Ana! Aquário não temos, mas indico a loja da esquina. 😊");
        says("obrigada!! vcs são demais ❤️", "thanks_only");
        says("SOCORRO meu cachorro ta convulsionando", "urgent", "urgente");
        personAnswers("Joana, estou ligando para a veterinária agora. Pode trazê-lo já!");
        says("ele já tá bem, obg. mas cansei dessas msg automaticas, me tira da lista", "opted_out", "não envio mais");

        assertThat(turns).isEqualTo(10);
        customer.writes("quanto custa a diária do gato?");
        server.awaitEvents(conversation, "turn.completed", 11);
        told.append(
                        "\n**Depois.** Joana pergunta de novo o preço: o robô não responde mais, e a equipe vê a conversa aberta")
                .append(" (`contact_opted_out`).\n");
        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).status())
                .isEqualTo("open"));
        assertThat(server.chatwoot().messagesIn(conversation)).hasSize(heard);
        assertPage(HEAD + told);
    }

    private static final String HEAD = """
            # A conversation

            Ten turns as they went through the server: executed and compared with this page by `TenTurnsTest`, in the sandbox, without a
            language model but one that hears voice notes. In `code`: why the turn ended so ([all reasons](api.md#reasons-of-a-turn)).

            Em português: uma conversa inteira, com gíria, áudio, mudança de assunto, preço, duas perguntas de uma vez, uma que a base não responde, uma
            emergência e um pedido para parar. O robô responde só o que está na base, chama uma pessoa quando não sabe ou quando é urgente, fica
            quieto enquanto ela atende, e respeita o pedido de não receber mais mensagens automáticas.
            """;

    private void says(String text, String reason, String... contains) throws Exception {
        told.append("\n**").append(turns + 1).append(". Joana:** ").append(text).append('\n');
        conversation = customer.writes(text).conversation();
        ends(reason, contains);
    }

    private void speaks(String words, String reason, String... contains) throws Exception {
        told.append("\n**")
                .append(turns + 1)
                .append(". Joana:** 🎤 *")
                .append(words)
                .append("*\n");
        ears.nextTranscripts(words);
        conversation = customer.sendsVoiceNote("OggS voice".getBytes(StandardCharsets.UTF_8))
                .conversation();
        ends(reason, contains);
    }

    private void ends(String reason, String... contains) throws Exception {
        turns++;
        server.awaitEvents(conversation, "turn.completed", turns);
        JsonNode turn = server.get("/api/v1/events?event_type=turn.completed&limit=1&conversation_id=" + conversation)
                .data()
                .at("/events/0/payload");
        assertThat(turn.path("reason").asText()).as(turn.toString()).isEqualTo(reason);
        boolean silent = turn.path("reply").asText().isEmpty();
        if (!silent) {
            await().untilAsserted(() ->
                    assertThat(server.chatwoot().messagesIn(conversation)).hasSizeGreaterThan(heard));
        }
        List<String> messages = server.chatwoot().messagesIn(conversation);
        told.append("\n`").append(reason).append('`').append(silent ? " (o robô não diz nada)\n" : "\n");
        for (String each : messages.subList(heard, messages.size())) {
            told.append("\n> **Robô:** ").append(each.replace("\n", "\n> ")).append('\n');
        }
        String said = String.join("\n", messages.subList(heard, messages.size()));
        assertThat(List.of(contains)).allSatisfy(each -> assertThat(said).contains(each));
        heard = messages.size();
        List<String> notes = server.chatwoot().notesIn(conversation);
        for (String each : notes.subList(noted, notes.size())) {
            told.append("\n> *Nota para a equipe:* ")
                    .append(each.replaceAll("\n+", " · "))
                    .append('\n');
        }
        noted = notes.size();
    }

    private void personAnswers(String text) throws Exception {
        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).status())
                .isEqualTo("open"));
        server.chatwoot().agent().writes(conversation, text);
        told.append("\n> **Ana, da equipe:** ").append(text).append("\n\n*(Ana devolve a conversa ao robô.)*\n");
        server.awaitEvents(conversation, "message.observed", 1);
        server.chatwoot().agent().returnsToBot(conversation);
        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).status())
                .isEqualTo("pending"));
        assertThat(server.chatwoot().awaitIdle(java.time.Duration.ofSeconds(10)))
                .isTrue();
        heard = server.chatwoot().messagesIn(conversation).size();
    }

    private static void assertPage(String page) throws IOException {
        if (System.getenv("WPPFLOW_WRITE_DOCS") != null) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE).replace("\r\n", "\n")).isEqualTo(page);
    }

    private static Path page() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return folder.resolve("docs/conversation.md");
            }
        }
        throw new IllegalStateException("no folder above holds mvnw");
    }
}
