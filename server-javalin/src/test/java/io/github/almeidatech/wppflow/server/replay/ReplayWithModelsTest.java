package io.github.almeidatech.wppflow.server.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.ModelCall;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A conversation that a language model has answered, answered again by other models, prompts and settings. */
class ReplayWithModelsTest {

    private static final String TENANT = "WPPFLOW_TENANTS__PET_HOTEL__";
    private static final String OLD = "Fica R$ 85 para os pequenos.";
    private static final String NEW = "São R$ 85 por dia.";
    private static final String CURT = "R$ 85.";

    @TempDir
    private static Path data;

    private static final ScriptedModel MODEL = ScriptedModel.start();
    private static TestServer server;
    private static long conversation;
    private static ChatMessage question;

    @BeforeAll
    static void aConversationWithAModel() throws Exception {
        MODEL.when(ReplayWithModelsTest::asksForAnAnswer, ReplayWithModelsTest::answer);
        server = TestServer.start(
                data,
                Map.of(
                        "MODEL_KEY",
                        ScriptedModel.KEY,
                        TENANT + "REPLIES__INTRODUCE",
                        "false",
                        TENANT + "MODELS__PROVIDERS",
                        "[{provider: compatible, base_url: '" + MODEL.openAiUrl()
                                + "', api_key: '${env:MODEL_KEY}', chat_model: old, price: {input: 1, output: 4}}]"));
        Customer customer = server.chatwoot().customer("+5511990000078", "Lia Prado");
        question = customer.writes("quanto custa a diária do cachorro?");
        conversation = question.conversation();
        server.awaitEvents(conversation, "turn.completed", 1);
        customer.writes("quero falar com uma pessoa");
        server.awaitEvents(conversation, "turn.completed", 2);
    }

    @AfterAll
    static void stop() {
        server.close();
        MODEL.close();
    }

    private static boolean asksForAnAnswer(ModelCall call) {
        return call.body().at("/response_format/json_schema/name").asText().equals("answer");
    }

    /** The new model says it in other words, and a tone that asks for it makes it short. */
    private static ModelReply answer(ModelCall call) {
        String first = call.body()
                .at("/response_format/json_schema/schema/properties/passages/items/enum/0")
                .asText();
        String text = call.body().path("model").asText().equals("new") ? NEW : OLD;
        String said = call.body().toString().contains("telegrama") ? CURT : text;
        return ModelReply.text("{\"answered\":true,\"text\":\"" + said + "\",\"passages\":[\"" + first + "\"]}");
    }

    @Test
    void the_same_model_says_the_same_again_and_what_it_costs_is_told() {
        long tokensBefore = spentToday();

        JsonNode report = replay("\"models\":true");

        assertThat(report.path("same").asInt()).as(report.toPrettyString()).isEqualTo(2);
        assertThat(report.at("/outcomes/0/now/reason").asText()).isEqualTo("written");
        assertThat(report.at("/outcomes/0/now/commands/0/text").asText()).contains(OLD);
        assertThat(report.at("/spent/tokens").asLong()).isPositive();
        assertThat(new BigDecimal(report.at("/spent/dollars").asText())).isPositive();
        assertThat(spentToday() - tokensBefore)
                .as("it counts for the day")
                .isEqualTo(report.at("/spent/tokens").asLong());
    }

    @Test
    void another_model_differs_by_what_would_have_been_sent() {
        JsonNode turn = replay("\"models\":true,\"settings\":{\"models\":{\"chat_model\":\"new\"}}")
                .at("/outcomes/0");

        assertThat(turn.path("differences")).extracting(JsonNode::asText).containsExactly("reply", "commands");
        assertThat(turn.at("/recorded/commands/0/text").asText()).contains(OLD);
        assertThat(turn.at("/now/commands/0/text").asText()).contains(NEW);
    }

    @Test
    void another_prompt_differs_too() {
        JsonNode turn = replay("\"models\":true,\"settings\":{\"replies\":{\"tone\":\"como um telegrama\"}}")
                .at("/outcomes/0");

        assertThat(turn.at("/now/reply").asText()).contains(CURT);
    }

    @Test
    void what_the_budget_does_not_pay_for_is_not_replayed_and_not_asked() {
        int asked = MODEL.calls().size();

        JsonNode report = replay("\"models\":true,\"max_dollars\":0");

        assertThat(report.at("/outcomes/0/skipped").asText()).isEqualTo("budget_spent");
        assertThat(report.at("/outcomes/0/now").isNull()).isTrue();
        assertThat(report.at("/spent/tokens").asLong()).isZero();
        assertThat(MODEL.calls()).hasSize(asked);
    }

    @Test
    void a_tenants_day_that_is_spent_pays_for_no_replay_either() {
        assertThat(replay("\"models\":true,\"max_tokens\":1")
                        .at("/outcomes/0/skipped")
                        .asText())
                .isEqualTo("budget_spent");
    }

    @Test
    void without_models_none_is_asked() {
        int asked = MODEL.calls().size();

        JsonNode report = replay("\"models\":false");

        assertThat(report.at("/outcomes/0/now/reason").asText()).isEqualTo("knowledge");
        assertThat(MODEL.calls()).hasSize(asked);
    }

    @Test
    void other_settings_change_routes_phrases_and_the_handoff() {
        JsonNode report = replay("""
                "settings":{"handoff":{"label":"humano"},"replies":{"phrases":{"handoff":"Já chamo alguém."}},
                  "routing":{"intents":{"sales":{"mode":"off"}}}}""");

        assertThat(report.at("/outcomes/0/now/outcome").asText()).isEqualTo("handed_off");
        JsonNode person = report.at("/outcomes/1");
        assertThat(person.path("differences")).extracting(JsonNode::asText).contains("commands", "reply");
        assertThat(person.at("/recorded/commands/0").toString()).contains("change_labels");
        assertThat(person.at("/now/commands/0/add/0").asText()).isEqualTo("humano");
        assertThat(person.at("/now/reply").asText()).contains("Já chamo alguém.");
    }

    @Test
    void every_mistake_in_the_settings_is_named_and_nothing_out_of_reach_comes_into_reach() {
        var answer = server.post("/api/v1/replay", """
                {"conversation_id":%d,"settings":{"chatwoot":{"base_url":"http://169.254.169.254"},"replyes":{},
                  "models":{"providers":[{"base_url":"http://evil.example.com"}]}}}""".formatted(conversation));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().at("/error/details/fields").findValuesAsText("field"))
                .containsExactlyInAnyOrder("settings.chatwoot", "settings.replyes", "settings.models.providers");
        assertThat(fields("{\"hours\":{\"holidays_file\":\"/etc/passwd\"}}"))
                .containsExactly("settings.hours.holidays_file");
        assertThat(fields("{\"time_zone\":\"Nowhere\",\"routing\":{\"workflow\":\"none such\"}}"))
                .containsExactlyInAnyOrder("settings.time_zone", "settings.routing.workflow");
        assertThat(fields("{\"routing\":{\"min_confidence\":7}}")).containsExactly("settings.routing.min_confidence");
        assertThat(fields("{\"models\":{\"provider\":\"anthropic\"}}")).containsExactly("settings.models.provider");
        assertThat(fields("{\"replies\":{\"phrases\":{\"no_such_phrase\":\"x\"}}}"))
                .containsExactly("settings");
        assertThat(fields("{\"models\":{\"temperature\":3,\"chat_model\":\" \"}}"))
                .containsExactlyInAnyOrder("settings.models.temperature", "settings.models.chat_model");
        assertThat(fields("[]")).containsExactly("settings");
    }

    private static Iterable<String> fields(String settings) {
        return server.post("/api/v1/replay", "{\"conversation_id\":" + conversation + ",\"settings\":" + settings + "}")
                .body()
                .at("/error/details/fields")
                .findValuesAsText("field");
    }

    private static JsonNode replay(String more) {
        var answer = server.post("/api/v1/replay", "{\"conversation_id\":" + conversation + "," + more + "}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
        return answer.data();
    }

    private static long spentToday() {
        return server.get("/metrics")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith("wppflow_llm_spent_today_tokens"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
