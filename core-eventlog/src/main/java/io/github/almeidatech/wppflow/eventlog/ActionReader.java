package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.eventlog.PolicyProblem.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads actions: a list of maps with one key each, or the first system's execution plan, a map with {@code messages},
 * {@code persist}, {@code labels}, {@code contact_attributes} and {@code emit_events}.
 */
final class ActionReader {

    static final Pattern EVENT_TYPE = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    /** The audit trail. */
    private static final String OF_OPERATORS = "operator.";

    private static final int MAX_ACTIONS = 30;

    private final List<PolicyProblem> problems;
    private final Predicate<String> files;
    private final Map<String, Function<Fields, PolicyAction>> kinds = new LinkedHashMap<>();

    /** @param files whether a file may be sent from an address */
    ActionReader(List<PolicyProblem> problems, Predicate<String> files) {
        this.problems = problems;
        this.files = files;
        kinds.put("send_message", fields -> new PolicyAction.SendMessage(fields.required("text", "content")));
        kinds.put("send_attachment", this::sendAttachment);
        kinds.put("assign", this::assign);
        kinds.put("labels", this::labels);
        kinds.put("update_contact", ActionReader::updateContact);
        kinds.put("write_row", this::writeRow);
        kinds.put(
                "call_webhook",
                fields -> new PolicyAction.CallWebhook(fields.required("target"), fields.map("payload", "data")));
        kinds.put("emit_event", ActionReader::emitEvent);
        kinds.put("hand_off", ActionReader::handOff);
        kinds.put("pause_bot", fields -> new PolicyAction.PauseBot(fields.time("for")));
        kinds.put("follow_up", this::followUp);
    }

    List<PolicyAction> read(String path, @Nullable Object data) {
        var actions = new ArrayList<PolicyAction>();
        if (data instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                one(path + "[" + i + "]", list.get(i), actions);
            }
        } else if (data instanceof Map<?, ?>) {
            executionPlan(path, data, actions);
        } else if (data != null) {
            problem(path, Kind.WRONG_TYPE, "a list of actions wanted");
        }
        if (actions.size() > MAX_ACTIONS) {
            problem(path, Kind.TOO_LARGE, "at most " + MAX_ACTIONS + " actions");
        }
        return actions;
    }

    private void one(String path, @Nullable Object data, List<PolicyAction> actions) {
        if (!(data instanceof Map<?, ?> map) || map.size() != 1) {
            problem(path, Kind.SYNTAX, "one action wanted, such as labels: {add: [vip]}");
            return;
        }
        var entry = map.entrySet().iterator().next();
        String kind = String.valueOf(entry.getKey());
        String inside = path + "." + kind;
        Object value = entry.getValue();
        switch (kind) {
            case "conversation_attributes" ->
                actions.add(new PolicyAction.SetConversationAttributes(attributes(path, kind, map)));
            case "contact_attributes" ->
                actions.add(new PolicyAction.SetContactAttributes(attributes(path, kind, map)));
            default -> {
                Function<Fields, PolicyAction> reader = kinds.get(kind);
                if (reader == null) {
                    problem(inside, Kind.UNKNOWN_ACTION, "unknown action; known are " + String.join(", ", names()));
                } else {
                    actions.add(read(inside, shorthand(kind, value), reader));
                }
            }
        }
    }

    private PolicyAction read(String path, @Nullable Object data, Function<Fields, PolicyAction> reader) {
        Fields fields = Fields.of(path, data, problems);
        PolicyAction action = reader.apply(fields);
        fields.done();
        return action;
    }

    /** {@code send_message: text} and the like. */
    private static @Nullable Object shorthand(String kind, @Nullable Object value) {
        if (!(value instanceof String text)) {
            return value == null && kind.equals("hand_off") ? Map.of() : value;
        }
        return switch (kind) {
            case "send_message", "hand_off" -> Map.of("text", text);
            case "emit_event" -> Map.of("type", text);
            case "call_webhook" -> Map.of("target", text);
            case "pause_bot" -> Map.of("for", text);
            case "send_attachment" -> Map.of("url", text);
            default -> value;
        };
    }

    private void executionPlan(String path, Object data, List<PolicyAction> actions) {
        Fields plan = Fields.of(path, data, problems);
        int before = problems.size();
        each(plan, "persist", (at, value) -> actions.add(read(at, value, this::writeRow)));
        if (plan.value("labels") != null) {
            actions.add(read(plan.path("labels"), plan.value("labels"), this::labels));
        }
        Map<String, Object> attributes = plan.map("contact_attributes");
        if (!attributes.isEmpty()) {
            actions.add(new PolicyAction.SetContactAttributes(attributes));
        }
        each(plan, "messages", (at, value) -> actions.add(read(at, shorthand("send_message", value), this::message)));
        each(
                plan,
                "emit_events",
                (at, value) -> actions.add(read(at, shorthand("emit_event", value), ActionReader::emitEvent)));
        plan.done();
        if (actions.isEmpty() && problems.size() == before) {
            problem(path, Kind.MISSING, "at least one action wanted");
        }
    }

    /** The first system also said {@code persist: true}: events are always kept, so there is nothing to do. */
    private void each(Fields plan, String name, BiConsumer<String, @Nullable Object> reader) {
        Object value = plan.value(name);
        if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                reader.accept(plan.path(name) + "[" + i + "]", list.get(i));
            }
        } else if (value != null && !(value instanceof Boolean && name.equals("persist"))) {
            reader.accept(plan.path(name), value);
        }
    }

    private Map<String, Object> attributes(String path, String kind, Map<?, ?> action) {
        Fields fields = Fields.of(path, action, problems);
        Object given = fields.value(kind);
        if (given == null || given instanceof Map<?, ?> none && none.isEmpty()) {
            fields.problem(kind, Kind.MISSING, "at least one attribute wanted");
        }
        return fields.map(kind);
    }

    private PolicyAction sendAttachment(Fields fields) {
        return attachment(fields, "url", fields.text("caption", "text"));
    }

    /** Of an execution plan: a text, or a file with a text beside it. */
    private PolicyAction message(Fields fields) {
        return fields.has("attachment")
                ? attachment(fields, "attachment", fields.text("text", "content"))
                : new PolicyAction.SendMessage(fields.required("text", "content"));
    }

    private PolicyAction attachment(Fields fields, String name, @Nullable String caption) {
        String url = fields.required(name);
        if (!url.isEmpty() && !Variables.isAddress(url)) {
            fields.problem(name, Kind.SYNTAX, "an address such as https://files.example.com/{{file}} wanted");
        } else if (!url.isEmpty() && !Variables.literals(url).stream().allMatch(files)) {
            fields.problem(
                    name,
                    Kind.OUT_OF_RANGE,
                    "an address at the tenant's Chatwoot, its storage_origins or file_origins wanted");
        }
        return new PolicyAction.SendAttachment(url, caption == null ? "" : caption);
    }

    private PolicyAction assign(Fields fields) {
        Long agent = fields.id("agent_id", "agent");
        Long team = fields.id("team_id", "team");
        if (agent == null && team == null && !fields.broken()) {
            fields.problem("team_id", Kind.MISSING, "team_id or agent_id wanted");
        }
        return new PolicyAction.Assign(agent, team);
    }

    private PolicyAction labels(Fields fields) {
        List<String> add = fields.texts("add");
        List<String> remove = fields.texts("remove");
        if (!fields.broken() && !fields.has("add") && !fields.has("remove")) {
            fields.problem("add", Kind.MISSING, "add or remove wanted");
        }
        return new PolicyAction.ChangeLabels(add, remove);
    }

    private static PolicyAction updateContact(Fields fields) {
        return new PolicyAction.UpdateContact(
                fields.text("name"), fields.text("email"), fields.map("custom_fields"), fields.truth("opted_out"));
    }

    private PolicyAction writeRow(Fields fields) {
        String table = fields.required("table");
        Map<String, Object> match = fields.map("match", "where");
        Map<String, Object> columns = fields.map("fields", "data");
        if (match.isEmpty() && columns.isEmpty() && !fields.broken()) {
            fields.problem("fields", Kind.MISSING, "at least one field wanted");
        }
        return new PolicyAction.WriteRow(table, match, columns);
    }

    private static PolicyAction emitEvent(Fields fields) {
        String type = fields.required("type", "event_type");
        if (!type.isEmpty() && !EVENT_TYPE.matcher(type).matches()) {
            fields.problem("type", Kind.SYNTAX, "a dotted name such as lead.qualified wanted, without variables");
        } else if (type.startsWith(PolicyEngine.OWN_EVENTS)) {
            fields.problem("type", Kind.OUT_OF_RANGE, "events of policies themselves cannot be emitted");
        } else if (type.startsWith(OF_OPERATORS)) {
            fields.problem("type", Kind.OUT_OF_RANGE, "what operators did is written by the server alone");
        }
        return new PolicyAction.EmitEvent(type, fields.map("payload", "data"));
    }

    private static PolicyAction handOff(Fields fields) {
        return new PolicyAction.HandOff(
                fields.text("label"),
                fields.text("note"),
                fields.text("text"),
                fields.id("agent_id", "agent"),
                fields.id("team_id", "team"));
    }

    private PolicyAction followUp(Fields fields) {
        Object template = fields.value("template");
        Boolean unlessReply = fields.truth("unless_reply");
        return new PolicyAction.FollowUp(
                fields.time("after"),
                fields.required("text"),
                template == null ? null : template(fields.path("template"), template),
                unlessReply == null || unlessReply);
    }

    private PolicyAction.Template template(String path, Object data) {
        Fields fields = Fields.of(path, data, problems);
        String category = fields.text("category");
        var template = new PolicyAction.Template(
                fields.required("name"),
                fields.required("language"),
                category == null ? "UTILITY" : category,
                fields.map("params"),
                fields.required("text"));
        fields.done();
        return template;
    }

    private List<String> names() {
        var names = new ArrayList<>(kinds.keySet());
        names.add("conversation_attributes");
        names.add("contact_attributes");
        names.sort(null);
        return names;
    }

    private void problem(String path, Kind kind, String message) {
        problems.add(new PolicyProblem(path, kind, message));
    }
}
