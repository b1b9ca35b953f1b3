package io.github.almeidatech.wppflow.multimodal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;

/** What a file is, told from its first bytes: names and declared types are the sender's word only. */
public enum FileType {
    PDF("application/pdf", Family.PDF, "pdf"),
    DOCX("application/vnd.openxmlformats-officedocument.wordprocessingml.document", Family.WORD, "docx"),
    TEXT("text/plain", Family.PLAIN, "txt"),
    OGG("audio/ogg", Family.AUDIO, "ogg"),
    MP3("audio/mpeg", Family.AUDIO, "mp3"),
    WAV("audio/wav", Family.AUDIO, "wav"),
    M4A("audio/mp4", Family.AUDIO, "m4a"),
    AMR("audio/amr", Family.AUDIO, "amr"),
    AAC("audio/aac", Family.AUDIO, "aac"),
    WEBM_SOUND("audio/webm", Family.AUDIO, "webm"),
    JPEG("image/jpeg", Family.PICTURE, "jpg"),
    PNG("image/png", Family.PICTURE, "png"),
    WEBP("image/webp", Family.PICTURE, "webp"),
    GIF("image/gif", Family.PICTURE, "gif"),
    MP4("video/mp4", Family.VIDEO, "mp4"),
    WEBM("video/webm", Family.VIDEO, "webm"),
    /** Anything else: archives, programs, HTML, SVG, what nobody knows. */
    UNKNOWN("application/octet-stream", Family.OTHER, "bin");

    /** How files of a type are read. */
    enum Family {
        PLAIN,
        PDF,
        WORD,
        AUDIO,
        PICTURE,
        VIDEO,
        OTHER
    }

    private static final int TEXT_SAMPLE = 4_096;
    private static final Set<String> STILL_PICTURES =
            Set.of("heic", "heix", "heim", "heis", "hevc", "mif1", "msf1", "avif", "avis");

    private final String mimeType;
    private final Family family;
    private final String extension;

    FileType(String mimeType, Family family, String extension) {
        this.mimeType = mimeType;
        this.family = family;
        this.extension = extension;
    }

    /** The media type. */
    public String mimeType() {
        return mimeType;
    }

    /** The usual ending, without a dot. */
    public String extension() {
        return extension;
    }

    Family family() {
        return family;
    }

    /** The same container where it is known to hold sound only: its first bytes do not tell. */
    FileType asSound() {
        return switch (this) {
            case MP4 -> M4A;
            case WEBM -> WEBM_SOUND;
            default -> this;
        };
    }

    /** The type of these bytes; of MP4 and WebM, which hold films as well as mere sound, it says video. */
    public static FileType of(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(bytes.length, 1_024), StandardCharsets.ISO_8859_1);
        if (head.contains("%PDF-")) {
            return PDF;
        }
        if (head.startsWith("PK\u0003\u0004")) {
            return contains(bytes, "word/document.xml") ? DOCX : UNKNOWN;
        }
        FileType media = media(head);
        return media == UNKNOWN && isText(bytes, head) ? TEXT : media;
    }

    private static FileType media(String head) {
        if (head.startsWith("OggS")) {
            return OGG;
        }
        if (head.startsWith("RIFF") && head.length() > 11) {
            return switch (head.substring(8, 12)) {
                case "WAVE" -> WAV;
                case "WEBP" -> WEBP;
                default -> UNKNOWN;
            };
        }
        if (head.startsWith("ftyp", 4)) {
            return isStillPicture(head) ? UNKNOWN : head.startsWith("M4A", 8) || head.startsWith("M4B", 8) ? M4A : MP4;
        }
        if (head.startsWith("#!AMR")) {
            return AMR;
        }
        if (head.length() > 1 && head.charAt(0) == 0xFF && (head.charAt(1) & 0xF6) == 0xF0) {
            return AAC;
        }
        if (head.startsWith("ID3") || head.length() > 1 && head.charAt(0) == 0xFF && (head.charAt(1) & 0xE6) == 0xE2) {
            return MP3;
        }
        if (head.startsWith("\u00FF\u00D8\u00FF")) {
            return JPEG;
        }
        if (head.startsWith("\u0089PNG\r\n\u001A\n")) {
            return PNG;
        }
        if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) {
            return GIF;
        }
        return head.startsWith("\u001AE\u00DF\u00A3") ? WEBM : UNKNOWN;
    }

    /** HEIC and AVIF use the container of films. */
    private static boolean isStillPicture(String head) {
        return head.length() > 11 && STILL_PICTURES.contains(head.substring(8, 12));
    }

    /** Letters without control characters, and no markup that a browser would run. */
    private static boolean isText(byte[] bytes, String head) {
        if (bytes.length == 0
                || head.chars().anyMatch(c -> c < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f')) {
            return false;
        }
        String start = head.strip().toLowerCase(Locale.ROOT);
        if (start.startsWith("<!doctype")
                || start.startsWith("<html")
                || start.startsWith("<svg")
                || start.startsWith("<?xml")) {
            return false;
        }
        return isUtf8(bytes) || head.chars().noneMatch(c -> c >= 0x7F && c < 0xA0);
    }

    private static boolean isUtf8(byte[] bytes) {
        int length = Math.min(bytes.length, TEXT_SAMPLE);
        if (length < bytes.length) {
            while (length > 0 && (bytes[length] & 0xC0) == 0x80) {
                length--;
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static boolean contains(byte[] bytes, String name) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(name);
    }
}
