package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.chatwoot.ChatwootClient;
import io.github.almeidatech.wppflow.chatwoot.NewMessage;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.PolicyContext;
import io.github.almeidatech.wppflow.eventlog.PolicyEngine;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.Question;
import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.multimodal.MediaSource;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.multimodal.Transcriber;
import io.github.almeidatech.wppflow.normalizer.Delivery;
import io.github.almeidatech.wppflow.normalizer.DeliverySource;
import io.github.almeidatech.wppflow.normalizer.Normalized;
import io.github.almeidatech.wppflow.normalizer.Normalizer;
import io.github.almeidatech.wppflow.normalizer.OwnershipMode;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.router.Utterance;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each module's first example is what is compiled and run here, between its begin and its end. */
class ModuleExamplesTest {

    private static final Pattern EXAMPLE = Pattern.compile("<pre>\\{@code(.*?)}</pre>", Pattern.DOTALL);

    private final TenantId tenant = new TenantId("pet-hotel");
    private final String personKey = "p:5511990000002";
    private final Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final InboundMessage message = new InboundMessage(
            new ConversationId(tenant, 1, 88),
            1001,
            4L,
            now,
            ContentType.AUDIO,
            "",
            List.of(Attachment.file(ContentType.AUDIO, "https://chat.example.com/voice.ogg", "audio/ogg", "voice.ogg")),
            new Sender(27L, "Joana Exemplo", "5511990000002", "+5511990000002", personKey),
            null);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "core-normalizer",
                "core-multimodal",
                "core-contacts",
                "core-router",
                "core-eventlog",
                "adapter-chatwoot",
                "core-knowledge"
            })
    void what_a_modules_package_shows_is_run_here(String module) throws Exception {
        String here = Files.readString(
                Path.of("src/test/java", ModuleExamplesTest.class.getName().replace('.', '/') + ".java"));
        String run = here.substring(here.indexOf("// " + module + " begins"), here.indexOf("// " + module + " ends"));
        Path folder = Path.of("").toAbsolutePath().getParent().resolve(module).resolve("src/main/java");
        try (Stream<Path> files = Files.walk(folder)) {
            Path described = files.filter(file -> file.endsWith("package-info.java"))
                    .findFirst()
                    .orElseThrow();
            var example = EXAMPLE.matcher(Files.readString(described));

            assertThat(example.find()).as("it has an example").isTrue();
            assertThat(plain(run)).contains(plain(example.group(1).replaceAll("(?m)^ \\*", "")));
        }
    }

    /** Without comments, and however it is laid out. */
    private static String plain(String code) {
        return code.replaceAll("(?m)// .*$", "").replaceAll("\\s+", "");
    }

    @Test
    void a_webhook_is_read() {
        byte[] body = """
                {"event":"message_created","id":1001,"content":"quanto custa?","message_type":"incoming","private":false,
                 "content_type":"text","created_at":"2026-03-01T12:00:00Z","account":{"id":1},"inbox":{"id":4},
                 "sender":{"id":27,"name":"Joana Exemplo","phone_number":"+5511990000002","type":"contact"},
                 "conversation":{"id":88,"inbox_id":4,"status":"pending","channel":"Channel::Whatsapp",
                   "contact_inbox":{"source_id":"5511990000002"}}}""".getBytes(StandardCharsets.UTF_8);
        List<InboundMessage> customers = new ArrayList<>();

        // core-normalizer begins
        Normalizer normalizer = Normalizer.builder()
                .phoneRegion("BR")
                .ownership(OwnershipMode.AGENT_BOT)
                .build();
        Normalized normalized = normalizer.normalize(Delivery.of(tenant, DeliverySource.AGENT_BOT, body));
        normalized.message().ifPresent(customers::add);
        String reason = normalized.reason().word();
        // core-normalizer ends

        assertThat(reason).isEqualTo("customer_message");
        assertThat(customers).extracting(InboundMessage::text).containsExactly("quanto custa?");
    }

    @Test
    void a_voice_note_is_heard() {
        MediaSource source = (tenant, file, max, limit) -> "OggS voice".getBytes(StandardCharsets.UTF_8);
        Transcriber transcriber = (payer, file, limit) -> "quanto custa?";

        // core-multimodal begins
        MediaReader reader =
                MediaReader.builder().source(source).transcriber(transcriber).build();
        List<MediaText> texts = reader.read(message);
        String said = texts.get(0)
                .match(MediaText.Read::text, missing -> missing.reason().word());
        // core-multimodal ends

        assertThat(said).isEqualTo("quanto custa?");
    }

    @Test
    void who_writes_is_remembered() {
        byte[] key = new byte[32];

        // core-contacts begins
        var contacts = new Contacts(new InMemoryContactStore(), new InMemoryContactLists(), new Pseudonyms(key));
        Optional<Contact> ana = contacts.remember(message.conversation(), message.sender(), now);
        contacts.findPerson(tenant, personKey).ifPresent(found -> contacts.optOut(tenant, found.id(), now));
        // core-contacts ends

        assertThat(ana).map(Contact::optedOut).contains(false);
        assertThat(contacts.findPerson(tenant, personKey))
                .map(Contact::optedOut)
                .contains(true);
    }

    @Test
    void what_is_wanted_is_understood() {
        // core-router begins
        Router router = Router.builder().defaultIntent("general").build();
        Classification heard = router.classify(Utterance.of("qto custa o banho do meu cachorro?"));
        heard.intent();
        router.route(heard).labels();
        // core-router ends

        assertThat(heard.intent()).isEqualTo("sales");
        assertThat(router.route(heard).labels()).containsExactly("intencao_sales", "agent_vendas");
    }

    @Test
    void a_policy_acts_on_an_event() {
        var events = List.of(new Event(
                "e1",
                tenant,
                message.conversation(),
                personKey,
                "order.paid",
                1,
                Map.of(),
                Event.Source.SYSTEM,
                null,
                null,
                0,
                now));

        // core-eventlog begins
        Object policy =
                Map.of("id", "thanks", "event", "order.paid", "then", List.of(Map.of("send_message", "Obrigado!")));
        Policies policies = Policies.parse(List.of(policy)).match(valid -> valid, problems -> Policies.NONE);
        PolicyPlan plan = new PolicyEngine(policies).decide(events, PolicyContext.at(now));
        plan.planned();
        // core-eventlog ends

        assertThat(plan.planned()).hasSize(1);
    }

    @Test
    void a_message_is_sent() {
        try (var chatwoot = SimulatedChatwoot.start()) {
            long conversation = chatwoot.customer("+5511990000002", "Joana Exemplo")
                    .writes("oi")
                    .conversation();
            URI address = chatwoot.baseUrl();
            long account = chatwoot.accountId();
            String botToken = chatwoot.botToken();
            String userToken = chatwoot.userToken();

            // adapter-chatwoot begins
            var client = ChatwootClient.builder(new OkHttpClient(), address, account, botToken)
                    .userToken(userToken)
                    .build();
            long id = client.messages()
                    .create(conversation, NewMessage.text("Olá!"))
                    .id();
            // adapter-chatwoot ends

            assertThat(id).isPositive();
            assertThat(chatwoot.messagesIn(conversation)).containsExactly("Olá!");
        }
    }

    @Test
    void a_question_is_answered_from_the_documents() {
        // core-knowledge begins
        var base = KnowledgeBase.inMemory();
        base.put(tenant, List.of(new Document("diaria", "Diárias", "A diária para cães custa R$ 95.", null)));
        var answer = base.query(tenant, Question.of("quanto custa a diária?"));
        // core-knowledge ends

        assertThat(answer.text()).contains("R$ 95");
        base.close();
    }
}
