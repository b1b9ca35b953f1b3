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
import java.util.List;
import java.util.Map;
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
