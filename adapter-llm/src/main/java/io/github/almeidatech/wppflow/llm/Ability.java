package io.github.almeidatech.wppflow.llm;

import java.util.Locale;

/** What a model is asked to do. */
public enum Ability {
    /** Write an answer out of passages. */
    ANSWER,
    /** Tell intents apart. */
    CLASSIFY,
    /** Put a picture into words. */
    DESCRIBE,
    /** Put speech into words. */
    TRANSCRIBE,
    /** Turn texts into vectors. */
    EMBED;

    /** Whether it is a way to read what customers attach. */
    boolean readsFiles() {
        return this == DESCRIBE || this == TRANSCRIBE;
    }

    /** The lower-case word, for metrics and logs. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
