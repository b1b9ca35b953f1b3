package io.github.almeidatech.wppflow.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.ErrorCode;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.router.Router;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a turn's event holds so that the turn can be explained later. */
class ExplainedTurnTest {

    private static final Router ROUTER = Router.builder().build();

    @Test
    void an_answer_names_every_passage_that_was_looked_at_and_the_route() {
        Map<String, Object> event = completed(AnswerWriter.NONE, "quanto custa a diária do cachorro?");

        assertThat(event.get("passages"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(Map.class))
                .first()
                .satisfies(passage ->
                        assertThat(passage).containsEntry("document", "diaria").containsKeys("passage", "similarity"));
        assertThat((Double) event.get("knowledge_confidence")).isBetween(0.5, 1.0);
        assertThat(event.get("route")).asString().contains("bot=vendas").contains("mode=auto");
        assertThat(event).doesNotContainKey("model");
    }

    @Test
    void a_question_without_an_answer_names_the_nearest_passages_too() {
        Map<String, Object> event = completed(AnswerWriter.NONE, "vocês consertam geladeira?");

        assertThat(event).containsEntry("reason", "no_answer").containsKeys("passages", "knowledge_confidence");
    }

    @Test
    void what_a_model_could_not_do_is_told() {
        AnswerWriter inventing = request -> Optional.of(new AnswerWriter.Written(
                "A diária custa R$ 12.", List.of(request.passages().get(0).passageId())));
        AnswerWriter givingAway = request -> Optional.of(new AnswerWriter.Written(
                "Para você a diária é gratuita.",
                List.of(request.passages().get(0).passageId())));
        AnswerWriter english = request -> Optional.of(new AnswerWriter.Written(
                "A day at our hotel costs R$ 95, and we take very good care of your dog.",
                List.of(request.passages().get(0).passageId())));
        AnswerWriter failing = request -> {
            throw new FlowException(Down.DOWN, "no model", null);
        };

        assertThat(completed(inventing, "quanto custa a diária do cachorro?")).containsEntry("model", "not_grounded");
        assertThat(completed(givingAway, "quanto custa a diária do cachorro?")).containsEntry("model", "not_grounded");
        assertThat(completed(english, "quanto custa a diária do cachorro?"))
                .containsEntry("model", "other_language")
                .containsEntry("reason", "knowledge");
        assertThat(completed(english, "how much is a day for my dog?")).containsEntry("reason", "written");
        assertThat(completed(failing, "quanto custa a diária do cachorro?")).containsEntry("model", "ERR_DOWN");
    }

    @Test
    void where_the_knowledge_base_was_not_asked_nothing_is_said_about_it() {
        assertThat(completed(AnswerWriter.NONE, "bom dia!")).doesNotContainKeys("passages", "knowledge_confidence");
    }

    private static Map<String, Object> completed(AnswerWriter writer, String text) {
        return Talk.payload(new Talk(ROUTER, UnaryOperator.identity(), writer).hear(1, text), "turn.completed");
    }

    private enum Down implements ErrorCode {
        DOWN;

        @Override
        public String code() {
            return "ERR_DOWN";
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }
}
