package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.router.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** A pet hotel whose assistant talks with one customer, turn by turn; what is set counts from the next turn on. */
final class PetHotel {

    static final TenantId TENANT = new TenantId("pet-hotel");
    static final ConversationId CONVERSATION = new ConversationId(TENANT, 1, 88);
    static final String PRICE = "Quanto custa a diária para o meu cachorro?";
    private static final Sender JOANA =
            new Sender(27L, "Joana Exemplo", "5511990000002", "+5511990000002", "p:5511990000002");

    final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-09-01T12:00:00Z"));
    final InMemoryEventLog events = new InMemoryEventLog();
    final InMemoryContactLists lists = new InMemoryContactLists();
    final List<String> presence = new ArrayList<>();
    private final Contacts contacts = new Contacts(new InMemoryContactStore(), lists, new Pseudonyms(new byte[32]));
    private final KnowledgeBase knowledge = KnowledgeBase.inMemory();

    Router router = Router.builder().build();
    AssistantSettings settings = settings().build();
    AnswerWriter writer = AnswerWriter.NONE;
    MediaReader media = MediaReader.builder()
            .clock(clock::get)
            .source((t, a, m, d) -> new byte[0])
            .build();
    boolean off;
    private long nextMessage = 9_000;

    PetHotel() {
        knowledge.put(
                TENANT,
                List.of(
                        new Document("diaria", "Diárias para cães", "A diária de cachorro custa R$ 95.", null),
                        new Document("vacinas", "Vacinas exigidas", "Pedimos V10 e antirrábica em dia.", null)));
    }

    AssistantSettings.Builder settings() {
        return AssistantSettings.builder(new Phrases("Hotel Patas", Map.of()), router);
    }

    Assistant assistant() {
        return Assistant.builder()
                .media(media)
                .contacts(contacts)
                .knowledge(knowledge)
                .events(events)
                .settings(tenant -> settings)
                .writer(writer)
                .presence((conversation, typing) -> presence.add(typing ? "on" : "off"))
                .switchedOff(tenant -> off)
                .clock(clock::get)
                .build();
    }

    TurnResult hear(String text) {
        return hear(message(text));
    }

    TurnResult hear(InboundMessage... messages) {
        return answer(List.of(messages));
    }

    /** The next turn of the conversation: answered and written down, as the flow does. */
    TurnResult answer(List<InboundMessage> messages) {
        TurnResult result = assistant().answer(turn(messages));
        events.append(result.events());
        clock.set(clock.get().plusSeconds(5));
        return result;
    }

    Turn turn(List<InboundMessage> messages) {
        return new Turn(
                CONVERSATION,
                "turn-" + nextMessage,
                messages,
                1,
                0,
                0,
                clock.get().plusSeconds(60),
                "token",
                nextMessage);
    }

    InboundMessage message(String text, Attachment... attachments) {
        return new InboundMessage(
                CONVERSATION,
                ++nextMessage,
                4L,
                clock.get(),
                attachments.length == 0 ? ContentType.TEXT : attachments[0].kind(),
                text,
                List.of(attachments),
                JOANA,
                null);
    }

    static List<String> said(TurnResult result) {
        return result.commands().stream()
                .filter(OutboundCommand::speaksToCustomer)
                .map(command -> ((SendMessage) command).text())
                .toList();
    }

    static String note(TurnResult result) {
        return result.commands().stream()
                .filter(AddPrivateNote.class::isInstance)
                .map(command -> ((AddPrivateNote) command).text())
                .findFirst()
                .orElse("");
    }

    static Map<String, Object> outcome(TurnResult result) {
        return result.events().stream()
                .filter(event -> event.type().equals("turn.completed"))
                .map(Event::payload)
                .findFirst()
                .orElseThrow();
    }
}
