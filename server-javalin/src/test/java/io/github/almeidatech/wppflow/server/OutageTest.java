package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Outside systems that are down, slow, overloaded, or fail after having done the work, through the whole server: nothing is
 * lost, nothing doubled, and who is not concerned is answered as ever. {@code -Doutage.trials=100} has more customers for
 * each fault.
 */
class OutageTest {

    private static final String TENANT = "WPPFLOW_TENANTS__PET_HOTEL__";
    private static final String QUESTION = "quanto custa a diária do cachorro?";

    /** One call in so many is in trouble. */
    private static final int FEW = 4;

    private static final int TRIALS = Integer.getInteger("outage.trials", 1);

    @TempDir
    private Path data;

    private int lastCustomer;

    /** What a fault does to the sending of one conversation's answer, twice where once would be little. */
    private static Map<String, Fault> faultsOfChatwoot() {
        Map<String, Fault> faults = new LinkedHashMap<>();
        faults.put("down", Fault.drop());
        faults.put("500", Fault.status(500));
        faults.put("500 after the work", Fault.status(500).afterDoing());
        faults.put("no answer after the work", Fault.drop().afterDoing());
        faults.put("half an answer", Fault.cut());
        faults.put("garbage after the work", Fault.garbage().afterDoing());
        faults.put("slow", Fault.slow(Duration.ofSeconds(2)));
        faults.put("too many calls", Fault.rateLimited());
        faults.put("too many calls, wait", Fault.rateLimited("1"));
        return faults;
    }

    @Test
    @MostlyWaits
    void whatever_fails_in_chatwoot_each_customer_reads_one_answer() throws Exception {
        try (var server = TestServer.start(data, Map.of(TENANT + "TURNS__MAX_MESSAGES", "1"))) {
            Map<String, Fault> faults = faultsOfChatwoot();
            for (int trial = 0; trial < TRIALS; trial++) {
                long next = lastCustomer;
                for (Fault fault : faults.values()) {
                    server.chatwoot().faults().next(1, sendingTo(++next), fault);
                }
                int first = lastCustomer + 1;
                int last = lastCustomer + faults.size() + 4;
                for (int i = first; i <= last; i++) {
                    assertThat(write(server, QUESTION)).isEqualTo(i);
                }
                for (int i = first; i <= last; i++) {
                    server.awaitReplies(i, 1);
                }
            }
            server.chatwoot().awaitIdle(Duration.ofSeconds(5));

            int concerned = faults.size() * TRIALS;
            assertThat(server.chatwoot().faults().struck()).isEqualTo(concerned);
            for (long i = 1; i <= lastCustomer; i++) {
                assertThat(replies(server, i))
                        .as("conversation %d with %s", i, faults.keySet())
                        .isOne();
            }
            assertThat(server.get("/metrics").response().body()).contains("wppflow_dead_letters 0.0");
            report("Chatwoot, %d faults: %d customers, %d in trouble", faults.size(), lastCustomer, concerned);
        }
    }

    private long write(TestServer server, String text) {
        String phone = "+55119" + (90_060_000 + ++lastCustomer);
        return server.chatwoot()
                .customer(phone, "Cliente " + lastCustomer)
                .writes(text)
                .conversation();
    }

    private static void report(String what, Object... figures) {
        if (Integer.getInteger("outage.trials") != null) {
            System.out.printf(what + ": 0 lost, 0 doubled, 0 dead letters%n", figures);
        }
    }

    private static Predicate<SeenRequest> sendingTo(long conversation) {
        String path = "/conversations/" + conversation + "/messages";
        return request -> request.method().equals("POST") && request.path().endsWith(path);
    }

    private static long replies(TestServer server, long conversation) {
        return server.chatwoot().transcript(conversation).stream()
                .filter(OutageTest::isReply)
                .count();
    }

    private static boolean isReply(ChatMessage message) {
        return "AgentBot".equals(message.author()) && !message.note();
    }

    private static Map<String, Fault> faultsOfModels() {
        Map<String, Fault> faults = new LinkedHashMap<>();
        faults.put("down", Fault.drop());
        faults.put("500 after the work", Fault.status(500).afterDoing());
        faults.put("garbage", Fault.garbage());
        faults.put("no answer", Fault.hang());
        faults.put("429", Fault.rateLimited());
        return faults;
    }

    static Set<String> namesOfModelFaults() {
        return faultsOfModels().keySet();
    }

    @ParameterizedTest
    @MostlyWaits
    @MethodSource("namesOfModelFaults")
    void the_model_answers_before_and_after_an_outage_and_the_knowledge_base_in_it(String fault) throws Exception {
        try (var model = ModelScript.well(ScriptedModel.start());
                var server = TestServer.start(data, withModel(model))) {
            assertThat(answerTo(server, "antes")).contains(ModelScript.WRITTEN);

            model.faults()
                    .always(
                            request -> true,
                            Objects.requireNonNull(faultsOfModels().get(fault)));
            assertThat(answerTo(server, "durante")).contains("R$ 85", "Fonte");
            assertThat(model.faults().struck()).isPositive();

            model.faults().clear();
            await().atMost(Duration.ofSeconds(20)) // a 429 asks for a pause
                    .until(() -> answerTo(server, "depois").contains(ModelScript.WRITTEN));
            server.chatwoot().awaitIdle(Duration.ofSeconds(5));

            for (long i = 1; i <= lastCustomer; i++) {
                assertThat(replies(server, i)).as("conversation %d", i).isOne();
            }
        }
    }

    @Test
    @MostlyWaits
    void a_model_that_asks_for_an_hours_pause_has_it_and_customers_are_answered_without() throws Exception {
        try (var model = ModelScript.well(ScriptedModel.start());
                var server = TestServer.start(data, withModel(model))) {
            model.faults().next(1, request -> true, Fault.rateLimited("3600"));
            assertThat(answerTo(server, "primeiro")).contains("R$ 85", "Fonte");
            int asked = model.requests().size();

            assertThat(answerTo(server, "segundo")).contains("R$ 85", "Fonte");

            assertThat(model.requests()).hasSize(asked);
        }
    }

    /** What a new customer reads. */
    private String answerTo(TestServer server, String word) throws InterruptedException {
        long conversation = write(server, QUESTION + " (" + word + ")");
        server.awaitReplies(conversation, 1);
        return server.chatwoot().messagesIn(conversation).get(0);
    }

    @Test
    @MostlyWaits
    void a_model_that_fails_now_and_then_costs_nobody_an_answer() throws Exception {
        Map<String, Fault> faults = new LinkedHashMap<>();
        faults.put("connection closed", Fault.drop());
        faults.put("500 after the work", Fault.status(500).afterDoing());
        faults.put("garbage", Fault.garbage());
        faults.put("half an answer", Fault.cut());
        faults.put("429", Fault.rateLimited());
        faults.put("429, Retry-After: 1", Fault.rateLimited("1"));
        var random = new Random(7);
        int written = 0;
        try (var model = ModelScript.well(ScriptedModel.start());
                var server = TestServer.start(data, withModel(model))) {
            for (var fault : faults.entrySet()) {
                int before = model.requests().size();
                int struckBefore = model.faults().struck();
                model.faults().clear();
                model.faults().always(request -> random.nextInt(FEW) == 0, fault.getValue());

                List<Long> conversations = writeMany(server);

                int byTheModel = 0;
                for (long conversation : conversations) {
                    assertThat(replies(server, conversation)).as(fault.getKey()).isOne();
                    String said = server.chatwoot().messagesIn(conversation).get(0);
                    assertThat(said).containsAnyOf(ModelScript.WRITTEN, "Fonte");
                    byTheModel += said.contains(ModelScript.WRITTEN) ? 1 : 0;
                }
                report(
                        "a model, %s: %d customers, %d calls, %d of them in trouble, %d answered by it",
                        fault.getKey(),
                        conversations.size(),
                        model.requests().size() - before,
                        model.faults().struck() - struckBefore,
                        byTheModel);
                written += byTheModel;
            }
            assertThat(written).isPositive();
            assertThat(model.faults().struck()).isPositive();
        }
    }

    @Test
    @MostlyWaits
    void a_workflow_that_fails_now_and_then_is_stood_in_for() throws Exception {
        try (var n8n = new SimulatedN8n();
                var server = TestServer.start(data, withWorkflow(n8n))) {
            n8n.answers(200, "{\"text\":\"Do fluxo: temos vaga.\"}");
            for (SimulatedN8n.Stumble stumble : SimulatedN8n.Stumble.values()) {
                int before = n8n.received();
                int stumbledBefore = n8n.stumbled();
                n8n.stumbles(stumble, FEW, answer -> server.post("/webhooks/n8n/pet-hotel", answer));

                List<Long> conversations = writeMany(server);

                int byTheWorkflow = 0;
                for (long conversation : conversations) {
                    assertThat(replies(server, conversation)).as("%s", stumble).isOne();
                    assertThat(n8n.questionsAbout(conversation)).hasSizeLessThanOrEqualTo(1);
                    String said = server.chatwoot().messagesIn(conversation).get(0);
                    assertThat(said).containsAnyOf("Do fluxo: temos vaga.", "R$ 85");
                    if (stumble.isAfterTheAnswer()
                            && !n8n.questionsAbout(conversation).isEmpty()) {
                        assertThat(said).as("accepted, %s", stumble).contains("Do fluxo");
                    }
                    byTheWorkflow += said.contains("Do fluxo") ? 1 : 0;
                }
                report(
                        "a workflow, %s: %d customers, %d calls, %d of them in trouble, %d answered by it",
                        stumble,
                        conversations.size(),
                        n8n.received() - before,
                        n8n.stumbled() - stumbledBefore,
                        byTheWorkflow);
            }
            assertThat(n8n.stumbled()).isPositive();
        }
    }

    /** Customers who write a few at a time, and have been answered. */
    private List<Long> writeMany(TestServer server) throws InterruptedException {
        var conversations = new ArrayList<Long>();
        while (conversations.size() < TRIALS + 3) {
            var together = new ArrayList<Long>();
            for (int i = 0; i < 20 && conversations.size() + together.size() < TRIALS + 3; i++) {
                together.add(write(server, QUESTION));
            }
            for (long conversation : together) {
                server.awaitReplies(conversation, 1);
            }
            conversations.addAll(together);
        }
        server.chatwoot().awaitIdle(Duration.ofSeconds(5));
        assertThat(server.get("/metrics").response().body()).contains("wppflow_dead_letters 0.0");
        return conversations;
    }

    private static Map<String, String> withModel(ScriptedModel model) {
        return Map.of(
                "MODEL_KEY",
                ScriptedModel.KEY,
                TENANT + "TURNS__MAX_MESSAGES",
                "1",
                TENANT + "MODELS__TIME_LIMIT",
                "PT2S",
                TENANT + "MODELS__INTENT_TIME_LIMIT",
                "PT2S",
                TENANT + "MODELS__PROVIDERS",
                "[{provider: compatible, base_url: '" + model.openAiUrl()
                        + "', api_key: '${env:MODEL_KEY}', chat_model: m}]");
    }

    private static Map<String, String> withWorkflow(SimulatedN8n n8n) {
        return Map.of(
                TENANT + "OUTGOING_WEBHOOKS__RESERVAS__URL",
                n8n.url(),
                TENANT + "OUTGOING_WEBHOOKS__RESERVAS__SECRET",
                "a secret of twenty-four or more",
                TENANT + "OUTGOING_WEBHOOKS__RESERVAS__TIMEOUT",
                "PT1S",
                TENANT + "OUTGOING_WEBHOOKS__RESERVAS__ALLOW_PRIVATE_NETWORK",
                "true",
                TENANT + "TURNS__MAX_MESSAGES",
                "1",
                TENANT + "ROUTING__WORKFLOW",
                "reservas");
    }
}
