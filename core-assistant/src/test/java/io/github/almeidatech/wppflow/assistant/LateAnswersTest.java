package io.github.almeidatech.wppflow.assistant;

import static io.github.almeidatech.wppflow.assistant.WorkflowSteps.CONVERSATION;
import static io.github.almeidatech.wppflow.assistant.WorkflowSteps.T0;
import static io.github.almeidatech.wppflow.assistant.WorkflowSteps.answer;
import static io.github.almeidatech.wppflow.assistant.WorkflowSteps.answered;
import static io.github.almeidatech.wppflow.assistant.WorkflowSteps.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.assistant.LateAnswers.Receipt;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A workflow that answers later, twice, too late, or not at all, while customers write on, people take over and processes die. */
class LateAnswersTest {

    private final WorkflowSteps flow = new WorkflowSteps();

    @Test
    void a_later_answer_is_said_once_however_often_it_comes_and_after_a_restart() {
        flow.write("tem vaga?");
        assertThat(flow.step()).isEqualTo(TurnOutcome.WAITING);
        CorrelationId question = flow.question(0);
        flow.restart();
        flow.pass(40);
        assertThat(flow.due()).isEmpty();

        assertThat(flow.late.take(question, answer("Temos!"))).isEqualTo(Receipt.TAKEN);
        assertThat(flow.late.take(question, answer("Temos de novo!"))).isEqualTo(Receipt.DUPLICATE);
        flow.restart();
        assertThat(flow.step()).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(flow.late.take(question, answer("Temos!"))).isEqualTo(Receipt.DUPLICATE);

        assertThat(flow.asked).hasSize(1);
        assertThat(said(flow.commands())).singleElement().asString().endsWith("Temos!");
        assertThat(flow.late.asked(question)).contains("reservas");
    }

    @Test
    void an_answer_that_overtakes_the_response_is_not_missed() {
        flow.write("tem vaga?");
        Turn turn = flow.claim();
        TurnResult waits = flow.assistant().answer(turn);
        assertThat(flow.late.take(flow.question(0), answer("Temos!"))).isEqualTo(Receipt.TAKEN);

        assertThat(flow.store.completeTurn(turn, waits, 2, flow.now)).isEqualTo(TurnOutcome.WAITING);

        assertThat(flow.step()).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(said(flow.commands())).singleElement().asString().endsWith("Temos!");
    }

    @ParameterizedTest
    @EnumSource(
            value = Workflow.Failure.class,
            names = {"BROKEN", "UNREACHABLE", "TIME_LIMIT"})
    void an_answer_that_was_accepted_while_the_call_failed_is_the_answer(Workflow.Failure failure) {
        flow.outcome = new Workflow.Failed(failure);
        flow.whileAsked = () ->
                assertThat(flow.late.take(flow.question(0), answer("Temos!"))).isEqualTo(Receipt.TAKEN);
        flow.write("Quanto custa a diária para o meu cachorro?");

        assertThat(flow.step()).isEqualTo(TurnOutcome.COMPLETED);

        assertThat(said(flow.commands())).singleElement().asString().endsWith("Temos!");
        assertThat(flow.types()).doesNotContain("workflow.failed").containsOnlyOnce("workflow.answered");
    }

    @Test
    void once_the_call_has_failed_an_answer_is_refused_because_the_customer_is_answered_otherwise() {
        flow.outcome = new Workflow.Failed(Workflow.Failure.BROKEN);
        flow.write("Quanto custa a diária para o meu cachorro?");
        Turn turn = flow.claim();

        TurnResult ours = flow.assistant().answer(turn);

        assertThat(flow.late.take(flow.question(0), answer("Temos!"))).isEqualTo(Receipt.ANSWERED_OTHERWISE);
        assertThat(flow.store.completeTurn(turn, ours, 2, flow.now)).isEqualTo(TurnOutcome.COMPLETED);
        assertThat(said(flow.commands()).get(0)).contains("R$ 95");
        assertThat(flow.types()).containsOnlyOnce("workflow.failed");
    }

    @Test
    void a_crash_after_the_call_has_failed_does_not_ask_again() {
        flow.outcome = new Workflow.Failed(Workflow.Failure.BROKEN);
        flow.write("Quanto custa a diária para o meu cachorro?");
        flow.assistant().answer(flow.claim());
        flow.restart();

        assertThat(flow.step()).isEqualTo(TurnOutcome.COMPLETED);

        assertThat(flow.asked).hasSize(1);
        assertThat(said(flow.commands()).get(0)).contains("R$ 95");
    }

    @Test
    void of_an_accepted_answer_and_another_in_the_response_the_first_counts() {
        flow.outcome = answered(Map.of("text", "Outra coisa."));
        flow.whileAsked = () ->
                assertThat(flow.late.take(flow.question(0), answer("Temos!"))).isEqualTo(Receipt.TAKEN);

        assertThat(said(flow.hear("tem vaga?"))).singleElement().asString().endsWith("Temos!");
    }

    @Test
    void a_crash_while_asking_asks_again_under_the_same_id_and_the_same_limit() {
        flow.write("tem vaga?");
        Turn turn = flow.claim();
        flow.dies = true;
        try {
            flow.assistant().answer(turn);
        } catch (IllegalStateException killed) {
            flow.dies = false;
        }
        flow.restart();
        flow.pass(30);

        assertThat(flow.step()).isEqualTo(TurnOutcome.WAITING);

        assertThat(flow.asked).hasSize(2);
        assertThat(flow.asked.get(1).correlationId())
                .isEqualTo(flow.asked.get(0).correlationId());
        assertThat(flow.asked.get(1).answerUntil()).isEqualTo(T0.plusSeconds(120));
    }

    @Test
    void an_answer_that_came_before_the_restart_is_used_without_asking_again() {
        flow.write("tem vaga?");
        flow.assistant().answer(flow.claim());
        assertThat(flow.late.take(flow.question(0), answer("Temos!"))).isEqualTo(Receipt.TAKEN);
        flow.restart();

        flow.step();

        assertThat(flow.asked).hasSize(1);
        assertThat(said(flow.commands())).singleElement().asString().endsWith("Temos!");
    }

    @Test
    void an_answer_that_does_not_come_is_replaced_when_its_time_is_over_and_is_then_refused() {
        flow.write("Quanto custa a diária para o meu cachorro?");
        flow.step();
        flow.restart();
        flow.pass(119);
        assertThat(flow.due()).isEmpty();
        flow.pass(1);

        assertThat(flow.step()).isEqualTo(TurnOutcome.COMPLETED);

        assertThat(said(flow.commands()).get(0)).contains("R$ 95");
        assertThat(flow.event("workflow.failed").payload()).containsEntry("reason", "no_answer");
        assertThat(flow.late.take(flow.question(0), answer("Temos!"))).isEqualTo(Receipt.ANSWERED_OTHERWISE);
    }

    @Test
    void when_the_customer_writes_more_everything_is_asked_anew_and_the_old_answer_is_refused() {
        flow.write("tem vaga?");
        flow.step();
        flow.pass(10);
        flow.write("pra dois cachorros");
        assertThat(flow.step()).isEqualTo(TurnOutcome.WAITING);

        assertThat(flow.late.take(flow.question(0), answer("Temos uma!"))).isEqualTo(Receipt.NEWER_MESSAGE);
        assertThat(flow.late.take(flow.question(1), answer("Temos duas!"))).isEqualTo(Receipt.TAKEN);
        flow.step();

        assertThat(flow.asked.get(1).data().get("message")).asString().contains("tem vaga?\npra dois cachorros");
        assertThat(said(flow.commands())).singleElement().asString().endsWith("Temos duas!");
    }

    @Test
    void who_never_stops_writing_is_answered_all_the_same() {
        flow.write("Quanto custa a diária para o meu cachorro?");
        int more = 0;
        while (flow.step() != TurnOutcome.COMPLETED) {
            flow.pass(20);
            flow.write("alô " + ++more);
        }

        assertThat(flow.now).isBeforeOrEqualTo(T0.plusSeconds(260));
        assertThat(flow.event("workflow.failed").payload()).containsEntry("reason", "no_answer");
    }

    @Test
    void an_answer_is_held_back_when_a_person_has_taken_over() {
        flow.write("tem vaga?");
        flow.step();
        flow.pass(5);
        flow.personWrites();

        assertThat(flow.late.take(flow.question(0), answer("Temos!"))).isEqualTo(Receipt.TAKEN);
        assertThat(flow.due()).isEmpty();

        assertThat(flow.types()).contains("turn.silenced").doesNotContain("turn.completed");
        assertThat(flow.commands()).isEmpty();
        assertThat(flow.late.take(flow.question(0), answer("Temos!"))).isEqualTo(Receipt.DUPLICATE);
    }

    @Test
    void an_answer_after_a_person_has_answered_is_refused_with_that_reason() {
        flow.write("tem vaga?");
        flow.step();
        flow.personWrites();
        flow.pass(120);
        flow.due();

        assertThat(flow.late.take(flow.question(0), answer("Temos!"))).isEqualTo(Receipt.HUMAN_OWNED);
    }

    @Test
    void a_question_that_was_superseded_is_answered_no_more() {
        flow.outcome = answered(Map.of("text", "Temos!"));
        flow.write("tem vaga?");
        Turn turn = flow.claim();
        TurnResult result = flow.assistant().answer(turn);
        flow.write("pra dois");
        assertThat(flow.store.completeTurn(turn, result, 2, flow.now)).isEqualTo(TurnOutcome.SUPERSEDED);

        assertThat(flow.late.take(flow.question(0), answer("Temos!"))).isEqualTo(Receipt.NEWER_MESSAGE);
    }

    @Test
    void nobody_has_asked_what_is_not_known() {
        var never = new CorrelationId(CONVERSATION, "01a21371-11ae-7000-8000-000000000001", 1);

        assertThat(flow.late.take(never, answer("Temos!"))).isEqualTo(Receipt.UNKNOWN);
        assertThat(flow.late.asked(never)).isEmpty();
        assertThat(Receipt.ANSWERED_OTHERWISE.word()).isEqualTo("answered_otherwise");
    }
}
