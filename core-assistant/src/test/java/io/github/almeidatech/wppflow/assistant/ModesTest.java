package io.github.almeidatech.wppflow.assistant;

import static io.github.almeidatech.wppflow.assistant.Talk.payload;
import static io.github.almeidatech.wppflow.assistant.Talk.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.router.Router.RouteSettings;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the mode of an intent lets the bot say by itself. */
class ModesTest {

    private static Talk talk(Mode mode) {
        var settings = new RouteSettings(mode, null, null, List.of(), List.of());
        var router = Router.builder();
        List.of("sales", "support", "appointment", "general").forEach(intent -> router.route(intent, settings));
        return new Talk(router.build(), each -> each)
                .knowing("banho", "Banho", "O banho custa R$ 55.")
                .knowing("creche", "Creche", "A creche custa R$ 70 o dia.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oi, bom dia!", "vc é um robô?", "quanto custa o banho?"})
    void a_business_that_wants_drafts_only_is_not_spoken_for(String text) {
        TurnResult result = talk(Mode.DRAFT).hear(1, text);

        assertThat(result.commands())
                .noneMatch(SendMessage.class::isInstance)
                .anyMatch(AddPrivateNote.class::isInstance);
        assertThat(payload(result, "turn.completed"))
                .containsEntry("outcome", "drafted")
                .containsEntry("reason", "draft");
    }

    @Test
    void asking_for_more_is_no_draft_so_a_person_is_called() {
        assertThat(payload(talk(Mode.DRAFT).hear(1, "quanto fica?"), "turn.completed"))
                .containsEntry("outcome", "handed_off")
                .containsEntry("reason", "not_understood");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oi, bom dia!", "vc é um robô?", "quanto fica?", "quanto custa o banho?"})
    void where_people_answer_they_are_called_for_a_greeting_too(String text) {
        TurnResult result = talk(Mode.OFF).hear(1, text);

        assertThat(payload(result, "turn.completed"))
                .containsEntry("outcome", "handed_off")
                .containsEntry("reason", "intent_off");
        assertThat(said(result)).doesNotContain("R$", "Como posso ajudar");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sair", "SOCORRO meu cachorro tá convulsionando"})
    void who_wants_out_or_cannot_wait_hears_so_whatever_the_mode(String text) {
        assertThat(said(talk(Mode.DRAFT).hear(1, text))).isNotEmpty();
    }

    @Test
    void what_a_model_writes_names_the_documents_it_cites_if_answers_are_to() {
        AnswerWriter writer = request -> Optional.of(new AnswerWriter.Written(
                "Oi! Fica R$ 55.", List.of(request.passages().get(0).passageId())));
        Router router = Router.builder().build();

        var naming = new Talk(router, settings -> settings.introduce(false), writer);
        var silent = new Talk(router, settings -> settings.introduce(false).showSources(false), writer);

        assertThat(said(naming.knowing("banho", "Banho", "O banho custa R$ 55.").hear(1, "quanto custa o banho?")))
                .isEqualTo("Oi! Fica R$ 55.\n\n_Fonte: Banho_");
        assertThat(said(silent.knowing("banho", "Banho", "O banho custa R$ 55.").hear(1, "quanto custa o banho?")))
                .isEqualTo("Oi! Fica R$ 55.");
    }
}
