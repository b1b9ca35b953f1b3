package io.github.almeidatech.wppflow.jdbc;

import java.time.Duration;

/**
 * How long things are kept.
 *
 * @param deliveries raw bodies of webhooks
 * @param messages the customers' messages and what was sent
 * @param deadLetters commands that were given up
 * @param media what was read of files, to be read anew when the same file comes later
 * @param keys the hashes by which a second delivery is recognised
 * @param events the content of events; their types and times stay, so that the chain can be verified
 * @param audit the content of events that say who did what by hand, and who consented or opted out
 */
public record Retention(
        Duration deliveries,
        Duration messages,
        Duration deadLetters,
        Duration media,
        Duration keys,
        Duration events,
        Duration audit) {

    /** 7 days for deliveries, 90 for messages and events, 30 for dead letters, media and keys, 365 for the audit. */
    public static final Retention DEFAULT = new Retention(
            Duration.ofDays(7),
            Duration.ofDays(90),
            Duration.ofDays(30),
            Duration.ofDays(30),
            Duration.ofDays(30),
            Duration.ofDays(90),
            Duration.ofDays(365));

    public Retention {
        if (deliveries.isNegative()
                || messages.isNegative()
                || deadLetters.isNegative()
                || media.isNegative()
                || keys.isNegative()
                || events.isNegative()
                || audit.isNegative()) {
            throw new IllegalArgumentException("nothing is kept for a negative time");
        }
    }
}
