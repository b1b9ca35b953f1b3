package io.github.almeidatech.wppflow.outbound;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How long another system asks to be left alone: the header {@code Retry-After} (RFC 9110, section 10.2.3) and {@code
 * retry-after-ms} of some model providers. Fractions are read, although no standard allows them; more than {@link #LONGEST}
 * is not believed; nothing usable is empty.
 */
public final class RetryAfter {

    /** The most that is obeyed. */
    public static final Duration LONGEST = Duration.ofMinutes(15);

    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,30}(\\.[0-9]{1,9})?");

    private RetryAfter() {}

    /**
     * Reads {@code Retry-After}.
     *
     * @param header seconds or an HTTP date; null when it was not sent
     * @param now what a date is counted from
     */
    public static Optional<Duration> read(@Nullable String header, Instant now) {
        return number(header, 1_000).or(() -> date(header, now)).flatMap(RetryAfter::usable);
    }

    /** Reads {@code retry-after-ms}. */
    public static Optional<Duration> readMillis(@Nullable String header) {
        return number(header, 1).flatMap(RetryAfter::usable);
    }

    private static Optional<Duration> number(@Nullable String header, int millis) {
        if (header == null || !NUMBER.matcher(header.strip()).matches()) {
            return Optional.empty();
        }
        double asked = Double.parseDouble(header.strip()) * millis;
        return Optional.of(Duration.ofMillis((long) Math.min(asked, (double) LONGEST.toMillis())));
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

    private static Optional<Duration> usable(Duration asked) {
        if (asked.isNegative() || asked.isZero()) {
            return Optional.empty();
        }
        return Optional.of(asked.compareTo(LONGEST) > 0 ? LONGEST : asked);
    }
}
