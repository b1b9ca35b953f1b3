package io.github.almeidatech.wppflow.chatwoot;

/** A file to be sent. Compared by identity: the bytes are not looked at. */
public final class OutgoingFile {

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

    byte[] bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return "OutgoingFile[" + mimeType + ", " + bytes.length + " bytes]";
    }
}
