package io.github.almeidatech.wppflow.model;

import java.util.Locale;

/** Chatwoot's four states of a conversation. By convention the bot acts on {@link #PENDING}, people see {@link #OPEN}. */
public enum ConversationStatus {
    OPEN,
    PENDING,
    RESOLVED,
    SNOOZED;

    /** The lower-case word used in Chatwoot's JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
