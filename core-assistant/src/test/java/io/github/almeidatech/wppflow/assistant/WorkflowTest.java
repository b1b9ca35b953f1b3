package io.github.almeidatech.wppflow.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.assistant.LateAnswers.Receipt;
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
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetConversationAttributes;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Router;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A workflow as the bot, on a virtual clock: each step of the flow is taken by hand, and a new assistant on the same store
 * is what a restart is.
 */
class WorkflowTest {

    private static final TenantId TENANT = new TenantId("pet-hotel");
    private static final ConversationId CONVERSATION = new ConversationId(TENANT, 1, 88);
    private static final Sender JOANA =
            new Sender(27L, "Joana Exemplo", "5511990000002", "+5511990000002", "p:5511990000002");
    private static final Instant T0 = Instant.parse("2026-09-01T12:00:00Z");
    private static final Duration LEASE = Duration.ofSeconds(60);
    private static final TurnTiming AT_ONCE = new TurnTiming(Duration.ZERO, Duration.ofSeconds(30), 20);

    private final InMemoryEventLog events = new InMemoryEventLog();
    private final InMemoryFlowStore store = new InMemoryFlowStore(events);
    private final KnowledgeBase knowledge = KnowledgeBase.inMemory();
    private final Contacts contacts =
            new Contacts(new InMemoryContactStore(), new InMemoryContactLists(), new Pseudonyms(new byte[32]));
    private final List<Workflow.Request> asked = new ArrayList<>();
    private final LateAnswers late = new LateAnswers(
            events, (where, turn, because) -> store.wakeTurn(where, turn, because, this.now), () -> this.now);
    private Workflow.Outcome outcome = new Workflow.Later();
    private WorkflowBot.Fallback fallback = WorkflowBot.Fallback.KNOWLEDGE;
    private Router router = Router.builder().build();
    private boolean dies;
    private Runnable whileAsked = () -> {};
    private Instant now = T0;
    private long messages = 9_000;

    @BeforeEach
    void aPetHotel() {
        knowledge.put(
                TENANT,
                List.of(new Document("diaria", "Diárias para cães", "A diária de cachorro custa R$ 95.", null)));
    }

    @Test
    void an_answer_in_the_response_is_said_with_labels_and_attributes_and_the_first_time_introduced() {
        outcome = answered(Map.of(
                "messages", List.of("Temos vaga no sábado!", "Quer reservar?"),
                "labels", Map.of("add", List.of("reserva"), "remove", List.of("novo")),
                "attributes", Map.of("dias", 2)));

        List<OutboundCommand> commands = hear("tem vaga pra sábado?");

        assertThat(said(commands)).hasSize(2);
        assertThat(said(commands).get(0))
                .startsWith("Oi! Aqui é o assistente virtual")
                .endsWith("Temos vaga no sábado!");
        assertThat(said(commands).get(1)).isEqualTo("Quer reservar?");
        assertThat(commands)
                .contains(
                        new ChangeLabels(List.of("reserva"), List.of("novo")),
                        new SetConversationAttributes(Map.of("dias", 2)));
        assertThat(lastTurn()).containsEntry("outcome", "answered").containsEntry("reason", "workflow");
        assertThat(types()).containsSubsequence("workflow.called", "workflow.answered", "turn.completed");
    }

    @Test
    void the_workflow_is_told_message_contact_history_route_and_language() {
        outcome = answered(Map.of("text", "Temos sim!"));
        hear("tem vaga pra sábado?");
        hear("e quanto custa?");

        Workflow.Request request = asked.get(1);
        assertThat(request.bot()).isEqualTo("reservas");
        assertThat(request.answerUntil()).isEqualTo(now.plusSeconds(120));
        assertThat(request.data()).containsEntry("language", "pt-BR");
        assertThat(request.data().get("message"))
                .asString()
                .contains("content=e quanto custa?", "type=text", "message_ids=[9002]");
        assertThat(request.data().get("contact")).asString().contains("+5511990000002", "Joana Exemplo");
        assertThat(request.data().get("history")).asString().contains("tem vaga pra sábado?", "Temos sim!");
        assertThat(request.data().get("route")).asString().contains("intent=", "suggested_agent=");
        assertThat(request.toString()).doesNotContain("Joana", "quanto");
    }

    @Test
    void long_answers_are_split_as_ours_are() {
        outcome = answered(Map.of("text", "Uma frase de exemplo. ".repeat(100)));

        assertThat(said(hear("oi"))).hasSizeGreaterThan(1).allMatch(bubble -> bubble.length() <= 900);
    }

    @Test
    void a_workflow_can_call_a_person_with_a_note() {
        outcome = answered(Map.of("text", "Já chamo a Bia.", "handoff", Map.of("note", "Quer desconto")));

        List<OutboundCommand> commands = hear("quero fechar o pacote");

        assertThat(commands).contains(new AddPrivateNote("Quer desconto"));
        assertThat(said(commands)).singleElement().asString().endsWith("Já chamo a Bia.");
        assertThat(store.ownerOf(CONVERSATION, now)).isEqualTo(Owner.HUMAN);
        assertThat(lastTurn()).containsEntry("outcome", "handed_off").containsEntry("reason", "workflow_handoff");
    }

    @Test
    void a_person_called_without_a_word_is_announced_in_our_own() {
        outcome = answered(Map.of("handoff", true));

        assertThat(said(hear("quero fechar o pacote")))
                .singleElement()
                .asString()
                .isNotBlank();
    }

    @Test
    void a_workflow_can_be_silent_for_a_reason() {
        outcome =
                answered(Map.of("silence", Map.of("reason", "so_agradeceu"), "labels", Map.of("add", List.of("fim"))));

        List<OutboundCommand> commands = hear("valeu!");

        assertThat(said(commands)).isEmpty();
        assertThat(commands).contains(new ChangeLabels(List.of("fim"), List.of()));
        assertThat(lastTurn()).containsEntry("outcome", "silent").containsEntry("reason", "workflow_silent");
        assertThat(event("workflow.answered").payload().get("answer"))
                .asString()
                .contains("so_agradeceu");
    }

    @Test
    void in_draft_mode_its_answer_is_left_as_a_note() {
        router = Router.builder()
                .route("general", new Router.RouteSettings(Mode.DRAFT, null, null, List.of(), List.of()))
                .build();
        outcome = answered(Map.of("text", "Temos vaga."));

        List<OutboundCommand> commands = hear("bom dia pessoal");

        assertThat(said(commands)).isEmpty();
        assertThat(commands)
                .anySatisfy(each -> assertThat(each)
                        .isInstanceOfSatisfying(
                                AddPrivateNote.class,
                                note -> assertThat(note.text()).endsWith("Temos vaga.")));
        assertThat(lastTurn()).containsEntry("outcome", "drafted").containsEntry("reason", "draft");
    }

    @Test
    void what_people_answer_is_not_left_to_a_workflow() {
        outcome = answered(Map.of("text", "Olá!"));
        router = Router.builder()
                .route("sales", new Router.RouteSettings(Mode.OFF, null, null, List.of(), List.of()))
                .build();

        hear("quero falar com uma pessoa");
        assertThat(lastTurn()).containsEntry("reason", "customer_asked");
        assertThat(asked).isEmpty();
    }

    @Test
    void an_intent_that_people_answer_stays_theirs() {
        router = Router.builder()
                .route("sales", new Router.RouteSettings(Mode.OFF, null, null, List.of(), List.of()))
                .build();

        hear("Quanto custa a diária para o meu cachorro?");

        assertThat(lastTurn()).containsEntry("reason", "intent_off");
        assertThat(asked).isEmpty();
    }

    @Test
    void when_it_fails_our_own_knowledge_answers_and_the_reason_is_kept() {
        outcome = new Workflow.Failed(Workflow.Failure.NOT_ACTIVE);

        assertThat(said(hear("Quanto custa a diária para o meu cachorro?")).get(0))
                .contains("R$ 95");
        assertThat(event("workflow.failed").payload()).containsEntry("reason", "not_active");
        assertThat(lastTurn()).containsEntry("reason", "knowledge");
    }

    @Test
    void when_it_fails_a_person_is_called_where_that_is_wanted() {
        fallback = WorkflowBot.Fallback.HANDOFF;
        outcome = new Workflow.Failed(Workflow.Failure.BROKEN);

        assertThat(said(hear("Quanto custa a diária para o meu cachorro?"))).isNotEmpty();
        assertThat(lastTurn()).containsEntry("outcome", "handed_off").containsEntry("reason", "workflow_failed");
    }

    @Test
    void a_later_answer_is_said_once_however_often_it_comes_and_after_a_restart() {
        write("tem vaga?");
        assertThat(step()).isEqualTo(TurnOutcome.WAITING);
        CorrelationId question = question(0);
        store.recover(now);
        pass(40);
        assertThat(store.claimTurns(FreeWorkers.of(9), now, LEASE)).isEmpty();

        assertThat(late.take(question, answer("Temos!"))).isEqualTo(Receipt.TAKEN);
        assertThat(late.take(question, answer("Temos de novo!"))).isEqualTo(Receipt.DUPLICATE);
        store.recover(now);
        assertThat(step()).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(late.take(question, answer("Temos!"))).isEqualTo(Receipt.DUPLICATE);

        assertThat(asked).hasSize(1);
        assertThat(said(commands())).singleElement().asString().endsWith("Temos!");
        assertThat(late.asked(question)).contains("reservas");
    }

    @Test
    void an_answer_that_overtakes_the_response_is_not_missed() {
        write("tem vaga?");
        Turn turn = claim();
        TurnResult waits = assistant().answer(turn);
        assertThat(late.take(question(0), answer("Temos!"))).isEqualTo(Receipt.TAKEN);

        assertThat(store.completeTurn(turn, waits, 2, now)).isEqualTo(TurnOutcome.WAITING);

        assertThat(step()).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(said(commands())).singleElement().asString().endsWith("Temos!");
    }

    @ParameterizedTest
    @EnumSource(
            value = Workflow.Failure.class,
            names = {"BROKEN", "UNREACHABLE", "TIME_LIMIT"})
    void an_answer_that_was_accepted_while_the_call_failed_is_the_answer(Workflow.Failure failure) {
        outcome = new Workflow.Failed(failure);
        whileAsked = () -> assertThat(late.take(question(0), answer("Temos!"))).isEqualTo(Receipt.TAKEN);
        write("Quanto custa a diária para o meu cachorro?");

        assertThat(step()).isEqualTo(TurnOutcome.COMPLETED);

        assertThat(said(commands())).singleElement().asString().endsWith("Temos!");
        assertThat(types()).doesNotContain("workflow.failed").containsOnlyOnce("workflow.answered");
    }

    @Test
    void once_the_call_has_failed_an_answer_is_refused_because_the_customer_is_answered_otherwise() {
        outcome = new Workflow.Failed(Workflow.Failure.BROKEN);
        write("Quanto custa a diária para o meu cachorro?");
        Turn turn = claim();

        TurnResult ours = assistant().answer(turn);

        assertThat(late.take(question(0), answer("Temos!"))).isEqualTo(Receipt.ANSWERED_OTHERWISE);
        assertThat(store.completeTurn(turn, ours, 2, now)).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(said(commands()).get(0)).contains("R$ 95");
        assertThat(types()).containsOnlyOnce("workflow.failed");
    }

    @Test
    void a_crash_after_the_call_has_failed_does_not_ask_again() {
        outcome = new Workflow.Failed(Workflow.Failure.BROKEN);
        write("Quanto custa a diária para o meu cachorro?");
        assistant().answer(claim());
        store.recover(now);

        assertThat(step()).isEqualTo(TurnOutcome.COMPLETED);

        assertThat(asked).hasSize(1);
        assertThat(said(commands()).get(0)).contains("R$ 95");
    }

    @Test
    void of_an_accepted_answer_and_another_in_the_response_the_first_counts() {
        outcome = answered(Map.of("text", "Outra coisa."));
        whileAsked = () -> assertThat(late.take(question(0), answer("Temos!"))).isEqualTo(Receipt.TAKEN);

        assertThat(said(hear("tem vaga?"))).singleElement().asString().endsWith("Temos!");
    }

    @Test
    void a_crash_while_asking_asks_again_under_the_same_id_and_the_same_limit() {
        write("tem vaga?");
        Turn turn = claim();
        dies = true;
        try {
            assistant().answer(turn);
        } catch (IllegalStateException killed) {
            dies = false;
        }
        store.recover(now);
        pass(30);

        assertThat(step()).isEqualTo(TurnOutcome.WAITING);

        assertThat(asked).hasSize(2);
        assertThat(asked.get(1).correlationId()).isEqualTo(asked.get(0).correlationId());
        assertThat(asked.get(1).answerUntil()).isEqualTo(T0.plusSeconds(120));
    }

    @Test
    void an_answer_that_came_before_the_restart_is_used_without_asking_again() {
        write("tem vaga?");
        assistant().answer(claim());
        assertThat(late.take(question(0), answer("Temos!"))).isEqualTo(Receipt.TAKEN);
        store.recover(now);

        step();

        assertThat(asked).hasSize(1);
        assertThat(said(commands())).singleElement().asString().endsWith("Temos!");
    }

    @Test
    void an_answer_that_does_not_come_is_replaced_when_its_time_is_over_and_is_then_refused() {
        write("Quanto custa a diária para o meu cachorro?");
        step();
        store.recover(now);
        pass(119);
        assertThat(store.claimTurns(FreeWorkers.of(9), now, LEASE)).isEmpty();
        pass(1);

        assertThat(step()).isEqualTo(TurnOutcome.COMPLETED);

        assertThat(said(commands()).get(0)).contains("R$ 95");
        assertThat(event("workflow.failed").payload()).containsEntry("reason", "no_answer");
        assertThat(late.take(question(0), answer("Temos!"))).isEqualTo(Receipt.ANSWERED_OTHERWISE);
    }

    @Test
    void when_the_customer_writes_more_everything_is_asked_anew_and_the_old_answer_is_refused() {
        write("tem vaga?");
        step();
        pass(10);
        write("pra dois cachorros");
        assertThat(step()).isEqualTo(TurnOutcome.WAITING);

        assertThat(late.take(question(0), answer("Temos uma!"))).isEqualTo(Receipt.NEWER_MESSAGE);
        assertThat(late.take(question(1), answer("Temos duas!"))).isEqualTo(Receipt.TAKEN);
        step();

        assertThat(asked.get(1).data().get("message")).asString().contains("tem vaga?\npra dois cachorros");
        assertThat(said(commands())).singleElement().asString().endsWith("Temos duas!");
    }

    @Test
    void who_never_stops_writing_is_answered_all_the_same() {
        write("Quanto custa a diária para o meu cachorro?");
        int more = 0;
        while (step() != TurnOutcome.COMPLETED) {
            pass(20);
            write("alô " + ++more);
        }

        assertThat(now).isBeforeOrEqualTo(T0.plusSeconds(260));
        assertThat(event("workflow.failed").payload()).containsEntry("reason", "no_answer");
    }

    @Test
    void an_answer_is_held_back_when_a_person_has_taken_over() {
        write("tem vaga?");
        step();
        pass(5);
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
                        "{}"),
                AT_ONCE,
                now);

        assertThat(late.take(question(0), answer("Temos!"))).isEqualTo(Receipt.TAKEN);
        assertThat(store.claimTurns(FreeWorkers.of(9), now, LEASE)).isEmpty();

        assertThat(types()).contains("turn.silenced").doesNotContain("turn.completed");
        assertThat(commands()).isEmpty();
        assertThat(late.take(question(0), answer("Temos!"))).isEqualTo(Receipt.DUPLICATE);
    }

    @Test
    void an_answer_after_a_person_has_answered_is_refused_with_that_reason() {
        write("tem vaga?");
        step();
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
                        "{}"),
                AT_ONCE,
                now);
        pass(120);
        store.claimTurns(FreeWorkers.of(9), now, LEASE);

        assertThat(late.take(question(0), answer("Temos!"))).isEqualTo(Receipt.HUMAN_OWNED);
    }

    @Test
    void a_question_that_was_superseded_is_answered_no_more() {
        outcome = answered(Map.of("text", "Temos!"));
        write("tem vaga?");
        Turn turn = claim();
        TurnResult result = assistant().answer(turn);
        write("pra dois");
        assertThat(store.completeTurn(turn, result, 2, now)).isEqualTo(TurnOutcome.SUPERSEDED);

        assertThat(late.take(question(0), answer("Temos!"))).isEqualTo(Receipt.NEWER_MESSAGE);
    }

    @Test
    void nobody_has_asked_what_is_not_known() {
        var never = new CorrelationId(CONVERSATION, "01a21371-11ae-7000-8000-000000000001", 1);

        assertThat(late.take(never, answer("Temos!"))).isEqualTo(Receipt.UNKNOWN);
        assertThat(late.asked(never)).isEmpty();
        assertThat(Receipt.ANSWERED_OTHERWISE.word()).isEqualTo("answered_otherwise");
    }

    @Test
    void an_intent_can_be_kept_for_ourselves_and_others_have_bots_of_their_own() {
        var other = new WorkflowBot("vendas", Duration.ofSeconds(9), WorkflowBot.Fallback.HANDOFF);
        AssistantSettings settings = AssistantSettings.builder(new Phrases("Hotel Patas", Map.of()), router)
                .workflows(bot(), Map.of("support", Optional.empty(), "sales", Optional.of(other)))
                .build();

        assertThat(settings.workflow("support")).isNull();
        assertThat(settings.workflow("sales")).isEqualTo(other);
        assertThat(settings.workflow("general")).isEqualTo(bot());
    }

    private Assistant assistant() {
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

    private WorkflowBot bot() {
        return new WorkflowBot("reservas", Duration.ofSeconds(120), fallback);
    }

    private void write(String text) {
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
                        "{}"),
                AT_ONCE,
                now);
    }

    private List<OutboundCommand> hear(String text) {
        write(text);
        step();
        return commands();
    }

    private Turn claim() {
        return store.claimTurns(FreeWorkers.of(9), now, LEASE).get(0);
    }

    private TurnOutcome step() {
        Turn turn = claim();
        return store.completeTurn(turn, assistant().answer(turn), 2, now);
    }

    private void pass(int seconds) {
        now = now.plusSeconds(seconds);
    }

    private CorrelationId question(int number) {
        return CorrelationId.read(TENANT, asked.get(number).correlationId()).orElseThrow();
    }

    private List<OutboundCommand> commands() {
        List<OutboundCommand> waiting = store.stateOf(CONVERSATION).commands().stream()
                .map(each -> each.command())
                .toList();
        return waiting;
    }

    private static List<String> said(List<OutboundCommand> commands) {
        return commands.stream()
                .filter(SendMessage.class::isInstance)
                .map(SendMessage.class::cast)
                .filter(each -> each.purpose() == Purpose.ANSWER || each.purpose() == Purpose.HANDOFF)
                .map(SendMessage::text)
                .toList();
    }

    private static Workflow.Outcome answered(Map<String, Object> form) {
        return new Workflow.Answered(WorkflowAnswer.read(form, url -> false));
    }

    private static WorkflowAnswer answer(String text) {
        return WorkflowAnswer.read(Map.of("text", text), url -> false);
    }

    private List<Event> log() {
        var all =
                new ArrayList<>(events.query(EventQuery.of(CONVERSATION, 1000)).events());
        java.util.Collections.reverse(all);
        return all;
    }

    private List<String> types() {
        return log().stream().map(Event::type).toList();
    }

    private Event event(String type) {
        return log().stream()
                .filter(each -> each.type().equals(type))
                .reduce((a, b) -> b)
                .orElseThrow();
    }

    private Map<String, Object> lastTurn() {
        return event("turn.completed").payload();
    }
}
