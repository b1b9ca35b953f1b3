package io.github.almeidatech.wppflow.baserow;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the {@code Retry-After} header: seconds or a date, and never believes more than {@link #LONGEST}. */
final class RetryAfter {

    static final Duration LONGEST = Duration.ofMinutes(15);

    private RetryAfter() {}

    /** How long to wait from now; empty when nothing usable was said. */
    static Optional<Duration> read(@Nullable String header, Instant now) {
        if (header == null || header.isBlank()) {
            return Optional.empty();
        }
        String text = header.strip();
        if (text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            Duration asked = text.length() > 9 ? LONGEST : Duration.ofSeconds(Long.parseLong(text));
            return usable(asked);
        }
        try {
            return usable(Duration.between(
                    now,
                    ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> usable(Duration asked) {
        if (asked.isNegative() || asked.isZero()) {
            return Optional.empty();
        }
        return Optional.of(asked.compareTo(LONGEST) > 0 ? LONGEST : asked);
    }
}
