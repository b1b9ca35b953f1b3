package io.github.almeidatech.wppflow.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.ErrorCode;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.Assign;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetStatus;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Router;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssistantTest {

    private static final TenantId TENANT = new TenantId("pet-hotel");
    private static final ConversationId CONVERSATION = new ConversationId(TENANT, 1, 88);
    private static final Sender JOANA =
            new Sender(27L, "Joana Exemplo", "5511990000002", "+5511990000002", "p:5511990000002");
    private static final String PRICE = "Quanto custa a diária para o meu cachorro?";
    private static final Attachment VOICE = Attachment.file(ContentType.AUDIO, "voice", "audio/ogg", "a.ogg");

    private final AtomicReference<Instant> clock = new AtomicReference<>(Instant.parse("2026-09-01T12:00:00Z"));
    private final InMemoryEventLog events = new InMemoryEventLog();
    private final InMemoryContactLists lists = new InMemoryContactLists();
    private final Contacts contacts = new Contacts(new InMemoryContactStore(), lists, new Pseudonyms(new byte[32]));
    private final KnowledgeBase knowledge = KnowledgeBase.inMemory();
    private final List<String> presence = new ArrayList<>();
    private Router router = Router.builder().build();
    private AssistantSettings settings;
    private AnswerWriter writer = AnswerWriter.NONE;
    private MediaReader media = MediaReader.builder()
            .clock(clock::get)
            .source((t, a, m, d) -> new byte[0])
            .build();
    private long nextMessage = 9_000;
    private boolean off;

    @BeforeEach
    void aPetHotel() {
        knowledge.put(
                TENANT,
                List.of(
                        new Document("diaria", "Diárias para cães", "A diária de cachorro custa R$ 95.", null),
                        new Document("vacinas", "Vacinas exigidas", "Pedimos V10 e antirrábica em dia.", null)));
        settings = settings().build();
    }

    @Test
    void a_question_is_answered_from_the_knowledge_base_with_its_source_and_the_first_time_with_an_introduction() {
        TurnResult first = hear(PRICE);
        TurnResult second = hear("e quais vacinas vocês exigem?");

        assertThat(said(first))
                .singleElement()
                .asString()
                .startsWith("Oi! Aqui é o assistente virtual do Hotel Patas.")
                .contains("R$ 95", "_Fonte: Diárias para cães_");
        assertThat(said(second)).singleElement().asString().startsWith("Pedimos V10");
        assertThat(outcome(first)).containsEntry("outcome", "answered").containsEntry("reason", "knowledge");
        assertThat(first.ownership()).isNull();
        assertThat(presence).containsExactly("on", "off", "on", "off");
    }

    @Test
    void an_answered_conversation_is_labelled_with_its_intent_when_that_changes() {
        TurnResult first = hear(PRICE);
        TurnResult again = hear("quanto custa a diária do cachorro grande?");

        assertThat(first.commands())
                .anySatisfy(command -> assertThat(command)
                        .isInstanceOfSatisfying(
                                ChangeLabels.class,
                                labels -> assertThat(labels.add()).contains("intencao_sales")));
        assertThat(again.commands()).noneMatch(ChangeLabels.class::isInstance);
    }

    @Test
    void who_asks_for_a_person_is_handed_over_in_one_operation() {
        settings = settings().handoffTo(3L, null).build();
        hear(PRICE);

        TurnResult result = hear("quero falar com uma pessoa");

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
        router = Router.builder()
                .autoAssign(true)
                .route("sales", new Router.RouteSettings(Mode.OFF, null, 7L, List.of(8L), List.of()))
                .build();
        settings = settings().handoffTo(3L, null).build();

        TurnResult result = hear(PRICE);

        assertThat(result.commands()).contains(new Assign(8L, 7L));
        assertThat(outcome(result)).containsEntry("reason", "intent_off");
    }

    @Test
    void an_urgent_word_calls_a_person_at_once() {
        assertThat(outcome(hear("urgente, meu cachorro está passando muito mal")))
                .containsEntry("reason", "urgent");
    }

    @Test
    void a_question_without_an_answer_goes_to_a_person_instead_of_being_guessed() {
        TurnResult result = hear("vocês vendem passagem de avião para Paris?");

        assertThat(outcome(result)).containsEntry("outcome", "handed_off").containsEntry("reason", "no_answer");
        assertThat(said(result)).singleElement().asString().contains("Não tenho essa informação");
    }

    @Test
    void a_greeting_is_greeted_and_thanks_need_no_answer() {
        assertThat(outcome(hear("oi, bom dia"))).containsEntry("reason", "greeting");

        TurnResult thanks = hear("obrigada!");

        assertThat(thanks.commands()).isEmpty();
        assertThat(outcome(thanks)).containsEntry("outcome", "silent").containsEntry("reason", "thanks_only");
    }

    @Test
    void who_opted_out_gets_automatic_messages_again_by_saying_just_that() {
        assertThat(outcome(hear("voltar"))).as("of somebody who gets them").doesNotContainEntry("reason", "opted_in");
        hear("pare de me mandar mensagem");

        assertThat(outcome(hear("quanto custa voltar?"))).containsEntry("reason", "contact_opted_out");
        TurnResult back = hear("Voltar, por favor!");

        assertThat(outcome(back)).containsEntry("reason", "opted_in").containsEntry("outcome", "answered");
        assertThat(said(back)).singleElement().asString().contains("volta a receber");
        assertThat(back.events()).anyMatch(event -> event.type().equals("contact.opted_in"));
        assertThat(outcome(hear(PRICE))).containsEntry("reason", "knowledge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"VOLTAR", "quero voltar a receber mensagens automáticas.", "start", "Volver", "unstop pls"})
    void the_words_for_it_are_few(String text) {
        assertThat(OptIn.in(text)).isEqualTo(!text.contains("pls"));
    }

    @Test
    void an_opt_out_is_confirmed_once_and_remembered() {
        TurnResult stop = hear("pare de me mandar mensagem");
        TurnResult later = hear(PRICE);

        assertThat(outcome(stop)).containsEntry("reason", "opted_out");
        assertThat(stop.events()).anyMatch(event -> event.type().equals("contact.opted_out"));
        assertThat(outcome(later)).containsEntry("reason", "contact_opted_out");
        assertThat(said(later)).isEmpty();
        assertThat(later.commands()).contains(new SetStatus(ConversationStatus.OPEN));
    }

    @Test
    void what_cannot_be_read_is_asked_for_in_writing_once_and_then_shown_to_a_person() {
        TurnResult first = hear(message("", VOICE));
        TurnResult second = hear(message("", VOICE));

        assertThat(outcome(first))
                .containsEntry("reason", "asked_to_write")
                .containsEntry("unreadable", List.of("no_reader"));
        assertThat(outcome(second)).containsEntry("reason", "unreadable_media");
        assertThat(note(second)).contains("no_reader");
    }

    @Test
    void a_voice_note_is_answered_like_a_text_and_noted_when_wanted() {
        media = MediaReader.builder()
                .clock(clock::get)
                .source((t, a, m, d) -> "OggS".getBytes(StandardCharsets.US_ASCII))
                .transcriber((t, a, d) -> "quanto custa a diária para cachorro")
                .build();
        settings = settings().noteTranscripts(true).build();

        TurnResult result = hear(message("", VOICE));

        assertThat(said(result)).singleElement().asString().contains("R$ 95");
        assertThat(note(result)).isEqualTo("🎤 Transcrição: quanto custa a diária para cachorro");
    }

    @Test
    void a_burst_is_one_question_and_one_broken_picture_does_not_spoil_it() {
        media = MediaReader.builder()
                .clock(clock::get)
                .source((t, a, m, d) -> {
                    throw new MediaUnavailableException(MediaText.Reason.NOT_FOUND, null);
                })
                .describer((t, p, d) -> "nunca")
                .build();

        TurnResult result = hear(
                message("oi"),
                message("quanto custa", Attachment.file(ContentType.IMAGE, "x", null, null)),
                message("a diária pro meu cachorro?"));

        assertThat(said(result)).singleElement().asString().contains("R$ 95");
        assertThat(outcome(result))
                .containsEntry("message_ids", List.of(9_001L, 9_002L, 9_003L))
                .containsEntry("unreadable", List.of("not_found"));
    }

    @Test
    void a_draft_is_a_note_and_the_customer_hears_nothing() {
        router = Router.builder()
                .route("sales", new Router.RouteSettings(Mode.DRAFT, null, null, List.of(), List.of()))
                .build();
        settings = settings().build();

        TurnResult result = hear(PRICE);

        assertThat(said(result)).isEmpty();
        assertThat(note(result)).startsWith("💡").contains("R$ 95");
    }

    @Test
    void small_talk_without_a_question_is_asked_about_once() {
        assertThat(outcome(hear("hummm então né"))).containsEntry("reason", "clarification");
        assertThat(outcome(hear("pois é então"))).containsEntry("reason", "not_understood");
    }

    @Test
    void an_old_message_is_left_to_people() {
        InboundMessage old = message(PRICE);
        clock.set(clock.get().plus(Duration.ofMinutes(31)));

        TurnResult result = answer(List.of(old));

        assertThat(outcome(result)).containsEntry("reason", "stale");
        assertThat(said(result)).isEmpty();
    }

    @Test
    void while_the_bot_is_switched_off_people_get_the_conversation_without_a_word_and_nothing_is_read_or_shown() {
        off = true;
        writer = request -> {
            throw new AssertionError("a model was asked");
        };
        media = MediaReader.builder()
                .clock(clock::get)
                .source((t, a, m, d) -> {
                    throw new AssertionError("a file was fetched");
                })
                .build();

        TurnResult result = hear(message(PRICE), message("", VOICE));

        assertThat(outcome(result)).containsEntry("outcome", "handed_off").containsEntry("reason", "bot_off");
        assertThat(said(result)).isEmpty();
        assertThat(result.commands()).contains(new SetStatus(ConversationStatus.OPEN));
        assertThat(result.ownership().owner()).isEqualTo(Owner.HUMAN);
        assertThat(presence).isEmpty();
        off = false;
        writer = AnswerWriter.NONE;
        assertThat(said(hear(PRICE))).hasSize(1);
    }

    @Test
    void an_opt_out_counts_also_where_nothing_is_answered_but_not_when_we_said_it_ourselves() {
        InboundMessage old = message("pare de me mandar mensagem");
        clock.set(clock.get().plus(Duration.ofMinutes(31)));

        TurnResult stale = answer(List.of(old));

        assertThat(outcome(stale)).containsEntry("reason", "stale");
        assertThat(stale.events()).anyMatch(event -> event.type().equals("contact.opted_out"));
        assertThat(outcome(hear(PRICE))).containsEntry("reason", "contact_opted_out");
        String confirmed = said(hear("voltar")).get(0);
        assertThat(outcome(hear(confirmed))).containsEntry("reason", "own_echo");
        assertThat(outcome(hear(PRICE))).containsEntry("reason", "knowledge");
    }

    @Test
    void two_programs_talking_to_each_other_are_parted() {
        settings = settings().maxReplies(2, 50).build();
        hear(PRICE);
        hear("quais vacinas?");

        assertThat(outcome(hear("qual a diária?"))).containsEntry("reason", "too_many_replies");
    }

    @Test
    void our_own_words_handed_back_are_not_answered() {
        String ours = said(hear(PRICE)).get(0);

        assertThat(outcome(hear(ours))).containsEntry("outcome", "silent").containsEntry("reason", "own_echo");
    }

    @Test
    void who_says_the_same_for_the_third_time_gets_a_person() {
        hear(PRICE);
        hear(PRICE);

        assertThat(outcome(hear(PRICE))).containsEntry("reason", "repeated");
    }

    @Test
    void another_bot_that_varies_a_few_words_gets_a_person_at_its_third_message() {
        String first =
                "Olá, Ana! Aqui é o assistente virtual da loja Flor do Campo. Recebemos a sua mensagem e em breve um"
                        + " dos nossos atendentes vai falar com você. Obrigado pela preferência!";
        hear(first);
        hear(first.replace("Ana", "cliente"));

        assertThat(outcome(hear(first.replace("em breve", "logo").toUpperCase(Locale.ROOT))))
                .containsEntry("reason", "repeated");
    }

    @Test
    void long_messages_that_only_begin_alike_are_no_repetition() {
        String greeting = "Olá, bom dia, aqui é a Ana, eu queria saber ";
        hear(greeting + "quanto custa a diária para um cachorro pequeno");
        hear(greeting + "quais vacinas vocês pedem e se precisa de carteirinha");

        assertThat(outcome(hear(greeting + "que horas posso buscar o meu gato no domingo")))
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
        Turn turn = turn(List.of(message(PRICE)));
        TurnResult kept = assistant().answer(turn);
        events.append(kept.events());
        events.append(List.of(new Event(
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
                clock.get())));

        assertThat(said(hear(PRICE))).singleElement().asString().startsWith("Oi! Aqui é o assistente virtual");
    }

    @Test
    void a_denied_contact_is_met_with_silence_that_has_a_reason() {
        lists.add(TENANT, ContactList.DENY, Identity.person("p:5511990000002"));
        assertThat(outcome(hear(PRICE))).containsEntry("reason", "contact_denied");
        lists.remove(TENANT, ContactList.DENY, Identity.person("p:5511990000002"));
        lists.add(TENANT, ContactList.ALLOW, Identity.person("p:somebody-else"));
        assertThat(outcome(hear(PRICE))).containsEntry("reason", "contact_not_allowed");
    }

    @Test
    void an_answer_is_in_the_customers_language() {
        assertThat(said(hear("I would like to talk to a human please")))
                .singleElement()
                .asString()
                .contains("someone from the team");
    }

    @Test
    void a_model_writes_from_the_passages_and_is_told_what_was_said_before() {
        var asked = new ArrayList<AnswerWriter.Request>();
        writer = request -> {
            asked.add(request);
            return Optional.of(new AnswerWriter.Written(
                    "Fica R$ 95 por dia.", List.of(request.passages().get(0).passageId())));
        };
        hear("oi, bom dia");

        TurnResult result = hear(PRICE);

        assertThat(said(result)).containsExactly("Fica R$ 95 por dia.\n\n_Fonte: Diárias para cães_");
        assertThat(outcome(result)).containsEntry("reason", "written");
        assertThat(asked).singleElement().satisfies(request -> {
            assertThat(request.history()).first().isEqualTo(new AnswerWriter.Line(true, "oi, bom dia"));
            assertThat(request.style().business()).isEqualTo("Hotel Patas");
        });
    }

    @Test
    void a_number_the_passages_do_not_hold_is_not_sent() {
        writer = request -> Optional.of(new AnswerWriter.Written(
                "Fica R$ 60 por dia.", List.of(request.passages().get(0).passageId())));

        assertThat(said(hear(PRICE)))
                .singleElement()
                .asString()
                .contains("R$ 95")
                .doesNotContain("60");
    }

    @Test
    void an_answer_without_a_cited_passage_is_not_sent() {
        writer = request -> Optional.of(new AnswerWriter.Written("Fica R$ 95 por dia.", List.of("invented")));

        assertThat(outcome(hear(PRICE))).containsEntry("reason", "knowledge");
    }

    @Test
    void when_the_model_fails_the_passage_is_quoted() {
        writer = request -> {
            throw new FlowException(TestError.ERR_LLM_API, "no model", null);
        };

        assertThat(outcome(hear(PRICE))).containsEntry("reason", "knowledge");
    }

    @Test
    void when_we_fail_for_good_a_person_is_called_and_the_customer_told() {
        TurnResult result = assistant().giveUp(turn(List.of(message(PRICE))), new IllegalStateException("x"));

        assertThat(outcome(result)).containsEntry("reason", "technical_failure");
        assertThat(said(result)).singleElement().asString().contains("problema técnico");
        assertThat(result.commands()).contains(new SetStatus(ConversationStatus.OPEN));
    }

    @Test
    void a_sender_nobody_can_identify_is_answered_all_the_same() {
        var anonymous = new InboundMessage(
                CONVERSATION, 1, 4L, clock.get(), ContentType.TEXT, PRICE, List.of(), Sender.UNKNOWN, null);

        assertThat(said(answer(List.of(anonymous)))).hasSize(1);
    }

    @Test
    void settings_out_of_range_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings().maxBubble(99).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings().maxReplies(0, 1).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings().maxReplies(1, 901).build());
    }

    private AssistantSettings.Builder settings() {
        return AssistantSettings.builder(new Phrases("Hotel Patas", Map.of()), router);
    }

    private Assistant assistant() {
        return Assistant.builder()
                .media(media)
                .contacts(contacts)
                .knowledge(knowledge)
                .events(events)
                .settings(tenant -> settings)
                .writer(writer)
                .presence((conversation, typing) -> presence.add(typing ? "on" : "off"))
                .switchedOff(tenant -> off)
                .clock(clock::get)
                .build();
    }

    private TurnResult hear(String text) {
        return hear(message(text));
    }

    private TurnResult hear(InboundMessage... messages) {
        return answer(List.of(messages));
    }

    /** The next turn of the conversation: answered and written down, as the flow does. */
    private TurnResult answer(List<InboundMessage> messages) {
        TurnResult result = assistant().answer(turn(messages));
        events.append(result.events());
        clock.set(clock.get().plusSeconds(5));
        return result;
    }

    private Turn turn(List<InboundMessage> messages) {
        return new Turn(
                CONVERSATION,
                "turn-" + nextMessage,
                messages,
                1,
                0,
                0,
                clock.get().plusSeconds(60),
                "token",
                nextMessage);
    }

    private InboundMessage message(String text, Attachment... attachments) {
        return new InboundMessage(
                CONVERSATION,
                ++nextMessage,
                4L,
                clock.get(),
                attachments.length == 0 ? ContentType.TEXT : attachments[0].kind(),
                text,
                List.of(attachments),
                JOANA,
                null);
    }

    private static List<String> said(TurnResult result) {
        return result.commands().stream()
                .filter(OutboundCommand::speaksToCustomer)
                .map(command -> ((SendMessage) command).text())
                .toList();
    }

    private static String note(TurnResult result) {
        return result.commands().stream()
                .filter(AddPrivateNote.class::isInstance)
                .map(command -> ((AddPrivateNote) command).text())
                .findFirst()
                .orElse("");
    }

    private static Map<String, Object> outcome(TurnResult result) {
        return result.events().stream()
                .filter(event -> event.type().equals("turn.completed"))
                .map(Event::payload)
                .findFirst()
                .orElseThrow();
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
