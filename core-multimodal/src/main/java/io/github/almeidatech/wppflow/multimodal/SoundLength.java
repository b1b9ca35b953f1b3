package io.github.almeidatech.wppflow.multimodal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** How long a recording is, by what its container says: nothing is decoded. */
final class SoundLength {

    private static final int OPUS_HERTZ = 48_000;
    /** No speech codec in use takes fewer, none takes more, bytes a second. */
    private static final int SPARSE = 100;

    private static final int DENSE = 200_000;
    private static final double DAY = 86_400;

    private SoundLength() {}

    /** Empty for kinds that do not say it, and for what cannot be true of so many bytes. */
    static Optional<Duration> of(FileType type, byte[] bytes) {
        double seconds = switch (type) {
            case OGG -> opus(bytes);
            case WAV -> wav(bytes);
            case M4A, MP4 -> mp4(bytes);
            default -> -1;
        };
        boolean possible = type == FileType.MP4
                ? seconds > 0 && seconds <= DAY
                : seconds >= (double) bytes.length / DENSE && seconds <= (double) bytes.length / SPARSE;
        return possible ? Optional.of(Duration.ofMillis(Math.round(seconds * 1_000))) : Optional.empty();
    }

    /** The position the last page ends at. */
    private static double opus(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(64, bytes.length), StandardCharsets.ISO_8859_1);
        if (!head.contains("OpusHead")) {
            return -1;
        }
        for (int i = bytes.length - 27; i >= 0; i--) {
            if (bytes[i] == 'O' && bytes[i + 1] == 'g' && bytes[i + 2] == 'g' && bytes[i + 3] == 'S') {
                long position =
                        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(i + 6);
                return (double) position / OPUS_HERTZ;
            }
        }
        return -1;
    }

    private static double wav(byte[] bytes) {
        if (bytes.length < 44) {
            return -1;
        }
        int bytesPerSecond =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(28);
        return bytesPerSecond <= 0 ? -1 : (double) (bytes.length - 44) / bytesPerSecond;
    }

    /** The movie header (ISO 14496-12): time scale and duration, in 32 or, from version 1 on, 64 bits. */
    private static double mp4(byte[] bytes) {
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("mvhd") + 4;
        if (at < 4 || at + 32 > bytes.length) {
            return -1;
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        boolean wide = bytes[at] == 1;
        long scale = header.getInt(at + (wide ? 20 : 12)) & 0xFFFF_FFFFL;
        long length = wide ? header.getLong(at + 24) : header.getInt(at + 16) & 0xFFFF_FFFFL;
        return scale == 0 ? -1 : (double) length / scale;
    }
}
