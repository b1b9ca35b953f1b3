package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.testkit.Router.Access;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * The simulator's own calls, for scripts and for its page: what customers and agents do, and what there is to see. Bodies
 * must be declared as JSON, so that no foreign web page can post here from somebody's browser.
 */
final class SimRoutes {

    private static final String ONE = "/sim/conversations/{conversation}";
    private static final Duration STREAM_PAUSE = Duration.ofSeconds(10);

    private final Installation installation;
    private final Desk desk;
    private final Witness witness;
    private final EventBodies bodies;

    SimRoutes(Installation installation, Desk desk, Witness witness, EventBodies bodies) {
        this.installation = installation;
        this.desk = desk;
        this.witness = witness;
        this.bodies = bodies;
    }

    void register(Router router) {
        router.on("POST", "/sim/customer/messages", Access.ANYBODY, json((call, none) -> customerWrites(call)))
                .on("GET", "/sim/conversations", Access.ANYBODY, call -> list())
                .on("GET", ONE, Access.ANYBODY, one((call, c) -> Answer.json(conversation(c))))
                .on("GET", ONE + "/messages", Access.ANYBODY, one((call, c) -> messages(c)))
                .on("POST", ONE + "/agent-messages", Access.ANYBODY, json((call, c) -> agentWrites(call, c, false)))
                .on("POST", ONE + "/notes", Access.ANYBODY, json((call, c) -> agentWrites(call, c, true)))
                .on("POST", ONE + "/phone-messages", Access.ANYBODY, json(this::phoneWrites))
                .on("POST", ONE + "/status", Access.ANYBODY, json(this::status))
                .on("POST", ONE + "/assign", Access.ANYBODY, json(this::assign))
                .on("GET", "/sim/agents", Access.ANYBODY, call -> agents())
                .on("GET", "/sim/stream", Access.ANYBODY, call -> stream());
    }

    private Router.Handler one(BiFunction<Call, Long, Answer> work) {
        return call -> {
            long id = call.id("conversation");
            return installation.read(() -> installation.conversations.containsKey(id))
                    ? work.apply(call, id)
                    : Answer.error(404, "no such conversation");
        };
    }

    private Router.Handler json(BiFunction<Call, Long, Answer> work) {
        return call -> {
            if (!call.request().header("Content-Type").orElse("").startsWith("application/json")) {
                return Answer.error(415, "Content-Type: application/json is wanted");
            }
            return call.request().path().startsWith("/sim/customer")
                    ? work.apply(call, -1L)
                    : one(work).handle(call);
        };
    }

    private Answer customerWrites(Call call) {
        var digits = call.text("phone", "").replaceAll("[\\s()+.-]", "");
        if (!digits.matches("\\d{8,15}")) {
            return Answer.error(422, "phone must be a number with country code, such as +5511990000042");
        }
        var text = call.text("text");
        Upload upload;
        try {
            upload = file(call);
        } catch (IllegalArgumentException e) {
            return Answer.error(422, "file.base64 is not base64");
        }
        if ((text == null || text.isBlank()) && upload == null) {
            return Answer.error(422, "text or file is wanted");
        }
        var name = call.text("name", "+" + digits);
        var writer = new People.Writer(digits, name, "+" + digits, null);
        try {
            return Answer.json(view(desk.receive(
                    writer, call.integer("inbox_id").orElse(null), text, row -> {
                        if (upload != null) {
                            row.attachments.add(desk.store(upload));
                        }
                    })));
        } catch (IllegalStateException e) {
            return Answer.error(422, String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable Upload file(Call call) {
        var file = call.param("file");
        if (!file.isObject()) {
            return null;
        }
        var bytes = Base64.getDecoder().decode(file.path("base64").asText());
        return new Upload(
                file.path("name").asText("arquivo"),
                file.path("content_type").asText("application/octet-stream"),
                new Upload.Bytes(bytes));
    }

    private Answer list() {
        return installation.read(() -> {
            var body = RailsJson.object();
            var array = body.putArray("conversations");
            installation.conversations.values().stream()
                    .sorted(Comparator.comparing((Rows.Conversation c) -> c.lastActivityAt)
                            .reversed())
                    .forEach(row -> array.add(conversation(row.id)));
            return Answer.json(body);
        });
    }

    private ObjectNode conversation(long id) {
        return installation.read(() -> {
            var row = Installation.row(installation.conversations, id);
            var contact = installation.contactOf(row);
            var state = witness.conversation(id);
            var body = RailsJson.object()
                    .put("id", id)
                    .put("status", state.status())
                    .put("name", contact.name)
                    .put("phone", contact.phoneNumber)
                    .put("assignee", state.assignee())
                    .put("team", state.team())
                    .put("priority", state.priority())
                    .put("last_activity_at", row.lastActivityAt.toEpochMilli());
            var labels = body.putArray("labels");
            state.labels().forEach(labels::add);
            body.set("custom_attributes", state.customAttributes());
            installation.messagesOf(id).stream()
                    .filter(message -> message.sendable() && !message.isPrivate)
                    .reduce((first, last) -> last)
                    .ifPresent(message -> body.put("preview", preview(message)));
            return body;
        });
    }

    private static String preview(Rows.Message message) {
        var content = message.content;
        return content == null ? "[arquivo]" : content.substring(0, Math.min(80, content.length()));
    }

    private Answer messages(long conversation) {
        var body = RailsJson.object();
        var array = body.putArray("messages");
        witness.messages(conversation).forEach(message -> array.add(view(message)));
        return Answer.json(body);
    }

    private ObjectNode view(ChatMessage message) {
        var body = RailsJson.object()
                .put("id", message.id())
                .put("conversation", message.conversation())
                .put("type", message.type())
                .put("author", message.author())
                .put("text", message.text())
                .put("seen", message.seen())
                .put("note", message.note())
                .put("status", message.status())
                .put("at", message.at().toEpochMilli());
        body.put("error", RailsJson.textOf(message.contentAttributes(), "external_error"));
        var row = installation.read(() -> Installation.row(installation.messages, message.id()));
        if (!row.attachments.isEmpty()) {
            body.set("files", installation.read(() -> bodies.attachments(row)));
        }
        var sender = installation.read(() -> bodies.nestedSender(row));
        body.put("name", sender == null ? null : sender.path("name").asText());
        return body;
    }

    private Answer agentWrites(Call call, long conversation, boolean note) {
        var text = call.text("text", "");
        if (text.isBlank()) {
            return Answer.error(422, "text is wanted");
        }
        return Answer.json(view(desk.write(conversation, agent(call), text, note)));
    }

    private Answer phoneWrites(Call call, long conversation) {
        return Answer.json(view(desk.echo(conversation, call.text("text", ""))));
    }

    private Rows.User agent(Call call) {
        return installation.read(() -> installation.users.values().stream()
                .filter(user -> user.name.equals(call.text("agent")))
                .findFirst()
                .orElseGet(() -> installation.users.values().stream()
                        .reduce((first, last) -> last)
                        .orElseThrow()));
    }

    private Answer status(Call call, long conversation) {
        var status = call.text("status", "");
        if (!Conversations.STATUSES.contains(status)) {
            return Answer.error(422, "status must be open, resolved, pending or snoozed");
        }
        var by = agent(call).name;
        desk.change(conversation, (changes, row) -> desk.conversations().status(changes, row, status, null, by));
        return Answer.json(conversation(conversation));
    }

    private Answer assign(Call call, long conversation) {
        var nobody = call.text("agent") == null;
        desk.change(
                conversation,
                (changes, row) -> desk.conversations().assign(changes, row, nobody ? null : agent(call), null));
        return Answer.json(conversation(conversation));
    }

    private Answer agents() {
        return installation.read(() -> {
            var body = RailsJson.object();
            var array = body.putArray("agents");
            installation.users.values().forEach(user -> array.add(user.name));
            return Answer.json(body);
        });
    }

    /** One short event per change; a page then looks at what it shows. */
    private Answer stream() {
        return Answer.stream("text/event-stream", out -> {
            long seen = -1;
            while (!Thread.currentThread().isInterrupted()) {
                long version = installation.awaitChange(seen, STREAM_PAUSE);
                var event = version == seen ? ": still here\n\n" : "data: " + version + "\n\n";
                out.write(event.getBytes(StandardCharsets.UTF_8));
                out.flush();
                seen = version;
            }
        });
    }
}
