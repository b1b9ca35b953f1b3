package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.EventReader.LoggedEvent;
import io.github.almeidatech.wppflow.benchmarks.Verdict.Promise;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/**
 * Everything that sees from the outside what a run leads to. Used by one thread.
 *
 * @param leftOut conversations that are not looked at
 */
record Observation(SimulatedChatwoot chatwoot, Crowd crowd, Receipts receipts, Wiretap wiretap, Set<Long> leftOut) {

    Observation {
        leftOut = Set.copyOf(leftOut);
    }

    Observation(SimulatedChatwoot chatwoot, Crowd crowd, Receipts receipts, Wiretap wiretap) {
        this(chatwoot, crowd, receipts, wiretap, Set.of());
    }

    private static final Duration STILL = Duration.ofSeconds(60);

    /** Lets time pass. */
    @FunctionalInterface
    interface Waiting {
        void pass(Duration time) throws InterruptedException;
    }

    /**
     * Waits until all is well, or nothing changes any more, or patience ends; what is missing then is lost.
     *
     * @param patience how long at most
     * @param step from one look to the next
     */
    Evidence drained(EventReader reader, Duration patience, Duration step, Waiting waiting)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        long lastChange = System.nanoTime();
        int known = 0;
        while (true) {
            boolean late = System.nanoTime() > deadline;
            boolean quiet = chatwoot.awaitIdle(step) && reader.waiting() == 0;
            if (quiet || late) {
                receipts.collect(Instant.now());
                Evidence evidence = evidence(reader);
                if (evidence.events().size() > known) {
                    known = evidence.events().size();
                    lastChange = System.nanoTime();
                }
                boolean still = System.nanoTime() - lastChange > STILL.toNanos();
                if (late || still || Checker.check(evidence).count(Promise.LOST) == 0) {
                    return evidence;
                }
            }
            waiting.pass(step);
        }
    }

    private Evidence evidence(EventReader reader) throws InterruptedException {
        List<ChatMessage> messages = chatwoot.conversations().stream()
                .filter(conversation -> !leftOut.contains(conversation))
                .flatMap(conversation -> chatwoot.transcript(conversation).stream())
                .toList();
        List<LoggedEvent> events = reader.all().stream()
                .filter(event -> !leftOut.contains(event.conversation()))
                .toList();
        var acknowledged = new HashMap<>(receipts.acknowledged());
        acknowledged.keySet().retainAll(messages.stream().map(ChatMessage::id).toList());
        return new Evidence(messages, events, acknowledged, crowd.takeovers(), wiretap.lookBeforeMessage());
    }
}
