package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.model.ConversationId;

/** Shows that an answer is being written. A courtesy: must not fail, and nothing depends on it. */
@FunctionalInterface
public interface Presence {

    /** Nobody is shown anything. */
    Presence NONE = (conversation, typing) -> {};

    void typing(ConversationId conversation, boolean typing);
}
