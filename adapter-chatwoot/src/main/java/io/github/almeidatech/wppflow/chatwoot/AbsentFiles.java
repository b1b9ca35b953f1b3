package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often in a row a command's file could not be fetched, whatever else has failed meanwhile, as this instance knows since its
 * start. Remembers the latest thousand commands. Thread-safe.
 */
final class AbsentFiles {

    private static final int MOST = 1_000;

    private final Map<String, Integer> failures = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MOST;
        }
    };

    /** How often by now. */
    synchronized int failed(CommandAttempt attempt) {
        return failures.merge(attempt.key(), 1, Integer::sum);
    }

    synchronized void found(CommandAttempt attempt) {
        failures.remove(attempt.key());
    }
}
