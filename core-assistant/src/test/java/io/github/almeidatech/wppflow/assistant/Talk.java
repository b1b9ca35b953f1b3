package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.router.Router;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;

/** Customers who talk with a pet hotel's assistant, turn by turn, each in a conversation of their own number. */
final class Talk {

    static final TenantId TENANT = new TenantId("pet-hotel");

    final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-09-01T12:00:00Z"));
    final InMemoryEventLog events = new InMemoryEventLog();
    /** What happens at the last moment before the assistant writes events down. */
    final AtomicReference<Runnable> beforeWriting = new AtomicReference<>(() -> {});

    final Contacts contacts =
            new Contacts(new InMemoryContactStore(), new InMemoryContactLists(), new Pseudonyms(new byte[32]));
    private final KnowledgeBase knowledge = KnowledgeBase.inMemory();
    /** Who is there. */
    final AtomicReference<Availability> availability = new AtomicReference<>(Availability.UNKNOWN);

    /** What the program outside says, where one is asked. */
    final AtomicReference<Workflow> workflow = new AtomicReference<>(Workflow.NONE);

    /** Which files can be sent. */
    final AtomicReference<OutgoingFiles> files = new AtomicReference<>(OutgoingFiles.UNCHECKED);

    private final Assistant assistant;
    private long nextMessage = 9_000;

    Talk(Router router, UnaryOperator<AssistantSettings.Builder> with, AnswerWriter writer) {
        knowledge.put(
                TENANT,
                List.of(
                        new Document("diaria", "Diárias para cães", "A diária de cachorro custa R$ 95.", null),
                        new Document("vacinas", "Vacinas exigidas", "Pedimos V10 e antirrábica em dia.", null)));
        AssistantSettings settings = with.apply(AssistantSettings.builder(new Phrases("Hotel Patas", Map.of()), router))
                .build();
        assistant = Assistant.builder()
                .media(MediaReader.builder()
                        .clock(clock::get)
                        .source((t, a, m, d) -> new byte[0])
                        .build())
                .contacts(contacts)
                .knowledge(knowledge)
                .events(new OvertakenEventLog(events, beforeWriting::get))
                .settings(tenant -> settings)
                .writer(writer)
                .workflow(request -> workflow.get().ask(request))
                .files((conversation, url, limit) -> files.get().obstacle(conversation, url, limit))
                .availability((tenant, agents) -> availability.get().of(tenant, agents))
                .clock(clock::get)
                .build();
    }

    Talk(Router router, UnaryOperator<AssistantSettings.Builder> with) {
        this(router, with, AnswerWriter.NONE);
    }

    /** The business says this, too. */
    Talk knowing(String id, String title, String content) {
        knowledge.put(TENANT, List.of(new Document(id, title, content, null)));
        return this;
    }

    /** What is done about it; it has happened then. */
    TurnResult hear(long conversation, String text) {
        TurnResult result = assistant.answer(turn(conversation, text));
        events.append(result.events());
        clock.set(clock.get().plusSeconds(30));
        return result;
    }

    /** The latest event of a type. */
    Event written(String type) {
        return events.query(new EventQuery(TENANT, null, null, type, null, null, 1, null))
                .events()
                .get(0);
    }

    static String personKey(long conversation) {
        return "p:55119900000" + (10 + conversation);
    }

    TurnResult giveUp(long conversation, String text) {
        return assistant.giveUp(turn(conversation, text), new IllegalStateException());
    }

    private Turn turn(long number, String text) {
        var conversation = new ConversationId(TENANT, 1, number);
        String phone = "55119900000" + (10 + number);
        var sender = new Sender(number, "Joana Exemplo", phone, "+" + phone, personKey(number));
        var message = new InboundMessage(
                conversation, ++nextMessage, 4L, clock.get(), ContentType.TEXT, text, List.of(), sender, null);
        return new Turn(
                conversation,
                "turn-" + nextMessage,
                List.of(message),
                1,
                0,
                0,
                clock.get().plusSeconds(60),
                "token",
                nextMessage);
    }

    static String said(TurnResult result) {
        return String.join(
                "\n",
                result.commands().stream()
                        .filter(OutboundCommand::speaksToCustomer)
                        .map(command -> ((SendMessage) command).text())
                        .toList());
    }

    static Map<String, Object> payload(TurnResult result, String type) {
        return result.events().stream()
                .filter(event -> event.type().equals(type))
                .map(Event::payload)
                .findFirst()
                .orElse(Map.of());
    }
}
