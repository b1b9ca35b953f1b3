package io.github.almeidatech.wppflow.assistant;

import static io.github.almeidatech.wppflow.assistant.PetHotel.CONVERSATION;
import static io.github.almeidatech.wppflow.assistant.PetHotel.PRICE;
import static io.github.almeidatech.wppflow.assistant.PetHotel.TENANT;
import static io.github.almeidatech.wppflow.assistant.PetHotel.outcome;
import static io.github.almeidatech.wppflow.assistant.PetHotel.said;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetStatus;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What keeps the assistant from answering, or from answering again, whatever is asked. */
class BrakesTest {

    private static final Attachment VOICE = Attachment.file(ContentType.AUDIO, "voice", "audio/ogg", "a.ogg");

    private final PetHotel hotel = new PetHotel();

    @Test
    void an_old_message_is_left_to_people() {
        InboundMessage old = hotel.message(PRICE);
        hotel.clock.set(hotel.clock.get().plus(Duration.ofMinutes(31)));

        TurnResult result = hotel.answer(List.of(old));

        assertThat(outcome(result)).containsEntry("reason", "stale");
        assertThat(said(result)).isEmpty();
    }

    @Test
    void while_the_bot_is_switched_off_people_get_the_conversation_without_a_word_and_nothing_is_read_or_shown() {
        hotel.off = true;
        hotel.writer = request -> {
            throw new AssertionError("a model was asked");
        };
        hotel.media = MediaReader.builder()
                .clock(hotel.clock::get)
                .source((t, a, m, d) -> {
                    throw new AssertionError("a file was fetched");
                })
                .build();

        TurnResult result = hotel.hear(hotel.message(PRICE), hotel.message("", VOICE));

        assertThat(outcome(result)).containsEntry("outcome", "handed_off").containsEntry("reason", "bot_off");
        assertThat(said(result)).isEmpty();
        assertThat(result.commands()).contains(new SetStatus(ConversationStatus.OPEN));
        assertThat(result.ownership().owner()).isEqualTo(Owner.HUMAN);
        assertThat(hotel.presence).isEmpty();
        hotel.off = false;
        hotel.writer = AnswerWriter.NONE;
        assertThat(said(hotel.hear(PRICE))).hasSize(1);
    }

    @Test
    void an_opt_out_counts_also_where_nothing_is_answered_but_not_when_we_said_it_ourselves() {
        InboundMessage old = hotel.message("pare de me mandar mensagem");
        hotel.clock.set(hotel.clock.get().plus(Duration.ofMinutes(31)));

        TurnResult stale = hotel.answer(List.of(old));

        assertThat(outcome(stale)).containsEntry("reason", "stale");
        assertThat(stale.events()).anyMatch(event -> event.type().equals("contact.opted_out"));
        assertThat(outcome(hotel.hear(PRICE))).containsEntry("reason", "contact_opted_out");
        String confirmed = said(hotel.hear("voltar")).get(0);
        assertThat(outcome(hotel.hear(confirmed))).containsEntry("reason", "own_echo");
        assertThat(outcome(hotel.hear(PRICE))).containsEntry("reason", "knowledge");
    }

    @Test
    void two_programs_talking_to_each_other_are_parted() {
        hotel.settings = hotel.settings().maxReplies(2, 50).build();
        hotel.hear(PRICE);
        hotel.hear("quais vacinas?");

        assertThat(outcome(hotel.hear("qual a diária?"))).containsEntry("reason", "too_many_replies");
    }

    @Test
    void our_own_words_handed_back_are_not_answered() {
        String ours = said(hotel.hear(PRICE)).get(0);

        assertThat(outcome(hotel.hear(ours))).containsEntry("outcome", "silent").containsEntry("reason", "own_echo");
    }

    @Test
    void who_says_the_same_for_the_third_time_gets_a_person() {
        hotel.hear(PRICE);
        hotel.hear(PRICE);

        assertThat(outcome(hotel.hear(PRICE))).containsEntry("reason", "repeated");
    }

    @Test
    void another_bot_that_varies_a_few_words_gets_a_person_at_its_third_message() {
        String first =
                "Olá, Ana! Aqui é o assistente virtual da loja Flor do Campo. Recebemos a sua mensagem e em breve um"
                        + " dos nossos atendentes vai falar com você. Obrigado pela preferência!";
        hotel.hear(first);
        hotel.hear(first.replace("Ana", "cliente"));

        assertThat(outcome(hotel.hear(first.replace("em breve", "logo").toUpperCase(Locale.ROOT))))
                .containsEntry("reason", "repeated");
    }

    @Test
    void long_messages_that_only_begin_alike_are_no_repetition() {
        String greeting = "Olá, bom dia, aqui é a Ana, eu queria saber ";
        hotel.hear(greeting + "quanto custa a diária para um cachorro pequeno");
        hotel.hear(greeting + "quais vacinas vocês pedem e se precisa de carteirinha");

        assertThat(outcome(hotel.hear(greeting + "que horas posso buscar o meu gato no domingo")))
                .doesNotContainEntry("reason", "repeated");
    }

    @Test
    void our_own_words_handed_back_with_another_word_are_not_answered() {
        String ours =
                "O hotel fica aberto todos os dias da semana das oito da manhã até as sete da noite, também nos feriados";
        var history = new History(List.of(new History.Exchange("horário?", ours, "knowledge", "hours", Instant.EPOCH)));

        assertThat(history.isOurOwn(ours.replace("O hotel", "hotel").replace("feriados", "feriado!")))
                .isTrue();
        assertThat(history.isOurOwn(
                        "O hotel fica aberto todos os dias também para quem só quer deixar o gato de manhã?"))
                .isFalse();
    }

    @Test
    void an_answer_a_takeover_kept_back_is_not_taken_for_said() {
        Turn turn = hotel.turn(List.of(hotel.message(PRICE)));
        TurnResult kept = hotel.assistant().answer(turn);
        hotel.events.append(kept.events());
        hotel.events.append(List.of(new Event(
                "silenced",
                TENANT,
                CONVERSATION,
                null,
                "turn.silenced",
                1,
                Map.of(),
                Event.Source.SYSTEM,
                null,
                turn.id(),
                0,
                hotel.clock.get())));

        assertThat(said(hotel.hear(PRICE))).singleElement().asString().startsWith("Oi! Aqui é o assistente virtual");
    }

    @Test
    void a_denied_contact_is_met_with_silence_that_has_a_reason() {
        hotel.lists.add(TENANT, ContactList.DENY, Identity.person("p:5511990000002"));
        assertThat(outcome(hotel.hear(PRICE))).containsEntry("reason", "contact_denied");
        hotel.lists.remove(TENANT, ContactList.DENY, Identity.person("p:5511990000002"));
        hotel.lists.add(TENANT, ContactList.ALLOW, Identity.person("p:somebody-else"));
        assertThat(outcome(hotel.hear(PRICE))).containsEntry("reason", "contact_not_allowed");
    }
}
