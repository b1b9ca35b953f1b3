package io.github.almeidatech.wppflow.normalizer;

import java.util.Locale;

/** Which way a message goes; {@link #EVENT} for a delivery that is about no message. */
public enum Direction {
    /** From the customer. */
    INCOMING,
    /** To the customer, or a private note. */
    OUTGOING,
    /** Chatwoot's own remark in the conversation. */
    ACTIVITY,
    /** Sent by Chatwoot itself: greeting, out of office, survey. */
    TEMPLATE,
    /** No message: a change of a conversation or contact. */
    EVENT;

    /** The lower-case word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
