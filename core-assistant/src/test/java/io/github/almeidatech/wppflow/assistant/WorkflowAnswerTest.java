package io.github.almeidatech.wppflow.assistant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkflowAnswerTest {

    private static final String FILE = "https://files.example/tabela.pdf";

    @Test
    void one_text_is_one_message() {
        assertThat(read(Map.of("text", "Temos vaga!")).messages())
                .containsExactly(new WorkflowAnswer.Message("Temos vaga!", null));
    }

    @Test
    void everything_can_be_said_at_once_and_comes_back_as_it_was() {
        Map<String, Object> form = Map.of(
                "messages", List.of("Reservado.", "Até sábado!"),
                "labels", Map.of("add", List.of("reserva", "promoção_2"), "remove", List.of("novo")),
                "attributes", Map.of("dias", 3, "confirmado", true),
                "handoff", Map.of("note", "Cliente antigo"));

        WorkflowAnswer answer = read(form);

        assertThat(answer.messages())
                .extracting(WorkflowAnswer.Message::text)
                .containsExactly("Reservado.", "Até sábado!");
        assertThat(answer.addLabels()).containsExactly("reserva", "promoção_2");
        assertThat(answer.removeLabels()).containsExactly("novo");
        assertThat(answer.attributes()).containsEntry("dias", 3).containsEntry("confirmado", true);
        assertThat(answer.handoff()).isTrue();
        assertThat(answer.note()).isEqualTo("Cliente antigo");
        assertThat(read(answer.toPlainData())).isEqualTo(answer);
        assertThat(answer.toString()).doesNotContain("Reservado", "Cliente");
    }

    @Test
    void a_file_can_be_sent_alone_with_a_text_or_among_messages() {
        assertThat(read(Map.of("attachment", FILE)).messages()).containsExactly(new WorkflowAnswer.Message("", FILE));
        assertThat(read(Map.of("attachment", FILE, "text", "A tabela")).messages())
                .containsExactly(new WorkflowAnswer.Message("A tabela", FILE));
        WorkflowAnswer among = read(Map.of(
                "messages",
                List.of(
                        "Segue:",
                        Map.of("attachment", FILE),
                        Map.of("attachment", FILE, "text", "E outra"),
                        Map.of("text", "Viu?"))));
        assertThat(among.messages())
                .containsExactly(
                        new WorkflowAnswer.Message("Segue:", null),
                        new WorkflowAnswer.Message("", FILE),
                        new WorkflowAnswer.Message("E outra", FILE),
                        new WorkflowAnswer.Message("Viu?", null));
        assertThat(read(among.toPlainData())).isEqualTo(among);
        assertThat(among.messages().toString()).doesNotContain("files.example", "Segue");
    }

    @Test
    void a_message_says_something() {
        assertThatIllegalArgumentException().isThrownBy(() -> new WorkflowAnswer.Message(" ", null));
    }

    @Test
    void silence_has_a_reason_and_may_be_written_short() {
        assertThat(read(Map.of("silence", "so_agradeceu")).silence()).isEqualTo("so_agradeceu");
        WorkflowAnswer silent = read(Map.of("silence", Map.of("reason", "so_agradeceu")));
        assertThat(silent.silence()).isEqualTo("so_agradeceu");
        assertThat(read(silent.toPlainData())).isEqualTo(silent);
        assertThat(read(Map.of("handoff", true)).handoff()).isTrue();
    }

    @Test
    void an_attribute_can_be_emptied() {
        var form = new HashMap<String, Object>(Map.of("text", "ok"));
        form.put("attributes", Collections.singletonMap("dias", null));

        assertThat(read(form).attributes()).containsKey("dias");
    }

    @Test
    void what_is_not_an_answer_is_refused_and_the_field_named() {
        refused(Map.of(), "text, attachment, messages, handoff or silence");
        refused(Map.of("labels", Map.of("add", List.of("a"))), "text, attachment, messages, handoff or silence");
        refused(Map.of("handoff", false), "text, attachment, messages, handoff or silence");
        refused(Map.of("reply", "olá"), "nothing else");
        refused(Map.of("text", " "), "text: not blank");
        refused(Map.of("text", 5), "text: a text");
        refused(Map.of("text", "x".repeat(4_001)), "4000");
        refused(Map.of("text", "a", "messages", List.of("b")), "not both");
        refused(Map.of("messages", List.of()), "messages: at least one");
        refused(Map.of("messages", Collections.nCopies(11, "a")), "at most 10");
        refused(Map.of("messages", "a"), "messages: a list");
        refused(Map.of("messages", Arrays.asList("a", null)), "messages[1]: not blank");
        refused(Map.of("attachment", "https://elsewhere.example/a.pdf"), "attachment: an address");
        refused(Map.of("attachment", FILE + "?" + "x".repeat(2_000)), "attachment: an address");
        refused(Map.of("attachment", Map.of("url", FILE)), "attachment: an address");
        refused(Map.of("attachment", FILE, "messages", List.of("b")), "not both");
        refused(Map.of("attachment", FILE, "silence", "b"), "silence");
        refused(Map.of("messages", List.of("a", Map.of("attachment", "x"))), "messages[1].attachment: an address");
        refused(Map.of("messages", List.of(Map.of("text", " "))), "messages[0].text: not blank");
        refused(Map.of("messages", List.of(Map.of("url", FILE))), "messages[0]: only [attachment, text]");
        refused(Map.of("text", "a", "silence", "b"), "silence");
        refused(Map.of("handoff", true, "silence", "b"), "silence");
        refused(Map.of("handoff", "yes"), "handoff");
        refused(Map.of("handoff", Map.of("team", 3)), "handoff: only [note]");
        refused(Map.of("silence", "Não sei"), "silence.reason");
        refused(Map.of("silence", Map.of()), "silence.reason");
        refused(Map.of("text", "a", "labels", List.of("b")), "labels: only [add, remove]");
        refused(Map.of("text", "a", "labels", Map.of("add", List.of("with space"))), "labels.add");
        refused(Map.of("text", "a", "labels", Map.of("add", List.of(7))), "labels.add");
        refused(Map.of("text", "a", "attributes", List.of()), "attributes");
        refused(Map.of("text", "a", "attributes", Map.of("k", List.of())), "attributes");
        refused(Map.of("text", "a", "attributes", Map.of("k ey", 1)), "attributes");
    }

    private static WorkflowAnswer read(Map<?, ?> form) {
        return WorkflowAnswer.read(form, url -> url.startsWith("https://files.example/"));
    }

    private static void refused(Map<String, Object> form, String why) {
        assertThatIllegalArgumentException().isThrownBy(() -> read(form)).withMessageContaining(why);
    }

    @Test
    void a_correlation_id_is_read_back_with_the_tenant_of_who_asks() {
        var tenant = new TenantId("pet-hotel");
        var question = new CorrelationId(new ConversationId(tenant, 1, 60), "01a21371-11ae-7000-8000-000000000001", 17);

        assertThat(question.text()).isEqualTo("1.60.01a21371-11ae-7000-8000-000000000001.17");
        assertThat(CorrelationId.read(tenant, question.text())).contains(question);
        assertThat(CorrelationId.read(new TenantId("clinica"), question.text())).isNotEqualTo(question);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1.60.17",
                "1.0.01a21371-11ae-7000-8000-000000000001.17",
                "1.60.01A21371-11ae-7000-8000-000000000001.17",
                "1.60.01a21371-11ae-7000-8000-000000000001.17 ",
                "9999999999999999999.60.01a21371-11ae-7000-8000-000000000001.17"
            })
    void anything_else_is_no_correlation_id(String text) {
        assertThat(CorrelationId.read(new TenantId("pet-hotel"), text)).isEmpty();
    }
}
