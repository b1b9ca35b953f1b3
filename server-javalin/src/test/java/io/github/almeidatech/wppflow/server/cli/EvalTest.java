package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An owner's own questions as a regression test, as {@code docs/eval/} shows it: a change that makes it worse fails here. */
class EvalTest {

    private static final Path ROOT = root();
    private static final String EVAL = ROOT.resolve("docs/eval").toString();
    private static final String BASE = ROOT.resolve(
                    "server-javalin/src/main/resources/io/github/almeidatech/wppflow/server/sandbox/pet-hotel.jsonl")
            .toString();

    @Test
    void messages_to_an_invented_hotel_are_understood_as_well_as_before() {
        assertThat(eval("intents", "--gold", EVAL + "/intents.jsonl", "--min-accuracy", "0.90", "--max-ece", "0.08"))
                .isZero();
    }

    @Test
    void questions_to_an_invented_hotel_are_answered_as_well_as_before() {
        assertThat(eval(
                        "faq",
                        "--kb",
                        BASE,
                        "--gold",
                        EVAL + "/questions.jsonl",
                        "--min-recall1",
                        "0.85",
                        "--min-recall3",
                        "0.90",
                        "--min-decline-precision",
                        "0.85",
                        "--min-decline-recall",
                        "0.75"))
                .isZero();
    }

    @Test
    void a_minimum_that_is_missed_fails_and_is_named(@TempDir Path folder) throws IOException {
        String gold = write(
                        folder,
                        "gold.jsonl",
                        "{\"id\":\"1\",\"query\":\"quanto custa o banho?\",\"relevant\":[\"ph-030\"]}\n"
                                + "{\"id\":\"2\",\"query\":\"quanto custa a diária do gato?\",\"relevant\":[]}\n")
                .toString();

        assertThat(said(1, "faq", "--kb", BASE, "--gold", gold, "--min-recall1", "0.5"))
                .isEqualToIgnoringNewLines("recall@1 0.0000 is below 0.5");
        assertThat(said(1, "faq", "--kb", BASE, "--gold", gold, "--min-decline-recall", "0.75"))
                .isEqualToIgnoringNewLines("recall of declining 0.0000 is below 0.75");
        assertThat(said(1, "intents", "--gold", EVAL + "/intents.jsonl", "--max-ece", "0"))
                .matches("ECE 0\\.\\d+ is above 0\\.0\\s*");
    }

    @Test
    void what_cannot_be_measured_is_named(@TempDir Path folder) throws IOException {
        String empty = write(folder, "empty.jsonl", "\n").toString();
        String intent = write(folder, "intent.jsonl", "{\"id\":\"7\",\"text\":\"oi\",\"intent\":\"vendas\"}")
                .toString();
        String document = write(folder, "document.jsonl", "{\"id\":\"7\",\"query\":\"oi\",\"relevant\":[\"ph-999\"]}")
                .toString();

        assertThat(said(1, "intents", "--gold", empty)).contains("empty.jsonl: nothing to measure in it");
        assertThat(said(1, "intents", "--gold", intent)).contains("id 7: no intent vendas", "appointment");
        assertThat(said(1, "faq", "--kb", BASE, "--gold", document)).contains("id 7: no document ph-999");
        assertThat(said(2, "intents", "--gold", EVAL + "/intents.jsonl", "--min-accuracy", "90"))
                .contains("--min-accuracy: 0 to 1 wanted");
    }

    @Test
    void intents_of_a_tenants_own_are_measured_by_its_configuration(@TempDir Path folder) throws Exception {
        Path secret = write(folder, "secret", "not-a-secret-but-long-enough-to-be-one");
        Path config = write(folder, "wppflow.yaml", """
                tenants:
                  abrigo:
                    name: Abrigo
                    chatwoot: {base_url: "https://chat.example.org", account_id: 1, bot_token: "${file:SECRET}"}
                    webhooks: {agent_bot_secrets: ["${file:SECRET}"]}
                    routing:
                      intents:
                        adoption:
                          examples: ["quero adotar um gatinho", "tem filhote pra doar?", "como faço pra adotar", "vcs doam cachorro?", "posso conhecer os animais pra adoção?"]
                """.replace("SECRET", secret.toString()));
        String gold = write(
                        folder,
                        "gold.jsonl",
                        "{\"id\":\"1\",\"text\":\"quero adotar um cachorro\",\"intent\":\"adoption\"}\n")
                .toString();

        assertThat(eval("intents", "--gold", gold, "--min-accuracy", "1")).isEqualTo(1);
        assertThat(eval("intents", "--gold", gold, "--min-accuracy", "1", "--config", config.toString()))
                .isZero();
        assertThat(eval("intents", "--gold", gold, "--config", config.toString(), "--tenant", "outro"))
                .isEqualTo(2);
        assertThat(eval("intents", "--gold", gold, "--tenant", "abrigo")).isEqualTo(2);
    }

    @Test
    void what_was_said_before_counts(@TempDir Path folder) throws Exception {
        String alone = "{\"id\":\"1\",\"query\":\"e pra gato?\",\"relevant\":[\"ph-002\"]";
        String minimum = "--min-recall1";

        assertThat(eval(
                        "faq",
                        "--kb",
                        BASE,
                        "--gold",
                        write(folder, "a.jsonl", alone + "}").toString(),
                        minimum,
                        "1"))
                .isEqualTo(1);
        String after = alone + ",\"history\":[\"quanto custa a diária?\"]}";
        assertThat(eval(
                        "faq",
                        "--kb",
                        BASE,
                        "--gold",
                        write(folder, "b.jsonl", after).toString(),
                        minimum,
                        "1"))
                .isZero();
    }

    @Test
    void a_folder_of_documents_is_measured_under_the_ids_that_the_server_gives(@TempDir Path folder) throws Exception {
        Path base = Files.createDirectory(folder.resolve("base"));
        write(base, "banho.md", "# Banho\n\nO banho custa R$ 55.");
        write(base, "faq.csv", "id;pergunta;resposta\n7;Qual o endereço?;Rua das Acácias, 100.");
        String gold = write(
                        folder,
                        "gold.jsonl",
                        "{\"id\":\"1\",\"query\":\"quanto custa o banho?\",\"relevant\":[\"folder/banho.md\"],\"tags\":[\"preço\"]}\n"
                                + "{\"id\":\"2\",\"query\":\"qual o endereço?\",\"relevant\":[\"folder/faq.csv#7\"]}\n")
                .toString();

        assertThat(eval("faq", "--kb", base.toString(), "--gold", gold, "--min-recall1", "1"))
                .isZero();
        write(base, "estranho.csv", "a;b\n1;2");
        assertThat(eval("faq", "--kb", base.toString(), "--gold", gold)).isNotZero();
        Path none = Files.createDirectory(folder.resolve("none"));
        assertThat(eval("faq", "--kb", none.toString(), "--gold", gold)).isNotZero();
    }

    @Test
    void questions_are_told_apart_by_tag_and_the_surest_mistake_comes_first() {
        var score = new FaqScore(List.of(
                row("a", List.of("d1"), List.of("d1"), true, 0.9),
                row("b", List.of("d1"), List.of("d2", "d1"), true, 0.6),
                row("c", List.of("d1"), List.of("d1"), false, 0.4),
                row("d", List.of(), List.of("d2"), true, 0.8)));

        assertThat(score.toText(10))
                .containsSubsequence("per tag", "preço", "n=4", "right 0.250")
                .contains(
                        "an answer → another document 1",
                        "an answer → answered         1",
                        "an answer → declined         1",
                        "no answer → answered         1")
                .containsSubsequence("the surest mistakes", "d 0.80", "b 0.60", "c 0.40");
        assertThat(score.toJson().path("end_to_end_by_tag").path("preço").asDouble())
                .isEqualTo(0.25);
    }

    private static FaqScore.Row row(
            String id, List<String> relevant, List<String> ranked, boolean answered, double confidence) {
        return new FaqScore.Row(id, id, "pt-BR", List.of("preço"), relevant, ranked, answered, confidence);
    }

    private static Path write(Path folder, String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void a_file_of_another_kind_is_told_by_its_line() {
        var said = new StringWriter();

        int code = Main.commandLine()
                .setErr(new PrintWriter(said, true))
                .execute("eval", "faq", "--kb", BASE, "--gold", EVAL + "/intents.jsonl");

        assertThat(code).isEqualTo(1);
        assertThat(said.toString())
                .isEqualToIgnoringNewLines("wppflow: intents.jsonl, line 1: \"query\": a text wanted");
    }

    private static String said(int code, String... arguments) {
        var said = new StringWriter();
        String[] all = Stream.concat(Stream.of("eval"), Stream.of(arguments)).toArray(String[]::new);

        assertThat(Main.commandLine().setErr(new PrintWriter(said, true)).execute(all))
                .isEqualTo(code);

        return said.toString();
    }

    private static int eval(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "eval";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Main.commandLine().execute(all);
    }

    private static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder above holds mvnw");
    }
}
