package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;

/**
 * Free workers of a lane, kept by somebody else for what he is about to claim with what he stores: what is claimed begins at
 * once. Who was given one either begins with it or gives it back.
 */
interface SpareWorkers<T> {

    /** Keeps one, if there is one within the share of the conversation's tenant. */
    boolean keep(ConversationId conversation);

    /** Hands the kept one what was claimed. */
    void begin(T piece);

    /** Nothing was claimed. */
    void giveBack(ConversationId conversation);
}
