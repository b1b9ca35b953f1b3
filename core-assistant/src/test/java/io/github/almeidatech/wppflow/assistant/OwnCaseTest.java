package io.github.almeidatech.wppflow.assistant;

import static io.github.almeidatech.wppflow.assistant.Talk.payload;
import static io.github.almeidatech.wppflow.assistant.Talk.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.router.Router;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What no document can know, what says too little, and whether there is a person at all. */
class OwnCaseTest {

    private final Talk talk = new Talk(Router.builder().build(), settings -> settings.introduce(false))
            .knowing("comida", "Alimentação", "Servimos ao cachorro a comida que você enviar. Meu bem, ele come bem.")
            .knowing("banho", "Banho", "O banho custa R$ 55.")
            .knowing("creche", "Creche", "A creche custa R$ 70 o dia.");

    @ParameterizedTest
    @ValueSource(strings = {"como tá meu cachorro? deixei ele aí ontem", "o Thor comeu direitinho hoje?"})
    void how_something_of_ones_own_is_doing_is_looked_up_by_a_person_and_no_gap_of_the_base(String text) {
        TurnResult result = talk.hear(1, text);

        assertThat(payload(result, "turn.completed"))
                .containsEntry("outcome", "handed_off")
                .containsEntry("reason", "own_case");
        assertThat(said(result)).startsWith("Vou chamar alguém da equipe");
        assertThat(payload(result, "knowledge.unanswered")).isEmpty();
    }

    @Test
    void what_else_is_asked_in_the_same_breath_is_answered() {
        TurnResult result = talk.hear(1, "como tá meu cachorro? deixei ele aí ontem\nquanto custa o banho?");

        assertThat(said(result)).contains("R$ 55").contains("Sobre o restante").doesNotContain("comida");
        assertThat(payload(result, "turn.completed")).containsEntry("outcome", "handed_off");
        assertThat(payload(result, "knowledge.unanswered")).isEmpty();
    }

    @Test
    void where_a_passage_tells_just_that_it_is_quoted_and_a_person_is_called_all_the_same() {
        talk.knowing("rastreio", "Onde está meu pedido", "Veja onde está o seu pedido em Minha conta, Pedidos.");

        TurnResult result = talk.hear(1, "onde está meu pedido?");

        assertThat(said(result)).contains("Minha conta").contains("Vou chamar alguém da equipe");
        assertThat(payload(result, "turn.completed"))
                .containsEntry("outcome", "handed_off")
                .containsEntry("reason", "own_case");
    }

    @ParameterizedTest
    @ValueSource(strings = {"vc é um robô?", "estou falando com uma pessoa ou com uma máquina?"})
    void who_asks_whether_it_is_a_robot_is_told_so(String text) {
        TurnResult result = talk.hear(1, text);

        assertThat(payload(result, "turn.completed"))
                .containsEntry("outcome", "answered")
                .containsEntry("reason", "identity");
        assertThat(said(result)).startsWith("Sou um assistente virtual");
    }

    @ParameterizedTest
    @ValueSource(strings = {"???", "quanto fica?", "gostaria de saber valores"})
    void what_names_no_topic_is_asked_about_once(String text) {
        assertThat(payload(talk.hear(1, text), "turn.completed")).containsEntry("reason", "clarification");
        assertThat(payload(talk.hear(1, text), "turn.completed")).containsEntry("reason", "not_understood");
    }

    @Test
    void what_is_said_when_we_ask_for_more_belongs_to_what_was_asked_first() {
        talk.hear(1, "quanto fica?");

        assertThat(said(talk.hear(1, "da creche"))).contains("R$ 70");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preciso de ajuda",
                "Olá! Gostaria de mais informações.",
                "queria informações",
                "queria tirar uma dúvida"
            })
    void what_names_nothing_at_all_is_asked_about_once_and_never_answered_with_some_passage(String text) {
        talk.hear(1, "quanto custa o banho?");

        assertThat(payload(talk.hear(1, text), "turn.completed")).containsEntry("reason", "clarification");
    }

    @Test
    void mere_question_marks_do_not_ask_again_for_what_was_asked_before() {
        talk.hear(1, "quanto custa o banho?");

        assertThat(payload(talk.hear(1, "???"), "turn.completed")).containsEntry("reason", "clarification");
    }

    @Test
    void a_question_without_its_mark_is_a_question() {
        TurnResult result = talk.hear(1, "tem estacionamento ai");

        assertThat(payload(result, "turn.completed")).containsEntry("reason", "no_answer");
    }

    @Test
    void a_follow_up_of_a_follow_up_is_about_the_same_thing() {
        talk.hear(1, "quanto custa a diária do cachorro?");
        talk.hear(1, "e o banho?");

        assertThat(said(talk.hear(1, "e quanto fica?"))).contains("R$ 55");
        assertThat(said(talk.hear(1, "e a creche?"))).contains("R$ 70");
    }
}
