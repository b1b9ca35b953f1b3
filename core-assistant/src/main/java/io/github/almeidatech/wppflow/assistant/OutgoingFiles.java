package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.model.ConversationId;
import java.time.Duration;
import java.util.Optional;

/** Tells whether a file could be sent to a customer now. Thread-safe; blocks, up to the time limit. */
@FunctionalInterface
public interface OutgoingFiles {

    /** It is seen when they are sent. */
    OutgoingFiles UNCHECKED = (conversation, url, limit) -> Optional.empty();

    /**
     * Why not.
     *
     * @param url as whoever wants it sent wrote it
     * @return a word such as {@code file_not_found}; empty when it could
     */
    Optional<String> obstacle(ConversationId conversation, String url, Duration limit);
}
