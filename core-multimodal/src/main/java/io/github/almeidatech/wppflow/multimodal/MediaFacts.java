package io.github.almeidatech.wppflow.multimodal;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a file says of its size, as far as its kind has it and it was looked at.
 *
 * @param pages of a document, also those beyond {@link MediaLimits#maxPages()}
 * @param duration of sound or a video
 * @param width of a picture, in pixels
 * @param height of a picture, in pixels
 */
public record MediaFacts(
        @Nullable Integer pages,
        @Nullable Duration duration,
        @Nullable Long width,
        @Nullable Long height) {

    /** Nothing is known. */
    public static final MediaFacts NONE = new MediaFacts(null, null, null, null);

    static MediaFacts pages(@Nullable Integer pages) {
        return new MediaFacts(pages, null, null, null);
    }

    static MediaFacts lasting(MediaFile file) {
        return new MediaFacts(null, file.duration().orElse(null), null, null);
    }

    static MediaFacts of(PictureSize size) {
        return new MediaFacts(null, null, size.width(), size.height());
    }
}
