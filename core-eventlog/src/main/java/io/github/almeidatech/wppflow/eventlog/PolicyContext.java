package io.github.almeidatech.wppflow.eventlog;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What policies may know beyond the event itself.
 *
 * @param facts plain data, such as {@code contact} (name, phone, custom_fields), {@code conversation} and {@code local}
 *     (the tenant's hour, weekday, whether it is open)
 * @param contactId Chatwoot's contact id, for contact attributes; null when not known
 * @param optedOut the contact wants no automatic messages: none are planned
 * @param now the time of deciding
 */
public record PolicyContext(
        Map<String, Object> facts, @Nullable Long contactId, boolean optedOut, Instant now) {

    public PolicyContext {
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
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
