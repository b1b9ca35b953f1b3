package io.github.almeidatech.wppflow.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is told to move. Thread-safe; may be set back, like a real one. */
public final class SettableClock implements InstantSource {

    private Instant now;

    public SettableClock(Instant now) {
        this.now = now;
    }

    /** A clock standing at an ISO 8601 instant, such as {@code 2026-09-01T12:00:00Z}. */
    public static SettableClock at(String instant) {
        return new SettableClock(Instant.parse(instant));
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    /** Moves the hands; a negative duration moves them back. Answers the new time. */
    public synchronized Instant advance(Duration by) {
        now = now.plus(by);
        return now;
    }

    /** Puts the hands somewhere else. */
    public synchronized void set(Instant instant) {
        now = instant;
    }
}
