package io.github.almeidatech.wppflow.normalizer;

import java.util.Locale;

/** Who brought a delivery: known from the route it came by, for nothing in Chatwoot's bodies tells it. */
public enum DeliverySource {
    /** Chatwoot's agent bot. */
    AGENT_BOT,
    /** A webhook of the whole account. */
    ACCOUNT,
    /** The callback of an API inbox. */
    INBOX,
    /** An n8n workflow between Chatwoot and us. */
    N8N,
    /** Read by ourselves from Chatwoot's API because the webhook may have been lost. */
    CATCH_UP,
    /** A caller of our own API who did not say. */
    API;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The word used in routes and JSON, such as {@code agent-bot}. */
    public String word() {
        return word;
    }

    /**
     * The source of that word; an underscore is as good as the hyphen.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static DeliverySource of(String word) {
        String hyphened = word.replace('_', '-');
        for (DeliverySource source : values()) {
            if (source.word.equals(hyphened)) {
                return source;
            }
        }
        throw new IllegalArgumentException("agent-bot, account, inbox, n8n, catch-up or api wanted");
    }
}
