package io.github.almeidatech.wppflow.model;

import org.jspecify.annotations.Nullable;

/**
 * On whose account something is done that costs money: the tenant's always; its conversation's and its turn's too, where it
 * is done for one. Handed on to whoever calls a model, so that each kind of call counts against the same budgets.
 *
 * @param conversation null for what is done for none, such as indexing documents
 * @param turn the turn's id; null outside turns
 */
public record Payer(
        TenantId tenant,
        @Nullable ConversationId conversation,
        @Nullable String turn) {

    public Payer {
        if (conversation != null && !conversation.tenant().equals(tenant)) {
            throw new IllegalArgumentException("a conversation of " + tenant + " wanted, got " + conversation);
        }
        if (turn != null && conversation == null) {
            throw new IllegalArgumentException("a turn without its conversation");
        }
    }

    /** The tenant alone. */
    public static Payer of(TenantId tenant) {
        return new Payer(tenant, null, null);
    }

    /** A conversation, outside its turns. */
    public static Payer of(ConversationId conversation) {
        return new Payer(conversation.tenant(), conversation, null);
    }

    /** A turn of a conversation. */
    public static Payer of(ConversationId conversation, String turn) {
        return new Payer(conversation.tenant(), conversation, turn);
    }
}
