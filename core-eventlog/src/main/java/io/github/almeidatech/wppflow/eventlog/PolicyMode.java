package io.github.almeidatech.wppflow.eventlog;

import java.util.Locale;

/** How far a policy is let. */
public enum PolicyMode {
    /** It is not looked at. */
    OFF,
    /** It leaves an event where it would have acted, and does nothing. */
    SHADOW,
    /** It acts. */
    ON;

    /** The lower-case word used in documents. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
