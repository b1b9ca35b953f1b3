package io.github.almeidatech.wppflow.assistant;

import static io.github.almeidatech.wppflow.assistant.WorkflowSteps.CONVERSATION;
import static io.github.almeidatech.wppflow.assistant.WorkflowSteps.answered;
import static io.github.almeidatech.wppflow.assistant.WorkflowSteps.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetConversationAttributes;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Router;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A workflow as the bot: what it is asked, and what becomes of what it says at once. */
class WorkflowTest {

    private final WorkflowSteps flow = new WorkflowSteps();

    @Test
    void an_answer_in_the_response_is_said_with_labels_and_attributes_and_the_first_time_introduced() {
        flow.outcome = answered(Map.of(
                "messages", List.of("Temos vaga no sábado!", "Quer reservar?"),
                "labels", Map.of("add", List.of("reserva"), "remove", List.of("novo")),
                "attributes", Map.of("dias", 2)));

        List<OutboundCommand> commands = flow.hear("tem vaga pra sábado?");

        assertThat(said(commands)).hasSize(2);
        assertThat(said(commands).get(0))
                .startsWith("Oi! Aqui é o assistente virtual")
                .endsWith("Temos vaga no sábado!");
        assertThat(said(commands).get(1)).isEqualTo("Quer reservar?");
        assertThat(commands)
                .contains(
                        new ChangeLabels(List.of("reserva"), List.of("novo")),
                        new SetConversationAttributes(Map.of("dias", 2)));
        assertThat(flow.lastTurn()).containsEntry("outcome", "answered").containsEntry("reason", "workflow");
        assertThat(flow.types()).containsSubsequence("workflow.called", "workflow.answered", "turn.completed");
    }

    @Test
    void the_workflow_is_told_message_contact_history_route_and_language() {
        flow.outcome = answered(Map.of("text", "Temos sim!"));
        flow.hear("tem vaga pra sábado?");
        flow.hear("e quanto custa?");

        Workflow.Request request = flow.asked.get(1);
        assertThat(request.bot()).isEqualTo("reservas");
        assertThat(request.answerUntil()).isEqualTo(flow.now.plusSeconds(120));
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
        flow.outcome = answered(Map.of("text", "Uma frase de exemplo. ".repeat(100)));

        assertThat(said(flow.hear("oi"))).hasSizeGreaterThan(1).allMatch(bubble -> bubble.length() <= 900);
    }

    @Test
    void a_workflow_can_call_a_person_with_a_note() {
        flow.outcome = answered(Map.of("text", "Já chamo a Bia.", "handoff", Map.of("note", "Quer desconto")));

        List<OutboundCommand> commands = flow.hear("quero fechar o pacote");

        assertThat(commands).contains(new AddPrivateNote("Quer desconto"));
        assertThat(said(commands)).singleElement().asString().endsWith("Já chamo a Bia.");
        assertThat(flow.store.ownerOf(CONVERSATION, flow.now)).isEqualTo(Owner.HUMAN);
        assertThat(flow.lastTurn()).containsEntry("outcome", "handed_off").containsEntry("reason", "workflow_handoff");
    }

    @Test
    void a_person_called_without_a_word_is_announced_in_our_own() {
        flow.outcome = answered(Map.of("handoff", true));

        assertThat(said(flow.hear("quero fechar o pacote")))
                .singleElement()
                .asString()
                .isNotBlank();
    }

    @Test
    void a_workflow_can_be_silent_for_a_reason() {
        flow.outcome =
                answered(Map.of("silence", Map.of("reason", "so_agradeceu"), "labels", Map.of("add", List.of("fim"))));

        List<OutboundCommand> commands = flow.hear("valeu!");

        assertThat(said(commands)).isEmpty();
        assertThat(commands).contains(new ChangeLabels(List.of("fim"), List.of()));
        assertThat(flow.lastTurn()).containsEntry("outcome", "silent").containsEntry("reason", "workflow_silent");
        assertThat(flow.event("workflow.answered").payload().get("answer"))
                .asString()
                .contains("so_agradeceu");
    }

    @Test
    void in_draft_mode_its_answer_is_left_as_a_note() {
        flow.router = Router.builder()
                .route("general", new Router.RouteSettings(Mode.DRAFT, null, null, List.of(), List.of()))
                .build();
        flow.outcome = answered(Map.of("text", "Temos vaga."));

        List<OutboundCommand> commands = flow.hear("bom dia pessoal");

        assertThat(said(commands)).isEmpty();
        assertThat(commands)
                .anySatisfy(each -> assertThat(each)
                        .isInstanceOfSatisfying(
                                AddPrivateNote.class,
                                note -> assertThat(note.text()).endsWith("Temos vaga.")));
        assertThat(flow.lastTurn()).containsEntry("outcome", "drafted").containsEntry("reason", "draft");
    }

    @Test
    void what_people_answer_is_not_left_to_a_workflow() {
        flow.outcome = answered(Map.of("text", "Olá!"));
        flow.router = Router.builder()
                .route("sales", new Router.RouteSettings(Mode.OFF, null, null, List.of(), List.of()))
                .build();

        flow.hear("quero falar com uma pessoa");
        assertThat(flow.lastTurn()).containsEntry("reason", "customer_asked");
        assertThat(flow.asked).isEmpty();
    }

    @Test
    void an_intent_that_people_answer_stays_theirs() {
        flow.router = Router.builder()
                .route("sales", new Router.RouteSettings(Mode.OFF, null, null, List.of(), List.of()))
                .build();

        flow.hear("Quanto custa a diária para o meu cachorro?");

        assertThat(flow.lastTurn()).containsEntry("reason", "intent_off");
        assertThat(flow.asked).isEmpty();
    }

    @Test
    void when_it_fails_our_own_knowledge_answers_and_the_reason_is_kept() {
        flow.outcome = new Workflow.Failed(Workflow.Failure.NOT_ACTIVE);

        assertThat(said(flow.hear("Quanto custa a diária para o meu cachorro?")).get(0))
                .contains("R$ 95");
        assertThat(flow.event("workflow.failed").payload()).containsEntry("reason", "not_active");
        assertThat(flow.lastTurn()).containsEntry("reason", "knowledge");
    }

    @Test
    void when_it_fails_a_person_is_called_where_that_is_wanted() {
        flow.fallback = WorkflowBot.Fallback.HANDOFF;
        flow.outcome = new Workflow.Failed(Workflow.Failure.BROKEN);

        assertThat(said(flow.hear("Quanto custa a diária para o meu cachorro?")))
                .isNotEmpty();
        assertThat(flow.lastTurn()).containsEntry("outcome", "handed_off").containsEntry("reason", "workflow_failed");
    }

    @Test
    void an_intent_can_be_kept_for_ourselves_and_others_have_bots_of_their_own() {
        var other = new WorkflowBot("vendas", Duration.ofSeconds(9), WorkflowBot.Fallback.HANDOFF);
        AssistantSettings settings = AssistantSettings.builder(new Phrases("Hotel Patas", Map.of()), flow.router)
                .workflows(flow.bot(), Map.of("support", Optional.empty(), "sales", Optional.of(other)))
                .build();

        assertThat(settings.workflow("support")).isNull();
        assertThat(settings.workflow("sales")).isEqualTo(other);
        assertThat(settings.workflow("general")).isEqualTo(flow.bot());
    }
}
