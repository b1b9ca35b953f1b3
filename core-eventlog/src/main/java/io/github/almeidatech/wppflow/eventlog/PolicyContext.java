package io.github.almeidatech.wppflow.eventlog;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What policies may know beyond the event itself.
 *
 * @param facts plain data, such as {@code contact} (name, phone, custom_fields), {@code conversation} and {@code local}
 *     (the tenant's hour, weekday, whether it is open)
 * @param contactId Chatwoot's contact id, for contact attributes; null when not known
 * @param optedOut the contact wants no automatic messages: none are planned
 * @param causedBy the policies that had a part in causing the events, as found by following their causes back: they do
 *     not act on them again
 * @param firedLately how often each policy has fired in the conversation within the last hour; one left out has not
 * @param now the time of deciding; kept in whole milliseconds, as the events that tell of it are, so that it can be repeated
 */
public record PolicyContext(
        Map<String, Object> facts,
        @Nullable Long contactId,
        boolean optedOut,
        Set<String> causedBy,
        Map<String, Integer> firedLately,
        Instant now) {

    public PolicyContext {
        now = now.truncatedTo(ChronoUnit.MILLIS);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        causedBy = Set.copyOf(causedBy);
        firedLately = Map.copyOf(firedLately);
    }

    /** For events no policy had a part in. */
    public PolicyContext(Map<String, Object> facts, @Nullable Long contactId, boolean optedOut, Instant now) {
        this(facts, contactId, optedOut, Set.of(), Map.of(), now);
    }

    /** Nothing is known but the time. */
    public static PolicyContext at(Instant now) {
        return new PolicyContext(Map.of(), null, false, now);
    }

    @Override
    public String toString() {
        return "PolicyContext" + facts.keySet();
    }
}
