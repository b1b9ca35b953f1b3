package io.github.almeidatech.wppflow.chatwoot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A file to be sent. Compared by identity: the bytes are not looked at. */
public final class OutgoingFile {

    /** Where the first packet of an Ogg begins: behind the header of a page with one segment. */
    private static final int FIRST_PACKET = 28;

    private final String name;
    private final String mimeType;
    private final byte[] bytes;

    /**
     * @param name what the customer sees; only its last path segment is used
     * @param mimeType such as {@code image/jpeg}
     * @param bytes not copied; must not change
     */
    public OutgoingFile(String name, String mimeType, byte[] bytes) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        String safe = last.replaceAll("[\\p{Cntrl}\"]", "").strip();
        this.name = safe.isEmpty() ? "file" : safe;
        this.mimeType = mimeType;
        this.bytes = bytes;
    }

    /** The name, without any path. */
    public String name() {
        return name;
    }

    /** The media type. */
    public String mimeType() {
        return mimeType;
    }

    boolean isSound() {
        return mimeType.startsWith("audio/");
    }

    /** Whether it is sound as in a voice note: Opus in an Ogg, whose first page begins with that name. */
    boolean isVoice() {
        byte[] mark = "OpusHead".getBytes(StandardCharsets.US_ASCII);
        return mimeType.equals("audio/ogg")
                && bytes.length >= FIRST_PACKET + mark.length
                && Arrays.equals(bytes, FIRST_PACKET, FIRST_PACKET + mark.length, mark, 0, mark.length);
    }

    byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return "OutgoingFile[" + mimeType + ", " + bytes.length + " bytes]";
    }
}
