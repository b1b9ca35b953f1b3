package io.github.almeidatech.wppflow.router;

import java.util.Locale;

/** The mood of a message. */
public enum Sentiment {
    NEGATIVE,
    NEUTRAL,
    POSITIVE;

    /** The lower-case word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
