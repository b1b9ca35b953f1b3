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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the attachments of messages. Text, PDF, DOCX, locations and contact cards need nothing else; voice notes need a
 * {@link Transcriber}, pictures and scanned documents an {@link ImageDescriber}, videos one of them and ffmpeg. What is
 * not there shows as {@link MediaText.Reason#NO_READER}, never as a failure.
 *
 * <p>The kind of a file is taken from its bytes, not from what the sender says. PDF and DOCX are parsed in a child process
 * with a limit on memory, time and output, four at once at most. What was read is remembered by content, for each tenant apart, so the same file
 * is paid for once. Thread-safe; blocks while files are fetched and read.
 */
public final class MediaReader {

    /** For a reading that ends by itself when its time is over to say so. */
    private static final Duration GRACE = Duration.ofSeconds(2);

    /** Each may take 256 MiB. */
    private static final int MAX_CHILDREN = 4;

    private final MediaSource source;
    private final @Nullable Transcriber transcriber;
    private final @Nullable ImageDescriber describer;
    private final DocumentReader documents;
    private final @Nullable VideoSplitter videos;
    private final MediaLimits limits;
    private final InstantSource clock;
    private final MediaCache cache;
    private final Executor executor;

    private MediaReader(Builder builder) {
        this.source = Objects.requireNonNull(builder.source, "source");
        this.transcriber = builder.transcriber;
        this.describer = builder.describer;
        this.limits = builder.limits;
        this.clock = builder.clock;
        var places = new Semaphore(MAX_CHILDREN, true);
        this.documents = new DocumentReader(limits, places);
        this.videos = VideoSplitter.find(builder.ffmpeg, limits, places).orElse(null);
        this.cache = new MediaCache(builder.cacheEntries);
        this.executor = builder.executor;
    }

    /** Whether there is a program that takes videos apart. */
    public boolean takesVideosApart() {
        return videos != null;
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
        return read(message.conversation().tenant(), message.attachments(), notAfter);
    }

    /**
     * Everything that is answered together: beside each other where there is an {@link Builder#executor}. One result for
     * each attachment, in their order; one that fails does not spoil the others.
     *
     * @param notAfter attachments not read by then, and files beyond {@link MediaLimits#maxFiles()}, are
     *     {@link MediaText.Reason#OVER_BUDGET}
     */
    public List<MediaText> read(TenantId tenant, List<Attachment> attachments, Instant notAfter) {
        long end = System.nanoTime()
                + Duration.between(clock.instant(), notAfter).plus(GRACE).toNanos();
        var readings = new ArrayList<FutureTask<MediaText>>(attachments.size());
        int files = 0;
        for (Attachment attachment : attachments) {
            boolean tooMany = attachment.url() != null && ++files > limits.maxFiles();
            readings.add(new FutureTask<>(() -> tooMany
                    ? new MediaText.Unreadable(MediaText.Reason.OVER_BUDGET)
                    : read(tenant, attachment, notAfter)));
        }
        readings.forEach(executor::execute);
        return readings.stream().map(each -> result(each, end)).toList();
    }

    private static MediaText result(FutureTask<MediaText> reading, long end) {
        try {
            return reading.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            reading.cancel(true);
            return new MediaText.Unreadable(MediaText.Reason.OVER_BUDGET);
        } catch (InterruptedException e) {
            reading.cancel(true);
            Thread.currentThread().interrupt();
            return new MediaText.Unreadable(MediaText.Reason.TIMED_OUT);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a defect in reading media", e.getCause());
        }
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
        MediaText read = switch (file.type().family()) {
            case PLAIN -> text(documents.plainText(file));
            case PDF, WORD -> document(tenant, file, notAfter);
            case AUDIO -> text(transcribe(tenant, file, notAfter), MediaFacts.lasting(file));
            case PICTURE -> text(describe(tenant, file, notAfter), MediaFacts.of(PictureSize.of(file)));
            case VIDEO -> text(video(tenant, file, notAfter), MediaFacts.lasting(file));
            case OTHER -> throw new MediaUnavailableException(MediaText.Reason.UNSUPPORTED_TYPE, null);
        };
        cache.remember(tenant, file, read);
        return read;
    }

    private MediaText text(String text) {
        return text(text, MediaFacts.NONE);
    }

    private MediaText text(String text, MediaFacts facts) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return new MediaText.Unreadable(MediaText.Reason.NO_TEXT);
        }
        return new MediaText.Read(
                stripped.length() <= limits.maxCharacters()
                        ? stripped
                        : stripped.substring(0, limits.maxCharacters()) + "…",
                facts);
    }

    /** The document's own text; a scanned one is looked at page by page. */
    private MediaText document(TenantId tenant, MediaFile file, Instant notAfter) throws MediaUnavailableException {
        DocumentReader.Extract extract = documents.extract(file, timeLeft(notAfter));
        MediaFacts facts = MediaFacts.pages(extract.pages());
        if (!extract.text().isBlank() || file.type().family() != FileType.Family.PDF || describer == null) {
            return text(extract.text(), facts);
        }
        var pages = new StringBuilder();
        for (MediaFile page : documents.pages(file, timeLeft(notAfter))) {
            pages.append(describe(tenant, page, notAfter)).append('\n');
        }
        return text(pages.toString(), facts);
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

    /**
     * Forgets what was read of a tenant's files: the cache does not know whose they were. Only this process's.
     *
     * @return how many texts that were
     */
    public int forget(TenantId tenant) {
        return cache.forget(tenant);
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
        private Executor executor = Runnable::run;

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

        /**
         * Reads the attachments of a turn beside each other. It must run each task at some time, when all its threads are
         * taken in the calling one. By default the calling thread reads one after the other.
         */
        public Builder executor(Executor executor) {
            this.executor = executor;
            return this;
        }

        /** The reader. */
        public MediaReader build() {
            return new MediaReader(this);
        }
    }
}
