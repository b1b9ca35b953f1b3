package io.github.almeidatech.wppflow.model;

import org.jspecify.annotations.Nullable;

/**
 * One attachment of a message, as the channel described it; nothing has been fetched. Every part but the kind may be
 * missing or a lie: {@code mimeType}, {@code fileName} and {@code sizeBytes} are claims of the sender.
 *
 * @param id the channel's id
 * @param kind what it is
 * @param url where the bytes can be fetched; short-lived and redirecting
 * @param mimeType declared media type
 * @param fileName declared file name, never to be used as a path
 * @param sizeBytes declared size
 * @param transcript text of a voice note, when the channel transcribed it already
 * @param latitude degrees, for a location
 * @param longitude degrees, for a location
 * @param title a location's name and address, or a contact card's phone number
 */
public record Attachment(
        @Nullable Long id,
        ContentType kind,
        @Nullable String url,
        @Nullable String mimeType,
        @Nullable String fileName,
        @Nullable Long sizeBytes,
        @Nullable String transcript,
        @Nullable Double latitude,
        @Nullable Double longitude,
        @Nullable String title) {

    /** A file to be fetched. */
    public static Attachment file(ContentType kind, String url, @Nullable String mimeType, @Nullable String fileName) {
        return new Attachment(null, kind, url, mimeType, fileName, null, null, null, null, null);
    }

    @Override
    public String toString() {
        return "Attachment[" + id + ", " + kind.word() + ", " + sizeBytes + " bytes]";
    }
}
