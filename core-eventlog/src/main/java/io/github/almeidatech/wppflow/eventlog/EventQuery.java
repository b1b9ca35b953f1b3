package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted. A null part does not restrict.
 *
 * @param tenant whose; always given
 * @param conversation only this conversation's
 * @param personKey only this person's
 * @param otherKeys further keys of the same person, who has several numbers; empty without {@code personKey}
 * @param type an exact type, or a prefix ending in {@code .*}: {@code turn.*} wants {@code turn.completed}, not {@code turn}
 * @param from at or after
 * @param to before
 * @param limit 1 to 1000
 * @param cursor where the page before ended
 */
public record EventQuery(
        TenantId tenant,
        @Nullable ConversationId conversation,
        @Nullable String personKey,
        Set<String> otherKeys,
        @Nullable String type,
        @Nullable Instant from,
        @Nullable Instant to,
        int limit,
        @Nullable String cursor) {

    public EventQuery {
        otherKeys = Set.copyOf(otherKeys);
        if (personKey == null && !otherKeys.isEmpty()) {
            throw new IllegalArgumentException("further keys of nobody");
        }
        if (limit < 1 || limit > 1000) {
            throw new IllegalArgumentException("limit 1 to 1000 wanted, got " + limit);
        }
        if (conversation != null && !conversation.tenant().equals(tenant)) {
            throw new IllegalArgumentException("a conversation of another tenant");
        }
    }

    /** About a person with one key, or about nobody in particular. */
    public EventQuery(
            TenantId tenant,
            @Nullable ConversationId conversation,
            @Nullable String personKey,
            @Nullable String type,
            @Nullable Instant from,
            @Nullable Instant to,
            int limit,
            @Nullable String cursor) {
        this(tenant, conversation, personKey, Set.of(), type, from, to, limit, cursor);
    }

    /** The newest events of a tenant. */
    public static EventQuery of(TenantId tenant, int limit) {
        return new EventQuery(tenant, null, null, null, null, null, limit, null);
    }

    /** The newest events of a conversation. */
    public static EventQuery of(ConversationId conversation, int limit) {
        return new EventQuery(conversation.tenant(), conversation, null, null, null, null, limit, null);
    }

    /** Whether an event is wanted; limit and cursor aside. */
    public boolean matches(Event event) {
        return event.tenant().equals(tenant)
                && (conversation == null || conversation.equals(event.conversation()))
                && (personKey == null || isOfPerson(event.personKey()))
                && (type == null || typeMatches(event.type()))
                && (from == null || !event.at().isBefore(from))
                && (to == null || event.at().isBefore(to));
    }

    private boolean isOfPerson(@Nullable String key) {
        return key != null && (key.equals(personKey) || otherKeys.contains(key));
    }

    private boolean typeMatches(String eventType) {
        if (type == null || type.equals(eventType)) {
            return true;
        }
        return type.endsWith(".*") && eventType.startsWith(type.substring(0, type.length() - 1));
    }

    @Override
    public String toString() {
        return "EventQuery[" + tenant + ", " + type + ", at most " + limit + "]";
    }
}
