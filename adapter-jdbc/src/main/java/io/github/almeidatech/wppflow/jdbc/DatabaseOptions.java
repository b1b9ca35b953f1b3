package io.github.almeidatech.wppflow.jdbc;

import java.time.Duration;

/**
 * How a {@link Database} is used.
 *
 * @param maxWait how long a caller waits for its write to be taken up before {@link StorageError#UNAVAILABLE}
 * @param maxBatch how many writes are committed together at most
 * @param maxWaitingWrites how many may wait; further ones are refused with {@link StorageError#OVERLOADED}
 * @param readers connections for reading
 */
public record DatabaseOptions(Duration maxWait, int maxBatch, int maxWaitingWrites, int readers) {

    /** 2 s, 256 together, 4096 waiting, 4 readers. */
    public static final DatabaseOptions DEFAULT = new DatabaseOptions(Duration.ofSeconds(2), 256, 4096, 4);

    public DatabaseOptions {
        if (maxWait.isNegative() || maxWait.isZero() || maxBatch < 1 || maxWaitingWrites < 1 || readers < 1) {
            throw new IllegalArgumentException("every option has to be positive");
        }
    }
}
