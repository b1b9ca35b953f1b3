package io.github.almeidatech.wppflow.multimodal;

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

    @Override
    public String toString() {
        return "MediaFile[" + type.mimeType() + ", " + bytes.length + " bytes]";
    }
}
