package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.InMemoryFlowStore;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.router.Router;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A pet hotel whose bot is a workflow, on a virtual clock: each step of the flow is taken by hand, and a new assistant on the
 * same store is what a restart is.
 */
final class WorkflowSteps {

    static final TenantId TENANT = new TenantId("pet-hotel");
    static final ConversationId CONVERSATION = new ConversationId(TENANT, 1, 88);
    private static final Sender JOANA =
            new Sender(27L, "Joana Exemplo", "5511990000002", "+5511990000002", "p:5511990000002");
    static final Instant T0 = Instant.parse("2026-09-01T12:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final TurnTiming AT_ONCE = new TurnTiming(Duration.ZERO, Duration.ofSeconds(30), 20);

    private final InMemoryEventLog events = new InMemoryEventLog();
    final InMemoryFlowStore store = new InMemoryFlowStore(events);
    private final KnowledgeBase knowledge = KnowledgeBase.inMemory();
    private final Contacts contacts =
            new Contacts(new InMemoryContactStore(), new InMemoryContactLists(), new Pseudonyms(new byte[32]));
    final List<Workflow.Request> asked = new ArrayList<>();
    /** What comes after the response. */
    final LateAnswers late = new LateAnswers(
            events, (where, turn, because) -> store.wakeTurn(where, turn, because, this.now), () -> this.now);
    /** What the call comes to. */
    Workflow.Outcome outcome = new Workflow.Later();

    WorkflowBot.Fallback fallback = WorkflowBot.Fallback.KNOWLEDGE;
    Router router = Router.builder().build();
    /** Whether the process dies while it asks. */
    boolean dies;

    Runnable whileAsked = () -> {};
    Instant now = T0;
    private long messages = 9_000;

    WorkflowSteps() {
        knowledge.put(
                TENANT,
                List.of(new Document("diaria", "Diárias para cães", "A diária de cachorro custa R$ 95.", null)));
    }

    Assistant assistant() {
        AssistantSettings settings = AssistantSettings.builder(new Phrases("Hotel Patas", Map.of()), router)
                .workflows(bot(), Map.of())
                .build();
        return Assistant.builder()
                .media(MediaReader.builder()
                        .clock(() -> now)
                        .source((t, a, m, d) -> new byte[0])
                        .build())
                .contacts(contacts)
                .knowledge(knowledge)
                .events(events)
                .settings(tenant -> settings)
                .workflow(request -> {
                    asked.add(request);
                    whileAsked.run();
                    if (dies) {
                        throw new IllegalStateException("killed");
                    }
                    return outcome;
                })
                .clock(() -> now)
                .build();
    }

    WorkflowBot bot() {
        return new WorkflowBot("reservas", Duration.ofSeconds(120), fallback);
    }

    void write(String text) {
        var message =
                new InboundMessage(CONVERSATION, ++messages, 3L, now, ContentType.TEXT, text, List.of(), JOANA, null);
        store.accept(
                new InboundEvent(
                        CONVERSATION,
                        "message_created",
                        List.of("id:" + messages),
                        message,
                        null,
                        false,
                        JOANA.personKey(),
                        List.of(),
                        new byte[0]),
                AT_ONCE,
                now);
    }

    /** A person, in Chatwoot. */
    void personWrites() {
        store.accept(
                new InboundEvent(
                        CONVERSATION,
                        "message_created",
                        List.of(),
                        null,
                        new OwnershipSignal(Owner.HUMAN, now, null, "human_agent_message", true),
                        false,
                        null,
                        List.of(),
                        new byte[0]),
                AT_ONCE,
                now);
    }

    /** All processes die; what they had begun is free again. */
    void restart() {
        store.recover(now);
    }

    /** A message that is answered at once: what is to be done about it. */
    List<OutboundCommand> hear(String text) {
        write(text);
        step();
        return commands();
    }

    List<Turn> due() {
        return store.claimTurns(FreeWorkers.of(9), now, LEASE);
    }

    Turn claim() {
        return due().get(0);
    }

    TurnOutcome step() {
        Turn turn = claim();
        return store.completeTurn(turn, assistant().answer(turn), 2, now);
    }

    void pass(int seconds) {
        now = now.plusSeconds(seconds);
    }

    CorrelationId question(int number) {
        return CorrelationId.read(TENANT, asked.get(number).correlationId()).orElseThrow();
    }

    List<OutboundCommand> commands() {
        return store.stateOf(CONVERSATION).commands().stream()
                .map(each -> each.command())
                .toList();
    }

    static List<String> said(List<OutboundCommand> commands) {
        return commands.stream()
                .filter(SendMessage.class::isInstance)
                .map(SendMessage.class::cast)
                .filter(each -> each.purpose() == Purpose.ANSWER || each.purpose() == Purpose.HANDOFF)
                .map(SendMessage::text)
                .toList();
    }

    static Workflow.Outcome answered(Map<String, Object> form) {
        return new Workflow.Answered(WorkflowAnswer.read(form, url -> false));
    }

    static WorkflowAnswer answer(String text) {
        return WorkflowAnswer.read(Map.of("text", text), url -> false);
    }

    private List<Event> log() {
        var all =
                new ArrayList<>(events.query(EventQuery.of(CONVERSATION, 1000)).events());
        Collections.reverse(all);
        return all;
    }

    List<String> types() {
        return log().stream().map(Event::type).toList();
    }

    Event event(String type) {
        return log().stream()
                .filter(each -> each.type().equals(type))
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    Map<String, Object> lastTurn() {
        return event("turn.completed").payload();
    }
}
