package io.github.almeidatech.wppflow.model;

import java.util.Locale;

/** What a message, or one attachment of it, is made of. */
public enum ContentType {
    TEXT,
    IMAGE,
    AUDIO,
    VIDEO,
    DOCUMENT,
    LOCATION,
    CONTACT,
    STICKER,
    REACTION,
    UNSUPPORTED,
    EMPTY,
    EVENT;

    /** The lower-case word used in JSON. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
