package io.github.almeidatech.wppflow.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.assistant.LateAnswers.Receipt;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.router.Router;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A question to a workflow that ends twice in the same moment: what is written first counts, and the other is told so. */
class WorkflowRaceTest {

    private static final String ASKED = "quanto custa a diária de cachorro?";
    private static final Workflow.Outcome BROKEN = new Workflow.Failed(Workflow.Failure.BROKEN);
    private static final Workflow.Outcome OTHER = new Workflow.Answered(answer("Outra coisa."));
    private static final WorkflowBot BOT =
            new WorkflowBot("reservas", Duration.ofMinutes(2), WorkflowBot.Fallback.KNOWLEDGE);

    private final Talk talk = new Talk(
            Router.builder().build(), settings -> settings.introduce(false).workflows(BOT, Map.of()));
    private final CompletableFuture<CorrelationId> question = new CompletableFuture<>();
    private final AtomicReference<Runnable> beforeWaking = new AtomicReference<>(() -> {});
    private final LateAnswers late = new LateAnswers(
            talk.events,
            (conversation, turn, because) -> {
                beforeWaking.getAndSet(() -> {}).run();
                talk.events.append(because);
                return true;
            },
            talk.clock::get);

    @Test
    void an_answer_that_is_called_back_right_before_the_failure_is_written_down_is_said() {
        TurnResult result = overtaken(BROKEN);

        assertThat(Talk.said(result)).isEqualTo("Temos!");
        assertThat(types()).containsOnlyOnce("workflow.answered").doesNotContain("workflow.failed");
    }

    @Test
    void an_answer_that_is_called_back_right_before_the_one_in_the_response_is_written_down_is_said() {
        TurnResult result = overtaken(OTHER);

        assertThat(Talk.said(result)).isEqualTo("Temos!");
        assertThat(types()).containsOnlyOnce("workflow.answered");
    }

    @Test
    void an_answer_that_was_looked_at_before_the_failure_and_is_written_down_after_it_is_refused() throws Exception {
        CompletableFuture<TurnResult> result = new CompletableFuture<>();

        Receipt receipt = overtaking(BROKEN, result);

        assertThat(receipt).isEqualTo(Receipt.ANSWERED_OTHERWISE);
        assertThat(Talk.said(result.join())).contains("R$ 95");
        assertThat(types()).containsOnlyOnce("workflow.failed").doesNotContain("workflow.answered");
    }

    @Test
    void an_answer_that_is_written_down_after_the_one_in_the_response_is_a_second_one() throws Exception {
        CompletableFuture<TurnResult> result = new CompletableFuture<>();

        Receipt receipt = overtaking(OTHER, result);

        assertThat(receipt).isEqualTo(Receipt.DUPLICATE);
        assertThat(Talk.said(result.join())).isEqualTo("Outra coisa.");
        assertThat(types()).containsOnlyOnce("workflow.answered");
    }

    @Test
    void of_two_answers_that_are_called_back_in_the_same_moment_one_is_taken() {
        asked();
        var first = new AtomicReference<Receipt>();
        beforeWaking.set(() -> first.set(late.take(question.join(), answer("Temos!"))));

        Receipt second = late.take(question.join(), answer("Não temos."));

        assertThat(first).hasValue(Receipt.TAKEN);
        assertThat(second).isEqualTo(Receipt.DUPLICATE);
        assertThat(talk.written("workflow.answered").payload().get("answer"))
                .asString()
                .contains("Temos!");
    }

    @Test
    void of_two_same_answers_in_the_same_moment_one_is_taken() {
        asked();
        var first = new AtomicReference<Receipt>();
        beforeWaking.set(() -> first.set(late.take(question.join(), answer("Temos!"))));

        Receipt second = late.take(question.join(), answer("Temos!"));

        assertThat(first).hasValue(Receipt.TAKEN);
        assertThat(second).isEqualTo(Receipt.DUPLICATE);
    }

    @Test
    void an_answer_is_taken_that_the_database_writes_down_in_its_own_way() {
        asked();
        var changing = new LateAnswers(
                talk.events,
                (conversation, turn, because) -> {
                    talk.events.append(because.stream()
                            .map(WorkflowRaceTest::asADatabaseKeepsIt)
                            .toList());
                    return true;
                },
                talk.clock::get);

        assertThat(changing.take(question.join(), answer("Temos\0 sim!"))).isEqualTo(Receipt.TAKEN);
    }

    private void asked() {
        talk.workflow.set(request -> {
            question.complete(of(request));
            return new Workflow.Later();
        });
        talk.hear(1, ASKED);
    }

    private static Event asADatabaseKeepsIt(Event event) {
        Map<String, Object> payload = new HashMap<>(event.payload());
        payload.put("answer", Map.of("messages", List.of("Temos\uFFFD sim!")));
        return event.with(payload);
    }

    /** The call comes to this, and an answer is called back at the last moment before that is written down. */
    private TurnResult overtaken(Workflow.Outcome outcome) {
        var receipt = new AtomicReference<Receipt>();
        talk.workflow.set(request -> {
            talk.beforeWriting.set(() -> {
                talk.beforeWriting.set(() -> {});
                receipt.set(late.take(of(request), answer("Temos!")));
            });
            return outcome;
        });

        TurnResult result = talk.hear(1, ASKED);

        assertThat(receipt).hasValue(Receipt.TAKEN);
        return result;
    }

    /** An answer is called back while the call is on its way; before it is written down, the call comes to this. */
    private Receipt overtaking(Workflow.Outcome outcome, CompletableFuture<TurnResult> result) throws Exception {
        var returns = new CompletableFuture<Workflow.Outcome>();
        talk.workflow.set(request -> {
            question.complete(of(request));
            return returns.join();
        });
        var turn = new Thread(() -> {
            try {
                result.complete(talk.hear(1, ASKED));
            } catch (RuntimeException | AssertionError e) {
                result.completeExceptionally(e);
                question.completeExceptionally(e);
            }
        });
        turn.start();
        beforeWaking.set(() -> {
            returns.complete(outcome);
            result.join();
        });

        Receipt receipt = late.take(question.get(), answer("Temos!"));

        turn.join();
        return receipt;
    }

    private static CorrelationId of(Workflow.Request request) {
        String text = request.correlationId();
        return new CorrelationId(
                request.conversation(), request.turnId(), Long.parseLong(text.substring(text.lastIndexOf('.') + 1)));
    }

    private static WorkflowAnswer answer(String text) {
        return WorkflowAnswer.read(Map.of("text", text), url -> false);
    }

    private List<String> types() {
        return talk.events.query(new EventQuery(Talk.TENANT, null, null, null, null, null, 100, null)).events().stream()
                .map(Event::type)
                .toList();
    }
}
