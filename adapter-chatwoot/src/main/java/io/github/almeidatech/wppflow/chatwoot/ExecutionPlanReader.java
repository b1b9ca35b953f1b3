package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.chatwoot.ExecutionPlan.EmittedEvent;
import io.github.almeidatech.wppflow.chatwoot.ExecutionPlan.Problem;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendAttachment;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetContactAttributes;
import io.github.almeidatech.wppflow.model.OutboundCommand.WriteRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one {@link ExecutionPlan} and collects everything that is wrong with it. */
final class ExecutionPlanReader {

    private static final Set<String> KEYS =
            Set.of("messages", "persist", "labels", "contact_attributes", "emit_events");
    /** What operators did is written by the server alone. */
    private static final Pattern EVENT_TYPE = Pattern.compile("(?!operator\\.)[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    private static final int MAX_PARTS = 30;
    private static final int MAX_LABEL = 255;

    private final @Nullable Long contactId;
    private final Predicate<String> files;
    private final List<OutboundCommand> commands = new ArrayList<>();
    private final List<EmittedEvent> events = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private int messages;
    private boolean labels;
    private boolean attributes;

    ExecutionPlanReader(@Nullable Long contactId, Predicate<String> files) {
        this.contactId = contactId;
        this.files = files;
    }

    ExecutionPlan read(JsonNode plan) {
        if (!plan.isObject()) {
            problem("execution_plan", "an object");
        } else {
            plan.fieldNames().forEachRemaining(key -> {
                if (!KEYS.contains(key)) {
                    problem(
                            key.length() > 64 ? "…" : key,
                            "one of " + String.join(", ", KEYS.stream().sorted().toList()));
                }
            });
            if (!plan.path("persist").isBoolean()) {
                each(plan, "persist", this::row);
            }
            labels(plan.path("labels"));
            attributes(plan.path("contact_attributes"));
            each(plan, "messages", this::message);
            each(plan, "emit_events", this::event);
            if (problems.isEmpty()
                    && commands.isEmpty()
                    && events.isEmpty()
                    && !plan.path("persist").isBoolean()) {
                problem("execution_plan", "at least one thing to do");
            }
        }
        return new ExecutionPlan(commands, messages, labels, attributes, events, problems);
    }

    private void row(String path, JsonNode row) {
        String table = row.path("table").asText("");
        Map<String, Object> match = map(path + ".match", first(row, "match", "where"));
        Map<String, Object> fields = map(path + ".fields", first(row, "fields", "data"));
        if (table.isBlank()) {
            problem(path + ".table", "the name of a table");
        } else if (match.isEmpty() && fields.isEmpty()) {
            problem(path + ".fields", "at least one field");
        } else {
            commands.add(new WriteRow(table, match, fields));
        }
    }

    private void labels(JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return;
        }
        if (!json.isObject()) {
            problem("labels", "an object with add and remove");
            return;
        }
        List<String> add = texts("labels.add", json.path("add"));
        List<String> remove = texts("labels.remove", json.path("remove"));
        if (!add.isEmpty() || !remove.isEmpty()) {
            labels = true;
            commands.add(new ChangeLabels(add, remove));
        }
    }

    private void attributes(JsonNode json) {
        Map<String, Object> values = map("contact_attributes", json);
        if (values.isEmpty()) {
            return;
        }
        if (contactId == null) {
            problem("contact_attributes", "a conversation whose contact is known");
            return;
        }
        attributes = true;
        commands.add(new SetContactAttributes(contactId, values));
    }

    private void message(String path, JsonNode json) {
        JsonNode content = json.isTextual() ? json : first(json, "content", "text");
        if (json.hasNonNull("attachment")) {
            attachment(path, json, content);
            return;
        }
        if (!content.isTextual() || content.asText().isBlank()) {
            problem(path + ".content", "a text");
            return;
        }
        if (content.asText().length() > NewMessage.MAX_CONTENT) {
            problem(path + ".content", "at most " + NewMessage.MAX_CONTENT + " characters");
            return;
        }
        messages++;
        long repliesTo = json.path("in_reply_to").asLong();
        commands.add(
                json.path("private").asBoolean()
                        ? new AddPrivateNote(content.asText())
                        : new SendMessage(content.asText(), repliesTo > 0 ? repliesTo : null, Purpose.ANSWER));
    }

    private void attachment(String path, JsonNode json, JsonNode caption) {
        String url = json.path("attachment").asText();
        boolean captioned = caption.isTextual() && caption.asText().length() <= NewMessage.MAX_CONTENT;
        if (!json.path("attachment").isTextual() || !files.test(url)) {
            problem(path + ".attachment", "an address at the tenant's Chatwoot, its storage_origins or file_origins");
        } else if (!captioned && !caption.isMissingNode() && !caption.isNull()) {
            problem(path + ".content", "a text of at most " + NewMessage.MAX_CONTENT + " characters");
        } else if (json.path("private").asBoolean()) {
            problem(path + ".private", "false: a file goes to the customer");
        } else {
            messages++;
            commands.add(new SendAttachment(url, caption.asText("").strip(), Purpose.ANSWER));
        }
    }

    private void event(String path, JsonNode json) {
        JsonNode type = json.isTextual() ? json : first(json, "type", "event_type");
        if (!EVENT_TYPE.matcher(type.asText("")).matches()) {
            problem(path + ".type", "a dotted name such as lead.qualified, and not operator.*");
            return;
        }
        events.add(new EmittedEvent(type.asText(), map(path + ".payload", first(json, "payload", "data"))));
    }

    /** A list of parts, or one part alone. */
    private void each(JsonNode plan, String key, BiConsumer<String, JsonNode> reader) {
        JsonNode value = plan.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return;
        }
        if (!value.isArray()) {
            reader.accept(key, value);
            return;
        }
        if (value.size() > MAX_PARTS) {
            problem(key, "at most " + MAX_PARTS);
            return;
        }
        for (int i = 0; i < value.size(); i++) {
            reader.accept(key + "[" + i + "]", value.path(i));
        }
    }

    private List<String> texts(String path, JsonNode array) {
        var texts = new ArrayList<String>();
        if (!array.isMissingNode() && !array.isArray()) {
            problem(path, "a list of texts");
        }
        for (int i = 0; i < array.size(); i++) {
            String text = array.path(i).asText("").strip();
            if (!array.path(i).isTextual() || text.isEmpty() || text.length() > MAX_LABEL) {
                problem(path + "[" + i + "]", "a text of 1 to " + MAX_LABEL + " characters");
            } else {
                texts.add(text);
            }
        }
        return texts;
    }

    private Map<String, Object> map(String path, JsonNode json) {
        if (json.isMissingNode() || json.isNull()) {
            return Map.of();
        }
        if (!json.isObject()) {
            problem(path, "an object");
            return Map.of();
        }
        return PlainJson.toMap(json);
    }

    private static JsonNode first(JsonNode json, String name, String otherName) {
        return json.has(name) ? json.path(name) : json.path(otherName);
    }

    private void problem(String path, String wanted) {
        problems.add(new Problem(path, wanted));
    }
}
