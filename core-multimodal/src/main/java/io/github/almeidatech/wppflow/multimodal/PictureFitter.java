package io.github.almeidatech.wppflow.multimodal;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Makes pictures small enough for every model: scaled down by {@link PictureScaler} in a child JVM where they are too large,
 * left alone otherwise. What cannot be scaled, such as WebP, is left to the model as far as its sides allow.
 */
final class PictureFitter {

    /** What the strictest provider (Anthropic) takes: in base64 these are 5 MiB. */
    static final int MAX_BYTES = 5 * 1024 * 1024 / 4 * 3;

    /** Likewise. */
    static final int MAX_SIDE = 8_000;

    /** To which it is scaled down: providers do so too, and see no more than that. */
    static final int SCALED_SIDE = 2_048;

    /** All of such a picture lies decoded in memory, six bytes a pixel. */
    private static final long MAX_PROGRESSIVE = 40_000_000;

    private final MediaLimits limits;
    private final ChildJvm jvm;

    PictureFitter(MediaLimits limits, ChildJvm jvm) {
        this.limits = limits;
        this.jvm = jvm;
    }

    /** @throws MediaUnavailableException {@code TOO_LARGE} by its header alone, and for what cannot be scaled */
    MediaFile fit(MediaFile picture, Duration timeLimit) throws MediaUnavailableException {
        PictureSize size = PictureSize.of(picture);
        size.refuseBeyond(limits.maxPixels());
        boolean small = size.longest() <= MAX_SIDE;
        if (small && picture.bytes().length <= MAX_BYTES) {
            return picture;
        }
        if (picture.type() == FileType.WEBP) {
            if (small) {
                return picture;
            }
            throw new MediaUnavailableException(MediaText.Reason.TOO_LARGE, null);
        }
        if (picture.type() == FileType.JPEG && JpegHeader.of(picture.bytes()).progressive()) {
            size.refuseBeyond(MAX_PROGRESSIVE);
        }
        return scaled(picture, timeLimit);
    }

    private MediaFile scaled(MediaFile picture, Duration timeLimit) throws MediaUnavailableException {
        try (ChildProcess child = jvm.child()) {
            Path in = child.write("in", picture.bytes());
            Path out = child.file("out.jpg");
            jvm.run(
                    child,
                    child.file("log"),
                    timeLimit,
                    "picture",
                    in.toString(),
                    String.valueOf(SCALED_SIDE),
                    String.valueOf(MAX_BYTES),
                    out.toString());
            return MediaFile.of(ChildProcess.read(out, MAX_BYTES));
        }
    }
}
