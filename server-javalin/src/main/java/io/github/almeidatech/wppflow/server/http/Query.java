package io.github.almeidatech.wppflow.server.http;

import io.javalin.http.Context;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; what cannot be is a 400 that says what was wanted. */
final class Query {

    /** What can be stored is far beyond; what can be written with more digits is not. */
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    private Query() {}

    /** A whole number, or null when it is not given. */
    static @Nullable Long number(Context ctx, String name, long min, long max) {
        String text = ctx.queryParam(name);
        if (text == null) {
            return null;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw ApiException.invalid(name, "a whole number wanted");
        }
        throw ApiException.invalid(name, min + " to " + max + " wanted");
    }

    /** A whole number, or another value when it is not given. */
    static long number(Context ctx, String name, long min, long max, long otherwise) {
        Long number = number(ctx, name, min, max);
        return number == null ? otherwise : number;
    }

    /** A time, or null when it is not given. */
    static @Nullable Instant instant(Context ctx, String name) {
        String text = ctx.queryParam(name);
        if (text == null) {
            return null;
        }
        return text.matches("\\d{1,15}") ? Instant.ofEpochMilli(Long.parseLong(text)) : instant(name, text);
    }

    /**
     * A time that somebody wrote, of the years 1 to 9999.
     *
     * @param name of the parameter or field
     */
    static Instant instant(String name, String text) {
        try {
            Instant instant = Instant.parse(text);
            if (!instant.isBefore(FIRST) && !instant.isAfter(LAST)) {
                return instant;
            }
        } catch (DateTimeParseException e) {
            throw ApiException.invalid(name, "an ISO 8601 instant wanted, such as 2026-03-01T12:00:00Z");
        }
        throw ApiException.invalid(name, "an instant of the years 1 to 9999 wanted");
    }
}
