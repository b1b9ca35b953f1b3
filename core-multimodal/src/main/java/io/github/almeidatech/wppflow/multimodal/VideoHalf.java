package io.github.almeidatech.wppflow.multimodal;

import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is heard in a video, or what is seen.
 *
 * @param text what was read; null when there is no such half, or it could not be read
 * @param failure why there is one and it could not be read, or it is not known whether there is one
 */
record VideoHalf(@Nullable MediaText text, @Nullable MediaUnavailableException failure) {

    /** Takes a half out of a video; empty when it has none. */
    @FunctionalInterface
    interface Taking {
        Optional<MediaFile> take() throws MediaUnavailableException;
    }

    /** Reads a half. */
    @FunctionalInterface
    interface Reading {
        MediaText read(MediaFile half) throws MediaUnavailableException;
    }

    /** Never throws because the half cannot be read: the other one may be. */
    static VideoHalf of(Taking taking, Reading reading) {
        try {
            Optional<MediaFile> half = taking.take();
            return new VideoHalf(half.isPresent() ? reading.read(half.get()) : null, null);
        } catch (MediaUnavailableException e) {
            return new VideoHalf(null, e);
        }
    }

    /** Whether reading it again would show no more. */
    boolean lasting() {
        return failure == null;
    }

    /**
     * What both say; blank when they were read and say nothing.
     *
     * @throws MediaUnavailableException when neither says anything and one could not be read, for its reason; when neither
     *     could, for the sound's, unless it is only that nobody listens
     */
    static String both(VideoHalf sound, VideoHalf picture) throws MediaUnavailableException {
        if (Stream.of(sound, picture).allMatch(half -> half.text == null && half.failure == null)) {
            throw new MediaUnavailableException(MediaText.Reason.DAMAGED, null);
        }
        String words = Stream.of(sound, picture).map(VideoHalf::words).collect(Collectors.joining("\n"));
        MediaUnavailableException failure =
                sound.isUnread() || picture.failure == null ? sound.failure : picture.failure;
        if (words.isBlank() && failure != null) {
            throw failure;
        }
        return words;
    }

    private String words() {
        return text == null ? "" : text.match(MediaText.Read::text, unreadable -> "");
    }

    private boolean isUnread() {
        return failure != null && failure.reason() != MediaText.Reason.NO_READER;
    }
}
