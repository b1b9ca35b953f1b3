package io.github.almeidatech.wppflow.assistant;

import static io.github.almeidatech.wppflow.assistant.PetHotel.CONVERSATION;
import static io.github.almeidatech.wppflow.assistant.PetHotel.PRICE;
import static io.github.almeidatech.wppflow.assistant.PetHotel.note;
import static io.github.almeidatech.wppflow.assistant.PetHotel.outcome;
import static io.github.almeidatech.wppflow.assistant.PetHotel.said;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.Assign;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetStatus;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Router;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a customer is answered: by which rule, in which commands, and how it is written down. */
class AssistantTest {

    private static final Attachment VOICE = Attachment.file(ContentType.AUDIO, "voice", "audio/ogg", "a.ogg");

    private final PetHotel hotel = new PetHotel();

    @Test
    void a_question_is_answered_from_the_knowledge_base_with_its_source_and_the_first_time_with_an_introduction() {
        TurnResult first = hotel.hear(PRICE);
        TurnResult second = hotel.hear("e quais vacinas vocês exigem?");

        assertThat(said(first))
                .singleElement()
                .asString()
                .startsWith("Oi! Aqui é o assistente virtual de Hotel Patas.")
                .contains("R$ 95", "_Fonte: Diárias para cães_");
        assertThat(said(second)).singleElement().asString().startsWith("Pedimos V10");
        assertThat(outcome(first)).containsEntry("outcome", "answered").containsEntry("reason", "knowledge");
        assertThat(first.ownership()).isNull();
        assertThat(hotel.presence).containsExactly("on", "off", "on", "off");
    }

    @Test
    void an_answered_conversation_is_labelled_with_its_intent_when_that_changes() {
        TurnResult first = hotel.hear(PRICE);
        TurnResult again = hotel.hear("quanto custa a diária do cachorro grande?");

        assertThat(first.commands())
                .anySatisfy(command -> assertThat(command)
                        .isInstanceOfSatisfying(
                                ChangeLabels.class,
                                labels -> assertThat(labels.add()).contains("intencao_sales")));
        assertThat(again.commands()).noneMatch(ChangeLabels.class::isInstance);
    }

    @Test
    void who_asks_for_a_person_is_handed_over_in_one_operation() {
        hotel.settings = hotel.settings().handoffTo(3L, null).build();
        hotel.hear(PRICE);

        TurnResult result = hotel.hear("quero falar com uma pessoa");

        assertThat(result.commands().stream().map(command -> command.getClass().getSimpleName()))
                .containsExactly("ChangeLabels", "AddPrivateNote", "Assign", "SetStatus", "SendMessage");
        assertThat(result.commands())
                .contains(
                        new ChangeLabels(List.of("humano"), List.of()),
                        new Assign(null, 3L),
                        new SetStatus(ConversationStatus.OPEN));
        assertThat(note(result))
                .contains(
                        "Motivo: o cliente pediu uma pessoa (customer_asked)",
                        "quero falar com uma pessoa",
                        PRICE,
                        "R$ 95");
        assertThat(result.commands())
                .filteredOn(SendMessage.class::isInstance)
                .allSatisfy(
                        command -> assertThat(((SendMessage) command).purpose()).isEqualTo(Purpose.HANDOFF));
        assertThat(result.ownership()).isNotNull().satisfies(signal -> {
            assertThat(signal.owner()).isEqualTo(Owner.HUMAN);
            assertThat(signal.spoken()).isFalse();
        });
    }

    @Test
    void the_intents_own_team_is_assigned_when_assigning_is_on() {
        hotel.router = Router.builder()
                .autoAssign(true)
                .route("sales", new Router.RouteSettings(Mode.OFF, null, 7L, List.of(8L), List.of()))
                .build();
        hotel.settings = hotel.settings().handoffTo(3L, null).build();

        TurnResult result = hotel.hear(PRICE);

        assertThat(result.commands()).contains(new Assign(8L, 7L));
        assertThat(outcome(result)).containsEntry("reason", "intent_off");
    }

    @Test
    void an_urgent_word_calls_a_person_at_once() {
        assertThat(outcome(hotel.hear("urgente, meu cachorro está passando muito mal")))
                .containsEntry("reason", "urgent");
    }

    @Test
    void a_question_without_an_answer_goes_to_a_person_instead_of_being_guessed() {
        TurnResult result = hotel.hear("vocês vendem passagem de avião para Paris?");

        assertThat(outcome(result)).containsEntry("outcome", "handed_off").containsEntry("reason", "no_answer");
        assertThat(said(result)).singleElement().asString().contains("Não tenho essa informação");
    }

    @Test
    void a_greeting_is_greeted_and_thanks_need_no_answer() {
        assertThat(outcome(hotel.hear("oi, bom dia"))).containsEntry("reason", "greeting");

        TurnResult thanks = hotel.hear("obrigada!");

        assertThat(thanks.commands()).isEmpty();
        assertThat(outcome(thanks)).containsEntry("outcome", "silent").containsEntry("reason", "thanks_only");
    }

    @Test
    void who_opted_out_gets_automatic_messages_again_by_saying_just_that() {
        assertThat(outcome(hotel.hear("voltar")))
                .as("of somebody who gets them")
                .doesNotContainEntry("reason", "opted_in");
        hotel.hear("pare de me mandar mensagem");

        assertThat(outcome(hotel.hear("quanto custa voltar?"))).containsEntry("reason", "contact_opted_out");
        TurnResult back = hotel.hear("Voltar, por favor!");

        assertThat(outcome(back)).containsEntry("reason", "opted_in").containsEntry("outcome", "answered");
        assertThat(said(back)).singleElement().asString().contains("volta a receber");
        assertThat(back.events()).anyMatch(event -> event.type().equals("contact.opted_in"));
        assertThat(outcome(hotel.hear(PRICE))).containsEntry("reason", "knowledge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"VOLTAR", "quero voltar a receber mensagens automáticas.", "start", "Volver", "unstop pls"})
    void the_words_for_it_are_few(String text) {
        assertThat(OptIn.in(text)).isEqualTo(!text.contains("pls"));
    }

    @Test
    void an_opt_out_is_confirmed_once_and_remembered() {
        TurnResult stop = hotel.hear("pare de me mandar mensagem");
        TurnResult later = hotel.hear(PRICE);

        assertThat(outcome(stop)).containsEntry("reason", "opted_out");
        assertThat(stop.events()).anyMatch(event -> event.type().equals("contact.opted_out"));
        assertThat(outcome(later)).containsEntry("reason", "contact_opted_out");
        assertThat(said(later)).isEmpty();
        assertThat(later.commands()).contains(new SetStatus(ConversationStatus.OPEN));
    }

    static Set<String> sentencesForMore() {
        return OptIn.SENTENCES;
    }

    @ParameterizedTest
    @MethodSource("sentencesForMore")
    void who_opted_out_gets_messages_again_by_each_of_the_sentences_for_it(String text) {
        hotel.hear("pare de me mandar mensagem");

        TurnResult again = hotel.hear(text);

        assertThat(outcome(again)).containsEntry("reason", "opted_in");
        assertThat(again.events()).noneMatch(event -> event.type().equals("contact.opted_out"));
        assertThat(outcome(hotel.hear(PRICE))).containsEntry("outcome", "answered");
    }

    @Test
    void an_opt_out_whose_answer_was_given_up_for_what_came_after_it_is_confirmed_and_noted() {
        hotel.hear("me tira da lista"); // superseded: nobody was told, and nothing written down, but at the contact

        TurnResult both = hotel.hear("me tira da lista\nobrigada");

        assertThat(outcome(both)).containsEntry("reason", "opted_out");
        assertThat(said(both)).isNotEmpty();
        assertThat(both.events()).anyMatch(event -> event.type().equals("contact.opted_out"));
    }

    @Test
    void what_cannot_be_read_is_asked_for_in_writing_once_and_then_shown_to_a_person() {
        TurnResult first = hotel.hear(hotel.message("", VOICE));
        TurnResult second = hotel.hear(hotel.message("", VOICE));

        assertThat(outcome(first))
                .containsEntry("reason", "asked_to_write")
                .containsEntry("unreadable", List.of("no_reader"));
        assertThat(outcome(second)).containsEntry("reason", "unreadable_media");
        assertThat(note(second)).contains("no_reader");
    }

    @Test
    void a_voice_note_is_answered_like_a_text_and_noted_when_wanted() {
        hotel.media = MediaReader.builder()
                .clock(hotel.clock::get)
                .source((t, a, m, d) -> "OggS".getBytes(StandardCharsets.US_ASCII))
                .transcriber((t, a, d) -> "quanto custa a diária para cachorro")
                .build();
        hotel.settings = hotel.settings().noteTranscripts(true).build();

        TurnResult result = hotel.hear(hotel.message("", VOICE));

        assertThat(said(result)).singleElement().asString().contains("R$ 95");
        assertThat(note(result)).isEqualTo("🎤 Transcrição: quanto custa a diária para cachorro");
    }

    @Test
    void a_burst_is_one_question_and_one_broken_picture_does_not_spoil_it() {
        hotel.media = MediaReader.builder()
                .clock(hotel.clock::get)
                .source((t, a, m, d) -> {
                    throw new MediaUnavailableException(MediaText.Reason.NOT_FOUND, null);
                })
                .describer((t, p, d) -> "nunca")
                .build();

        TurnResult result = hotel.hear(
                hotel.message("oi"),
                hotel.message("quanto custa", Attachment.file(ContentType.IMAGE, "x", null, null)),
                hotel.message("a diária pro meu cachorro?"));

        assertThat(said(result)).singleElement().asString().contains("R$ 95");
        assertThat(outcome(result))
                .containsEntry("message_ids", List.of(9_001L, 9_002L, 9_003L))
                .containsEntry("unreadable", List.of("not_found"));
    }

    @Test
    void a_draft_is_a_note_and_the_customer_hears_nothing() {
        hotel.router = Router.builder()
                .route("sales", new Router.RouteSettings(Mode.DRAFT, null, null, List.of(), List.of()))
                .build();
        hotel.settings = hotel.settings().build();

        TurnResult result = hotel.hear(PRICE);

        assertThat(said(result)).isEmpty();
        assertThat(note(result)).startsWith("💡").contains("R$ 95");
    }

    @Test
    void small_talk_without_a_question_is_asked_about_once() {
        assertThat(outcome(hotel.hear("hummm então né"))).containsEntry("reason", "clarification");
        assertThat(outcome(hotel.hear("pois é então"))).containsEntry("reason", "not_understood");
    }

    @Test
    void an_answer_is_in_the_customers_language() {
        assertThat(said(hotel.hear("I would like to talk to a human please")))
                .singleElement()
                .asString()
                .contains("someone from the team");
    }

    @Test
    void when_we_fail_for_good_a_person_is_called_and_the_customer_told() {
        TurnResult result =
                hotel.assistant().giveUp(hotel.turn(List.of(hotel.message(PRICE))), new IllegalStateException("x"));

        assertThat(outcome(result)).containsEntry("reason", "technical_failure");
        assertThat(said(result)).singleElement().asString().contains("problema técnico");
        assertThat(result.commands()).contains(new SetStatus(ConversationStatus.OPEN));
    }

    @Test
    void a_sender_nobody_can_identify_is_answered_all_the_same() {
        var anonymous = new InboundMessage(
                CONVERSATION, 1, 4L, hotel.clock.get(), ContentType.TEXT, PRICE, List.of(), Sender.UNKNOWN, null);

        assertThat(said(hotel.answer(List.of(anonymous)))).hasSize(1);
    }

    @Test
    void settings_out_of_range_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hotel.settings().maxBubble(99).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hotel.settings().maxReplies(0, 1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hotel.settings().maxReplies(1, 901).build());
    }
}
