package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.FileType;
import io.github.almeidatech.wppflow.multimodal.MediaSource;
import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import okhttp3.HttpUrl;

/**
 * Which files are sent: what WhatsApp shows, told by their content. Others are taken by Chatwoot and then fail at WhatsApp,
 * when nobody looks any more.
 */
final class SendableFiles {

    static final long MAX_BYTES = 16L << 20;

    /** Of a text beside a file, at WhatsApp. */
    static final int MAX_CAPTION = 1_024;

    /** WhatsApp's own limit. */
    private static final int MAX_PICTURE_BYTES = 5 << 20;

    private static final String OFFICE = "application/vnd.openxmlformats-officedocument.";

    private SendableFiles() {}

    /**
     * The file at an address.
     *
     * @throws MediaUnavailableException when it cannot be had, or is none that is sent
     */
    static OutgoingFile fetch(MediaSource source, TenantId tenant, String url, Duration limit)
            throws MediaUnavailableException {
        Attachment file = Attachment.file(ContentType.DOCUMENT, url, null, null);
        return of(url, source.fetch(tenant, file, MAX_BYTES, limit));
    }

    /** @throws MediaUnavailableException for a kind that is not sent, and for a picture that is too large */
    static OutgoingFile of(String url, byte[] bytes) throws MediaUnavailableException {
        HttpUrl address = HttpUrl.parse(url);
        String name = address == null ? "" : address.pathSegments().get(address.pathSize() - 1);
        Kind kind = kind(name.toLowerCase(Locale.ROOT), bytes)
                .orElseThrow(() -> new MediaUnavailableException(Reason.UNSUPPORTED_TYPE, null));
        if (kind.mimeType().startsWith("image/") && bytes.length > MAX_PICTURE_BYTES) {
            throw new MediaUnavailableException(Reason.TOO_LARGE, null);
        }
        String full = name.isBlank() ? "file" : name;
        return new OutgoingFile(full.indexOf('.') < 0 ? full + "." + kind.extension() : full, kind.mimeType(), bytes);
    }

    private record Kind(String mimeType, String extension) {}

    private static Optional<Kind> kind(String name, byte[] bytes) {
        FileType type = FileType.of(bytes);
        return switch (type) {
            case PDF, DOCX, TEXT, OGG, MP3, M4A, AMR, AAC, JPEG, PNG ->
                Optional.of(new Kind(type.mimeType(), type.extension()));
            case MP4 ->
                Optional.of(startsWith(bytes, 8, "3gp") ? new Kind("video/3gpp", "3gp") : new Kind("video/mp4", "mp4"));
            case UNKNOWN -> office(name, bytes);
            case WAV, WEBM_SOUND, WEBP, GIF, WEBM -> Optional.empty();
        };
    }

    /** Archives may be anything: of those, only what is called and made like a sheet or slides. */
    private static Optional<Kind> office(String name, byte[] bytes) {
        if (!startsWith(bytes, 0, "PK")) {
            return Optional.empty();
        }
        String content = new String(bytes, StandardCharsets.ISO_8859_1);
        if (name.endsWith(".xlsx") && content.contains("xl/workbook.xml")) {
            return Optional.of(new Kind(OFFICE + "spreadsheetml.sheet", "xlsx"));
        }
        return name.endsWith(".pptx") && content.contains("ppt/presentation.xml")
                ? Optional.of(new Kind(OFFICE + "presentationml.presentation", "pptx"))
                : Optional.empty();
    }

    private static boolean startsWith(byte[] bytes, int at, String text) {
        return bytes.length >= at + text.length()
                && new String(bytes, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
    }
}
