package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The events a {@link FlowStore} writes by itself, made here so that all stores write the same. Types and payload keys
 * are stable. For those who write a store.
 */
public final class FlowEvents {

    /** Messages became history without an answer. */
    public static final String TURN_SILENCED = "turn.silenced";
    /** A finished answer was dropped because the customer wrote more. */
    public static final String TURN_SUPERSEDED = "turn.superseded";
    /** The turn could not even be given up properly; people have to look. */
    public static final String TURN_ABANDONED = "turn.abandoned";
    /** A command was carried out. */
    public static final String COMMAND_DONE = "command.done";
    /** A message to the customer was not sent because a person owns the conversation or has spoken. */
    public static final String COMMAND_HELD_BACK = "command.held_back";
    /** A command was given up. */
    public static final String COMMAND_DEAD_LETTERED = "command.dead_lettered";
    /** A dead letter waits again. */
    public static final String COMMAND_RETRIED = "command.retried";
    /** A dead letter was thrown away. */
    public static final String COMMAND_DISCARDED = "command.discarded";
    /** A command about the same row or contact as an earlier waiting one is carried out together with it. */
    public static final String COMMAND_MERGED = "command.merged";
    /** The conversation has another owner. */
    public static final String OWNERSHIP_CHANGED = "ownership.changed";

    private static final String POLICY_FAILED = "policy.failed";

    private FlowEvents() {}

    /** {@link #TURN_SILENCED}: {@code reason}, {@code owner}, {@code message_ids}. */
    public static Event turnSilenced(
            ConversationId conversation,
            @Nullable String personKey,
            String reason,
            Owner owner,
            List<Long> messageIds,
            @Nullable String causeId,
            Instant now) {
        return event(
                conversation,
                personKey,
                TURN_SILENCED,
                payload("reason", reason, "owner", word(owner), "message_ids", messageIds),
                causeId,
                now);
    }

    /** {@link #TURN_SUPERSEDED}: {@code turn}, {@code message_ids} (those the dropped answer was for). */
    public static Event turnSuperseded(
            ConversationId conversation,
            @Nullable String personKey,
            String turnId,
            List<Long> messageIds,
            Instant now) {
        var payload = payload("turn", turnId, "message_ids", messageIds);
        return event(conversation, personKey, TURN_SUPERSEDED, payload, turnId, now);
    }

    /** {@link #COMMAND_DONE}: {@code key}, {@code command}, {@code external_id} (may be null). */
    public static Event commandDone(
            ConversationId conversation,
            @Nullable String personKey,
            String turnId,
            String key,
            OutboundCommand command,
            @Nullable String externalId,
            Instant now) {
        var payload = payload("key", key, "command", word(command), "external_id", externalId);
        return event(conversation, personKey, COMMAND_DONE, payload, turnId, now);
    }

    /** {@link #COMMAND_HELD_BACK}: {@code key}, {@code command}, {@code reason}. */
    public static Event commandHeldBack(
            ConversationId conversation,
            @Nullable String personKey,
            String turnId,
            String key,
            OutboundCommand command,
            String reason,
            Instant now) {
        var payload = payload("key", key, "command", word(command), "reason", reason);
        return event(conversation, personKey, COMMAND_HELD_BACK, payload, turnId, now);
    }

    /** {@link #COMMAND_DEAD_LETTERED}: {@code key}, {@code command}, {@code reason}; of a file also {@code file}, its name. */
    public static Event commandDeadLettered(
            ConversationId conversation,
            @Nullable String personKey,
            String turnId,
            String key,
            OutboundCommand command,
            String reason,
            Instant now) {
        var payload = payload("key", key, "command", word(command), "reason", reason);
        if (command instanceof OutboundCommand.SendAttachment attachment) {
            payload.put("file", fileName(attachment.url()));
        }
        return event(conversation, personKey, COMMAND_DEAD_LETTERED, payload, turnId, now);
    }

    /** The query is left out: it may hold a key. */
    private static String fileName(String url) {
        String path = url.replaceAll("[?#].*", "");
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** {@link #COMMAND_RETRIED}: {@code key}, {@code command}. */
    public static Event commandRetried(
            ConversationId conversation,
            @Nullable String personKey,
            String turnId,
            String key,
            OutboundCommand command,
            Instant now) {
        return event(
                conversation, personKey, COMMAND_RETRIED, payload("key", key, "command", word(command)), turnId, now);
    }

    /** {@link #COMMAND_DISCARDED}: {@code key}, {@code command}. */
    public static Event commandDiscarded(
            ConversationId conversation,
            @Nullable String personKey,
            String turnId,
            String key,
            OutboundCommand command,
            Instant now) {
        return event(
                conversation, personKey, COMMAND_DISCARDED, payload("key", key, "command", word(command)), turnId, now);
    }

    /** {@link #COMMAND_MERGED}: {@code key}, {@code command}, {@code into} (the key of the command that does both). */
    public static Event commandMerged(
            ConversationId conversation,
            @Nullable String personKey,
            String turnId,
            String key,
            OutboundCommand command,
            String into,
            Instant now) {
        var payload = payload("key", key, "command", word(command), "into", into);
        return event(conversation, personKey, COMMAND_MERGED, payload, turnId, now);
    }

    /** {@link #OWNERSHIP_CHANGED}: {@code owner}, {@code reason}. */
    public static Event ownershipChanged(
            ConversationId conversation,
            @Nullable String personKey,
            Owner owner,
            String reason,
            @Nullable String causeId,
            Instant now) {
        var payload = payload("owner", word(owner), "reason", reason);
        return event(conversation, personKey, OWNERSHIP_CHANGED, payload, causeId, now);
    }

    /** A plan that only says that policies failed about an event: {@code event_type}, {@code error}. */
    static PolicyPlan undecidable(Event about, RuntimeException failure, Instant now) {
        Event failed = new Event(
                Uuid7.at(now),
                about.tenant(),
                about.conversation(),
                about.personKey(),
                POLICY_FAILED,
                1,
                payload(
                        "event_type",
                        about.type(),
                        "outcome",
                        "failed",
                        "error",
                        failure.getClass().getSimpleName()),
                Event.Source.SYSTEM,
                null,
                about.id(),
                about.depth() + 1,
                now);
        return new PolicyPlan(List.of(), List.of(failed), null, List.of());
    }

    /** The stable word for a kind of command, such as {@code send_message}. */
    public static String word(OutboundCommand command) {
        return command.kind();
    }

    static Event turnAbandoned(Turn turn, String error, Instant now) {
        var ids = turn.messages().stream().map(message -> message.messageId()).toList();
        String personKey =
                turn.messages().get(turn.messages().size() - 1).sender().personKey();
        return event(
                turn.conversation(),
                personKey,
                TURN_ABANDONED,
                payload("turn", turn.id(), "error", error, "message_ids", ids),
                turn.id(),
                now);
    }

    private static String word(Owner owner) {
        return owner.name().toLowerCase(Locale.ROOT);
    }

    /** Keys and values in turn. */
    private static Map<String, Object> payload(@Nullable Object... parts) {
        var map = new LinkedHashMap<String, Object>();
        for (int i = 0; i < parts.length; i += 2) {
            putNullable(map, String.valueOf(parts[i]), parts[i + 1]);
        }
        return map;
    }

    @SuppressWarnings("NullAway") // JSON has nulls, and a missing external id is one
    private static void putNullable(Map<String, Object> map, String key, @Nullable Object value) {
        map.put(key, value);
    }

    private static Event event(
            ConversationId conversation,
            @Nullable String personKey,
            String type,
            Map<String, Object> payload,
            @Nullable String causeId,
            Instant now) {
        return new Event(
                Uuid7.at(now),
                conversation.tenant(),
                conversation,
                personKey,
                type,
                1,
                payload,
                Event.Source.SYSTEM,
                null,
                causeId,
                0,
                now);
    }
}
