package io.github.almeidatech.wppflow.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutboundCommandTest {

    private static final Instant LATER = Instant.parse("2026-03-02T12:00:00Z");
    private static final String SECRET = "Prado";

    @Test
    void each_kind_reaches_its_own_method() {
        var kinds = everyKind(Purpose.ANSWER).stream()
                .map(command -> command.accept(new Kind()))
                .toList();

        assertThat(kinds)
                .containsExactly(
                        "message",
                        "note",
                        "status",
                        "assign",
                        "labels",
                        "conversation",
                        "contact",
                        "template",
                        "file",
                        "later",
                        "webhook",
                        "row",
                        "record");
    }

    @Test
    void only_what_is_written_down_elsewhere_stands_in_the_records_line() {
        assertThat(everyKind(Purpose.ANSWER))
                .filteredOn(command -> command.line() == OutboundCommand.Line.RECORDS)
                .hasOnlyElementsOfTypes(CallWebhook.class, WriteRow.class, UpdateContact.class)
                .hasSize(3);
    }

    @Test
    void changes_of_one_contact_become_one_in_which_the_later_one_wins() {
        var first = new UpdateContact("p", "Ana", "a@example.com", Map.of("pet", "Rex", "city", "Belém"), true);
        var later = new UpdateContact("p", null, "b@example.com", Map.of("pet", "Bidu"), null);

        assertThat(first.mergedWith(later))
                .contains(new UpdateContact("p", "Ana", "b@example.com", Map.of("pet", "Bidu", "city", "Belém"), true));
        assertThat(later.mergedWith(first))
                .contains(new UpdateContact("p", "Ana", "a@example.com", first.customFields(), true));
        assertThat(first.mergedWith(new UpdateContact("q", null, null, Map.of(), null)))
                .isEmpty();
    }

    @Test
    void changes_of_one_row_become_one_in_which_the_later_one_wins() {
        var first = new WriteRow("visits", Map.of("n", 1), Map.of("a", "x", "b", "x"));

        assertThat(first.mergedWith(new WriteRow("visits", Map.of("n", 1), Map.of("b", "y"))))
                .contains(new WriteRow("visits", Map.of("n", 1), Map.of("a", "x", "b", "y")));
        assertThat(first.mergedWith(new WriteRow("visits", Map.of("n", 2), Map.of("b", "y"))))
                .isEmpty();
        assertThat(first.mergedWith(new WriteRow("others", Map.of("n", 1), Map.of("b", "y"))))
                .isEmpty();
    }

    @Test
    void what_makes_a_new_row_or_calls_somebody_is_done_each_time() {
        var row = new WriteRow("visits", Map.of(), Map.of("a", "x"));

        assertThat(row.mergedWith(row)).isEmpty();
        assertThat(everyKind(Purpose.ANSWER))
                .filteredOn(command -> command.mergedWith(command).isPresent())
                .hasOnlyElementsOfTypes(WriteRow.class, UpdateContact.class);
    }

    @Test
    void only_what_the_customer_sees_speaks_to_them() {
        assertThat(everyKind(Purpose.ANSWER))
                .filteredOn(OutboundCommand::speaksToCustomer)
                .hasOnlyElementsOfTypes(SendMessage.class, SendTemplate.class, SendAttachment.class, FollowUp.class)
                .hasSize(4)
                .allMatch(OutboundCommand::isAnswer);
    }

    @Test
    void words_of_a_handoff_are_no_answers_but_a_follow_up_always_is() {
        assertThat(everyKind(Purpose.HANDOFF))
                .filteredOn(OutboundCommand::isAnswer)
                .hasOnlyElementsOfType(FollowUp.class);
    }

    @Test
    void only_a_follow_up_waits() {
        assertThat(everyKind(Purpose.ANSWER))
                .filteredOn(command -> command.notBefore() != null)
                .singleElement()
                .extracting(OutboundCommand::notBefore)
                .isEqualTo(LATER);
    }

    @Test
    void nothing_personal_is_in_a_log_line() {
        assertThat(everyKind(Purpose.ANSWER))
                .allSatisfy(command -> assertThat(command.toString()).doesNotContain(SECRET));
    }

    @Test
    void commands_without_content_are_refused() {
        assertThatThrownBy(() -> new SendMessage(" ", null, Purpose.ANSWER))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SendTemplate("", "pt_BR", "UTILITY", Map.of(), "x", Purpose.ANSWER))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SendTemplate("x", " ", "UTILITY", Map.of(), "x", Purpose.ANSWER))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SendAttachment(" ", "", Purpose.ANSWER))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FollowUp(LATER, " ", null, true)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CallWebhook(" ", Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WriteRow(" ", Map.of(), Map.of("a", 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new WriteRow("t", Map.of(), Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new UpdateContact(" ", null, null, Map.of(), null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void commands_do_not_change_with_what_they_were_made_from() {
        var data = new HashMap<String, Object>(Map.of("a", 1));
        var text = new HashMap<>(Map.of("a", "1"));
        var row = new WriteRow("t", data, data);
        var webhook = new CallWebhook("crm", data);
        var record = new UpdateContact("key", null, null, text, null);

        data.put("b", 2);
        text.put("b", "2");

        assertThat(row.match()).containsOnlyKeys("a");
        assertThat(row.fields()).containsOnlyKeys("a");
        assertThat(webhook.payload()).containsOnlyKeys("a");
        assertThat(record.customFields()).containsOnlyKeys("a");
    }

    private static List<OutboundCommand> everyKind(Purpose purpose) {
        Map<String, Object> secret = Map.of("name", SECRET);
        return List.of(
                new SendMessage(SECRET, null, purpose),
                new AddPrivateNote(SECRET),
                new SetStatus(ConversationStatus.OPEN),
                new Assign(1L, null),
                new ChangeLabels(List.of("vip"), List.of()),
                new SetConversationAttributes(secret),
                new SetContactAttributes(7, secret),
                new SendTemplate("retorno", "pt_BR", "UTILITY", secret, SECRET, purpose),
                new SendAttachment("https://example.org/" + SECRET, SECRET, purpose),
                new FollowUp(LATER, SECRET, null, true),
                new CallWebhook("crm", secret),
                new WriteRow("leads", secret, secret),
                new UpdateContact(SECRET, SECRET, SECRET, Map.of("pet", SECRET), true));
    }

    private static final class Kind implements OutboundCommand.Visitor<String> {

        @Override
        public String sendMessage(SendMessage command) {
            return "message";
        }

        @Override
        public String addPrivateNote(AddPrivateNote command) {
            return "note";
        }

        @Override
        public String setStatus(SetStatus command) {
            return "status";
        }

        @Override
        public String assign(Assign command) {
            return "assign";
        }

        @Override
        public String changeLabels(ChangeLabels command) {
            return "labels";
        }

        @Override
        public String setConversationAttributes(SetConversationAttributes command) {
            return "conversation";
        }

        @Override
        public String setContactAttributes(SetContactAttributes command) {
            return "contact";
        }

        @Override
        public String sendTemplate(SendTemplate command) {
            return "template";
        }

        @Override
        public String sendAttachment(SendAttachment command) {
            return "file";
        }

        @Override
        public String followUp(FollowUp command) {
            return "later";
        }

        @Override
        public String callWebhook(CallWebhook command) {
            return "webhook";
        }

        @Override
        public String writeRow(WriteRow command) {
            return "row";
        }

        @Override
        public String updateContact(UpdateContact command) {
            return "record";
        }
    }
}
