package io.github.almeidatech.wppflow.assistant;

import static io.github.almeidatech.wppflow.assistant.PetHotel.PRICE;
import static io.github.almeidatech.wppflow.assistant.PetHotel.outcome;
import static io.github.almeidatech.wppflow.assistant.PetHotel.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.ErrorCode;
import io.github.almeidatech.wppflow.model.FlowException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model writes the answer, and what it may not say is not sent. */
class ModelAnswerTest {

    private final PetHotel hotel = new PetHotel();

    @Test
    void a_model_writes_from_the_passages_and_is_told_what_was_said_before() {
        var asked = new ArrayList<AnswerWriter.Request>();
        hotel.writer = request -> {
            asked.add(request);
            return Optional.of(new AnswerWriter.Written(
                    "Fica R$ 95 por dia.", List.of(request.passages().get(0).passageId())));
        };
        hotel.hear("oi, bom dia");

        TurnResult result = hotel.hear(PRICE);

        assertThat(said(result)).containsExactly("Fica R$ 95 por dia.\n\n_Fonte: Diárias para cães_");
        assertThat(outcome(result)).containsEntry("reason", "written");
        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.history()).first().isEqualTo(new AnswerWriter.Line(true, "oi, bom dia"));
            assertThat(request.style().business()).isEqualTo("Hotel Patas");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"Oi! ", "Olá, Joana! 🐶 ", "Oi, tudo bem? ", ""})
    void who_has_just_been_introduced_does_not_greet_again(String greeting) {
        hotel.writer = request -> Optional.of(new AnswerWriter.Written(
                greeting + "Fica R$ 95 por dia.",
                List.of(request.passages().get(0).passageId())));

        assertThat(said(hotel.hear(PRICE)))
                .containsExactly("Oi! Aqui é o assistente virtual de Hotel Patas.\n\nFica R$ 95 por dia.\n\n"
                        + "_Fonte: Diárias para cães_");
    }

    @Test
    void a_number_the_passages_do_not_hold_is_not_sent() {
        hotel.writer = request -> Optional.of(new AnswerWriter.Written(
                "Fica R$ 60 por dia.", List.of(request.passages().get(0).passageId())));

        assertThat(said(hotel.hear(PRICE)))
                .singleElement()
                .asString()
                .contains("R$ 95")
                .doesNotContain("60");
    }

    @Test
    void an_answer_without_a_cited_passage_is_not_sent() {
        hotel.writer = request -> Optional.of(new AnswerWriter.Written("Fica R$ 95 por dia.", List.of("invented")));

        assertThat(outcome(hotel.hear(PRICE))).containsEntry("reason", "knowledge");
    }

    @Test
    void when_the_model_fails_the_passage_is_quoted() {
        hotel.writer = request -> {
            throw new FlowException(TestError.ERR_LLM_API, "no model", null);
        };

        assertThat(outcome(hotel.hear(PRICE))).containsEntry("reason", "knowledge");
    }

    @Test
    void what_the_model_finds_no_answer_to_is_not_quoted_but_left_to_a_person() {
        hotel.writer = request -> Optional.of(AnswerWriter.Written.NO_ANSWER);

        TurnResult result = hotel.hear(PRICE);

        assertThat(outcome(result))
                .containsEntry("outcome", "handed_off")
                .containsEntry("reason", "no_answer")
                .containsEntry("model", "no_answer");
        assertThat(said(result)).singleElement().asString().doesNotContain("R$");
    }

    private enum TestError implements ErrorCode {
        ERR_LLM_API;

        @Override
        public String code() {
            return name();
        }

        @Override
        public boolean retryable() {
            return true;
        }
    }
}
