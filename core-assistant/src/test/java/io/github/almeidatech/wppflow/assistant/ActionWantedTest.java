package io.github.almeidatech.wppflow.assistant;

import static io.github.almeidatech.wppflow.assistant.Talk.payload;
import static io.github.almeidatech.wppflow.assistant.Talk.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetStatus;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Router;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who wants something booked, cancelled or moved wants it done, not only to read how. */
class ActionWantedTest {

    private static final String POLICY = "Cancelando a reserva com sete dias devolvemos o sinal inteiro.";

    private final Talk talk = new Talk(Router.builder().build(), settings -> settings.introduce(false))
            .knowing("cancelar", "Cancelamento de reservas", POLICY)
            .knowing("banho", "Banho", "O banho custa R$ 55.");

    @ParameterizedTest
    @ValueSource(strings = {"quero cancelar a reserva de amanhã", "cancela minha reserva por favor"})
    void is_told_the_policy_and_gets_a_person(String text) {
        TurnResult result = talk.hear(1, text);

        assertThat(said(result)).startsWith(POLICY).endsWith("fazer isso com você por aqui.");
        assertThat(payload(result, "turn.completed"))
                .containsEntry("outcome", "handed_off")
                .containsEntry("reason", "action_wanted");
        assertThat(result.commands()).contains(new SetStatus(ConversationStatus.OPEN));
        assertThat(payload(result, "knowledge.unanswered")).isEmpty();
    }

    @Test
    void who_wants_to_book_gets_a_person_beside_what_the_base_says_of_it() {
        TurnResult result = talk.hear(1, "quero marcar um banho pra sábado");

        assertThat(said(result)).contains("R$ 55").endsWith("fazer isso com você por aqui.");
        assertThat(payload(result, "turn.completed")).containsEntry("reason", "action_wanted");
    }

    @Test
    void gets_a_person_also_when_the_base_says_nothing_of_it() {
        TurnResult result = talk.hear(1, "preciso remarcar minha aula de violão");

        assertThat(payload(result, "turn.completed")).containsEntry("reason", "action_wanted");
        assertThat(said(result)).doesNotContain("R$").endsWith("fazer isso com você por aqui.");
        assertThat(payload(result, "knowledge.unanswered")).isEmpty();
    }

    @Test
    void what_else_is_asked_is_answered_and_a_real_gap_is_kept_for_the_owner() {
        TurnResult result =
                talk.hear(1, "preciso remarcar minha aula de violão\nquanto custa o banho?\nvcs vendem aquário?");

        assertThat(said(result)).contains("R$ 55");
        assertThat(payload(result, "turn.completed")).containsEntry("reason", "action_wanted");
        assertThat(payload(result, "knowledge.unanswered")).containsEntry("question", "vcs vendem aquário?");
    }

    @Test
    void who_merely_asks_how_is_only_told() {
        TurnResult result = talk.hear(1, "como faço pra cancelar a reserva?");

        assertThat(payload(result, "turn.completed"))
                .containsEntry("outcome", "answered")
                .containsEntry("reason", "knowledge");
    }

    @Test
    void in_mode_draft_the_policy_is_a_draft() {
        Router router = Router.builder()
                .route("appointment", new Router.RouteSettings(Mode.DRAFT, null, null, List.of(), List.of()))
                .route("support", new Router.RouteSettings(Mode.DRAFT, null, null, List.of(), List.of()))
                .build();
        var drafting = new Talk(router, settings -> settings.introduce(false))
                .knowing("cancelar", "Cancelamento de reservas", POLICY);

        TurnResult result = drafting.hear(1, "quero cancelar a reserva de amanhã");

        assertThat(said(result)).isEmpty();
        assertThat(payload(result, "turn.completed")).containsEntry("reason", "draft");
    }
}
