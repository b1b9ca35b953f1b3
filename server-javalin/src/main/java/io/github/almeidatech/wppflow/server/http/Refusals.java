package io.github.almeidatech.wppflow.server.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who was refused how often of late: an address with too many forged webhooks or wrong tokens in a minute is turned away
 * before its body is read. An address from which an authentic one came within a day never is, so that nobody behind the same proxy can
 * shut Chatwoot out (security default B9). Remembers the last 10,000 addresses; thread-safe.
 */
final class Refusals {

    private static final int MAX_ADDRESSES = 10_000;
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Duration GOOD_FAITH = Duration.ofDays(1);

    private final int perMinute;
    private final InstantSource clock;
    private final Map<String, Standing> standings = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Standing> eldest) {
            return size() > MAX_ADDRESSES;
        }
    };

    /** @param refused since {@code since}, the beginning of its window */
    private record Standing(Instant since, int refused, Instant goodUntil) {

        /** Also not when it would only begin: the clock was set back. */
        boolean isOpen(Instant now) {
            return !now.isBefore(since) && now.isBefore(since.plus(WINDOW));
        }
    }

    Refusals(int perMinute, InstantSource clock) {
        this.perMinute = perMinute;
        this.clock = clock;
    }

    synchronized boolean tooMany(String address) {
        Standing standing = standings.get(address);
        Instant now = clock.instant();
        return standing != null
                && standing.refused() >= perMinute
                && standing.isOpen(now)
                && !now.isBefore(standing.goodUntil());
    }

    synchronized void refused(String address) {
        Instant now = clock.instant();
        standings.merge(
                address,
                new Standing(now, 1, Instant.EPOCH),
                (before, first) -> before.isOpen(now)
                        ? new Standing(before.since(), before.refused() + 1, before.goodUntil())
                        : new Standing(now, 1, before.goodUntil()));
    }

    synchronized void authentic(String address) {
        Instant now = clock.instant();
        standings.put(address, new Standing(now, 0, now.plus(GOOD_FAITH)));
    }
}
