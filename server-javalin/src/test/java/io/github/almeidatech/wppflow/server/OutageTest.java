package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.ModelReply;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Outside systems that are down, slow, overloaded, or fail after having done the work, through the whole server: nothing is
 * lost, nothing doubled, and who is not concerned is answered as ever.
 */
class OutageTest {

    private static final String TENANT = "WPPFLOW_TENANTS__PET_HOTEL__";
    private static final String QUESTION = "quanto custa a diária do cachorro?";

    @TempDir
    private Path data;

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
    void whatever_fails_in_chatwoot_each_customer_reads_one_answer() throws Exception {
        try (var server = TestServer.start(data)) {
            Map<String, Long> concerned = new LinkedHashMap<>();
            long next = 1;
            for (var fault : faultsOfChatwoot().entrySet()) {
                server.chatwoot().faults().next(1, sendingTo(next), fault.getValue());
                concerned.put(fault.getKey(), next++);
            }
            int customers = concerned.size() + 4;
            for (int i = 1; i <= customers; i++) {
                long conversation = server.chatwoot()
                        .customer("+55119900060" + (10 + i), "Cliente " + i)
                        .writes(QUESTION)
                        .conversation();
                assertThat(conversation).isEqualTo(i);
            }
            for (int i = 1; i <= customers; i++) {
                server.awaitReplies(i, 1);
            }
            server.chatwoot().awaitIdle(Duration.ofSeconds(5));

            assertThat(server.chatwoot().faults().struck()).isEqualTo(concerned.size());
            for (long i = 1; i <= customers; i++) {
                assertThat(replies(server, i))
                        .as("conversation %d of %s", i, concerned)
                        .isOne();
            }
            assertThat(server.get("/metrics").response().body()).contains("wppflow_dead_letters 0.0");
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
        faults.put("pedido alfa", Fault.drop());
        faults.put("pedido beta", Fault.status(500).afterDoing());
        faults.put("pedido gama", Fault.garbage());
        faults.put("pedido delta", Fault.hang());
        faults.put("pedido omega", Fault.rateLimited("3600"));
        return faults;
    }

    @Test
    void whatever_fails_at_a_model_each_customer_reads_one_answer_from_the_knowledge_base() throws Exception {
        try (var model = ScriptedModel.start().otherwise(ModelReply.text("nothing of use"));
                var server = TestServer.start(
                        data,
                        Map.of(
                                "MODEL_KEY",
                                ScriptedModel.KEY,
                                TENANT + "MODELS__TIME_LIMIT",
                                "PT2S",
                                TENANT + "MODELS__INTENT_TIME_LIMIT",
                                "PT2S",
                                TENANT + "MODELS__PROVIDERS",
                                "[{provider: compatible, base_url: '" + model.openAiUrl()
                                        + "', api_key: '${env:MODEL_KEY}', chat_model: m}]"))) {
            var conversations = new LinkedHashMap<String, Long>();
            faultsOfModels().forEach((words, fault) -> {
                model.faults().always(request -> request.body().contains(words), fault);
                conversations.put(
                        words,
                        server.chatwoot()
                                .customer("+551199000" + (7000 + conversations.size()), "Cliente")
                                .writes(QUESTION + " (" + words + ")")
                                .conversation());
            });

            for (long conversation : conversations.values()) {
                server.awaitReplies(conversation, 1);
            }
            server.chatwoot().awaitIdle(Duration.ofSeconds(5));

            assertThat(model.faults().struck()).isPositive();
            conversations.forEach((words, conversation) -> {
                assertThat(replies(server, conversation)).as(words).isOne();
                assertThat(server.chatwoot().messagesIn(conversation).get(0))
                        .as(words)
                        .contains("R$ 85", "Fonte");
            });
        }
    }
}
