package io.github.almeidatech.wppflow.llm;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** Reads how long the provider asks us to wait, and never believes more than {@link #LONGEST}. */
final class RetryAfter {

    static final Duration LONGEST = Duration.ofMinutes(15);

    private RetryAfter() {}

    /** From {@code retry-after-ms} or {@code retry-after} (seconds, also broken ones, or a date); empty when neither is usable. */
    static Optional<Duration> read(Headers headers, Instant now) {
        return number(headers.get("retry-after-ms"), 1)
                .or(() -> number(headers.get("retry-after"), 1_000))
                .or(() -> date(headers.get("retry-after"), now))
                .filter(wait -> !wait.isNegative() && !wait.isZero())
                .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
    }

    private static Optional<Duration> number(@Nullable String header, int millis) {
        if (header == null || !header.strip().matches("\\d{1,15}(\\.\\d{1,9})?")) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofMillis((long) Math.min(1e12, Double.parseDouble(header.strip()) * millis)));
    }

    private static Optional<Duration> date(@Nullable String header, Instant now) {
        if (header == null) {
            return Optional.empty();
        }
        try {
            var then = ZonedDateTime.parse(header.strip(), DateTimeFormatter.RFC_1123_DATE_TIME);
            return Optional.of(Duration.between(now, then.toInstant()));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
