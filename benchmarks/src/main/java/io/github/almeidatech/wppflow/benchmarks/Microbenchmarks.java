package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.chatwoot.Authenticity;
import io.github.almeidatech.wppflow.chatwoot.ReplyRenderer;
import io.github.almeidatech.wppflow.chatwoot.TextStyle;
import io.github.almeidatech.wppflow.chatwoot.WebhookAuthenticator;
import io.github.almeidatech.wppflow.chatwoot.WebhookKind;
import io.github.almeidatech.wppflow.chatwoot.WebhookSecret;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.PolicyContext;
import io.github.almeidatech.wppflow.eventlog.PolicyEngine;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.InMemoryDocumentStore;
import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.knowledge.LuceneKnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.Question;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.normalizer.Delivery;
import io.github.almeidatech.wppflow.normalizer.DeliverySource;
import io.github.almeidatech.wppflow.normalizer.Normalized;
import io.github.almeidatech.wppflow.normalizer.Normalizer;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.router.Utterance;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeFile;
import io.github.almeidatech.wppflow.testkit.Webhooks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the steps of one message cost alone: its webhook is verified and normalised, its text classified and looked up, the
 * answer rendered, and the business's policies are asked about the turn. Run by {@code benchmarks/run org.openjdk.jmh.Main}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class Microbenchmarks {

    private static final TenantId TENANT = new TenantId("pet-hotel");
    private static final int DOCUMENTS = 10_000;
    private static final int POLICIES = 100;
    private static final String SECRET = "webhook-secret-of-an-invented-hotel";
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    private static final String REPLY = """
            **A diária de gato** custa *R$ 75* na suíte individual.

            - areia, limpeza e brinquedos incluídos
            - dois gatos da mesma família: R$ 120

            Veja mais em [nosso site](https://patinhas.example/gatos).

            _Fonte: Diárias para gatos_
            """;

    private final Normalizer normalizer = Normalizer.builder()
            .phoneRegion("BR")
            .clock(InstantSource.fixed(NOW))
            .build();
    private final WebhookAuthenticator authenticator = WebhookAuthenticator.bySignature(
            Map.of(WebhookKind.AGENT_BOT, List.of(WebhookSecret.of(SECRET))), InstantSource.fixed(NOW));
    private final Router router = Router.builder().build();
    private final LuceneKnowledgeBase knowledge = LuceneKnowledgeBase.on(new InMemoryDocumentStore());
    private final ReplyRenderer renderer = new ReplyRenderer();
    private final PolicyEngine policies = new PolicyEngine(policies());
    private final Event turn = turn();
    private final String timestamp = String.valueOf(NOW.getEpochSecond());
    private byte[] body = {};
    private String signature = "";
    private List<String> questions = List.of();
    private int next;

    /** Prepares one real webhook and the invented hotel's knowledge. */
    @Setup
    public void prepare() throws IOException, InterruptedException {
        body = WebhookRequests.of("quanto custa a diária de gato?").body(1);
        signature = Webhooks.sign(SECRET, timestamp, body);
        questions = Questions.shuffled(new Random(1));
        knowledge.put(TENANT, hotel());
        if (decide().commands().size() != 2) {
            throw new IllegalStateException("no policy fires");
        }
    }

    private static List<Document> hotel() throws IOException {
        Path directory = Files.createTempDirectory("microbenchmarks");
        List<Document> documents = KnowledgeFile.read(Scratch.knowledge(directory));
        Scratch.delete(directory);
        return documents;
    }

    /** A large knowledge base; only who asks it waits for it to be made. */
    @State(Scope.Benchmark)
    public static class TenThousandDocuments {

        private final LuceneKnowledgeBase knowledge = LuceneKnowledgeBase.on(new InMemoryDocumentStore());

        /** Indexes them. */
        @Setup
        public void prepare() throws IOException {
            knowledge.put(TENANT, shuffled(hotel(), new Random(2)));
        }
    }

    /** The signature over the raw body. */
    @Benchmark
    public Authenticity verify() {
        return authenticator.authenticate(WebhookKind.AGENT_BOT, List.of(timestamp), List.of(signature), null, body);
    }

    /** From bytes to a judged event. */
    @Benchmark
    public Normalized normalize() {
        return normalizer.normalize(Delivery.of(TENANT, DeliverySource.AGENT_BOT, body));
    }

    /** What a customer wants. */
    @Benchmark
    public Classification classify() {
        return router.classify(Utterance.of(question()));
    }

    /** The best passage out of 38 documents. */
    @Benchmark
    public KnowledgeAnswer search() {
        return knowledge.query(TENANT, Question.of(question()));
    }

    /** The best passage out of 10 000 documents of the same words. */
    @Benchmark
    public KnowledgeAnswer searchTenThousand(TenThousandDocuments large) {
        return large.knowledge.query(TENANT, Question.of(question()));
    }

    /** Documents of a title and some sentences each, from anywhere in the given ones. */
    private static List<Document> shuffled(List<Document> documents, Random random) {
        List<String> sentences = documents.stream()
                .flatMap(document -> Stream.of(document.content().split("(?<=[.!?])\\s+")))
                .toList();
        return IntStream.range(0, DOCUMENTS)
                .mapToObj(i -> new Document(
                        "d" + i,
                        documents.get(random.nextInt(documents.size())).title() + " " + i,
                        random.ints(6, 0, sentences.size())
                                .mapToObj(sentences::get)
                                .collect(Collectors.joining(" ")),
                        null))
                .toList();
    }

    /** CommonMark to WhatsApp's marks. */
    @Benchmark
    public String render() {
        return renderer.render(REPLY, TextStyle.WHATSAPP);
    }

    /** What a hundred policies want done about a turn: ten are about turns, and one of these fires with two actions. */
    @Benchmark
    public PolicyPlan decide() {
        return policies.decide(List.of(turn), PolicyContext.at(NOW));
    }

    private static Policies policies() {
        List<Map<String, Object>> documents = IntStream.range(0, POLICIES)
                .<Map<String, Object>>mapToObj(i -> Map.of(
                        "id",
                        "policy-" + i,
                        "event",
                        i % 10 == 0 ? "turn.completed" : "order" + i + ".paid",
                        "when",
                        Map.of(
                                "and",
                                List.of(
                                        Map.of("==", List.of(Map.of("var", "intent"), "intent-" + i)),
                                        Map.of(">=", List.of(Map.of("var", "confidence"), 0.7)))),
                        "then",
                        List.of(
                                Map.of("labels", Map.of("add", List.of("{{intent}}"))),
                                Map.of("send_message", "Sobre {{intent}}: um momento, por favor."))))
                .toList();
        return Policies.parse(documents).match(parsed -> parsed, problems -> {
            throw new IllegalStateException(problems.toString());
        });
    }

    private static Event turn() {
        Map<String, Object> payload = Map.of(
                "intent",
                "intent-50",
                "outcome",
                "answered",
                "heard",
                "quanto custa a diária de gato?",
                "reply",
                REPLY);
        return new Event(
                "turn-1",
                TENANT,
                new ConversationId(TENANT, 1, 1),
                "chatwoot:1:1",
                "turn.completed",
                1,
                payload,
                Event.Source.BOT,
                0.9,
                null,
                0,
                NOW);
    }

    private String question() {
        next = (next + 1) % questions.size();
        return questions.get(next);
    }
}
