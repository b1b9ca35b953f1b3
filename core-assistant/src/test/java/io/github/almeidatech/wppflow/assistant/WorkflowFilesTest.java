package io.github.almeidatech.wppflow.assistant;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Router;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A workflow that answers with files. */
class WorkflowFilesTest {

    private static final String FILE = "https://files.example/tabela.pdf";
    private static final WorkflowBot BOT =
            new WorkflowBot("reservas", Duration.ofMinutes(2), WorkflowBot.Fallback.KNOWLEDGE);

    private Talk talk = talk(Router.builder().build(), false);

    private static Talk talk(Router router, boolean introduce) {
        return new Talk(router, settings -> settings.introduce(introduce).workflows(BOT, Map.of()));
    }

    @Test
    void texts_and_files_go_out_in_the_order_they_were_given() {
        answers(Map.of("messages", List.of("Segue:", Map.of("attachment", FILE, "text", "A tabela"), "Viu?")));

        TurnResult result = talk.hear(1, "me manda a tabela?");

        assertThat(spoken(result))
                .containsExactly(
                        new SendMessage("Segue:", null, Purpose.ANSWER),
                        new SendAttachment(FILE, "A tabela", Purpose.ANSWER),
                        new SendMessage("Viu?", null, Purpose.ANSWER));
        assertThat(Talk.payload(result, "turn.completed"))
                .containsEntry("outcome", "answered")
                .containsEntry("reply", "Segue:\n\nA tabela\n\nViu?");
    }

    @Test
    void a_file_alone_is_remembered_by_its_address() {
        answers(Map.of("attachment", FILE));

        TurnResult result = talk.hear(1, "me manda a tabela?");

        assertThat(spoken(result)).containsExactly(new SendAttachment(FILE, "", Purpose.ANSWER));
        assertThat(Talk.payload(result, "turn.completed")).containsEntry("reply", FILE);
    }

    @Test
    void the_introduction_stands_beside_a_first_file() {
        talk = talk(Router.builder().build(), true);
        answers(Map.of("attachment", FILE));

        assertThat(spoken(talk.hear(1, "me manda a tabela?"))).singleElement().satisfies(command -> {
            String caption = ((SendAttachment) command).caption();
            assertThat(caption).startsWith("Oi! Aqui é o assistente virtual").isEqualTo(caption.strip());
        });
        assertThat(spoken(talk.hear(1, "me manda de novo?")))
                .containsExactly(new SendAttachment(FILE, "", Purpose.ANSWER));
    }

    @Test
    void with_a_handoff_files_follow_the_word_about_it() {
        answers(Map.of(
                "messages",
                List.of(Map.of("attachment", FILE, "text", "O contrato"), "A Bia fala com você."),
                "handoff",
                true));

        assertThat(spoken(talk.hear(1, "quero fechar o pacote")))
                .containsExactly(
                        new SendMessage("A Bia fala com você.", null, Purpose.HANDOFF),
                        new SendAttachment(FILE, "O contrato", Purpose.HANDOFF));
    }

    @Test
    void a_draft_names_the_files_address_and_sends_nothing() {
        talk = talk(
                Router.builder()
                        .route("general", new Router.RouteSettings(Mode.DRAFT, null, null, List.of(), List.of()))
                        .build(),
                false);
        talk.files.set((conversation, url, limit) -> Optional.of("file_not_found"));
        answers(Map.of(
                "messages", List.of(Map.of("attachment", FILE, "text", "A tabela"), Map.of("attachment", FILE))));

        TurnResult result = talk.hear(1, "bom dia pessoal");

        assertThat(spoken(result)).isEmpty();
        assertThat(result.commands())
                .filteredOn(AddPrivateNote.class::isInstance)
                .singleElement()
                .satisfies(note ->
                        assertThat(((AddPrivateNote) note).text()).endsWith("A tabela\n\n" + FILE + "\n\n" + FILE));
        assertThat(Talk.payload(result, "turn.completed")).containsEntry("outcome", "drafted");

        answers(Map.of("attachment", FILE));
        assertThat(Talk.payload(talk.hear(2, "bom dia pessoal"), "turn.completed"))
                .containsEntry("outcome", "drafted");
    }

    @Test
    void an_answer_of_nothing_but_files_that_cannot_be_sent_is_none_and_the_fallback_answers() {
        talk.files.set((conversation, url, limit) -> Optional.of("file_not_found"));
        answers(Map.of("messages", List.of(Map.of("attachment", FILE), Map.of("attachment", FILE + "?2"))));

        TurnResult result = talk.hear(1, "quanto custa a diária de cachorro?");

        assertThat(Talk.said(result)).contains("R$ 95");
        assertThat(talk.written("workflow.failed").payload())
                .containsEntry("reason", "undeliverable_file")
                .containsEntry("files", List.of("file_not_found", "file_not_found"));
        assertThat(talk.written("workflow.answered").payload()).containsKey("answer");
    }

    @Test
    void a_person_is_called_instead_where_the_fallback_is_a_person() {
        talk = new Talk(
                Router.builder().build(),
                settings -> settings.introduce(false)
                        .workflows(
                                new WorkflowBot("reservas", Duration.ofMinutes(2), WorkflowBot.Fallback.HANDOFF),
                                Map.of()));
        talk.files.set((conversation, url, limit) -> Optional.of("file_too_large"));
        answers(Map.of("attachment", FILE));

        TurnResult result = talk.hear(1, "quanto custa a diária de cachorro?");

        assertThat(Talk.payload(result, "turn.completed"))
                .containsEntry("outcome", "handed_off")
                .containsEntry("reason", "workflow_failed");
    }

    @Test
    void one_file_that_can_be_sent_is_an_answer_and_files_share_the_time_for_looking() {
        var limits = new ArrayList<Duration>();
        talk.files.set((conversation, url, limit) -> {
            limits.add(limit);
            return url.equals(FILE) ? Optional.of("file_not_found") : Optional.empty();
        });
        answers(Map.of("messages", List.of(Map.of("attachment", FILE), Map.of("attachment", FILE + "?2"))));

        assertThat(spoken(talk.hear(1, "me manda a tabela?"))).hasSize(2);
        assertThat(limits).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    @Test
    void files_are_not_looked_for_where_something_is_said_beside_them_or_nothing_is_sent() {
        talk.files.set((conversation, url, limit) -> {
            throw new AssertionError("not to be looked for");
        });
        answers(Map.of("attachment", FILE, "text", "A tabela"));
        assertThat(spoken(talk.hear(1, "me manda a tabela?")))
                .containsExactly(new SendAttachment(FILE, "A tabela", Purpose.ANSWER));

        answers(Map.of("attachment", FILE, "handoff", true));
        assertThat(spoken(talk.hear(2, "quero fechar o pacote"))).hasSize(2);
    }

    private void answers(Map<String, Object> form) {
        talk.workflow.set(request -> new Workflow.Answered(WorkflowAnswer.read(form, url -> true)));
    }

    private static List<OutboundCommand> spoken(TurnResult result) {
        return result.commands().stream()
                .filter(OutboundCommand::speaksToCustomer)
                .toList();
    }
}
