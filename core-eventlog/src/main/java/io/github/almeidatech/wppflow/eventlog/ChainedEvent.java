package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An event at its place in its tenant's hash chain.
 *
 * <p>{@code digest} covers what can be emptied: conversation, person, cause, confidence and payload, together with a random
 * salt, so that nobody can guess them afterwards. {@code hash} covers the hash before, the position, all that stays, and
 * the digest. All three are lower-case hexadecimal.
 *
 * @param position 1, 2, 3 … inside the tenant, without gaps
 * @param event what happened
 * @param salt 16 random bytes; null when the event has been emptied
 * @param digest SHA-256 over salt and content
 * @param hash SHA-256; the link to the event before
 */
public record ChainedEvent(
        long position, Event event, @Nullable String salt, String digest, String hash) {

    /** What the first event's hash is linked to. */
    public static final String GENESIS = "0".repeat(64);

    public ChainedEvent {
        if (position < 1) {
            throw new IllegalArgumentException("positions begin with 1");
        }
    }

    /**
     * The event at the end of a chain.
     *
     * @param position one more than the last one's
     * @param previousHash of the last one, or {@link #GENESIS}
     */
    public static ChainedEvent link(long position, String previousHash, SealedEvent sealed) {
        Event event = sealed.event();
        String hash = hash(position, previousHash, event, sealed.digest());
        return new ChainedEvent(position, event, sealed.salt(), sealed.digest(), hash);
    }

    /** Whether its content was removed. */
    public boolean isEmptied() {
        return salt == null;
    }

    /** The same place in the chain without conversation, person, cause, confidence, payload and salt. */
    public ChainedEvent emptied() {
        Event empty = new Event(
                event.id(),
                event.tenant(),
                null,
                null,
                event.type(),
                event.version(),
                Map.of(),
                event.source(),
                null,
                null,
                event.depth(),
                event.at());
        return new ChainedEvent(position, empty, null, digest, hash);
    }

    /** Whether the content is what was written down; also true of an emptied event, which has none. */
    boolean contentHolds() {
        return salt == null || SealedEvent.digest(salt, event).equals(digest);
    }

    /** Whether it follows an event with that hash. */
    boolean follows(String previousHash) {
        return hash(position, previousHash, event, digest).equals(hash);
    }

    /** One line of an export: plain data with the words of the HTTP API, times in ISO 8601. */
    public Map<String, Object> toPlainData() {
        ConversationId conversation = event.conversation();
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("position", position);
        data.put("id", event.id());
        data.put("tenant_id", event.tenant().value());
        data.put("conversation_id", conversation == null ? null : conversation.key());
        data.put("person_key", event.personKey());
        data.put("event_type", event.type());
        data.put("version", event.version());
        data.put("payload", event.payload());
        data.put("source", event.source().name().toLowerCase(Locale.ROOT));
        data.put("confidence", event.confidence());
        data.put("cause_id", event.causeId());
        data.put("depth", event.depth());
        data.put("timestamp", event.at().toString());
        data.put("emptied", isEmptied());
        data.put("salt", salt);
        data.put("digest", digest);
        data.put("hash", hash);
        @SuppressWarnings("NullAway") // null values are data here: JSON has them
        Map<String, Object> result = Collections.unmodifiableMap(data);
        return result;
    }

    private static String hash(long position, String previousHash, Event event, String digest) {
        return new CanonicalForm()
                .add(previousHash)
                .add(position)
                .add(event.tenant().value())
                .add(event.id())
                .add(event.type())
                .add(event.version())
                .add(event.source().name())
                .add(event.depth())
                .add(event.at().toEpochMilli())
                .add(digest)
                .sha256();
    }

    @Override
    public String toString() {
        return "ChainedEvent[" + position + ", " + event + "]";
    }
}
