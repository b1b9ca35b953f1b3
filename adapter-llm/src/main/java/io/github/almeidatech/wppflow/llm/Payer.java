package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.model.ConversationId;
import org.jspecify.annotations.Nullable;

/** On whose account a call is, beside the tenant's. */
record Payer(
        @Nullable ConversationId conversation, @Nullable String turn) {

    /** Media and intents are asked for before there is a turn to name. */
    static final Payer TENANT = new Payer(null, null);
}
