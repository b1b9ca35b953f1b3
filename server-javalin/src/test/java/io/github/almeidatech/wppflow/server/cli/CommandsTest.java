package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tools as a script uses them: JSON Lines in, JSON Lines out. */
class CommandsTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void phones_tells_who_is_the_same_person() throws Exception {
        List<JsonNode> answers = run(
                "{\"id\":\"a\",\"raw\":\"(11) 98765-4321\"}\n\n{\"id\":2,\"raw\":\"+55 11 8765-4321\"}\n{\"id\":3,\"raw\":\"lixo\"}",
                "phones",
                "--region",
                "BR");

        assertThat(answers.get(0).path("e164").asText()).isEqualTo("+5511987654321");
        assertThat(answers.get(1).path("e164").asText()).isEqualTo("+551187654321");
        assertThat(answers.get(1).path("person")).isEqualTo(answers.get(0).path("person"));
        assertThat(answers.get(1).path("id").asInt()).isEqualTo(2);
        assertThat(answers.get(2).path("kind").asText()).isEqualTo("invalid");
        assertThat(answers.get(2).path("e164").isNull()).isTrue();
    }

    @Test
    void normalize_reads_payloads_and_checks_signatures() throws Exception {
        String raw =
                "{\\\"event\\\":\\\"message_created\\\",\\\"id\\\":9001,\\\"content\\\":\\\"preço \\\\u003c 50 \\\\u0026 frete\\\"}";
        String headers = "{\"x-chatwoot-timestamp\":\"1788264001\",\"X-Chatwoot-Signature\":"
                + "\"sha256=05faf15a4250dd16d9887fb1952e827df660448c7fa6c703f5d5ca80fd9566b5\"}";
        String signed = "{\"id\":1,\"source\":\"account\",\"headers\":" + headers + ",\"raw_body\":\"" + raw
                + "\",\"secret\":\"segredo-de-exemplo-000001\",\"at_epoch\":";

        List<JsonNode> answers = run(
                signed + "1788264002}\n" + signed + "1788265000}\n" + signed.replace("05faf", "15faf") + "1788264002}\n"
                        + signed.replace(headers, "{}") + "1788264002}\n"
                        + "{\"id\":5,\"source\":\"agent-bot\",\"payload\":{\"event\":\"conversation_updated\",\"id\":3,\"status\":\"open\"}}\n"
                        + "{\"id\":6}\nnot json\n{\"id\":8,\"source\":\"fax\",\"payload\":{}}",
                "normalize");

        assertThat(answers.get(0).path("error").asText()).contains("conversation");
        assertThat(answers.get(1).path("reason").asText()).isEqualTo("stale_signature");
        assertThat(answers.get(2).path("reason").asText()).isEqualTo("invalid_signature");
        assertThat(answers.get(3).path("reason").asText()).isEqualTo("missing_signature");
        assertThat(answers.get(4).path("reason").asText()).isEqualTo("not_message_created");
        assertThat(answers.get(4).path("conversation_id").asLong()).isEqualTo(3);
        assertThat(answers.get(5).path("error").asText()).contains("payload");
        assertThat(answers.get(6).path("error").asText()).isEqualTo("not JSON");
        assertThat(answers.get(7).has("error")).isTrue();
    }

    @Test
    void classify_tells_intent_and_language() throws Exception {
        List<JsonNode> answers = run(
                "{\"id\":1,\"text\":\"I want to talk to a human\",\"history\":[\"hi\",{\"text\":\"hello\"},{\"content\":\"x\"},5]}\n{\"id\":2}",
                "classify");

        assertThat(answers.get(0).path("lang").asText()).isEqualTo("en");
        assertThat(answers.get(0).path("confidence").isNumber()).isTrue();
        assertThat(answers.get(0).path("evidence").isArray()).isTrue();
        assertThat(answers.get(1).path("error").asText()).contains("text");
    }

    @Test
    void classify_takes_what_tells_no_language_for_the_tenants() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "invented-and-long-enough");
        Path config = Files.writeString(directory.resolve("tenants.yaml"), """
                tenants:
                  posada:
                    name: Posada Las Patitas
                    language: es
                    chatwoot: {base_url: "https://chat.example.com", account_id: 1, bot_token: "${file:SECRET}", user_token: "${file:SECRET}"}
                    webhooks: {agent_bot_secrets: ["${file:SECRET}"]}
                """.replace("SECRET", secret.toString()));

        String ok = "{\"id\":1,\"text\":\"ok\"}";
        List<JsonNode> ofTheTenant = run(ok, "classify", "--config", config.toString());
        List<JsonNode> ofNobody = run(ok, "classify");

        assertThat(ofTheTenant.get(0).path("lang").asText()).isEqualTo("es");
        assertThat(ofNobody.get(0).path("lang").asText()).isEqualTo("pt-BR");
    }

    @Test
    void kb_query_ranks_documents_of_a_file() throws Exception {
        Path kb = Files.writeString(
                directory.resolve("kb.jsonl"),
                "{\"id\":\"preco\",\"title\":\"Preço da diária\",\"content\":\"A diária custa R$ 95.\"}\n\n"
                        + "{\"id\":7,\"content\":\"Aceitamos gatos e cães.\",\"domain\":\"hotel\"}\n");

        List<JsonNode> answers =
                run("{\"id\":1,\"query\":\"quanto custa a diária?\"}", "kb-query", "--kb", kb.toString());

        assertThat(answers.get(0).path("ranked").get(0).asText()).isEqualTo("preco");
        assertThat(answers.get(0).path("answered").asBoolean()).isTrue();
        assertThat(answers.get(0).path("answer").asText()).contains("R$ 95");
    }

    @Test
    void eval_scores_intents_that_were_predicted() throws Exception {
        Path gold = Files.writeString(
                directory.resolve("gold.jsonl"),
                "{\"id\":\"1\",\"text\":\"quanto custa?\",\"intent\":\"sales\",\"lang\":\"pt-BR\"}\n"
                        + "{\"id\":\"2\",\"text\":\"oi\",\"intent\":\"general\",\"also\":[\"support\"],\"lang\":\"pt-BR\"}\n");
        Path predictions = Files.writeString(
                directory.resolve("predictions.jsonl"),
                "{\"id\":\"1\",\"intent\":\"sales\",\"confidence\":0.9}\n{\"id\":\"2\",\"intent\":\"support\",\"confidence\":0.6}\n");

        JsonNode figures = run(
                        "",
                        "eval",
                        "intents",
                        "--json",
                        "--gold",
                        gold.toString(),
                        "--predictions",
                        predictions.toString())
                .get(0);

        assertThat(figures.path("accuracy").asDouble()).isEqualTo(0.5);
        assertThat(figures.path("accuracy_lenient").asDouble()).isEqualTo(1.0);
        assertThat(figures.path("ece").asDouble()).isCloseTo(0.35, within(1e-9));
        assertThat(execute(
                        "",
                        "eval",
                        "intents",
                        "--gold",
                        gold.toString(),
                        "--predictions",
                        predictions.toString(),
                        "--min-accuracy",
                        "0.6"))
                .isEqualTo(1);
        assertThat(execute("", "eval", "intents", "--gold", gold.toString())).isZero();
        assertThat(execute("", "eval")).isEqualTo(2);
    }

    @Test
    void eval_scores_answers_and_declining() throws Exception {
        Path kb = Files.writeString(
                directory.resolve("kb.jsonl"),
                "{\"id\":\"preco\",\"title\":\"Preço da diária\",\"content\":\"A diária custa R$ 95.\"}\n");
        Path gold = Files.writeString(
                directory.resolve("gold.jsonl"),
                "{\"id\":\"1\",\"query\":\"quanto custa a diária?\",\"relevant\":[\"preco\"]}\n"
                        + "{\"id\":\"2\",\"query\":\"fazem tatuagem?\",\"relevant\":[]}\n");
        Path predictions = Files.writeString(
                directory.resolve("predictions.jsonl"),
                "{\"id\":\"1\",\"ranked\":[\"x\",\"preco\"],\"answered\":true}\n{\"id\":\"2\",\"ranked\":[],\"answered\":false}\n");

        JsonNode asked = run("", "eval", "faq", "--json", "--kb", kb.toString(), "--gold", gold.toString())
                .get(0);
        JsonNode predicted = run(
                        "", "eval", "faq", "--json", "--gold", gold.toString(), "--predictions", predictions.toString())
                .get(0);

        assertThat(asked.path("recall_1").asDouble()).isEqualTo(1.0);
        assertThat(predicted.path("recall_1").asDouble()).isZero();
        assertThat(predicted.path("recall_3").asDouble()).isEqualTo(1.0);
        assertThat(predicted.path("mrr_10").asDouble()).isEqualTo(0.5);
        assertThat(predicted.path("decline_recall").asDouble()).isEqualTo(1.0);
        assertThat(execute(
                        "",
                        "eval",
                        "faq",
                        "--gold",
                        gold.toString(),
                        "--predictions",
                        predictions.toString(),
                        "--min-recall1",
                        "0.5"))
                .isEqualTo(1);
        assertThat(execute("", "eval", "faq", "--gold", gold.toString())).isEqualTo(2);
        assertThat(execute(
                        "",
                        "eval",
                        "faq",
                        "--gold",
                        gold.toString(),
                        "--predictions",
                        predictions.toString(),
                        "--errors",
                        "0"))
                .isZero();
        assertThat(execute("", "eval", "faq", "--gold", gold.toString(), "--predictions", gold.toString()))
                .isZero();
        Path broken = Files.writeString(directory.resolve("broken.jsonl"), "nothing\n");
        assertThat(execute("", "eval", "faq", "--kb", kb.toString(), "--gold", broken.toString()))
                .isEqualTo(1);
    }

    @Test
    void a_broken_file_of_documents_is_named_with_its_line() throws Exception {
        Path kb =
                Files.writeString(directory.resolve("kb.jsonl"), "{\"id\":\"a\",\"content\":\"b\"}\n{\"id\":\"c\"}\n");

        assertThat(execute("", "kb-query", "--kb", kb.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("kb.jsonl, line 2", "content");
    }

    @Test
    void wrong_usage_and_wrong_configuration_end_with_2() throws Exception {
        assertThat(execute("", "dance")).isEqualTo(2);
        assertThat(execute("")).isEqualTo(2);
        Path config = Files.writeString(directory.resolve("wppflow.yaml"), "servr: {}\n");
        assertThat(execute("", "serve", "--config", config.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("servr", "server");
    }

    @Test
    void help_and_version_are_there() throws Exception {
        assertThat(execute("", "--version")).isZero();
        for (String command : Main.commandLine().getSubcommands().keySet()) {
            assertThat(execute("", "help", command)).as(command).isZero();
        }
    }

    private List<JsonNode> run(String in, String... args) throws Exception {
        var out = new ByteArrayOutputStream();
        assertThat(execute(in, out, args)).as(err.toString()).isZero();
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .map(CommandsTest::json)
                .toList();
    }

    private int execute(String in, String... args) throws Exception {
        return execute(in, new ByteArrayOutputStream(), args);
    }

    private int execute(String in, ByteArrayOutputStream out, String... args) throws Exception {
        InputStream systemIn = System.in;
        PrintStream systemOut = System.out;
        System.setIn(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)));
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            return Main.commandLine().setErr(new PrintWriter(err, true)).execute(args);
        } finally {
            System.setIn(systemIn);
            System.setOut(systemOut);
        }
    }

    private static JsonNode json(String line) {
        try {
            return MAPPER.readTree(line);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(line, e);
        }
    }
}
