package io.github.almeidatech.wppflow.eventlog;

import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Follows a chain from its beginning to its end. */
final class ChainVerifier {

    private ChainVerifier() {}

    static Verification verify(Stream<ChainedEvent> chain, Verification.@Nullable Intact noted) {
        long events = 0;
        String head = ChainedEvent.GENESIS;
        boolean seen = noted == null || holds(noted, events, head);
        try (chain) {
            for (Iterator<ChainedEvent> rest = chain.iterator(); rest.hasNext(); ) {
                ChainedEvent next = rest.next();
                events++;
                if (next.position() != events) {
                    return new Verification.Broken(events, Verification.Reason.POSITION);
                }
                if (!next.contentHolds()) {
                    return new Verification.Broken(events, Verification.Reason.CONTENT);
                }
                if (!next.follows(head)) {
                    return new Verification.Broken(events, Verification.Reason.LINK);
                }
                head = next.hash();
                if (noted != null && events == noted.events() && !holds(noted, events, head)) {
                    return new Verification.Broken(events, Verification.Reason.NOT_AS_NOTED);
                }
                seen = seen || noted != null && holds(noted, events, head);
            }
        }
        return seen
                ? new Verification.Intact(events, head)
                : new Verification.Broken(events + 1, Verification.Reason.NOT_AS_NOTED);
    }

    private static boolean holds(Verification.Intact noted, long events, String head) {
        return noted.events() == events && noted.head().equals(head);
    }
}
