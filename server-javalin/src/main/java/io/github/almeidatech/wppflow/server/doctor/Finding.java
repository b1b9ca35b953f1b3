package io.github.almeidatech.wppflow.server.doctor;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing the {@link Doctor} has looked at.
 *
 * @param area what was looked at: {@code storage}, {@code chatwoot}, {@code models} and so on
 * @param tenant whose; null for what all share
 * @param message in a sentence, without secrets
 * @param advice what to do; null when nothing is to be done
 */
public record Finding(
        String area,
        @Nullable String tenant,
        Level level,
        String message,
        @Nullable String advice) {

    /** How serious it is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** It works, and less well than it could. */
        NOTE,
        /** It does not work. */
        PROBLEM;

        /** The lower-case word. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String area, String message) {
        return new Finding(area, null, Level.OK, message, null);
    }

    static Finding note(String area, String message, String advice) {
        return new Finding(area, null, Level.NOTE, message, advice);
    }

    static Finding problem(String area, String message, String advice) {
        return new Finding(area, null, Level.PROBLEM, message, advice);
    }

    Finding of(String owner) {
        return new Finding(area, owner, level, message, advice);
    }
}
