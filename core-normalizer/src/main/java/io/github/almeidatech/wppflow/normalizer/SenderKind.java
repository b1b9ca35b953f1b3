package io.github.almeidatech.wppflow.normalizer;

import java.util.Locale;

/** Who wrote a message, or whom a conversation is assigned to. */
public enum SenderKind {
    /** The customer. */
    CONTACT,
    /** A person of the business (an agent in Chatwoot's words), or anything that uses a person's token. */
    USER,
    /** A program. */
    AGENT_BOT,
    /** Chatwoot's own assistant. */
    CAPTAIN_ASSISTANT,
    /** Nobody is named: automations, or a person who wrote on the paired phone. */
    NONE;

    /** The lower-case word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
