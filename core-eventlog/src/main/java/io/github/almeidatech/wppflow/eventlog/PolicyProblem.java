package io.github.almeidatech.wppflow.eventlog;

import java.util.Locale;

/**
 * One thing that is wrong with a policy document.
 *
 * @param path where, such as {@code policies[2].then[0].labels.add}
 * @param kind what kind of mistake
 * @param message what was wanted, in English
 */
public record PolicyProblem(String path, Kind kind, String message) {

    /** The kinds of mistakes. */
    public enum Kind {
        MISSING,
        WRONG_TYPE,
        OUT_OF_RANGE,
        UNKNOWN_KEY,
        UNKNOWN_ACTION,
        UNKNOWN_OPERATOR,
        SYNTAX,
        DUPLICATE,
        TOO_LARGE;

        /** The lower-case word used in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public String toString() {
        return path + ": " + message;
    }
}
