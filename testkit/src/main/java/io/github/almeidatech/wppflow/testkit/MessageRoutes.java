package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.testkit.Router.Access;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Contract section 3.3: creating, listing and changing messages. */
final class MessageRoutes {

    private static final String PATH = "/api/v1/accounts/{account}/conversations/{conversation}/messages";
    private static final int MAX_CONTENT = 150_000;
    private static final int MAX_FILES = 15;
    private static final Set<String> CONTENT_TYPES = Set.of(
            "text",
            "input_text",
            "input_textarea",
            "input_email",
            "input_select",
            "cards",
            "form",
            "article",
            "incoming_email",
            "input_csat",
            "integrations",
            "sticker",
            "voice_call");

    private final Installation installation;
    private final Conversations conversations;
    private final ApiBodies bodies;
    private final Webhooks webhooks;
    private final AtomicInteger created = new AtomicInteger();

    MessageRoutes(Installation installation, Conversations conversations, ApiBodies bodies, Webhooks webhooks) {
        this.installation = installation;
        this.conversations = conversations;
        this.bodies = bodies;
        this.webhooks = webhooks;
    }

    void register(Router router) {
        router.on("POST", PATH, Access.botsSince("4.2.0"), this::create)
                .on("GET", PATH, Access.USERS, this::list)
                .on("PATCH", PATH + "/{message}", Access.USERS, this::update)
                .on("DELETE", PATH + "/{message}", Access.USERS, this::delete)
                .on("POST", PATH + "/{message}/retry", Access.USERS, this::retry);
    }

    /** How many messages the API has created, whatever was answered. */
    int created() {
        return created.get();
    }

    private Answer create(Call call) {
        webhooks.awaitRoom();
        return installation.change(changes -> {
            var conversation = installation.conversations.get(call.id("conversation"));
            if (conversation == null) {
                return Answer.error(404, "Resource could not be found");
            }
            var refusal = refuse(call, conversation, changes.now());
            if (refusal != null) {
                return Answer.error(422, refusal);
            }
            var message = draft(call, conversation);
            conversations.store(changes, conversation, message, call.hidden());
            created.incrementAndGet();
            var body = bodies.message(message);
            if (call.text("echo_id") != null) {
                body.put("echo_id", call.text("echo_id"));
            }
            conversations.send(changes, conversation, message);
            return Answer.json(body);
        });
    }

    private @Nullable String refuse(Call call, Rows.Conversation conversation, Instant now) {
        var type = call.text("message_type", "outgoing");
        var contentType = call.text("content_type", "text");
        var inbox = installation.inboxOf(conversation);
        if (!Set.of("incoming", "outgoing", "activity", "template").contains(type)) {
            return "'" + type + "' is not a valid message_type";
        }
        if (!CONTENT_TYPES.contains(contentType)) {
            return "'" + contentType + "' is not a valid content_type";
        }
        if (type.equals("incoming") && !inbox.channel.equals("Channel::Api")) {
            return "Incoming messages are only allowed in Api inboxes";
        }
        if (call.text("content", "").length() > MAX_CONTENT) {
            return "Validation failed: Content is too long (maximum is 150000 characters)";
        }
        if (call.uploads().size() > MAX_FILES) {
            return "Validation failed: Attachments exceeded maximum allowed";
        }
        if (contentAttributes(call) == null) {
            return "content_attributes is not a JSON object";
        }
        long lastMinute = installation.messagesOf(conversation.id).stream()
                .filter(message -> message.createdAt.isAfter(now.minus(Duration.ofMinutes(1))))
                .count();
        return lastMinute >= installation.settings().messagesPerMinute() ? "Too many messages" : null;
    }

    private static @Nullable ObjectNode contentAttributes(Call call) {
        var given = call.param("content_attributes");
        if (given.isTextual()) {
            var parsed = RailsJson.parse(given.asText().getBytes(StandardCharsets.UTF_8));
            return parsed.orElse(null) instanceof ObjectNode object ? object : null;
        }
        return given instanceof ObjectNode object ? RailsJson.copy(object) : RailsJson.object();
    }

    private Rows.Message draft(Call call, Rows.Conversation conversation) {
        var message = new Rows.Message();
        message.content = call.text("content");
        message.messageType = switch (call.text("message_type", "outgoing")) {
            case "incoming" -> Rows.INCOMING;
            case "outgoing" -> Rows.OUTGOING;
            case "activity" -> Rows.ACTIVITY;
            default -> Rows.TEMPLATE;
        };
        message.contentType = call.text("content_type", "text");
        message.isPrivate = call.flag("private");
        message.sourceId = call.text("source_id");
        var attributes = contentAttributes(call);
        message.contentAttributes = attributes == null ? RailsJson.object() : attributes;
        if (call.param("template_params") instanceof ObjectNode template) {
            message.additionalAttributes.set("template_params", RailsJson.copy(template));
        }
        call.integer("campaign_id").ifPresent(id -> message.additionalAttributes.put("campaign_id", id));
        sign(call, conversation, message);
        for (var upload : call.uploads()) {
            message.attachments.add(store(installation, upload));
        }
        return message;
    }

    private void sign(Call call, Rows.Conversation conversation, Rows.Message message) {
        if (message.messageType != Rows.OUTGOING) {
            message.senderType = "Contact";
            message.senderId = conversation.contactId;
            return;
        }
        var named = call.text("sender_type", "").equals("AgentBot")
                ? call.integer("sender_id").map(installation.bots::get)
                : Optional.<Rows.Bot>empty();
        var bot = call.bot().or(() -> named);
        message.senderType = bot.isPresent() ? "AgentBot" : "User";
        message.senderId = bot.isPresent() ? bot.get().id : call.user().orElseThrow().id;
    }

    /** Keeps the bytes of a file and describes it the way Chatwoot does. */
    static Rows.Attachment store(Installation installation, Upload upload) {
        var attachment = new Rows.Attachment();
        attachment.blobKey = Installation.randomToken();
        attachment.fileName = upload.fileName();
        attachment.contentType = upload.contentType();
        attachment.fileSize = upload.content().array().length;
        var type = upload.contentType() == null ? "" : upload.contentType().toLowerCase(Locale.ROOT);
        attachment.fileType = type.startsWith("image/")
                ? "image"
                : type.startsWith("audio/") ? "audio" : type.startsWith("video/") ? "video" : "file";
        installation.journal().putFile(attachment.blobKey, upload.content().array());
        return attachment;
    }

    private Answer list(Call call) {
        return installation.read(() -> {
            var conversation = installation.conversations.get(call.id("conversation"));
            if (conversation == null) {
                return Answer.error(404, "Resource could not be found");
            }
            var payload = RailsJson.array();
            page(conversation.id, call).forEach(message -> payload.add(bodies.message(message)));
            var body = RailsJson.object();
            var whole = bodies.conversation(conversation);
            var meta = body.putObject("meta");
            meta.set("labels", whole.path("labels"));
            meta.set("additional_attributes", whole.path("additional_attributes"));
            meta.set("contact", whole.path("meta").path("sender"));
            if (whole.path("meta").has("assignee")) {
                meta.set("assignee", whole.path("meta").path("assignee"));
            }
            meta.set("agent_last_seen_at", whole.path("agent_last_seen_at"));
            meta.set("assignee_last_seen_at", whole.path("assignee_last_seen_at"));
            body.set("payload", payload);
            return Answer.json(body);
        });
    }

    private List<Rows.Message> page(long conversation, Call call) {
        var all = new ArrayList<>(bodies.visible(conversation));
        if (call.text("filter_internal_messages") != null) {
            all.removeIf(message -> message.isPrivate || !message.sendable());
        }
        var before = call.integer("before");
        var after = call.integer("after");
        before.ifPresent(id -> all.removeIf(message -> message.id >= id));
        if (after.isPresent()) {
            long first = before.isPresent() ? after.get() : after.get() + 1;
            all.removeIf(message -> message.id < first);
            return all.subList(0, Math.min(all.size(), before.isPresent() ? 1000 : 100));
        }
        return all.subList(Math.max(0, all.size() - 20), all.size());
    }

    private Answer update(Call call) {
        return withMessage(call, (changes, message) -> {
            var conversation = Installation.row(installation.conversations, message.conversationId);
            if (!installation.inboxOf(conversation).channel.equals("Channel::Api")) {
                return Answer.error(403, "Message status update is only allowed for API inboxes");
            }
            var status = call.text("status", message.status);
            if (!(message.status.equals("read") && status.equals("delivered"))) {
                if (call.text("external_error") != null) {
                    message.contentAttributes.put("external_error", call.text("external_error"));
                }
                conversations.deliveryStatus(changes, message, status);
            }
            return Answer.json(bodies.message(message));
        });
    }

    private Answer delete(Call call) {
        return withMessage(call, (changes, message) -> {
            conversations.delete(changes, message);
            return Answer.json(bodies.message(message));
        });
    }

    private Answer retry(Call call) {
        return withMessage(call, (changes, message) -> {
            message.contentAttributes = RailsJson.object();
            conversations.retry(changes, message);
            return Answer.json(bodies.message(message));
        });
    }

    private Answer withMessage(Call call, BiFunction<Changes, Rows.Message, Answer> work) {
        return installation.change(changes -> {
            var message = installation.messages.get(call.id("message"));
            return message == null || message.conversationId != call.id("conversation")
                    ? Answer.error(404, "Resource could not be found")
                    : work.apply(changes, message);
        });
    }
}
