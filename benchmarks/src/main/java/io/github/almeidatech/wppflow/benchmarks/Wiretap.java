package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.chatwoot.NewMessage;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;

/** Notes when the server last looked at a conversation before it wrote into it. Thread-safe. */
final class Wiretap {

    private static final Pattern CONVERSATION = Pattern.compile(".*/conversations/(\\d+)(/messages)?");

    private final Map<Long, Long> looks = new ConcurrentHashMap<>();
    private final Map<String, Long> lookBefore = new ConcurrentHashMap<>();
    private final AtomicInteger said = new AtomicInteger();

    /** Listens from now on. */
    static Wiretap on(SimulatedChatwoot chatwoot) {
        var wiretap = new Wiretap();
        chatwoot.faults().always(wiretap::hear, Fault.slow(Duration.ZERO));
        return wiretap;
    }

    /**
     * By the key of a message: when the last look at its conversation came in before the message itself did, as
     * {@link System#nanoTime()}. Without an entry nobody looked.
     */
    Map<String, Long> lookBeforeMessage() {
        return Map.copyOf(lookBefore);
    }

    /** How many messages of the server have come in. */
    int said() {
        return said.get();
    }

    /** Is asked about every request before it is done, and lets each of them pass. */
    private boolean hear(SeenRequest request) {
        var path = CONVERSATION.matcher(request.path());
        if (path.matches()) {
            long conversation = Long.parseLong(path.group(1));
            if (request.method().equals("GET") && path.group(2) == null) {
                looks.put(conversation, System.nanoTime());
            } else if (request.method().equals("POST") && path.group(2) != null) {
                said.incrementAndGet();
                String key = request.json()
                        .path("content_attributes")
                        .path(NewMessage.KEY)
                        .asText();
                Long look = looks.get(conversation);
                if (look != null) {
                    lookBefore.put(key, look);
                }
            }
        }
        return false;
    }
}
