package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.multimodal.MediaPayer;
import org.jspecify.annotations.Nullable;

/**
 * On whose account a call is, beside the tenant's.
 *
 * @param mediaOf the turn whose files are read
 */
record Payer(
        @Nullable ConversationId conversation,
        @Nullable String turn,
        @Nullable String mediaOf) {

    static final Payer TENANT = new Payer(null, null, null);

    static Payer answer(ConversationId conversation, String turn) {
        return new Payer(conversation, turn, null);
    }

    static Payer of(MediaPayer payer) {
        return new Payer(null, null, payer.turn());
    }
}
