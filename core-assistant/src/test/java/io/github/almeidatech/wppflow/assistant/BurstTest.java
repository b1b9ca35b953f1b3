package io.github.almeidatech.wppflow.assistant;

import static io.github.almeidatech.wppflow.assistant.Talk.payload;
import static io.github.almeidatech.wppflow.assistant.Talk.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetStatus;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.router.Router.RouteSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Several questions in one turn, as people write them: line after line. */
class BurstTest {

    private static final Router PLAIN = Router.builder().build();

    private static Talk talk(Router router, UnaryOperator<AssistantSettings.Builder> with, AnswerWriter writer) {
        return new Talk(router, with, writer)
                .knowing("pagamento", "Formas de pagamento", "Aceitamos Pix, dinheiro e cartão.")
                .knowing("endereco", "Endereço", "Ficamos na Rua das Acácias, 100, no centro.")
                .knowing("gatos", "Diárias para gatos", "A diária de gato custa R$ 75.")
                .knowing("horario", "Horário de atendimento", "Abrimos de segunda a sábado, das 8h às 18h.")
                .knowing("banho", "Banho", "O banho custa R$ 55.");
    }

    private static Talk talk() {
        return talk(PLAIN, settings -> settings.introduce(false), AnswerWriter.NONE);
    }

    @Test
    void each_question_of_a_burst_is_answered_in_their_order_in_one_reply() {
        var talk = talk();
        talk.hear(1, "quanto custa a diária do cachorro?");

        TurnResult result = talk.hear(1, "e gato?\nvcs aceitam pix\nqual o endereço");

        assertThat(said(result))
                .isEqualTo("A diária de gato custa R$ 75.\n\nAceitamos Pix, dinheiro e cartão.\n\n"
                        + "Ficamos na Rua das Acácias, 100, no centro.\n\n"
                        + "_Fonte: Diárias para gatos · Formas de pagamento · Endereço_");
        assertThat(payload(result, "turn.completed"))
                .containsEntry("reason", "knowledge")
                .containsEntry("outcome", "answered")
                .satisfies(event -> assertThat((List<?>) event.get("sources")).hasSize(3))
                .satisfies(event -> assertThat((List<?>) event.get("questions"))
                        .hasSize(3)
                        .first()
                        .asString()
                        .contains("question=e gato?", "answered=true", "confidence="));
        assertThat(payload(result, "knowledge.unanswered")).isEmpty();
        assertThat(result.ownership()).isNull();
    }

    @Test
    void greetings_and_thanks_around_the_questions_are_no_questions() {
        TurnResult result = talk().hear(1, "oi\nbom dia\nvcs aceitam pix?\nonde vocês ficam?\nvcs são top\ntd joia?");

        assertThat(said(result)).contains("Aceitamos Pix", "Rua das Acácias").doesNotContain("restante");
    }

    @Test
    void what_of_a_burst_has_no_answer_is_said_to_be_missing_kept_for_the_owner_and_left_to_a_person() {
        TurnResult result = talk().hear(1, "vcs aceitam pix?\nvocês vendem aquário de 200 litros?\nqual o endereço?");

        assertThat(said(result))
                .startsWith("Aceitamos Pix, dinheiro e cartão.\n\nFicamos na Rua das Acácias")
                .endsWith(
                        "_\n\nSobre o restante da sua mensagem não tenho informação confirmada aqui, então vou chamar alguém"
                                + " da equipe para responder certinho.");
        assertThat(payload(result, "turn.completed"))
                .containsEntry("outcome", "handed_off")
                .containsEntry("reason", "no_answer")
                .satisfies(event -> assertThat((List<?>) event.get("sources")).hasSize(2));
        assertThat(unanswered(result)).containsExactly("vocês vendem aquário de 200 litros?");
        assertThat(note(result)).contains("Sem resposta: vocês vendem aquário de 200 litros?");
        assertThat(result.commands()).anyMatch(SetStatus.class::isInstance);
        assertThat(result.ownership())
                .satisfies(signal -> assertThat(signal.owner()).isEqualTo(Owner.HUMAN));
    }

    @Test
    void of_a_burst_without_any_answer_each_question_is_kept_for_the_owner() {
        TurnResult result = talk().hear(1, "vocês vendem aquário?\nfazem passeio de helicóptero?");

        assertThat(payload(result, "turn.completed")).containsEntry("reason", "no_answer");
        assertThat(said(result)).startsWith("Não tenho essa informação").doesNotContain("restante");
        assertThat(unanswered(result)).containsExactly("vocês vendem aquário?", "fazem passeio de helicóptero?");
    }

    @Test
    void two_questions_with_the_same_answer_get_it_once() {
        TurnResult result = talk().hear(1, "vcs aceitam pix?\ne cartão?");

        assertThat(said(result)).isEqualTo("Aceitamos Pix, dinheiro e cartão.\n\n_Fonte: Formas de pagamento_");
    }

    @Test
    void two_questions_in_one_message_are_two_questions() {
        assertThat(said(talk().hear(1, "qual o endereço e que horas vocês abrem?")))
                .contains("Rua das Acácias", "das 8h às 18h");
        assertThat(said(talk().hear(2, "vcs aceitam pix? qual o endereço?")))
                .contains("Aceitamos Pix", "Rua das Acácias");
    }

    @Test
    void who_asks_more_than_four_things_gets_a_person_for_the_rest() {
        TurnResult result = talk().hear(
                        1,
                        "vcs aceitam pix?\nqual o endereço?\nque horas vocês abrem?\nquanto custa o banho?\nquais vacinas exigem?\nvocês dão remédio?");

        assertThat(said(result))
                .contains("Aceitamos Pix", "Rua das Acácias", "das 8h às 18h", "R$ 55", "Sobre o restante")
                .doesNotContain("V10");
        assertThat(unanswered(result)).containsExactly("quais vacinas exigem?", "vocês dão remédio?");
    }

    @Test
    void answers_that_would_make_a_reply_too_long_are_left_to_a_person() {
        var talk = talk();
        String long900 = "\n" + "palavra ".repeat(100).strip() + ".";
        talk.knowing("pagamento", "Formas de pagamento", "Aceitamos Pix." + long900)
                .knowing("endereco", "Endereço", "Ficamos na Rua das Acácias, 100." + long900)
                .knowing("banho", "Banho", "O banho custa R$ 55." + long900);

        TurnResult result = talk.hear(1, "vcs aceitam pix?\nqual o endereço?\nquanto custa o banho?");

        assertThat(said(result))
                .contains("Aceitamos Pix", "Acácias", "Sobre o restante")
                .doesNotContain("R$ 55");
        assertThat(unanswered(result)).containsExactly("quanto custa o banho?");
    }

    @Test
    void a_draft_of_a_burst_says_what_it_does_not_answer() {
        var draft = new RouteSettings(Mode.DRAFT, null, null, List.of(), List.of());
        var router = Router.builder();
        List.of("sales", "support", "appointment", "general").forEach(intent -> router.route(intent, draft));

        TurnResult result = talk(router.build(), settings -> settings, AnswerWriter.NONE)
                .hear(1, "vcs aceitam pix?\nvocês vendem aquário de 200 litros?");

        assertThat(result.commands()).noneMatch(SendMessage.class::isInstance);
        assertThat(note(result)).contains("💡", "Aceitamos Pix", "Sem resposta: vocês vendem aquário de 200 litros?");
        assertThat(unanswered(result)).containsExactly("vocês vendem aquário de 200 litros?");
        assertThat(result.ownership()).isNull();
    }

    @Test
    void a_model_gets_the_passages_of_all_questions_at_once() {
        var requests = new ArrayList<AnswerWriter.Request>();
        AnswerWriter writer = request -> {
            requests.add(request);
            return Optional.empty();
        };

        talk(PLAIN, settings -> settings, writer).hear(1, "vcs aceitam pix?\nqual o endereço?");

        assertThat(requests).singleElement().satisfies(request -> {
            assertThat(request.question()).isEqualTo("vcs aceitam pix?\nqual o endereço?");
            assertThat(request.passages()).extracting("documentId").startsWith("pagamento", "endereco");
            assertThat(request.passages())
                    .extracting("passageId")
                    .doesNotHaveDuplicates()
                    .hasSizeLessThanOrEqualTo(8);
        });
    }

    @Test
    void what_a_model_says_it_could_not_answer_is_left_to_a_person_too() {
        AnswerWriter writer = request -> Optional.of(new AnswerWriter.Written(
                "Sim, aceitamos Pix!",
                List.of(request.passages().get(0).passageId()),
                List.of("vendem aquário de 200 litros?")));

        TurnResult result = talk(PLAIN, settings -> settings, writer)
                .hear(1, "vcs aceitam pix?\nvocês vendem aquário de 200 litros?");

        assertThat(said(result)).contains("Sim, aceitamos Pix!", "Sobre o restante");
        assertThat(unanswered(result)).containsExactly("vendem aquário de 200 litros?");
        assertThat(payload(result, "turn.completed")).containsEntry("reason", "no_answer");
    }

    @Test
    void what_a_model_could_not_answer_of_questions_that_were_looked_up_as_one_is_left_to_a_person_too() {
        AnswerWriter writer = request -> Optional.of(new AnswerWriter.Written(
                "Sim, aceitamos Pix!",
                List.of(request.passages().get(0).passageId()),
                List.of("tem aquário de 200 litros")));

        TurnResult result =
                talk(PLAIN, settings -> settings, writer).hear(1, "aceita pix, o aquário de 200 litros eu vi na loja");

        assertThat(unanswered(result)).containsExactly("tem aquário de 200 litros");
        assertThat(said(result)).contains("Sobre o restante");
    }

    @Test
    void what_a_model_got_no_passages_for_is_left_to_a_person_although_it_does_not_say_so() {
        AnswerWriter writer = request -> Optional.of(new AnswerWriter.Written(
                "Sim, aceitamos Pix!", List.of(request.passages().get(0).passageId())));

        TurnResult result = talk(PLAIN, settings -> settings, writer)
                .hear(
                        1,
                        "vcs aceitam pix?\nqual o endereço?\nque horas vocês abrem?\nquanto custa o banho?\nquais vacinas exigem?");

        assertThat(unanswered(result)).containsExactly("quais vacinas exigem?");
        assertThat(said(result)).contains("Sobre o restante");
    }

    private static List<Object> unanswered(TurnResult result) {
        return result.events().stream()
                .filter(event -> event.type().equals("knowledge.unanswered"))
                .map(Event::payload)
                .map((Map<String, Object> payload) -> payload.get("question"))
                .toList();
    }

    private static String note(TurnResult result) {
        return result.commands().stream()
                .filter(AddPrivateNote.class::isInstance)
                .map(command -> ((AddPrivateNote) command).text())
                .findFirst()
                .orElse("");
    }
}
