package io.github.almeidatech.wppflow.model;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command does, short enough to be written down beside the decision for it. */
final class CommandSummary implements OutboundCommand.Visitor<Map<String, Object>> {

    /** Longer texts are cut to this many characters and end in a fingerprint of the whole. */
    private static final int LONGEST = 80;

    private static final int FINGERPRINT_BYTES = 4;

    private final Map<String, Object> summary = new LinkedHashMap<>();
    private final Instant planned;

    private CommandSummary(OutboundCommand command, Instant planned) {
        summary.put("command", command.kind());
        this.planned = planned;
    }

    static Map<String, Object> of(OutboundCommand command, Instant planned) {
        return PlainData.copyOf(command.accept(new CommandSummary(command, planned)));
    }

    @Override
    public Map<String, Object> sendMessage(OutboundCommand.SendMessage command) {
        return with("text", command.text());
    }

    @Override
    public Map<String, Object> addPrivateNote(OutboundCommand.AddPrivateNote command) {
        return with("text", command.text());
    }

    @Override
    public Map<String, Object> setStatus(OutboundCommand.SetStatus command) {
        return with("status", command.status().word());
    }

    @Override
    public Map<String, Object> assign(OutboundCommand.Assign command) {
        with("agent_id", command.agentId());
        return with("team_id", command.teamId());
    }

    @Override
    public Map<String, Object> changeLabels(OutboundCommand.ChangeLabels command) {
        with("add", command.add().isEmpty() ? null : command.add());
        return with("remove", command.remove().isEmpty() ? null : command.remove());
    }

    @Override
    public Map<String, Object> setConversationAttributes(OutboundCommand.SetConversationAttributes command) {
        return with("attributes", command.attributes());
    }

    @Override
    public Map<String, Object> setContactAttributes(OutboundCommand.SetContactAttributes command) {
        return with("attributes", command.attributes());
    }

    @Override
    public Map<String, Object> sendTemplate(OutboundCommand.SendTemplate command) {
        with("template", command.name());
        return with("text", command.renderedText());
    }

    @Override
    public Map<String, Object> sendAttachment(OutboundCommand.SendAttachment command) {
        with("url", command.url());
        return with("text", command.caption().isEmpty() ? null : command.caption());
    }

    @Override
    public Map<String, Object> followUp(OutboundCommand.FollowUp command) {
        with("after", Duration.between(planned, command.notBefore()).toString());
        with("text", command.text());
        return with(
                "template",
                command.template() == null ? null : command.template().name());
    }

    @Override
    public Map<String, Object> callWebhook(OutboundCommand.CallWebhook command) {
        var payload = new LinkedHashMap<>(command.payload());
        payload.remove("cause_id"); // of this decision: another one for the same reasons has another
        with("target", command.target());
        return with("payload", payload);
    }

    @Override
    public Map<String, Object> writeRow(OutboundCommand.WriteRow command) {
        with("table", command.table());
        with("match", command.match().isEmpty() ? null : command.match());
        return with("fields", command.fields());
    }

    @Override
    public Map<String, Object> updateContact(OutboundCommand.UpdateContact command) {
        with("name", command.name());
        with("email", command.email());
        with("custom_fields", command.customFields().isEmpty() ? null : command.customFields());
        return with("opted_out", command.optedOut());
    }

    private Map<String, Object> with(String field, @Nullable Object value) {
        if (value != null) {
            summary.put(field, shortened(value));
        }
        return summary;
    }

    private static Object shortened(Object value) {
        if (value instanceof String text) {
            return text.length() <= LONGEST ? text : cut(text) + "… " + fingerprint(text);
        }
        if (value instanceof List<?> list) {
            var copy = new ArrayList<@Nullable Object>();
            list.forEach(each -> copy.add(each == null ? null : shortened(each)));
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            var copy = new LinkedHashMap<String, @Nullable Object>();
            map.forEach((key, each) -> copy.put(String.valueOf(key), each == null ? null : shortened(each)));
            return copy;
        }
        return value;
    }

    private static String cut(String text) {
        int end = Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        return text.substring(0, end);
    }

    private static String fingerprint(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "#" + HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
