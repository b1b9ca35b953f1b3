package io.github.almeidatech.wppflow.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is stored today is read for ever. */
class CommandJsonTest {

    private static final OutboundCommand.SendTemplate TEMPLATE = new OutboundCommand.SendTemplate(
            "lembrete", "pt_BR", "UTILITY", Map.of("body", Map.of("1", "Ana")), "Oi Ana", Purpose.ANSWER);

    static Stream<OutboundCommand> commands() {
        return Stream.of(
                new OutboundCommand.SendMessage("Oi 🐶 \"Ana\"\n\u0000\ud800", 7L, Purpose.HANDOFF),
                new OutboundCommand.SendMessage("Oi", null, Purpose.ANSWER),
                new OutboundCommand.AddPrivateNote("nota"),
                new OutboundCommand.SetStatus(ConversationStatus.OPEN),
                new OutboundCommand.Assign(3L, null),
                new OutboundCommand.Assign(null, 4L),
                new OutboundCommand.ChangeLabels(List.of("a", "b"), List.of()),
                new OutboundCommand.SetConversationAttributes(Map.of("n", 1, "t", "x", "b", true, "d", 1.5)),
                new OutboundCommand.SetContactAttributes(27, Map.of("pet", "Rex")),
                TEMPLATE,
                new OutboundCommand.SendAttachment("https://x.example/a.pdf", "", Purpose.ANSWER),
                new OutboundCommand.FollowUp(Instant.parse("2026-09-01T12:00:00.123456Z"), "e aí?", TEMPLATE, true),
                new OutboundCommand.FollowUp(Instant.EPOCH, "e aí?", null, false),
                new OutboundCommand.CallWebhook("n8n", Map.of("a", List.of(1, 2, Map.of("b", "c")))),
                new OutboundCommand.WriteRow("pets", Map.of("id", 1), Map.of("name", "Rex")),
                new OutboundCommand.UpdateContact("p:1", "Ana", "ana@example.org", Map.of("pet", "Rex"), true),
                new OutboundCommand.UpdateContact("p:1", null, null, Map.of(), null));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_comes_back_as_it_was(OutboundCommand command) {
        String json = CommandJson.write(command);

        assertThat(CommandJson.read(FlowEvents.word(command), CommandJson.VERSION, json))
                .isEqualTo(command);
    }

    @Test
    void null_attributes_are_kept_because_they_clear() {
        var attributes = new java.util.HashMap<String, Object>();
        attributes.put("gone", null);
        var command = new OutboundCommand.SetConversationAttributes(attributes);

        assertThat(CommandJson.read("set_conversation_attributes", 1, CommandJson.write(command)))
                .isEqualTo(command);
    }

    @Test
    void the_layout_of_version_1_stays_readable() {
        String json = "{\"text\":\"Oi\",\"in_reply_to\":5,\"purpose\":\"answer\",\"of_the_future\":[1]}";

        assertThat(CommandJson.read("send_message", 1, json))
                .isEqualTo(new OutboundCommand.SendMessage("Oi", 5L, Purpose.ANSWER));
    }

    @Test
    void what_this_version_does_not_know_is_told() {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> CommandJson.read("dance", 1, "{}"))
                .withMessageContaining("unknown command dance");
        assertThatExceptionOfType(FlowException.class).isThrownBy(() -> CommandJson.read("assign", 2, "{}"));
        assertThatExceptionOfType(FlowException.class).isThrownBy(() -> CommandJson.read("assign", 1, null));
    }

    @Test
    void broken_json_is_told_without_quoting_it() {
        assertThatExceptionOfType(FlowException.class)
                .isThrownBy(() -> CommandJson.read("assign", 1, "{\"text\":\"segredo"))
                .satisfies(e -> assertThat(e.code()).isEqualTo(StorageError.DAMAGED))
                .withMessageNotContaining("segredo")
                .withNoCause();
    }
}
