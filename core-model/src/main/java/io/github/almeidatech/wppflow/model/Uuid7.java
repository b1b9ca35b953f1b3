package io.github.almeidatech.wppflow.model;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.UUID;

/** Identifiers that sort by the time they were made (RFC 9562, version 7). Thread-safe. */
public final class Uuid7 {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Uuid7() {}

    /** A new identifier of that millisecond. */
    public static String at(Instant time) {
        byte[] random = new byte[10];
        RANDOM.nextBytes(random); // all at once: others wait for it meanwhile
        var bits = ByteBuffer.wrap(random);
        long high = (time.toEpochMilli() << 16) | 0x7000L | (bits.getShort() & 0xFFFL);
        long low = (bits.getLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
