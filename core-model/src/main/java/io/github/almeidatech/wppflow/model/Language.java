package io.github.almeidatech.wppflow.model;

import java.util.Locale;

/** The languages we read and write. */
public enum Language {
    PT_BR("pt-BR"),
    EN("en"),
    ES("es");

    private final String tag;

    Language(String tag) {
        this.tag = tag;
    }

    /** The BCP 47 tag. */
    public String tag() {
        return tag;
    }

    /** The language a tag such as {@code pt}, {@code es-AR} or {@code en_US} begins with; {@link #PT_BR} for others. */
    public static Language ofTag(String tag) {
        String lower = tag.toLowerCase(Locale.ROOT);
        if (lower.startsWith("en")) {
            return EN;
        }
        return lower.startsWith("es") ? ES : PT_BR;
    }
}
