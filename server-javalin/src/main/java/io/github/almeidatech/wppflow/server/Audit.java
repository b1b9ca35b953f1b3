package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who did what by hand, as events whose types begin with {@code operator.}: kept longer than what customers said, and
 * without personal data of theirs. Who it was is the name of a token, which the tenant can read: whoever makes tokens
 * chooses whether it is a person's. Thread-safe.
 */
public final class Audit {

    /** What all its events' types begin with. */
    public static final String TYPES = "operator.*";

    private final EventLog events;
    private final InstantSource clock;

    public Audit(EventLog events, InstantSource clock) {
        this.events = events;
        this.clock = clock;
    }

    /**
     * Writes down an action; returns when that has survived.
     *
     * @param action what was done, such as {@code dead_letter_retried}
     * @param by the caller's name, as configured for its token
     * @param conversation in which conversation, where there is one
     * @param about ids and counts; no names, numbers or texts
     */
    public void note(
            TenantId tenant,
            String action,
            String by,
            @Nullable ConversationId conversation,
            Map<String, ? extends Object> about) {
        Instant now = clock.instant();
        var payload = new LinkedHashMap<String, Object>();
        payload.put("by", by);
        payload.putAll(about);
        events.append(List.of(new Event(
                Uuid7.at(now),
                tenant,
                conversation,
                null,
                "operator." + action,
                1,
                payload,
                Event.Source.PERSON,
                null,
                null,
                0,
                now)));
    }
}
