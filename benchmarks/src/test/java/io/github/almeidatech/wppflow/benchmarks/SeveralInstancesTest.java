package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.DeliveryFault;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import io.github.almeidatech.wppflow.testkit.ModelCall;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two servers on one PostgreSQL promise together. */
class SeveralInstancesTest {

    private static final String QUESTION = "quanto custa a diária do cachorro?";

    @TempDir
    private static Path data;

    private static LocalPostgres postgres;
    private static TwoServers plain;

    private final TwoServers servers = plain;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
        postgres = LocalPostgres.start();
        plain = new TwoServers(postgres.newDatabase(), data, Map.of());
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            plain.close();
            postgres.close();
        }
    }

    @Test
    void every_message_is_answered_once_and_in_order_whichever_instance_its_webhook_reached() throws Exception {
        var customers = Stream.generate(servers::customer).limit(6).toList();
        var conversations = customers.stream()
                .map(customer -> customer.writes(QUESTION).conversation())
                .toList();
        for (long conversation : conversations) {
            servers.awaitReplies(conversation, 1);
        }
        customers.forEach(customer -> customer.writes("vocês aceitam gato?"));

        for (long conversation : conversations) {
            servers.awaitReplies(conversation, 2);
        }
        servers.allQuiet();
        for (long conversation : conversations) {
            assertThat(servers.turns(conversation)).hasSize(2);
            assertThat(servers.replies(conversation)).hasSize(2);
            assertThat(servers.replies(conversation).get(0)).contains("R$");
            assertThat(servers.replies(conversation).get(1)).contains("gato");
        }
    }

    @Test
    void a_burst_that_reaches_both_instances_is_one_turn() throws Exception {
        Customer customer = servers.customer();
        long conversation = customer.writes("oi").conversation();
        var written = new ArrayList<Long>();
        customer.writes("queria saber");
        customer.writes(QUESTION);
        customer.writes("é um vira-lata");
        servers.chatwoot().transcript(conversation).forEach(message -> written.add(message.id()));

        servers.awaitReplies(conversation, 1);

        servers.allQuiet();
        assertThat(servers.replies(conversation)).hasSize(1);
        assertThat(servers.turns(conversation)).singleElement().satisfies(turn -> {
            var answered = new ArrayList<Long>();
            turn.path("payload").path("message_ids").forEach(id -> answered.add(id.asLong()));
            assertThat(answered).isEqualTo(written);
        });
    }

    @Test
    void a_plan_that_both_get_in_the_same_moment_is_carried_out_once() throws Exception {
        long conversation = servers.customer().writes(QUESTION).conversation();
        servers.awaitReplies(conversation, 1);
        for (int i = 0; i < 8; i++) {
            String plan = """
                    {"conversation_id":%d,"idempotency_key":"pedido-%d-%d","execution_plan":{"messages":["Pago %d."]}}
                    """.formatted(conversation, conversation, i, i);
            var both = Stream.of(servers.a(), servers.b())
                    .map(server -> CompletableFuture.supplyAsync(() -> sync(server, plan)))
                    .toList();
            for (var each : both) {
                assertThat(each.get(TwoServers.SOON.toSeconds(), TimeUnit.SECONDS))
                        .isEqualTo(200);
            }
        }

        assertThat(servers.replies(conversation).stream().filter(text -> text.startsWith("Pago")))
                .containsExactlyElementsOf(
                        IntStream.range(0, 8).mapToObj(i -> "Pago " + i + ".").toList());
    }

    private int sync(URI server, String plan) {
        try {
            return servers.send(server, "POST", "/api/v1/chatwoot/sync", plan, HotelSettings.API_TOKEN)
                    .statusCode();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_both_find_by_catching_up_is_answered_once() throws Exception {
        servers.chatwoot().webhooks().next(Integer.MAX_VALUE, delivery -> true, DeliveryFault.drop());
        var conversations = new ArrayList<Long>();
        for (int i = 0; i < 4; i++) {
            conversations.add(servers.customer().writes(QUESTION).conversation());
        }

        for (long conversation : conversations) {
            servers.awaitReplies(conversation, 1);
        }
        servers.allQuiet();
        servers.chatwoot().webhooks().healthy();
        assertThat(conversations)
                .allSatisfy(conversation ->
                        assertThat(servers.replies(conversation)).hasSize(1));
    }

    @Test
    void a_database_that_breaks_every_connection_in_the_middle_loses_and_doubles_nothing() throws Exception {
        var conversations = new ArrayList<Long>();
        for (int i = 0; i < 6; i++) {
            conversations.add(servers.customer().writes(QUESTION).conversation());
            if (i % 2 == 1) {
                postgres.cutConnections();
            }
        }

        for (long conversation : conversations) {
            servers.awaitReplies(conversation, 1);
        }
        servers.allQuiet();
        assertThat(conversations)
                .allSatisfy(conversation ->
                        assertThat(servers.replies(conversation)).hasSize(1));
    }

    @Test
    void a_person_of_whom_one_instance_hears_holds_back_what_is_being_written_in_any() throws Exception {
        try (var model = ScriptedModel.start();
                var servers = with(
                        model, "CHATWOOT__CHECK_OWNERSHIP_BEFORE_SEND", "false", "CHATWOOT__CATCH_UP_EVERY", "PT0S")) {
            model.faults().always(request -> true, Fault.slow(Duration.ofSeconds(2)));
            model.when(SeveralInstancesTest::asksForAnAnswer, SeveralInstancesTest::answerFromTheFirstPassage);
            servers.balancer().onlyTo(servers.b());
            var conversations = new ArrayList<Long>();
            for (int i = 0; i < 4; i++) {
                conversations.add(servers.customer().writes(QUESTION).conversation());
            }
            await().atMost(TwoServers.SOON).until(() -> model.mostAtOnce() >= conversations.size());

            servers.balancer().onlyTo(servers.a());
            conversations.forEach(conversation -> servers.chatwoot().agent().writes(conversation, "Oi, sou a Marta."));

            servers.allQuiet();
            for (long conversation : conversations) {
                assertThat(servers.events("message.received", conversation)).hasSize(1);
                assertThat(servers.replies(conversation)).containsExactly("Oi, sou a Marta.");
            }
        }
    }

    @Test
    void what_is_told_to_one_instance_holds_in_the_other() throws Exception {
        servers.call(servers.a(), "POST", "/api/v1/knowledge-base/documents", """
                {"documents":[{"id":"piscina","title":"Piscina","content":"A piscina dos cães abre às 10h e fecha às 16h."}]}""");
        await().atMost(TwoServers.SOON)
                .untilAsserted(() ->
                        assertThat(servers.asked("que horas abre a piscina?")).contains("10h"));
        servers.call(servers.a(), "DELETE", "/api/v1/knowledge-base/documents", "{\"ids\":[\"piscina\"]}");
        await().atMost(TwoServers.SOON)
                .untilAsserted(() ->
                        assertThat(servers.asked("que horas abre a piscina?")).doesNotContain("10h"));

        servers.call(
                servers.a(),
                "PUT",
                "/api/v1/policies/vip",
                "{\"policy\":{\"event\":\"order.paid\",\"then\":[{\"labels\":{\"add\":[\"vip\"]}}]}}");
        await().atMost(TwoServers.SOON)
                .until(() ->
                        servers.status(servers.b(), "GET", "/api/v1/policies/vip", HotelSettings.API_TOKEN) == 200);

        JsonNode made = servers.call(servers.a(), "POST", "/api/v1/tokens", "{\"name\":\"n8n\",\"scopes\":[\"read\"]}");
        String token = made.path("token").asText();
        assertThat(servers.status(servers.b(), "GET", "/api/v1/events", token)).isEqualTo(200);
        servers.call(servers.a(), "DELETE", "/api/v1/tokens/" + made.path("id").asText(), "");
        assertThat(servers.status(servers.b(), "GET", "/api/v1/events", token)).isEqualTo(401);
    }

    @Test
    void what_one_instance_has_spent_counts_in_the_other() throws Exception {
        try (var model = ScriptedModel.start();
                var servers = with(model, "MODELS__TOKENS_PER_DAY", "50000")) {
            model.when(
                    SeveralInstancesTest::asksForAnAnswer,
                    call -> answerFromTheFirstPassage(call).usage(50_000, 10));
            servers.awaitReplies(servers.customer().writes(QUESTION).conversation(), 1);
            int calls = model.calls().size();

            for (int i = 0; i < 4; i++) {
                servers.awaitReplies(servers.customer().writes(QUESTION).conversation(), 1);
            }

            assertThat(model.calls()).hasSize(calls);
            for (URI server : List.of(servers.a(), servers.b())) {
                assertThat(servers.send(server, "GET", "/metrics", "", HotelSettings.API_TOKEN)
                                .body())
                        .contains("wppflow_llm_spent_today_tokens{tenant=\"pet-hotel\"} 50010.0");
            }
        }
    }

    @Test
    void a_file_that_both_want_in_the_same_second_is_read_by_one() throws Exception {
        String file = Base64.getEncoder().encodeToString("OggS voice".getBytes(StandardCharsets.UTF_8));
        String body = "{\"type\":\"audio\",\"data\":\"" + file + "\"}";
        try (var model = ScriptedModel.start().nextTranscripts("oi, quanto custa?");
                var servers = with(model, "MODELS__PROVIDERS", hearing(model))) {
            model.faults().always(request -> true, Fault.slow(Duration.ofSeconds(1)));

            List<String> answers = Stream.of(servers.a(), servers.b())
                    .parallel()
                    .map(server -> read(servers, server, body))
                    .toList();

            assertThat(answers).allSatisfy(answer -> assertThat(answer).contains("oi, quanto custa?"));
            assertThat(model.calls()).hasSize(1);
        }
    }

    private static String read(TwoServers servers, URI server, String body) {
        try {
            return servers.send(server, "POST", "/api/v1/multimodal/process", body, HotelSettings.API_TOKEN)
                    .body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static String hearing(ScriptedModel model) {
        return "[{provider: compatible, base_url: '" + model.openAiUrl()
                + "', api_key: '${env:MODEL_KEY}', transcription_model: t}]";
    }

    /** Two more, with a model behind them and other settings of the tenant. */
    private static TwoServers with(ScriptedModel model, String... keysAndValues) throws Exception {
        var settings = new HashMap<String, String>();
        settings.put("MODEL_KEY", ScriptedModel.KEY);
        settings.put(
                HotelSettings.TENANT_KEYS + "MODELS__PROVIDERS",
                "[{provider: compatible, base_url: '" + model.openAiUrl()
                        + "', api_key: '${env:MODEL_KEY}', chat_model: m}]");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(HotelSettings.TENANT_KEYS + keysAndValues[i], keysAndValues[i + 1]);
        }
        return new TwoServers(postgres.newDatabase(), data, settings);
    }

    private static boolean asksForAnAnswer(ModelCall call) {
        return call.body().at("/response_format/json_schema/name").asText().equals("answer");
    }

    private static ModelReply answerFromTheFirstPassage(ModelCall call) {
        String first = call.body()
                .at("/response_format/json_schema/schema/properties/passages/items/enum/0")
                .asText();
        return ModelReply.text(
                "{\"answered\":true,\"text\":\"Fica R$ 85 para os pequenos.\",\"passages\":[\"" + first + "\"]}");
    }
}
