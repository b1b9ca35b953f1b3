package io.github.almeidatech.wppflow.multimodal;

import java.time.Duration;
import java.util.List;

/**
 * How much is read (security defaults E1, E2).
 *
 * @param maxBytes of one file
 * @param perFile time for fetching and reading one file
 * @param perTurn time for all files that are answered together
 * @param maxPages of one document; later ones are left out
 * @param maxCharacters of the text of one file; it is cut beyond
 * @param maxPixels of one picture; those too large for models are scaled down, beyond this none is looked at
 * @param maxFiles of those that are answered together; what they may cost is bounded by whoever reads them
 * @param maxScannedPages of one scanned document that are looked at; the text says so when there are more
 * @param maxSound of a video that is listened to
 */
public record MediaLimits(
        int maxBytes,
        Duration perFile,
        Duration perTurn,
        int maxPages,
        int maxCharacters,
        long maxPixels,
        int maxFiles,
        int maxScannedPages,
        Duration maxSound) {

    /**
     * 16 MiB, 30 s a file, 60 s a turn, 200 pages, 20,000 characters, 250 megapixels, 15 files, 3 scanned pages, 3 minutes of
     * a video.
     */
    public static final MediaLimits DEFAULT = new MediaLimits(
            16 * 1024 * 1024,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            200,
            20_000,
            250_000_000,
            15,
            3,
            Duration.ofMinutes(3));

    /** With 3 scanned pages and 3 minutes of a video. */
    public MediaLimits(
            int maxBytes,
            Duration perFile,
            Duration perTurn,
            int maxPages,
            int maxCharacters,
            long maxPixels,
            int maxFiles) {
        this(maxBytes, perFile, perTurn, maxPages, maxCharacters, maxPixels, maxFiles, 3, Duration.ofMinutes(3));
    }

    public MediaLimits {
        if (maxScannedPages < 1 || maxBytes < 1 || maxPages < 1 || maxCharacters < 1 || maxPixels < 1 || maxFiles < 1) {
            throw new IllegalArgumentException("limits of at least 1 wanted");
        }
        for (Duration time : List.of(perFile, perTurn, maxSound)) {
            if (time.isNegative() || time.isZero()) {
                throw new IllegalArgumentException("times above zero wanted");
            }
        }
    }
}
