package io.github.almeidatech.wppflow.jdbc;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands as JSON with stable names. A change of layout gets a new version, and the old one stays readable. */
final class CommandJson {

    static final int VERSION = 1;

    private CommandJson() {}

    static String type(OutboundCommand command) {
        return FlowEvents.word(command);
    }

    static String write(OutboundCommand command) {
        return Json.write(command.accept(Writing.INSTANCE));
    }

    /** @throws FlowException when a newer version has written it, or it was erased */
    static OutboundCommand read(String type, int version, @Nullable String json) {
        if (version != VERSION || json == null) {
            throw new FlowException(StorageError.INCOMPATIBLE, "command " + type + " version " + version, null);
        }
        var from = new Fields(Json.tree(json));
        return switch (type) {
            case "send_message" ->
                new OutboundCommand.SendMessage(from.text("text"), from.number("in_reply_to"), from.purpose());
            case "add_private_note" -> new OutboundCommand.AddPrivateNote(from.text("text"));
            case "set_status" ->
                new OutboundCommand.SetStatus(
                        ConversationStatus.valueOf(from.text("status").toUpperCase(Locale.ROOT)));
            case "assign" -> new OutboundCommand.Assign(from.number("agent_id"), from.number("team_id"));
            case "change_labels" -> new OutboundCommand.ChangeLabels(from.texts("add"), from.texts("remove"));
            case "set_conversation_attributes" -> new OutboundCommand.SetConversationAttributes(from.map("attributes"));
            case "set_contact_attributes" ->
                new OutboundCommand.SetContactAttributes(from.longNumber("contact_id"), from.map("attributes"));
            case "send_template" -> from.template();
            case "send_attachment" ->
                new OutboundCommand.SendAttachment(from.text("url"), from.text("caption"), from.purpose());
            case "follow_up" ->
                new OutboundCommand.FollowUp(
                        Instant.parse(from.text("not_before")),
                        from.text("text"),
                        from.has("template") ? from.of("template").template() : null,
                        from.flag("unless_reply"));
            case "call_webhook" -> new OutboundCommand.CallWebhook(from.text("target"), from.map("payload"));
            case "write_row" -> new OutboundCommand.WriteRow(from.text("table"), from.map("match"), from.map("fields"));
            case "update_contact" ->
                new OutboundCommand.UpdateContact(
                        from.text("person_key"),
                        from.textOrNull("name"),
                        from.textOrNull("email"),
                        from.textMap("custom_fields"),
                        from.has("opted_out") ? from.flag("opted_out") : null);
            default -> throw new FlowException(StorageError.INCOMPATIBLE, "unknown command " + type, null);
        };
    }

    /** A JSON object's fields by type. */
    private record Fields(JsonNode node) {

        Fields of(String field) {
            return new Fields(node.path(field));
        }

        boolean has(String field) {
            return node.hasNonNull(field);
        }

        String text(String field) {
            return node.path(field).asText();
        }

        @Nullable
        String textOrNull(String field) {
            return has(field) ? text(field) : null;
        }

        boolean flag(String field) {
            return node.path(field).asBoolean();
        }

        long longNumber(String field) {
            return node.path(field).asLong();
        }

        @Nullable
        Long number(String field) {
            return has(field) ? longNumber(field) : null;
        }

        Purpose purpose() {
            return Purpose.valueOf(text("purpose").toUpperCase(Locale.ROOT));
        }

        List<String> texts(String field) {
            return node.path(field).valueStream().map(JsonNode::asText).toList();
        }

        Map<String, Object> map(String field) {
            return Json.map(node.path(field));
        }

        Map<String, String> textMap(String field) {
            var map = new LinkedHashMap<String, String>();
            node.path(field)
                    .properties()
                    .forEach(each -> map.put(each.getKey(), each.getValue().asText()));
            return map;
        }

        OutboundCommand.SendTemplate template() {
            return new OutboundCommand.SendTemplate(
                    text("name"), text("language"), text("category"), map("params"), text("rendered_text"), purpose());
        }
    }

    private enum Writing implements OutboundCommand.Visitor<Map<String, Object>> {
        INSTANCE;

        @Override
        public Map<String, Object> sendMessage(OutboundCommand.SendMessage command) {
            return Json.fields(
                    "text", command.text(), "in_reply_to", command.inReplyTo(), "purpose", word(command.purpose()));
        }

        @Override
        public Map<String, Object> addPrivateNote(OutboundCommand.AddPrivateNote command) {
            return Json.fields("text", command.text());
        }

        @Override
        public Map<String, Object> setStatus(OutboundCommand.SetStatus command) {
            return Json.fields("status", command.status().word());
        }

        @Override
        public Map<String, Object> assign(OutboundCommand.Assign command) {
            return Json.fields("agent_id", command.agentId(), "team_id", command.teamId());
        }

        @Override
        public Map<String, Object> changeLabels(OutboundCommand.ChangeLabels command) {
            return Json.fields("add", command.add(), "remove", command.remove());
        }

        @Override
        public Map<String, Object> setConversationAttributes(OutboundCommand.SetConversationAttributes command) {
            return Json.fields("attributes", command.attributes());
        }

        @Override
        public Map<String, Object> setContactAttributes(OutboundCommand.SetContactAttributes command) {
            return Json.fields("contact_id", command.contactId(), "attributes", command.attributes());
        }

        @Override
        public Map<String, Object> sendTemplate(OutboundCommand.SendTemplate command) {
            return Json.fields(
                    "name", command.name(),
                    "language", command.language(),
                    "category", command.category(),
                    "params", command.params(),
                    "rendered_text", command.renderedText(),
                    "purpose", word(command.purpose()));
        }

        @Override
        public Map<String, Object> sendAttachment(OutboundCommand.SendAttachment command) {
            return Json.fields("url", command.url(), "caption", command.caption(), "purpose", word(command.purpose()));
        }

        @Override
        public Map<String, Object> followUp(OutboundCommand.FollowUp command) {
            OutboundCommand.SendTemplate template = command.template();
            return Json.fields(
                    "not_before", command.notBefore().toString(),
                    "text", command.text(),
                    "template", template == null ? null : sendTemplate(template),
                    "unless_reply", command.unlessReply());
        }

        @Override
        public Map<String, Object> callWebhook(OutboundCommand.CallWebhook command) {
            return Json.fields("target", command.target(), "payload", command.payload());
        }

        @Override
        public Map<String, Object> writeRow(OutboundCommand.WriteRow command) {
            return Json.fields("table", command.table(), "match", command.match(), "fields", command.fields());
        }

        @Override
        public Map<String, Object> updateContact(OutboundCommand.UpdateContact command) {
            return Json.fields(
                    "person_key", command.personKey(),
                    "name", command.name(),
                    "email", command.email(),
                    "custom_fields", command.customFields(),
                    "opted_out", command.optedOut());
        }

        private static String word(Purpose purpose) {
            return purpose.name().toLowerCase(Locale.ROOT);
        }
    }
}
