package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/**
 * An event with all of a {@link ChainedEvent} that does not depend on its place, so that many threads can do this while one
 * links the chain.
 *
 * @param event its time cut to the millisecond
 * @param salt 16 random bytes, in hexadecimal
 * @param digest SHA-256 over salt and content, in hexadecimal
 */
public record SealedEvent(Event event, String salt, String digest) {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Seals it with a new salt. */
    public static SealedEvent of(Event event) {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        String salt = HexFormat.of().formatHex(bytes);
        Event kept = toTheMillisecond(event);
        return new SealedEvent(kept, salt, digest(salt, kept));
    }

    private static Event toTheMillisecond(Event event) {
        Instant at = event.at().truncatedTo(ChronoUnit.MILLIS);
        if (at.equals(event.at())) {
            return event;
        }
        return new Event(
                event.id(),
                event.tenant(),
                event.conversation(),
                event.personKey(),
                event.type(),
                event.version(),
                event.payload(),
                event.source(),
                event.confidence(),
                event.causeId(),
                event.depth(),
                at);
    }

    static String digest(String salt, Event event) {
        ConversationId conversation = event.conversation();
        return new CanonicalForm()
                .add(salt)
                .add(conversation == null ? null : conversation.key())
                .add(event.personKey())
                .add(event.causeId())
                .add(event.confidence())
                .add(event.payload())
                .sha256();
    }

    /** Without the salt, which would help to guess the content once it is removed. */
    @Override
    public String toString() {
        return "SealedEvent[" + event + "]";
    }
}
