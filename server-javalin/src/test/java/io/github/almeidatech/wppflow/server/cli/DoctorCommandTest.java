package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import io.github.almeidatech.wppflow.testkit.WebhookEndpoint;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What a person is told who asks what is wrong. */
class DoctorCommandTest {

    private static final String TENANT = "WPPFLOW_TENANTS__PET_HOTEL__";
    private static final String ADDRESS = "https://bot.example.com/webhooks/chatwoot/pet-hotel/agent-bot";

    @TempDir
    private Path data;

    private final Map<String, String> environment = new HashMap<>();
    private SimulatedChatwoot chatwoot =
            SimulatedChatwoot.builder().teams("recepcao").start();

    @BeforeEach
    void configure() {
        connect();
    }

    @AfterEach
    void close() {
        chatwoot.close();
    }

    private void connect() {
        WebhookEndpoint webhook = chatwoot.connectAgentBot(URI.create(ADDRESS));
        environment.put("TENANT_ID", "pet-hotel");
        environment.put("CHATWOOT_BASE_URL", chatwoot.baseUrl().toString());
        environment.put("CHATWOOT_ACCOUNT_ID", String.valueOf(chatwoot.accountId()));
        environment.put("CHATWOOT_API_TOKEN", chatwoot.botToken());
        environment.put("CHATWOOT_USER_TOKEN", chatwoot.userToken());
        environment.put("CHATWOOT_WEBHOOK_SECRET", webhook.secret());
        environment.put("WPPFLOW_STORAGE__URL", "sqlite:" + data.resolve("wppflow.db"));
        environment.put("PORT", "1");
    }

    private record Told(int code, String text) {
        JsonNode json() throws Exception {
            return JsonLines.MAPPER.readTree(text);
        }

        List<String> problems() throws Exception {
            var messages = new ArrayList<String>();
            json().path("findings").forEach(each -> {
                if (each.path("level").asText().equals("problem")) {
                    assertThat(each.path("advice").asText()).isNotEmpty();
                    messages.add(each.path("area").asText() + ": "
                            + each.path("message").asText());
                }
            });
            return messages;
        }
    }

    private Told doctor(String... arguments) {
        var out = new StringWriter();
        int code = new CommandLine(new DoctorCommand(environment))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(out))
                .setExecutionExceptionHandler(new Failures())
                .execute(arguments);
        return new Told(code, out.toString());
    }

    @Test
    void a_path_secret_is_reminded_of_and_whether_it_is_still_needed() throws Exception {
        environment.put(TENANT + "WEBHOOKS__MODE", "path_secret");
        environment.put(TENANT + "WEBHOOKS__PATH_SECRET", "${env:CHATWOOT_WEBHOOK_SECRET}");
        environment.put(TENANT + "WEBHOOKS__PATH_SECRET_UNTIL", "2026-01-01T00:00:00Z");

        assertThat(doctor("--json").text())
                .contains("was to end 2026-01-01T00:00:00Z", "Chatwoot 4.15.1 signs: set webhooks.mode: signature");
    }

    @Test
    void a_healthy_set_up_has_no_problem_and_nothing_is_changed() throws Exception {
        Told told = doctor("--json");

        assertThat(told.problems()).isEmpty();
        assertThat(told.code()).isZero();
        assertThat(told.json().path("ok").asBoolean()).isTrue();
        assertThat(told.text())
                .contains(
                        "is made at the first start",
                        "PDF is read",
                        "version 4.15.1",
                        "bot token: may write messages, change status, priority, attributes and assignment, show that it types,"
                                + " read a conversation and its labels, and set these",
                        "user token: may read conversations, messages, contacts",
                        "an administrator's: also read webhooks and bots",
                        "with a secret that is known here",
                        "agrees with Chatwoot's",
                        "none: answers are quoted")
                .doesNotContain(chatwoot.botToken(), chatwoot.userToken(), environment.get("CHATWOOT_WEBHOOK_SECRET"));
        assertThat(data).isEmptyDirectory();
        assertThat(chatwoot.conversations()).isEmpty();
    }

    @Test
    void a_person_reads_a_line_for_each_and_what_to_do() {
        environment.put("CHATWOOT_API_TOKEN", "not-a-token-of-chatwoot");

        Told told = doctor();

        assertThat(told.code()).isEqualTo(1);
        assertThat(told.text())
                .contains(
                        "ok       storage: ",
                        "PROBLEM  pet-hotel chatwoot: bot token: Chatwoot does not know it",
                        "         > Copy the agent bot's access token again.");
    }

    @Test
    void a_wrong_configuration_is_told_with_code_2() throws Exception {
        environment.put("WPPFLOW_SERVER__PROT", "3000");

        Told told = doctor("--json");

        assertThat(told.code()).isEqualTo(2);
        assertThat(told.problems()).containsExactly("configuration: server.prot: unknown; did you mean \"port\"?");
        assertThat(doctor("--tenant", "nobody", "--config", "/nowhere.yaml").code())
                .isEqualTo(2);
    }

    @Test
    void an_unknown_tenant_is_wrong_usage() {
        assertThat(doctor("--tenant", "nobody").code()).isEqualTo(2);
        assertThat(doctor("--tenant", "pet-hotel").code()).isZero();
    }

    @Test
    void without_tenants_there_is_nothing_to_serve() throws Exception {
        environment.remove("TENANT_ID");

        assertThat(doctor("--json").problems()).containsExactly("configuration: there are no tenants");
    }

    @Test
    void a_chatwoot_that_is_not_there_is_told() throws Exception {
        environment.put("CHATWOOT_BASE_URL", "http://127.0.0.1:1");

        assertThat(doctor("--json").problems())
                .containsExactly("chatwoot: it does not answer as it should: unreachable");
    }

    @Test
    void secrets_are_compared_with_chatwoots() throws Exception {
        environment.put("CHATWOOT_WEBHOOK_SECRET", "another-secret-of-somebody");

        assertThat(doctor("--json").problems())
                .containsExactly(
                        "webhooks: agent-bot: the secret in Chatwoot is not one of webhooks.agent_bot_secrets");
    }

    @Test
    void an_address_that_is_not_ours_is_found_out() throws Exception {
        chatwoot.connectAgentBot(URI.create("https://old.example.com/n8n"));
        environment.put(TENANT + "WEBHOOKS__ACCOUNT_SECRETS", "['${env:CHATWOOT_WEBHOOK_SECRET}']");

        assertThat(doctor("--json").problems())
                .containsExactly(
                        "webhooks: agent-bot: nothing in Chatwoot sends to an address that ends with"
                                + " /webhooks/chatwoot/pet-hotel/agent-bot",
                        "webhooks: account: nothing in Chatwoot sends to an address that ends with"
                                + " /webhooks/chatwoot/pet-hotel/account");
    }

    @Test
    void teams_people_and_inboxes_that_do_not_exist_are_named() throws Exception {
        environment.put(TENANT + "HANDOFF__TEAM_ID", "7001");
        environment.put(TENANT + "HANDOFF__AGENT_ID", "7002");
        environment.put(TENANT + "ROUTING__INTENTS__SALES__AGENT_IDS", "[7004]");
        environment.put(TENANT + "CHATWOOT__INBOXES", "[7003]");

        assertThat(doctor("--json").problems())
                .anySatisfy(each -> assertThat(each).startsWith("chatwoot: no such team: [7001]"))
                .anySatisfy(each -> assertThat(each).startsWith("chatwoot: no such agent: [7002, 7004]"))
                .anySatisfy(each -> assertThat(each).startsWith("chatwoot: no such inbox: [7003]"));
    }

    @Test
    void an_inbox_without_a_bot_is_named() throws Exception {
        chatwoot.disconnectAgentBot();

        assertThat(doctor("--json").problems())
                .contains("chatwoot: no agent bot is connected to inbox " + chatwoot.inboxId());
    }

    @Test
    void a_chatwoot_too_old_to_sign_is_told_before_the_first_webhook() throws Exception {
        chatwoot.close();
        chatwoot = SimulatedChatwoot.builder().version("4.8.0").start();
        connect();
        environment.put("CHATWOOT_WEBHOOK_SECRET", "a-secret-that-does-not-matter");
        environment.put(TENANT + "WEBHOOKS__ACCOUNT_SECRETS", "['${env:CHATWOOT_WEBHOOK_SECRET}']");

        Told told = doctor("--json");

        assertThat(told.problems())
                .contains(
                        "webhooks: agent bots are signed from 4.13 on, this is 4.8.0",
                        "webhooks: account webhooks are signed from 4.12 on, this is 4.8.0");
        assertThat(told.text())
                .contains("recognised by its text only", "before Chatwoot 4.14.2", "attributes and assignment\"")
                .doesNotContain("show that it types");
    }

    @Test
    void without_a_user_token_the_consequences_are_told() throws Exception {
        environment.remove("CHATWOOT_USER_TOKEN");

        Told told = doctor("--json");

        assertThat(told.problems()).isEmpty();
        assertThat(told.text()).contains("missed webhooks are not looked for");
    }

    @Test
    void policies_are_read_and_what_is_wrong_is_told_with_its_place() throws Exception {
        Path file = data.resolve("policies.yaml");
        environment.put(TENANT + "POLICIES__FILE", file.toString());
        Files.writeString(file, "- {id: a, event: a.b, then: [{send_message: Oi}]}");
        assertThat(doctor("--json").text()).contains("1 in " + file + " are right");

        Files.writeString(
                file,
                "- {id: a, event: a.b, then: [{send_message: Oi}, {send_attachment: 'https://elsewhere.example/a.pdf'}]}");

        assertThat(doctor("--json").problems())
                .singleElement()
                .asString()
                .startsWith("policies: policies.yaml: ")
                .contains("then[1].send_attachment.url", "file_origins");
        Files.delete(file);
        assertThat(doctor("--json").problems()).singleElement().asString().contains("that can be read wanted");
    }

    @Test
    void each_model_is_tried() throws Exception {
        try (var model = ScriptedModel.start().otherwise(ModelReply.text("{\"ok\":true}"))) {
            environment.put("MODEL_KEY", ScriptedModel.KEY);
            environment.put(
                    TENANT + "MODELS__PROVIDERS",
                    "[{provider: compatible, base_url: '" + model.openAiUrl()
                            + "', api_key: '${env:MODEL_KEY}', chat_model: m}]");
            assertThat(doctor("--json").problems()).isEmpty();
            assertThat(doctor("--json", "--no-model-calls").text()).contains("2 configured, not asked");

            model.faults().always(request -> true, Fault.status(401));

            assertThat(doctor("--json").problems())
                    .anySatisfy(each -> assertThat(each).startsWith("models: compatible m to answer: unauthorized"));
        }
    }

    @Test
    void workflows_outside_are_looked_for_without_beginning_one() throws Exception {
        String webhooks = TENANT + "OUTGOING_WEBHOOKS__";
        environment.put(webhooks + "THERE__URL", chatwoot.baseUrl() + "/webhook/x");
        environment.put(webhooks + "THERE__ALLOW_PRIVATE_NETWORK", "true");
        environment.put(webhooks + "PRIVATE__URL", "https://127.0.0.1:1/webhook/x");
        environment.put(webhooks + "NAMED__URL", "https://localhost:1/webhook-test/x");
        environment.put(webhooks + "AWAY__URL", "http://127.0.0.1:1/webhook/x");
        environment.put(webhooks + "AWAY__ALLOW_PRIVATE_NETWORK", "true");
        for (String name : List.of("THERE", "PRIVATE", "NAMED", "AWAY")) {
            environment.put(webhooks + name + "__SECRET", "the-secret-of-a-workflow-" + name);
        }

        Told told = doctor("--json");

        assertThat(told.text()).contains("outgoing webhook there: somebody answers there");
        assertThat(told.text())
                .contains("outgoing webhook named: n8n answers at a test address only")
                .doesNotContain("outgoing webhook there: n8n");
        assertThat(told.problems())
                .containsExactlyInAnyOrder(
                        "webhooks: outgoing webhook private: its address is one of a private network",
                        "webhooks: outgoing webhook named: its address is one of a private network",
                        "webhooks: outgoing webhook away: nobody answers there");
    }

    @Test
    void tables_in_baserow_are_compared_with_what_is_written_to_them() throws Exception {
        try (var baserow = SimulatedBaserow.start()) {
            var contacts = baserow.table(
                    "Clientes",
                    BaserowField.text("phone").asUnique(),
                    BaserowField.text("name"),
                    BaserowField.email("email"),
                    BaserowField.longText("custom_fields"));
            environment.put("BASEROW_API_URL", baserow.baseUrl().toString());
            environment.put("BASEROW_API_TOKEN", baserow.token());
            environment.put("BASEROW_TABLE_CONTACTS", String.valueOf(contacts.id()));

            Told healthy = doctor("--json");
            assertThat(healthy.problems()).isEmpty();
            assertThat(healthy.text())
                    .contains("the token is known and has its rights, the tables have the fields they need")
                    .doesNotContain(baserow.token());

            contacts.rename("name", "Name");
            environment.put(TENANT + "BASEROW__CONTACTS__COLUMNS__OPTED_OUT", "email");
            assertThat(doctor("--json").problems())
                    .containsExactlyInAnyOrder(
                            "baserow: table " + contacts.id()
                                    + " (contacts): column \"name\" is missing; there is \"Name\"",
                            "baserow: table " + contacts.id()
                                    + " (contacts): column \"email\" has the type email; wanted boolean");

            environment.put("BASEROW_TABLE_CONTACTS", "999999");
            assertThat(doctor("--json").problems())
                    .containsExactly("baserow: table 999999 (contacts): there is no such table for this token");
            environment.put(TENANT + "BASEROW__CONTACTS__COLUMNS__FAX", "Fax");
            assertThat(doctor("--json").problems())
                    .singleElement()
                    .asString()
                    .startsWith("configuration: baserow.contacts.columns.fax: unknown; there are ");
        }
    }

    @Test
    void what_a_token_of_baserow_may_not_do_is_told_without_changing_a_row() throws Exception {
        try (var baserow = SimulatedBaserow.start()) {
            var contacts = baserow.table(
                    "Clientes",
                    BaserowField.text("phone").asUnique(),
                    BaserowField.text("name"),
                    BaserowField.email("email"),
                    BaserowField.longText("custom_fields"));
            var visits = baserow.table("Visitas", BaserowField.text("chave").asUnique());
            contacts.add(Map.of("phone", "+5511990000042"));
            environment.put("BASEROW_API_URL", baserow.baseUrl().toString());
            environment.put("BASEROW_API_TOKEN", baserow.token());
            environment.put("BASEROW_TABLE_CONTACTS", String.valueOf(contacts.id()));
            environment.put(TENANT + "BASEROW__TABLES__VISITS__TABLE", String.valueOf(visits.id()));
            environment.put(TENANT + "BASEROW__TABLES__VISITS__KEY_COLUMN", "chave");
            var before = contacts.rows();
            assertThat(doctor("--json").problems()).isEmpty();

            contacts.forbid("create");
            contacts.forbid("delete");
            visits.forbid("update");
            visits.forbid("delete");

            assertThat(doctor("--json").problems())
                    .containsExactlyInAnyOrder(
                            "baserow: table " + contacts.id() + " (contacts): the token may not create, delete rows",
                            "baserow: table " + visits.id() + " (visits): the token may not update rows");
            assertThat(contacts.rows()).isEqualTo(before);
            assertThat(contacts.createdThroughApi() + visits.createdThroughApi())
                    .isZero();
        }
    }

    @Test
    void a_key_column_that_lets_doubles_in_is_no_problem_but_worth_a_note() throws Exception {
        try (var baserow = SimulatedBaserow.start()) {
            var visits = baserow.table("Visitas", BaserowField.text("chave"));
            environment.put("BASEROW_API_URL", baserow.baseUrl().toString());
            environment.put("BASEROW_API_TOKEN", baserow.token());
            environment.put(TENANT + "BASEROW__TABLES__VISITS__TABLE", String.valueOf(visits.id()));
            environment.put(TENANT + "BASEROW__TABLES__VISITS__KEY_COLUMN", "chave");

            Told told = doctor("--json");

            assertThat(told.problems()).isEmpty();
            assertThat(told.text()).contains("should not allow a value twice", "It works as it is");
        }
    }

    @Test
    void a_wrong_token_and_a_baserow_that_is_down_are_told_apart() throws Exception {
        try (var baserow = SimulatedBaserow.start()) {
            var contacts = baserow.table("Clientes", BaserowField.text("phone"));
            environment.put("BASEROW_API_URL", baserow.baseUrl().toString());
            environment.put("BASEROW_API_TOKEN", "a-token-that-is-not-known");
            environment.put("BASEROW_TABLE_CONTACTS", String.valueOf(contacts.id()));
            assertThat(doctor("--json").problems()).containsExactly("baserow: it does not know the token");

            environment.put("BASEROW_API_TOKEN", baserow.token());
            baserow.faults().always(request -> request.path().contains("/fields/"), Fault.status(401));
            assertThat(doctor("--json").problems())
                    .containsExactly("baserow: table " + contacts.id() + " (contacts): the token is not accepted");
            baserow.faults().clear();
            baserow.faults().always(request -> request.path().contains("/fields/"), Fault.status(503));
            assertThat(doctor("--json").problems())
                    .containsExactly("baserow: table " + contacts.id()
                            + " (contacts): not checked, Baserow did not answer: server_error");
        }

        environment.put("BASEROW_API_URL", "http://127.0.0.1:1");
        assertThat(doctor("--json").problems())
                .containsExactly("baserow: it does not answer as it should: unreachable");
    }

    @Test
    void a_damaged_database_is_told_and_left_alone() throws Exception {
        Files.writeString(data.resolve("wppflow.db"), "not a database, and no header either".repeat(200));

        Told told = doctor("--json");

        assertThat(told.code()).isEqualTo(1);
        assertThat(told.problems()).anySatisfy(each -> assertThat(each).startsWith("storage: "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            right     | genuine, and of now          | 0
            old       | more than the 300 s          | 0
            unsigned  | there is no signature        | 1
            half      | one of the two headers       | 1
            twice     | a header came twice          | 1
            millis    | the timestamp is not         | 1
            short     | the signature is not sha256= | 1
            other     | no known secret fits         | 1
            inbox     | the secret of agent-bot fits | 1
            blank     | white space at the end       | 1
            """)
    void a_captured_webhook_is_explained(String what, String words, int code) throws Exception {
        String secret =
                what.equals("other") ? "somebody-elses-webhook-secret" : environment.get("CHATWOOT_WEBHOOK_SECRET");
        String timestamp = String.valueOf(Instant.now().getEpochSecond() - (what.equals("old") ? 4_000 : 0) * 1L);
        String body = "{\"event\":\"message_created\"}";
        String signature = signature(secret, timestamp, what.equals("blank") ? body : body);
        var request = new StringBuilder("POST /webhooks/chatwoot/pet-hotel/"
                + (what.equals("inbox") ? "inbox" : "agent-bot") + " HTTP/1.1\r\nHost: bot.example.com\r\n");
        if (!what.equals("unsigned")) {
            request.append("x-chatwoot-timestamp: ")
                    .append(timestamp)
                    .append(what.equals("millis") ? "000" : "")
                    .append("\r\n");
        }
        if (!what.equals("unsigned") && !what.equals("half")) {
            request.append("X-Chatwoot-Signature: ")
                    .append(what.equals("short") ? "sha256=1" : signature)
                    .append("\r\n");
        }
        if (what.equals("twice")) {
            request.append("X-Chatwoot-Signature: ").append(signature).append("\r\n");
        }
        if (!what.equals("blank")) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        Path file = Files.write(
                data.resolve("captured"),
                request.append("\r\n").append(body).append("\n").toString().getBytes(StandardCharsets.UTF_8));

        Told told = doctor("--request", file.toString());

        assertThat(told.text()).contains(words);
        assertThat(told.code()).isEqualTo(code);
    }

    @Test
    void a_capture_without_body_or_tenant_is_refused() throws Exception {
        Path file = data.resolve("captured");
        Files.writeString(file, "POST / HTTP/1.1");
        assertThat(doctor("--request", file.toString()).code()).isEqualTo(1);

        Files.writeString(file, "POST / HTTP/1.1\n\n{}");
        assertThat(doctor("--request", file.toString()).text()).contains("give --tenant");
        assertThat(doctor("--request", file.toString(), "--tenant", "pet-hotel").text())
                .contains("there is no signature");
    }

    private static String signature(String secret, String timestamp, String body) throws Exception {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return "sha256="
                + HexFormat.of().formatHex(mac.doFinal((timestamp + "." + body).getBytes(StandardCharsets.UTF_8)));
    }
}
