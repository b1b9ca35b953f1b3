package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.testkit.ModelCall;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An owner's knowledge base in a running server, with a folder and an embedding model. */
class KbCommandTest {

    private static final String TENANT = "WPPFLOW_TENANTS__PET_HOTEL__";

    @TempDir
    private static Path data;

    private static Path folder;
    private static ScriptedModel model;
    private static TestServer server;
    private static CommandLineOf cli;

    @BeforeAll
    static void start() throws Exception {
        model = ScriptedModel.start();
        folder = Files.createDirectories(data.resolve("base"));
        Files.writeString(folder.resolve("massagem.md"), "# Massagem\n\nA massagem relaxante custa R$ 47.");
        Map<String, String> settings = new HashMap<>();
        settings.put("MODEL_KEY", ScriptedModel.KEY);
        settings.put("KNOWLEDGE_FOLDER", folder.toString());
        settings.put(TENANT + "KNOWLEDGE__FOLDER_EVERY", "PT0.2S");
        settings.put(
                TENANT + "MODELS__PROVIDERS",
                "[{provider: compatible, base_url: '" + model.openAiUrl()
                        + "', api_key: '${env:MODEL_KEY}', embedding_model: e}]");
        server = TestServer.start(data, settings);
        cli = new CommandLineOf(server, data.resolve("api-token"));
    }

    @AfterAll
    static void stop() {
        server.close();
        model.close();
    }

    @Test
    void files_are_ingested_found_listed_and_removed() throws Exception {
        Path file = Files.writeString(
                data.resolve("perguntas.csv"), "pergunta;resposta\nTem piscina para cães?;Sim, aquecida a 28 graus.\n");
        Path bad = Files.writeString(data.resolve("ruim.csv"), "a;b\n");

        assertThat(cli.run("kb", "ingest", file.toString(), bad.toString())).isEqualTo(1);
        assertThat(cli.err()).contains("ruim.csv, line 1");
        assertThat(cli.run("kb", "search", "vocês", "têm", "piscina?")).isZero();
        assertThat(cli.out()).contains("28 graus", "perguntas.csv#");
        JsonNode listed = cli.json("kb", "list");
        String id = listed.path("documents").findValuesAsText("id").stream()
                .filter(each -> each.startsWith("perguntas.csv#"))
                .findFirst()
                .orElseThrow();
        assertThat(cli.run("kb", "remove", id)).isZero();
        assertThat(cli.out()).contains("1 document removed").doesNotContain("not there");
        assertThat(cli.run("kb", "remove", id)).isZero();
        assertThat(cli.out()).contains("0 documents removed; the others are not there ('wppflow kb list')");
        assertThat(cli.run("kb", "search", "qual a cotação do dólar em Marte?")).isZero();
        assertThat(cli.out()).contains("a person would be called");
        assertThat(cli.run("kb")).isEqualTo(2);
    }

    @Test
    void a_whole_folder_is_ingested_with_its_domain_and_twins_are_reported() throws Exception {
        Path twins = Files.createDirectories(data.resolve("twins/velho"));
        String text = "O transporte de ida e volta custa R$ 60 até dez quilômetros do hotel, com hora marcada.";
        Files.writeString(twins.resolve("transporte.txt"), text);
        Files.writeString(twins.getParent().resolve("transporte.txt"), text + " Avise antes.");

        assertThat(cli.run(
                        "kb", "ingest", "--domain", "hotel", twins.getParent().toString()))
                .isZero();
        assertThat(cli.out()).contains("2 documents stored");
        assertThat(cli.run("kb", "duplicates")).isZero();
        assertThat(cli.out()).contains("transporte.txt  velho/transporte.txt");
        assertThat(cli.json("kb", "list").toString()).contains("\"domain\":\"hotel\"");
    }

    @Test
    void a_change_in_the_folder_is_answered_from_within_seconds_and_a_bad_file_is_named() throws Exception {
        Files.writeString(folder.resolve("natacao.md"), "# Natação\n\nA aula de natação custa R$ 33.");
        Files.writeString(folder.resolve("quebrado.pdf"), "no PDF");

        await().untilAsserted(() -> assertThat(
                        ask("quanto custa a aula de natação?").path("answer").asText())
                .contains("R$ 33"));
        assertThat(ask("quanto custa a massagem relaxante?").path("answer").asText())
                .contains("R$ 47");
        await().untilAsserted(() -> {
            assertThat(cli.run("kb", "list")).isZero();
            assertThat(cli.out()).contains("left out: quebrado.pdf", "v1  folder/massagem.md  Massagem");
        });
        await().untilAsserted(() -> assertThat(server.get("/metrics").response().body())
                .contains("wppflow_knowledge_files{state=\"failed\",tenant=\"pet-hotel\"} 1.0"));
        Files.delete(folder.resolve("natacao.md"));
        await().untilAsserted(() -> assertThat(
                        ask("quanto custa a aula de natação?").path("answer").asText())
                .doesNotContain("R$ 33"));
    }

    @Test
    void passages_get_their_vectors_in_the_background_once() {
        await().untilAsserted(() -> assertThat(model.calls().stream()
                        .filter(KbCommandTest::embeds)
                        .mapToInt(call -> call.body().path("input").size())
                        .sum())
                .isGreaterThanOrEqualTo(39));
        assertThat(model.calls())
                .filteredOn(KbCommandTest::embeds)
                .allSatisfy(call -> assertThat(call.body().path("input")).hasSizeLessThanOrEqualTo(64));
    }

    @Test
    void questions_without_an_answer_are_listed_together_and_closed() throws Exception {
        String asked = "vocês vendem aquário? meu telefone é 11 98888-0001";
        long first = asks("+5511988880011", asked);
        long second = asks("+5511988880012", "oi, vcs vendem aquarios?");
        asks("+5511988880013", "vocês fazem tatuagem?");

        assertThat(cli.run("kb", "unanswered")).isZero();
        assertThat(cli.out())
                .contains("2 times", "/app/accounts/", "/conversations/" + second, "fazem tatuagem")
                .doesNotContain("98888");
        JsonNode questions = cli.json("kb", "unanswered").path("questions");
        assertThat(questions).hasSize(2);
        assertThat(questions.get(0).path("examples").toString()).contains("meu telefone é ***");

        String aquarium = questions.get(0).path("id").asText();
        String tattoo = questions.get(1).path("id").asText();
        assertThat(cli.run("kb", "unanswered", "--resolve", aquarium, "--dismiss", tattoo))
                .isZero();
        assertThat(cli.run("kb", "unanswered")).isZero();
        assertThat(cli.out()).contains("no unanswered questions");
        assertThat(cli.run("kb", "unanswered", "--resolve", aquarium)).isNotZero();

        asks("+5511988880014", "vocês vendem aquários?");
        asks("+5511988880015", "vcs fazem tatuagem?");
        JsonNode again = cli.json("kb", "unanswered").path("questions");
        assertThat(again).hasSize(1);
        assertThat(again.get(0).path("count").asInt()).isEqualTo(1);

        server.send(java.net.http.HttpRequest.newBuilder(server.uri("/api/v1/contacts/pet-hotel/+5511988880014"))
                .header("Authorization", "Bearer " + server.sandbox().token())
                .DELETE());
        assertThat(cli.json("kb", "unanswered").path("questions"))
                .as("the person was erased")
                .isEmpty();
        assertThat(first).isNotEqualTo(second);
    }

    private static long asks(String phone, String text) throws Exception {
        long conversation =
                server.chatwoot().customer(phone, "Cliente").writes(text).conversation();
        server.awaitEvents(conversation, "knowledge.unanswered", 1);
        return conversation;
    }

    private static boolean embeds(ModelCall call) {
        return call.body().path("model").asText().equals("e");
    }

    private static JsonNode ask(String question) {
        return server.post("/api/v1/knowledge-base/query", "{\"query\":\"" + question + "\"}")
                .data();
    }
}
