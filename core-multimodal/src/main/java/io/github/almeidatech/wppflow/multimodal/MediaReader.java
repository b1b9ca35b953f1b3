package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the attachments of messages. Text, PDF, DOCX, locations and contact cards need nothing else; voice notes need a
 * {@link Transcriber}, pictures and scanned documents an {@link ImageDescriber}, videos one of them and ffmpeg. What is
 * not there shows as {@link MediaText.Reason#NO_READER}, never as a failure.
 *
 * <p>The kind of a file is taken from its bytes, not from what the sender says. PDF and DOCX are parsed in a child process
 * with a limit on memory, time and output. What was read is remembered by content, for each tenant apart, so the same file
 * is paid for once. Thread-safe; blocks while files are fetched and read.
 */
public final class MediaReader {

    private final MediaSource source;
    private final @Nullable Transcriber transcriber;
    private final @Nullable ImageDescriber describer;
    private final DocumentReader documents;
    private final @Nullable VideoSplitter videos;
    private final MediaLimits limits;
    private final InstantSource clock;
    private final MediaCache cache;

    private MediaReader(Builder builder) {
        this.source = Objects.requireNonNull(builder.source, "source");
        this.transcriber = builder.transcriber;
        this.describer = builder.describer;
        this.limits = builder.limits;
        this.clock = builder.clock;
        this.documents = new DocumentReader(limits);
        this.videos = VideoSplitter.find(builder.ffmpeg, limits).orElse(null);
        this.cache = new MediaCache(builder.cacheEntries);
    }

    /** Only {@link Builder#source} must be given. */
    public static Builder builder() {
        return new Builder();
    }

    /** Like {@link #read(InboundMessage, Instant)}, with the time {@link MediaLimits#perTurn()} allows from now on. */
    public List<MediaText> read(InboundMessage message) {
        return read(message, clock.instant().plus(limits.perTurn()));
    }

    /**
     * One result for each attachment, in their order; one that fails does not spoil the others.
     *
     * @param notAfter attachments not read by then are {@link MediaText.Reason#OVER_BUDGET}
     */
    public List<MediaText> read(InboundMessage message, Instant notAfter) {
        var texts = new ArrayList<MediaText>(message.attachments().size());
        for (Attachment attachment : message.attachments()) {
            texts.add(read(message.conversation().tenant(), attachment, notAfter));
        }
        return texts;
    }

    /** One attachment. */
    public MediaText read(TenantId tenant, Attachment attachment, Instant notAfter) {
        try {
            return attempt(tenant, attachment, notAfter);
        } catch (MediaUnavailableException e) {
            return new MediaText.Unreadable(e.reason());
        }
    }

    /** Bytes that are already here, such as an upload. */
    public MediaText read(TenantId tenant, byte[] bytes, Instant notAfter) {
        try {
            return bytes.length > limits.maxBytes()
                    ? new MediaText.Unreadable(MediaText.Reason.TOO_LARGE)
                    : remembered(tenant, new MediaFile(FileType.of(bytes), bytes), notAfter);
        } catch (MediaUnavailableException e) {
            return new MediaText.Unreadable(e.reason());
        }
    }

    private MediaText attempt(TenantId tenant, Attachment attachment, Instant notAfter)
            throws MediaUnavailableException {
        String transcript = attachment.transcript();
        if (transcript != null && !transcript.isBlank()) {
            return new MediaText.Read(transcript.strip());
        }
        if (attachment.kind() == ContentType.LOCATION) {
            return text(location(attachment));
        }
        if (attachment.kind() == ContentType.CONTACT) {
            return text(attachment.title() == null ? "" : "Contato: " + attachment.title());
        }
        if (attachment.kind() == ContentType.STICKER) {
            return text("(figurinha)");
        }
        if (attachment.url() == null) {
            throw new MediaUnavailableException(MediaText.Reason.NOT_FOUND, null);
        }
        if (attachment.sizeBytes() != null && attachment.sizeBytes() > limits.maxBytes()) {
            throw new MediaUnavailableException(MediaText.Reason.TOO_LARGE, null);
        }
        refuseWhatNobodyReads(attachment.kind());
        byte[] bytes = source.fetch(tenant, attachment, limits.maxBytes(), timeLeft(notAfter));
        return remembered(tenant, new MediaFile(FileType.of(bytes), bytes), notAfter);
    }

    /** Saves the download of what could not be read anyway. */
    private void refuseWhatNobodyReads(ContentType kind) throws MediaUnavailableException {
        boolean readable = switch (kind) {
            case AUDIO -> transcriber != null;
            case IMAGE -> describer != null;
            case VIDEO -> videos != null && (transcriber != null || describer != null);
            default -> true;
        };
        if (!readable) {
            throw new MediaUnavailableException(MediaText.Reason.NO_READER, null);
        }
    }

    private MediaText remembered(TenantId tenant, MediaFile file, Instant notAfter) throws MediaUnavailableException {
        MediaText known = cache.find(tenant, file);
        if (known != null) {
            return known;
        }
        MediaText read = text(
                switch (file.type().family()) {
                    case PLAIN -> documents.plainText(file);
                    case PDF, WORD -> document(tenant, file, notAfter);
                    case AUDIO -> transcribe(tenant, file, notAfter);
                    case PICTURE -> describe(tenant, file, notAfter);
                    case VIDEO -> video(tenant, file, notAfter);
                    case OTHER -> throw new MediaUnavailableException(MediaText.Reason.UNSUPPORTED_TYPE, null);
                });
        cache.remember(tenant, file, read);
        return read;
    }

    private MediaText text(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return new MediaText.Unreadable(MediaText.Reason.NO_TEXT);
        }
        return new MediaText.Read(
                stripped.length() <= limits.maxCharacters()
                        ? stripped
                        : stripped.substring(0, limits.maxCharacters()) + "…");
    }

    /** The document's own text; a scanned one is looked at page by page. */
    private String document(TenantId tenant, MediaFile file, Instant notAfter) throws MediaUnavailableException {
        String text = documents.extract(file, timeLeft(notAfter));
        if (!text.isBlank() || file.type().family() != FileType.Family.PDF || describer == null) {
            return text;
        }
        var pages = new StringBuilder();
        for (MediaFile page : documents.pages(file, timeLeft(notAfter))) {
            pages.append(describe(tenant, page, notAfter)).append('\n');
        }
        return pages.toString();
    }

    private String transcribe(TenantId tenant, MediaFile file, Instant notAfter) throws MediaUnavailableException {
        if (transcriber == null) {
            throw new MediaUnavailableException(MediaText.Reason.NO_READER, null);
        }
        return transcriber.transcribe(tenant, file, timeLeft(notAfter));
    }

    private String describe(TenantId tenant, MediaFile file, Instant notAfter) throws MediaUnavailableException {
        if (describer == null) {
            throw new MediaUnavailableException(MediaText.Reason.NO_READER, null);
        }
        PictureSize.of(file).refuseBeyond(limits.maxPixels());
        return describer.describe(tenant, file, timeLeft(notAfter));
    }

    /** What is said in it, and what the first picture shows: whatever of both can be had. */
    private String video(TenantId tenant, MediaFile file, Instant notAfter) throws MediaUnavailableException {
        if (videos == null || transcriber == null && describer == null) {
            throw new MediaUnavailableException(MediaText.Reason.NO_READER, null);
        }
        var text = new StringBuilder();
        if (transcriber != null) {
            var sound = videos.sound(file, timeLeft(notAfter));
            if (sound.isPresent()) {
                text.append(transcribe(tenant, sound.get(), notAfter)).append('\n');
            }
        }
        if (describer != null) {
            var picture = videos.firstPicture(file, timeLeft(notAfter));
            if (picture.isPresent()) {
                text.append(describe(tenant, picture.get(), notAfter));
            }
        }
        return text.toString();
    }

    private Duration timeLeft(Instant notAfter) throws MediaUnavailableException {
        Duration left = Duration.between(clock.instant(), notAfter);
        if (left.isNegative() || left.isZero()) {
            throw new MediaUnavailableException(MediaText.Reason.OVER_BUDGET, null);
        }
        return left.compareTo(limits.perFile()) < 0 ? left : limits.perFile();
    }

    private static String location(Attachment place) {
        String title = place.title() == null ? "" : place.title().strip();
        if (place.latitude() == null || place.longitude() == null) {
            return title.isEmpty() ? "" : "Localização: " + title;
        }
        String coordinates = String.format(Locale.ROOT, "%.5f, %.5f", place.latitude(), place.longitude());
        return "Localização: " + (title.isEmpty() ? coordinates : title + " (" + coordinates + ")");
    }

    /** Collects the parts. */
    public static final class Builder {

        private @Nullable MediaSource source;
        private @Nullable Transcriber transcriber;
        private @Nullable ImageDescriber describer;
        private String ffmpeg = "ffmpeg";
        private MediaLimits limits = MediaLimits.DEFAULT;
        private InstantSource clock = InstantSource.system();
        private int cacheEntries = 500;

        private Builder() {}

        /** Fetches the bytes. */
        public Builder source(MediaSource source) {
            this.source = source;
            return this;
        }

        /** Turns speech into text; none by default. */
        public Builder transcriber(@Nullable Transcriber transcriber) {
            this.transcriber = transcriber;
            return this;
        }

        /** Turns pictures into text; none by default. */
        public Builder describer(@Nullable ImageDescriber describer) {
            this.describer = describer;
            return this;
        }

        /** The program that takes videos apart; {@code ffmpeg} of the search path by default, used when it is there. */
        public Builder ffmpeg(String program) {
            this.ffmpeg = program;
            return this;
        }

        /** {@link MediaLimits#DEFAULT} by default. */
        public Builder limits(MediaLimits limits) {
            this.limits = limits;
            return this;
        }

        /** The system's clock by default. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** How many files are remembered, all tenants together; 500 by default, 0 for none. */
        public Builder cacheEntries(int entries) {
            this.cacheEntries = entries;
            return this;
        }

        /** The reader. */
        public MediaReader build() {
            return new MediaReader(this);
        }
    }
}
