package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelCall;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Intents of the tenant's own with a model behind them, bots with names, people in turn, and a business that is closed. */
class UnderstandingTest {

    private static final String TENANT = "WPPFLOW_TENANTS__PET_HOTEL__";
    private static final String UNCLEAR = "vi o Bolinha no site, posso levar?";

    @TempDir
    private Path data;

    private final ScriptedModel model = ScriptedModel.start();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("MODEL_KEY", ScriptedModel.KEY);
        settings.put(
                TENANT + "MODELS__PROVIDERS",
                "[{provider: compatible, base_url: '" + model.openAiUrl()
                        + "', api_key: '${env:MODEL_KEY}', chat_model: m}]");
        settings.put(TENANT + "ROUTING__AUTO_ASSIGN", "true");
        settings.put(TENANT + "ROUTING__INTENTS__ADOPTION__DESCRIPTION", "Adotar um animal.");
        settings.put(
                TENANT + "ROUTING__INTENTS__ADOPTION__EXAMPLES", "[quero adotar um gatinho, tem filhote pra doar]");
        settings.put(TENANT + "ROUTING__INTENTS__ADOPTION__BOT", "lar");
        settings.put(TENANT + "ROUTING__INTENTS__ADOPTION__AGENT_IDS", "[7, 9]");
        settings.put(TENANT + "ROUTING__INTENTS__SUPPORT__AGENT_ID", "11");
        settings.put(TENANT + "ROUTING__BOTS__VENDAS__NAME", "Bia");
        settings.put(TENANT + "HOURS__OPEN__" + inThreeDays(), "['09:00-18:00']");
        settings.put(TENANT + "HOURS__NATIONAL_HOLIDAYS", "false");
        server = TestServer.start(data, settings);
    }

    @AfterEach
    void stop() {
        server.close();
        model.close();
    }

    @Test
    void an_unclear_message_is_told_by_the_model_which_sees_intents_history_and_contact() {
        model.when(UnderstandingTest::asksForAnIntent, intent("adoption", 0.95));

        JsonNode heard = server.post(
                        "/api/v1/routing/classify",
                        "{\"message\":{\"content\":\"" + UNCLEAR + "\"},"
                                + "\"contact\":{\"name\":\"Ana\",\"custom_fields\":{\"plano\":\"mensal\",\"pets\":2,\"x\":[1]}},"
                                + "\"conversation_history\":[{\"role\":\"customer\",\"content\":\"oi, tudo bem?\"}]}")
                .data();

        assertThat(heard.path("intent").asText()).isEqualTo("adoption");
        assertThat(heard.path("suggested_agent").asText()).isEqualTo("lar");
        assertThat(heard.path("agent_id").asLong()).isEqualTo(7);
        assertThat(heard.path("agent_ids")).hasSize(2);
        assertThat(model.calls())
                .singleElement()
                .satisfies(call -> assertThat(call.user())
                        .contains(
                                "Adotar um animal.",
                                "Prices, plans",
                                "oi, tudo bem?",
                                "\"plano\":\"mensal\"",
                                "\"pets\":\"2\"")
                        .doesNotContain("Ana"));
    }

    @Test
    void a_model_that_fails_leaves_the_offline_result() {
        model.faults().always(request -> true, Fault.status(500));

        JsonNode heard = classify(UNCLEAR);

        assertThat(heard.path("intent").asText()).isIn("general", "sales", "support", "appointment", "adoption");
        assertThat(heard.path("metadata").path("evidence").toString()).contains("model: ");
    }

    @Test
    void a_clear_message_costs_nothing() {
        JsonNode heard = classify("quanto custa a diária do cachorro?");

        assertThat(heard.path("intent").asText()).isEqualTo("sales");
        assertThat(classify("preciso de ajuda, o produto que comprei veio com defeito")
                        .path("agent_id")
                        .asLong())
                .isEqualTo(11);
        assertThat(model.calls()).isEmpty();
    }

    @Test
    void a_closed_business_answers_what_it_knows_and_says_when_people_are_back() throws Exception {
        model.next("{\"answered\":true,\"text\":\"A diária sai por R$ 85.\",\"passages\":[\"1\"]}");
        model.otherwise(ModelReply.text("{\"answered\":false,\"text\":\"\",\"passages\":[]}"));
        var customer = server.chatwoot().customer("+5511990000061", "Joana Exemplo");
        long conversation =
                customer.writes("quanto custa a diária do cachorro?").conversation();
        server.awaitReplies(conversation, 1);
        customer.writes("vocês vendem aquário de 200 litros?");
        server.awaitReplies(conversation, 2);

        assertThat(server.chatwoot().messagesIn(conversation).get(0))
                .startsWith("Oi! Aqui é Bia")
                .contains("R$ 85");
        assertThat(server.chatwoot().messagesIn(conversation).get(1)).contains("para a equipe, que volta", "às 9h");
        await().untilAsserted(() -> assertThat(
                        server.chatwoot().conversation(conversation).status())
                .isEqualTo("open"));
    }

    @Test
    void settings_that_cannot_work_are_named_with_their_tenant(@TempDir Path other) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> TestServer.start(other, Map.of(TENANT + "HOURS__OPEN__FERIADO", "['09:00-18:00']")))
                .withMessageContaining("tenants.pet-hotel: hours.open.feriado");
    }

    private JsonNode classify(String text) {
        return server.post("/api/v1/routing/classify", "{\"message\":{\"content\":\"" + text + "\"}}")
                .data();
    }

    private static boolean asksForAnIntent(ModelCall call) {
        return call.body().at("/response_format/json_schema/name").asText().equals("intent");
    }

    private static ModelReply intent(String intent, double confidence) {
        return ModelReply.text(
                "{\"intent\":\"" + intent + "\",\"confidence\":" + confidence + ",\"evidence\":[\"levar\"]}");
    }

    private static String inThreeDays() {
        return LocalDate.now(ZoneId.of("America/Sao_Paulo"))
                .plusDays(3)
                .getDayOfWeek()
                .name()
                .substring(0, 3)
                .toUpperCase(Locale.ROOT);
    }
}
