package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Files whose caption this instance has said while the file certainly was not sent: their very next try need not look. What is
 * forgotten, or was tried elsewhere meanwhile, is looked for in Chatwoot. Remembers the latest thousand. Thread-safe.
 */
final class SaidCaptions {

    private static final int MOST = 1_000;

    private final Map<String, Integer> tries = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MOST;
        }
    };

    synchronized void said(CommandAttempt attempt) {
        tries.remove(attempt.key());
        tries.put(attempt.key(), attempt.attempt());
    }

    /** Whether the try just before this one ended so. */
    synchronized boolean wasSaid(CommandAttempt attempt) {
        Integer last = tries.remove(attempt.key());
        return last != null && last == attempt.attempt() - 1;
    }
}
