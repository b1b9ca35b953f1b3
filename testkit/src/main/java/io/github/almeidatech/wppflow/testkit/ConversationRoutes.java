package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.testkit.Router.Access;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Contract sections 3.4 and 3.5: the state of conversations, and lists of them. */
final class ConversationRoutes {

    private static final String PATH = "/api/v1/accounts/{account}/conversations";
    private static final String ONE = PATH + "/{conversation}";
    private static final int PER_PAGE = 25;
    private static final Set<String> PRIORITIES = Set.of("low", "medium", "high", "urgent");

    private final Installation installation;
    private final Conversations conversations;
    private final Events events;
    private final EventBodies eventBodies;
    private final ApiBodies bodies;

    ConversationRoutes(
            Installation installation,
            Conversations conversations,
            Events events,
            EventBodies eventBodies,
            ApiBodies bodies) {
        this.installation = installation;
        this.conversations = conversations;
        this.events = events;
        this.eventBodies = eventBodies;
        this.bodies = bodies;
    }

    void register(Router router) {
        router.on("GET", PATH, Access.USERS, this::list)
                .on("POST", PATH, Access.botsSince("4.2.0"), this::create)
                .on("GET", PATH + "/meta", Access.USERS, this::meta)
                .on("POST", PATH + "/filter", Access.USERS, this::filter)
                .on("GET", ONE, Access.botsSince("4.14.2"), one(this::show))
                .on("PATCH", ONE, Access.botsSince("4.2.0"), one(this::patch))
                .on("POST", ONE + "/toggle_status", Access.botsSince("4.2.0"), one(this::toggleStatus))
                .on("POST", ONE + "/toggle_priority", Access.botsSince("4.2.0"), one(this::togglePriority))
                .on("POST", ONE + "/toggle_typing_status", Access.botsSince("4.12.0"), one(this::typing))
                .on("POST", ONE + "/custom_attributes", Access.botsSince("4.2.0"), one(this::customAttributes))
                .on("POST", ONE + "/assignments", Access.botsSince("4.2.0"), one(this::assign))
                .on("GET", ONE + "/labels", Access.botsSince("4.14.2"), one((call, c) -> labels(c)))
                .on("POST", ONE + "/labels", Access.botsSince("4.14.2"), one(this::setLabels))
                .on("POST", ONE + "/update_last_seen", Access.USERS, one(this::seen))
                .on("POST", ONE + "/unread", Access.USERS, one(this::unread))
                .on("POST", ONE + "/mute", Access.USERS, one((call, c) -> mute(c, true)))
                .on("POST", ONE + "/unmute", Access.USERS, one((call, c) -> mute(c, false)));
    }

    private Router.Handler one(BiFunction<Call, Rows.Conversation, Answer> work) {
        return call -> installation.read(() -> {
            var conversation = installation.conversations.get(call.id("conversation"));
            return conversation == null
                    ? Answer.error(404, "Resource could not be found")
                    : work.apply(call, conversation);
        });
    }

    private Answer show(Call call, Rows.Conversation conversation) {
        return Answer.json(bodies.conversation(conversation));
    }

    private Answer toggleStatus(Call call, Rows.Conversation conversation) {
        var wanted = call.text("status");
        var by = call.user().map(user -> user.name).orElse(null);
        if (wanted != null && !Conversations.STATUSES.contains(wanted)) {
            return Answer.serverError(500);
        }
        boolean handoff = call.bot().isPresent() && conversation.status.equals("pending") && "open".equals(wanted);
        var status = wanted != null ? wanted : conversation.status.equals("open") ? "resolved" : "open";
        var until = call.integer("snoozed_until").map(Instant::ofEpochSecond).orElse(null);
        installation.changing(changes -> {
            conversations.status(changes, conversation, status, until, by);
            call.user()
                    .filter(user -> user.role.equals("agent") && status.equals("open"))
                    .filter(user -> conversation.assigneeId == null)
                    .ifPresent(user -> conversations.assign(changes, conversation, user, null));
        });
        var body = RailsJson.object();
        body.putObject("meta");
        var payload = body.putObject("payload");
        if (handoff) {
            payload.putNull("success");
        } else {
            payload.put("success", true);
        }
        payload.put("conversation_id", conversation.id).put("current_status", conversation.status);
        payload.put(
                "snoozed_until", conversation.snoozedUntil == null ? null : EventBodies.iso(conversation.snoozedUntil));
        return Answer.json(body);
    }

    private Answer togglePriority(Call call, Rows.Conversation conversation) {
        var priority = call.text("priority");
        if (priority != null && !PRIORITIES.contains(priority)) {
            return Answer.serverError(500);
        }
        installation.changing(changes -> conversations.priority(changes, conversation, priority));
        return Answer.empty(200);
    }

    private Answer patch(Call call, Rows.Conversation conversation) {
        var answer = togglePriority(call, conversation);
        return answer.status() == 200 ? show(call, conversation) : answer;
    }

    private Answer typing(Call call, Rows.Conversation conversation) {
        var who = call.bot()
                .map(EventBodies::bot)
                .orElseGet(() -> EventBodies.user(call.user().orElseThrow()));
        installation.changing(changes -> events.typing(
                changes, conversation, who, call.text("typing_status", "off").equals("on"), call.flag("is_private")));
        return Answer.empty(200);
    }

    private Answer customAttributes(Call call, Rows.Conversation conversation) {
        var given = call.param("custom_attributes") instanceof ObjectNode object ? object : RailsJson.object();
        installation.changing(changes -> conversations.customAttributes(changes, conversation, given));
        return Answer.json(RailsJson.object().set("custom_attributes", RailsJson.copy(conversation.customAttributes)));
    }

    /** Only the assignee is applied when both keys are there; an id nobody has unassigns. */
    private Answer assign(Call call, Rows.Conversation conversation) {
        if (!call.params().has("assignee_id") && call.params().has("team_id")) {
            var team = call.integer("team_id").map(installation.teams::get).orElse(null);
            installation.changing(changes -> conversations.assignTeam(changes, conversation, team));
            return team == null ? nothing() : Answer.json(bodies.team(team));
        }
        var id = call.integer("assignee_id");
        if (call.text("assignee_type", "").equals("AgentBot")
                && installation.settings().version().atLeast("4.8.0")) {
            var bot = id.map(installation.bots::get).orElse(null);
            installation.changing(changes -> conversations.assign(changes, conversation, null, bot));
            return bot == null ? nothing() : Answer.json(bodies.bot(bot, false));
        }
        var user = id.map(installation.users::get).orElse(null);
        installation.changing(changes -> conversations.assign(changes, conversation, user, null));
        return user == null ? nothing() : Answer.json(bodies.agent(user));
    }

    private static Answer nothing() {
        return Answer.text(200, "application/json; charset=utf-8", "null");
    }

    private static Answer labels(Rows.Conversation conversation) {
        var body = RailsJson.object();
        var payload = body.putArray("payload");
        conversation.labels.forEach(payload::add);
        return Answer.json(body);
    }

    private Answer setLabels(Call call, Rows.Conversation conversation) {
        var labels = new ArrayList<String>();
        call.param("labels").forEach(label -> labels.add(label.asText()));
        installation.changing(changes -> conversations.labels(changes, conversation, labels));
        return labels(conversation);
    }

    private Answer seen(Call call, Rows.Conversation conversation) {
        installation.changing(changes -> changes.touch(conversation).agentLastSeenAt = changes.now());
        return show(call, conversation);
    }

    private Answer unread(Call call, Rows.Conversation conversation) {
        installation.changing(changes ->
                changes.touch(conversation).agentLastSeenAt = installation.messagesOf(conversation.id).stream()
                        .filter(message -> message.messageType == Rows.INCOMING)
                        .reduce((first, last) -> last)
                        .map(message -> message.createdAt.minusMillis(1))
                        .orElse(null));
        return show(call, conversation);
    }

    private Answer mute(Rows.Conversation conversation, boolean on) {
        installation.changing(changes -> {
            if (on) {
                conversations.status(changes, conversation, "resolved", null, null);
            }
            changes.touch(installation.contactOf(conversation)).blocked = on;
        });
        return Answer.empty(200);
    }

    private Answer create(Call call) {
        return installation.change(changes -> {
            var contact =
                    call.integer("contact_id").map(installation.contacts::get).orElse(null);
            var inbox = call.integer("inbox_id").map(installation.inboxes::get).orElse(null);
            if (contact == null || inbox == null) {
                return Answer.error(404, "Resource could not be found");
            }
            var place = installation.contactInboxes.values().stream()
                    .filter(row -> row.contactId == contact.id && row.inboxId == inbox.id)
                    .findFirst()
                    .orElseGet(() ->
                            new People(installation, events).join(changes, contact, inbox, call.text("source_id")));
            var conversation = inbox.singleConversation
                    ? conversations.current(changes, place)
                    : conversations.open(changes, place, call.text("status"));
            if (call.param("custom_attributes") instanceof ObjectNode attributes) {
                conversation.customAttributes = RailsJson.copy(attributes);
            }
            var text = RailsJson.textOf(call.param("message"), "content");
            if (text != null) {
                var message = new Rows.Message();
                message.messageType = Rows.OUTGOING;
                message.content = text;
                message.senderType = call.bot().isPresent() ? "AgentBot" : "User";
                message.senderId = call.bot()
                        .map(bot -> bot.id)
                        .orElseGet(() -> call.user().orElseThrow().id);
                if (call.param("message").path("template_params") instanceof ObjectNode template) {
                    message.additionalAttributes.set("template_params", RailsJson.copy(template));
                }
                conversations.add(changes, conversation, message);
            }
            return Answer.json(bodies.conversation(conversation));
        });
    }

    private Answer list(Call call) {
        return installation.read(() -> {
            var found = matching(call);
            var within = call.integer("updated_within");
            var shown = within.isPresent() ? found : page(found, call);
            var body = RailsJson.object();
            var data = body.putObject("data");
            data.set("meta", counts(found, call));
            var payload = data.putArray("payload");
            shown.forEach(conversation -> payload.add(bodies.conversation(conversation)));
            return Answer.json(body);
        });
    }

    private static List<Rows.Conversation> page(List<Rows.Conversation> found, Call call) {
        int from =
                (int) Math.min(found.size(), (Math.max(1, call.integer("page").orElse(1L)) - 1) * PER_PAGE);
        return found.subList(from, Math.min(found.size(), from + PER_PAGE));
    }

    private List<Rows.Conversation> matching(Call call) {
        var status = call.text("status", "open");
        var since = call.integer("updated_within")
                .map(seconds -> installation.clock().instant().minus(Duration.ofSeconds(seconds)))
                .orElse(Instant.MIN);
        Predicate<Rows.Conversation> wanted = c -> status.equals("all") || c.status.equals(status);
        wanted = wanted.and(c -> !c.updatedAt.isBefore(since) || !c.lastActivityAt.isBefore(since))
                .and(c -> call.integer("inbox_id").map(id -> c.inboxId == id).orElse(true))
                .and(c -> call.integer("team_id").map(id -> id.equals(c.teamId)).orElse(true))
                .and(c -> labelled(c, call))
                .and(c -> assigned(
                        c, call.text("assignee_type", "all"), call.user().orElse(null)));
        return installation.conversations.values().stream()
                .filter(wanted)
                .sorted(Comparator.comparing((Rows.Conversation c) -> c.lastActivityAt)
                        .thenComparing(c -> c.id)
                        .reversed())
                .toList();
    }

    private static boolean labelled(Rows.Conversation conversation, Call call) {
        var labels = call.param("labels");
        for (var label : labels) {
            if (conversation.labels.contains(label.asText())) {
                return true;
            }
        }
        return labels.isEmpty();
    }

    private static boolean assigned(Rows.Conversation conversation, String type, Rows.@Nullable User me) {
        return switch (type) {
            case "me" -> me != null && Long.valueOf(me.id).equals(conversation.assigneeId);
            case "unassigned" -> conversation.assigneeId == null;
            case "assigned" -> conversation.assigneeId != null;
            default -> true;
        };
    }

    private static ObjectNode counts(List<Rows.Conversation> found, Call call) {
        var me = call.user().orElse(null);
        return RailsJson.object()
                .put(
                        "mine_count",
                        found.stream().filter(c -> assigned(c, "me", me)).count())
                .put(
                        "assigned_count",
                        found.stream().filter(c -> assigned(c, "assigned", me)).count())
                .put(
                        "unassigned_count",
                        found.stream()
                                .filter(c -> assigned(c, "unassigned", me))
                                .count())
                .put("all_count", found.size());
    }

    private Answer meta(Call call) {
        return installation.read(() -> {
            var found = matching(call);
            return Answer.json(RailsJson.object().set("meta", counts(found, call)));
        });
    }

    private Answer filter(Call call) {
        return installation.read(() -> {
            var conditions = FilterQuery.parse(call.param("payload"), FilterQuery.CONVERSATION_KEYS);
            if (conditions.error() != null) {
                return Answer.error(422, conditions.error());
            }
            var found = installation.conversations.values().stream()
                    .filter(conversation -> conditions.matches(key -> value(conversation, key)))
                    .toList();
            var body = RailsJson.object();
            body.set("meta", counts(found, call));
            var payload = body.putArray("payload");
            page(found, call).forEach(conversation -> payload.add(bodies.conversation(conversation)));
            return Answer.json(body);
        });
    }

    private List<String> value(Rows.Conversation conversation, String key) {
        return switch (key) {
            case "status" -> List.of(conversation.status);
            case "labels" -> conversation.labels;
            case "inbox_id" -> List.of(Long.toString(conversation.inboxId));
            case "display_id" -> List.of(Long.toString(conversation.id));
            case "assignee_id" -> conversation.assigneeId == null ? List.of() : List.of(conversation.assigneeId + "");
            case "team_id" -> conversation.teamId == null ? List.of() : List.of(conversation.teamId + "");
            case "priority" -> conversation.priority == null ? List.of() : List.of(conversation.priority);
            default -> {
                var value =
                        RailsJson.textOf(eventBodies.conversation(conversation).path("custom_attributes"), key);
                yield value == null ? List.of() : List.of(value);
            }
        };
    }
}
