package io.github.almeidatech.wppflow.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.benchmarks.Crowd.Takeover;
import io.github.almeidatech.wppflow.benchmarks.EventReader.LoggedEvent;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Invented evidence of one conversation, each step a second after the one before. */
final class Story {

    static final long CONVERSATION = 7;
    static final Instant BEGIN = Instant.parse("2026-03-02T12:00:00Z");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<ChatMessage> messages = new ArrayList<>();
    private final List<LoggedEvent> events = new ArrayList<>();
    private final Map<Long, Instant> acknowledged = new HashMap<>();
    private final List<Takeover> takeovers = new ArrayList<>();
    private final Map<String, Long> looks = new HashMap<>();
    private Instant now = BEGIN;

    /** A customer's message, told to the server and answered 2xx. */
    Story written(long id) {
        unheard(id).accepted(id);
        return acknowledged(id);
    }

    /** A customer's message of which the server knows nothing. */
    Story unheard(long id) {
        return message(id, "incoming", "Contact", "pergunta " + id, Map.of());
    }

    /** A webhook about it is answered 2xx now, at the latest. */
    Story acknowledged(long id) {
        acknowledged.put(id, now);
        return this;
    }

    Story accepted(long id) {
        return event("message.received", null, Map.of("message_id", id, "reason", "customer_message"));
    }

    Story ignored(long id) {
        return event("message.ignored", null, Map.of("message_id", id, "reason", "human_owned"));
    }

    Story turn(String id, String reply, Long... messageIds) {
        return turn(id, "answered", reply, messageIds);
    }

    Story turn(String id, String outcome, String reply, Long... messageIds) {
        return event(
                "turn.completed", id, Map.of("outcome", outcome, "reply", reply, "message_ids", List.of(messageIds)));
    }

    Story silenced(String cause, Long... messageIds) {
        return event("turn.silenced", cause, Map.of("reason", "x", "message_ids", List.of(messageIds)));
    }

    /** A bubble, as Chatwoot shows it and as the log tells it. */
    Story said(long id, String turn, int number, String text) {
        return shown(id, turn + "-" + number, text).done(id, turn, number);
    }

    Story shown(long id, String key, String text) {
        looks.putIfAbsent(key, id);
        return message(id, "outgoing", "AgentBot", text, Map.of("flow_key", key));
    }

    Story done(long id, String turn, int number) {
        return event(
                "command.done",
                turn,
                Map.of("key", turn + "-" + number, "command", "send_message", "external_id", String.valueOf(id)));
    }

    Story heldBack(String turn, int number) {
        return event("command.held_back", turn, Map.of("key", turn + "-" + number, "command", "send_message"));
    }

    /** The server looked at the conversation at this time before it said something. */
    Story looked(String key, long nanos) {
        looks.put(key, nanos);
        return this;
    }

    Story taken(boolean spoken, long lastMessage, long from, long until) {
        takeovers.add(new Takeover(CONVERSATION, spoken, lastMessage, from, until));
        return this;
    }

    private Story message(long id, String type, String author, String text, Map<String, Object> attributes) {
        now = now.plus(Duration.ofSeconds(1));
        messages.add(new ChatMessage(
                id,
                CONVERSATION,
                type,
                author,
                text,
                false,
                "sent",
                JSON.valueToTree(attributes),
                text,
                List.of(),
                now));
        return this;
    }

    private Story event(String type, String cause, Map<String, Object> payload) {
        now = now.plus(Duration.ofSeconds(1));
        events.add(
                new LoggedEvent("event-" + events.size(), type, CONVERSATION, JSON.valueToTree(payload), cause, now));
        return this;
    }

    Evidence evidence() {
        return new Evidence(messages, events, acknowledged, takeovers, looks);
    }
}
