package io.github.almeidatech.wppflow.normalizer;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads attachments. What one is, is decided by its media type, then by its file name, then by Chatwoot's word for it. */
final class AttachmentReader {

    private static final int MAX_ATTACHMENTS = 15;

    private AttachmentReader() {}

    /** @param captioned the message has text; a picture with text is no sticker */
    static List<Attachment> read(Fields message, boolean captioned) {
        List<Attachment> attachments = new ArrayList<>();
        for (Fields each : message.objects("attachments", MAX_ATTACHMENTS)) {
            attachments.add(attachment(each, captioned));
        }
        return attachments;
    }

    private static Attachment attachment(Fields fields, boolean captioned) {
        String url = fields.word("data_url", 8_192);
        String fileName = url == null ? null : fileName(url);
        String mimeType = fields.word("content_type", 255);
        String extension = extension(fields.word("extension", 64), fileName);
        ContentType kind = kind(fields.word("file_type", 255), mimeType, extension);
        boolean sticker = kind == ContentType.IMAGE
                && !captioned
                && ("image/webp".equals(mimeType) || (mimeType == null && extension.equals("webp")));
        return new Attachment(
                fields.id("id"),
                sticker ? ContentType.STICKER : kind,
                url,
                mimeType,
                fileName,
                fields.sizeIfAny("file_size"),
                fields.word("transcribed_text", 150_000),
                kind == ContentType.LOCATION ? fields.degrees("coordinates_lat", 90) : null,
                kind == ContentType.LOCATION ? fields.degrees("coordinates_long", 180) : null,
                fields.word("fallback_title", 1_000));
    }

    private static ContentType kind(@Nullable String fileType, @Nullable String mimeType, String extension) {
        String word = fileType == null ? "" : fileType.toLowerCase(Locale.ROOT);
        ContentType declared = switch (word) {
            case "image" -> ContentType.IMAGE;
            case "audio" -> ContentType.AUDIO;
            case "video" -> ContentType.VIDEO;
            case "file" -> ContentType.DOCUMENT;
            case "location" -> ContentType.LOCATION;
            case "contact" -> ContentType.CONTACT;
            default -> byMimeType(word);
        };
        if (declared == ContentType.LOCATION || declared == ContentType.CONTACT) {
            return declared;
        }
        ContentType seen = mimeType == null ? null : byMimeType(mimeType.toLowerCase(Locale.ROOT));
        if (seen == null) {
            seen = byExtension(extension);
        }
        if (seen == null) {
            return declared == null ? ContentType.UNSUPPORTED : declared;
        }
        // The containers of sound and film are the same; which it is, only the sender of it knows.
        return timed(seen) && timed(declared) && declared != null ? declared : seen;
    }

    private static boolean timed(@Nullable ContentType kind) {
        return kind == ContentType.AUDIO || kind == ContentType.VIDEO;
    }

    private static @Nullable ContentType byMimeType(String mimeType) {
        if (mimeType.startsWith("image/")) {
            return ContentType.IMAGE;
        }
        if (mimeType.startsWith("audio/")) {
            return ContentType.AUDIO;
        }
        if (mimeType.startsWith("video/")) {
            return ContentType.VIDEO;
        }
        boolean document = mimeType.startsWith("text/")
                || mimeType.startsWith("application/pdf")
                || mimeType.startsWith("application/msword")
                || mimeType.startsWith("application/vnd.")
                || mimeType.startsWith("application/rtf")
                || mimeType.startsWith("application/json")
                || mimeType.startsWith("application/zip");
        return document ? ContentType.DOCUMENT : null;
    }

    private static @Nullable ContentType byExtension(String extension) {
        return switch (extension) {
            case "jpg", "jpeg", "png", "gif", "webp", "heic", "bmp", "tif", "tiff" -> ContentType.IMAGE;
            case "ogg", "oga", "opus", "mp3", "m4a", "aac", "amr", "wav", "flac" -> ContentType.AUDIO;
            case "mp4", "3gp", "mov", "webm", "mkv", "avi" -> ContentType.VIDEO;
            case "pdf", "txt", "csv", "rtf", "doc", "docx", "odt", "xls", "xlsx", "ods", "ppt", "pptx", "zip", "json" ->
                ContentType.DOCUMENT;
            default -> null;
        };
    }

    private static String extension(@Nullable String declared, @Nullable String fileName) {
        String extension = declared;
        if (extension == null && fileName != null && fileName.lastIndexOf('.') > 0) {
            extension = fileName.substring(fileName.lastIndexOf('.') + 1);
        }
        return extension == null ? "" : extension.toLowerCase(Locale.ROOT);
    }

    /** The last path segment. Chatwoot has no key for the name, and puts a query behind it. */
    private static @Nullable String fileName(String url) {
        String path = url.split("[?#]", 2)[0];
        String segment = path.substring(path.lastIndexOf('/') + 1);
        try {
            segment = URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null; // a per cent sign with something else behind it
        }
        return segment.isBlank() || segment.length() > 255 ? null : StorableText.of(segment);
    }
}
