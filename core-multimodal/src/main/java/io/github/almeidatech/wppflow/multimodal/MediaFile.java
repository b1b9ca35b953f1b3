package io.github.almeidatech.wppflow.multimodal;

import java.time.Duration;
import java.util.Optional;

/** A file's bytes and what they are. The bytes are not copied: whoever holds it must not change them. */
public final class MediaFile {

    private final FileType type;
    private final byte[] bytes;

    MediaFile(FileType type, byte[] bytes) {
        this.type = type;
        this.bytes = bytes;
    }

    /** A file whose type is told from its bytes. */
    public static MediaFile of(byte[] bytes) {
        return new MediaFile(FileType.of(bytes), bytes);
    }

    /** What it is, by its content. */
    public FileType type() {
        return type;
    }

    /** The content. */
    public byte[] bytes() {
        return bytes;
    }

    /** How long a recording is, where it says so and that is possible for its size: Ogg Opus, WAV, M4A and MP4. */
    public Optional<Duration> duration() {
        return SoundLength.of(type, bytes);
    }

    @Override
    public String toString() {
        return "MediaFile[" + type.mimeType() + ", " + bytes.length + " bytes]";
    }
}
