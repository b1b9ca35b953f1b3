package io.github.almeidatech.wppflow.eventlog;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A policy as somebody wrote it, not yet checked.
 *
 * @param id the policy's
 * @param data plain data, as {@link Policies#parse} takes it
 * @param changedAt when it was last written
 */
public record PolicyDocument(String id, Map<String, Object> data, Instant changedAt) {

    public PolicyDocument {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }

    @Override
    public String toString() {
        return "PolicyDocument[" + id + "]";
    }
}
