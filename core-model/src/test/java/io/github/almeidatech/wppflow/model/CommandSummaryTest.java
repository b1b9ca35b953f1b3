package io.github.almeidatech.wppflow.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.Assign;
import io.github.almeidatech.wppflow.model.OutboundCommand.CallWebhook;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendTemplate;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetContactAttributes;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetConversationAttributes;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetStatus;
import io.github.almeidatech.wppflow.model.OutboundCommand.UpdateContact;
import io.github.almeidatech.wppflow.model.OutboundCommand.WriteRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandSummaryTest {

    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    @Test
    void a_command_is_told_by_its_kind_and_what_it_is_about() {
        var template = new SendTemplate("lembrete", "pt_BR", "UTILITY", Map.of(), "Olá, Lia", Purpose.ANSWER);
        List<OutboundCommand> commands = List.of(
                new SendMessage("Olá", null, Purpose.ANSWER),
                new AddPrivateNote("nota"),
                new SetStatus(ConversationStatus.OPEN),
                new Assign(7L, null),
                new ChangeLabels(List.of("preco"), List.of()),
                new ChangeLabels(List.of(), List.of("novo")),
                new SetConversationAttributes(Map.of("nivel", 2)),
                new SetContactAttributes(5, Map.of("vip", true)),
                template,
                new SendAttachment("https://example.com/a.pdf", "", Purpose.ANSWER),
                new SendAttachment("https://example.com/a.pdf", "Tabela", Purpose.ANSWER),
                new FollowUp(NOW.plus(Duration.ofHours(2)), "E aí?", template, true),
                new FollowUp(NOW.plus(Duration.ofHours(2)), "E aí?", null, true),
                new CallWebhook("crm", Map.of("policy", "p", "cause_id", "other each time")),
                new WriteRow("pets", Map.of("nome", "Rex"), Map.of("idade", 3)),
                new WriteRow("pets", Map.of(), Map.of("idade", 3)),
                new UpdateContact("p1", "Lia", "lia@example.com", Map.of("pet", "Rex"), false),
                new UpdateContact("p1", null, null, Map.of(), true));

        assertThat(commands)
                .extracting(command -> command.summary(NOW))
                .containsExactly(
                        Map.of("command", "send_message", "text", "Olá"),
                        Map.of("command", "add_private_note", "text", "nota"),
                        Map.of("command", "set_status", "status", "open"),
                        Map.of("command", "assign", "agent_id", 7L),
                        Map.of("command", "change_labels", "add", List.of("preco")),
                        Map.of("command", "change_labels", "remove", List.of("novo")),
                        Map.of("command", "set_conversation_attributes", "attributes", Map.of("nivel", 2)),
                        Map.of("command", "set_contact_attributes", "attributes", Map.of("vip", true)),
                        Map.of("command", "send_template", "template", "lembrete", "text", "Olá, Lia"),
                        Map.of("command", "send_attachment", "url", "https://example.com/a.pdf"),
                        Map.of("command", "send_attachment", "url", "https://example.com/a.pdf", "text", "Tabela"),
                        Map.of("command", "follow_up", "after", "PT2H", "text", "E aí?", "template", "lembrete"),
                        Map.of("command", "follow_up", "after", "PT2H", "text", "E aí?"),
                        Map.of("command", "call_webhook", "target", "crm", "payload", Map.of("policy", "p")),
                        Map.of(
                                "command",
                                "write_row",
                                "table",
                                "pets",
                                "match",
                                Map.of("nome", "Rex"),
                                "fields",
                                Map.of("idade", 3)),
                        Map.of("command", "write_row", "table", "pets", "fields", Map.of("idade", 3)),
                        Map.of(
                                "command", "update_contact",
                                "name", "Lia",
                                "email", "lia@example.com",
                                "custom_fields", Map.of("pet", "Rex"),
                                "opted_out", false),
                        Map.of("command", "update_contact", "opted_out", true));
    }

    @Test
    void a_long_text_is_cut_and_a_change_behind_the_cut_still_shows() {
        String long1 = "a".repeat(79) + "🐶" + "b".repeat(100);
        var one = new SendMessage(long1 + "c", null, Purpose.ANSWER).summary(NOW);
        var same = new SendMessage(long1 + "c", null, Purpose.HANDOFF).summary(NOW.plusSeconds(9));
        var other = new SendMessage(long1 + "d", null, Purpose.ANSWER).summary(NOW);
        var short1 = new SendMessage("x".repeat(80), null, Purpose.ANSWER).summary(NOW);

        assertThat(one).isEqualTo(same).isNotEqualTo(other);
        assertThat(one.get("text").toString())
                .startsWith("a".repeat(79) + "… #")
                .hasSizeLessThan(100);
        assertThat(short1).containsEntry("text", "x".repeat(80));
    }

    @Test
    void texts_within_lists_and_maps_are_cut_too() {
        String text = "y".repeat(500);

        assertThat(new WriteRow("t", Map.of(), Map.of("a", Map.of("b", List.of(text))))
                        .summary(NOW)
                        .toString())
                .hasSizeLessThan(200);
    }
}
