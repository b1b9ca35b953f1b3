package io.github.almeidatech.wppflow.server.http;

import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads query parameters; what cannot be is a 400 that says what was wanted. */
final class Query {

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
        try {
            return text.matches("\\d{1,15}") ? Instant.ofEpochMilli(Long.parseLong(text)) : Instant.parse(text);
        } catch (DateTimeException e) {
            throw ApiException.invalid(name, "an ISO 8601 instant or epoch milliseconds wanted");
        }
    }
}
