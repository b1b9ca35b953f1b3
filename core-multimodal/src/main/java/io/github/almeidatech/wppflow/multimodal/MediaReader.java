package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.Attachment;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Payer;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the attachments of messages. Text, PDF, DOCX, locations and contact cards need nothing else; voice notes need a
 * {@link Transcriber}, pictures and scanned documents an {@link ImageDescriber}, videos one of them and ffmpeg. What is
 * not there shows as {@link MediaText.Reason#NO_READER}, never as a failure.
 *
 * <p>The kind of a file is taken from its bytes, not from what the sender says; only whether an MP4 or WebM file is mere sound
 * is taken from the attachment's kind. PDF and DOCX are parsed, and pictures too large for models scaled down, in a child process
 * with a limit on memory, time and output, four at once at most. What was read is remembered by content in a {@link MediaTextStore},
 * for each tenant apart, so the same file is paid for once, also by several processes with one store. Thread-safe; blocks while files are fetched and read.
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
    private final PictureFitter pictures;
    private final @Nullable VideoSplitter videos;
    private final MediaLimits limits;
    private final boolean officeFiles;
    private final Function<TenantId, Language> language;
    private final InstantSource clock;
    private final MediaMemory memory;
    private final Executor executor;

    private MediaReader(Builder builder) {
        this.source = Objects.requireNonNull(builder.source, "source");
        this.transcriber = builder.transcriber;
        this.describer = builder.describer;
        this.limits = builder.limits;
        this.officeFiles = builder.officeFiles;
        this.language = builder.language;
        this.clock = builder.clock;
        var places = new Semaphore(MAX_CHILDREN, true);
        var jvm = new ChildJvm(places);
        this.documents = new DocumentReader(limits, jvm);
        this.pictures = new PictureFitter(limits, jvm);
        this.videos = VideoSplitter.find(builder.ffmpeg, limits, places).orElse(null);
        this.memory = new MediaMemory(builder.texts, clock);
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

    /** Until when what is begun now has to be read: {@link MediaLimits#perTurn()} from now. */
    public Instant deadline() {
        return clock.instant().plus(limits.perTurn());
    }

    /** Like {@link #read(InboundMessage, Instant)}, until {@link #deadline()}. */
    public List<MediaText> read(InboundMessage message) {
        return read(message, deadline());
    }

    /**
     * One result for each attachment, in their order; one that fails does not spoil the others.
     *
     * @param notAfter attachments not read by then are {@link MediaText.Reason#TIMED_OUT}
     */
    public List<MediaText> read(InboundMessage message, Instant notAfter) {
        return read(Payer.of(message.conversation()), message.attachments(), notAfter);
    }

    /**
     * Everything that is answered together: beside each other where there is an {@link Builder#executor}. One result for
     * each attachment, in their order; one that fails does not spoil the others.
     *
     * @param payer whose allowance of money counts; files it does not suffice for are {@link MediaText.Reason#OVER_BUDGET}
     * @param notAfter attachments not read by then are {@link MediaText.Reason#TIMED_OUT}; files beyond
     *     {@link MediaLimits#maxFiles()} are {@link MediaText.Reason#TOO_MANY_FILES}
     */
    public List<MediaText> read(Payer payer, List<Attachment> attachments, Instant notAfter) {
        long end = System.nanoTime()
                + Duration.between(clock.instant(), notAfter).plus(GRACE).toNanos();
        var readings = new ArrayList<FutureTask<MediaText>>(attachments.size());
        int files = 0;
        for (Attachment attachment : attachments) {
            boolean tooMany = attachment.url() != null && ++files > limits.maxFiles();
            readings.add(new FutureTask<>(() -> tooMany
                    ? new MediaText.Unreadable(MediaText.Reason.TOO_MANY_FILES)
                    : read(payer, attachment, notAfter)));
        }
        readings.forEach(executor::execute);
        List<MediaText> texts = new ArrayList<>(attachments.size());
        readings.forEach(each -> texts.add(result(each, end)));
        readWhatThereIsMoneyForNow(payer, attachments, texts, notAfter);
        return List.copyOf(texts);
    }

    /** Files read beside each other are each counted at their most; when they are read there may be some left. */
    private void readWhatThereIsMoneyForNow(
            Payer payer, List<Attachment> attachments, List<MediaText> texts, Instant notAfter) {
        var tooDear = new MediaText.Unreadable(MediaText.Reason.OVER_BUDGET);
        for (int i = 0; i < texts.size(); i++) {
            if (texts.get(i).equals(tooDear)) {
                texts.set(i, read(payer, attachments.get(i), notAfter));
                if (texts.get(i).equals(tooDear)) {
                    return;
                }
            }
        }
    }

    private static MediaText result(FutureTask<MediaText> reading, long end) {
        try {
            return reading.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            reading.cancel(true);
            return new MediaText.Unreadable(MediaText.Reason.TIMED_OUT);
        } catch (InterruptedException e) {
            reading.cancel(true);
            Thread.currentThread().interrupt();
            return new MediaText.Unreadable(MediaText.Reason.TIMED_OUT);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a defect in reading media", e.getCause());
        }
    }

    /** One attachment. */
    public MediaText read(Payer payer, Attachment attachment, Instant notAfter) {
        try {
            return attempt(payer, attachment, notAfter);
        } catch (MediaUnavailableException e) {
            return new MediaText.Unreadable(e.reason());
        }
    }

    /** Bytes that are already here, such as an upload. */
    public MediaText read(Payer payer, byte[] bytes, Instant notAfter) {
        try {
            return bytes.length > limits.maxBytes()
                    ? new MediaText.Unreadable(MediaText.Reason.TOO_LARGE)
                    : remembered(payer, new MediaFile(FileType.of(bytes), bytes), notAfter);
        } catch (MediaUnavailableException e) {
            return new MediaText.Unreadable(e.reason());
        }
    }

    private MediaText attempt(Payer payer, Attachment attachment, Instant notAfter) throws MediaUnavailableException {
        String transcript = attachment.transcript();
        if (transcript != null && !transcript.isBlank()) {
            return new MediaText.Read(transcript.strip());
        }
        MediaWords words = MediaWords.in(language.apply(payer.tenant()));
        if (attachment.kind() == ContentType.LOCATION) {
            return text(location(attachment, words.location()));
        }
        if (attachment.kind() == ContentType.CONTACT) {
            return text(attachment.title() == null ? "" : words.contact() + ": " + attachment.title());
        }
        if (attachment.kind() == ContentType.STICKER) {
            return text(words.sticker());
        }
        if (attachment.url() == null) {
            throw new MediaUnavailableException(MediaText.Reason.NOT_FOUND, null);
        }
        if (attachment.sizeBytes() != null && attachment.sizeBytes() > limits.maxBytes()) {
            throw new MediaUnavailableException(MediaText.Reason.TOO_LARGE, null);
        }
        refuseWhatNobodyReads(attachment.kind());
        byte[] bytes = source.fetch(payer.tenant(), attachment, limits.maxBytes(), timeLeft(notAfter));
        FileType type = FileType.of(bytes);
        return remembered(
                payer, new MediaFile(attachment.kind() == ContentType.AUDIO ? type.asSound() : type, bytes), notAfter);
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

    private MediaText remembered(Payer payer, MediaFile file, Instant notAfter) throws MediaUnavailableException {
        if (file.type().family() == FileType.Family.WORD && !officeFiles) {
            throw new MediaUnavailableException(MediaText.Reason.UNSUPPORTED_TYPE, null);
        }
        return switch (file.type().family()) {
            case PLAIN -> text(documents.plainText(file)); // as quickly read as looked up
            case OTHER -> throw new MediaUnavailableException(MediaText.Reason.UNSUPPORTED_TYPE, null);
            case PDF, WORD, AUDIO, PICTURE, VIDEO ->
                memory.read(payer.tenant(), file, () -> timeLeft(notAfter), step -> fresh(payer, file, step));
        };
    }

    private MediaMemory.Result fresh(Payer payer, MediaFile file, MediaMemory.TimeLeft step)
            throws MediaUnavailableException {
        return switch (file.type().family()) {
            case PDF, WORD -> document(payer, file, step);
            case AUDIO -> whole(text(transcribe(payer, file, step), MediaFacts.lasting(file)));
            case PICTURE -> whole(text(describe(payer, file, step), MediaFacts.of(PictureSize.of(file))));
            case VIDEO -> video(payer, file, step);
            case PLAIN, OTHER -> throw new IllegalStateException("not remembered: " + file);
        };
    }

    private static MediaMemory.Result whole(MediaText text) {
        return new MediaMemory.Result(text, true);
    }

    private MediaText text(String text) {
        return text(text, MediaFacts.NONE);
    }

    private MediaText text(String text, MediaFacts facts) {
        String stripped = text.replace("\0", "").strip();
        if (stripped.isEmpty()) {
            return new MediaText.Unreadable(MediaText.Reason.NO_TEXT);
        }
        return new MediaText.Read(
                stripped.length() <= limits.maxCharacters() ? stripped : cut(stripped, limits.maxCharacters()) + "…",
                facts);
    }

    /** Never in the middle of a character. */
    private static String cut(String text, int length) {
        return text.substring(0, Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length);
    }

    /** The document's own text; a scanned one is looked at page by page, as far as time and money go. */
    private MediaMemory.Result document(Payer payer, MediaFile file, MediaMemory.TimeLeft step)
            throws MediaUnavailableException {
        DocumentReader.Extract extract = documents.extract(file, step.get());
        MediaFacts facts = MediaFacts.pages(extract.pages());
        boolean scanned = extract.text().isBlank() && file.type().family() == FileType.Family.PDF;
        if (!scanned || describer == null) {
            return new MediaMemory.Result(text(extract.text(), facts), !scanned);
        }
        var pages = new StringBuilder();
        for (MediaFile page : documents.pages(file, step.get())) {
            try {
                pages.append(describe(payer, page, step)).append('\n');
            } catch (MediaUnavailableException e) {
                if (pages.toString().isBlank()) {
                    throw e;
                }
                return new MediaMemory.Result(text(pages + "…", facts), false);
            }
        }
        Integer all = extract.pages();
        boolean more = all != null
                && all > limits.maxScannedPages()
                && !pages.toString().isBlank();
        String notice = more
                ? MediaWords.in(language.apply(payer.tenant())).firstPages().formatted(limits.maxScannedPages(), all)
                        + "\n"
                : "";
        return whole(text(notice + pages, facts));
    }

    private String transcribe(Payer payer, MediaFile file, MediaMemory.TimeLeft step) throws MediaUnavailableException {
        if (transcriber == null) {
            throw new MediaUnavailableException(MediaText.Reason.NO_READER, null);
        }
        boolean rare = file.type() == FileType.AMR || file.type() == FileType.AAC;
        MediaFile sound = rare && videos != null
                ? videos.sound(file, step.get())
                        .orElseThrow(() -> new MediaUnavailableException(MediaText.Reason.DAMAGED, null))
                : file;
        return transcriber.transcribe(payer, sound, step.get());
    }

    private String describe(Payer payer, MediaFile file, MediaMemory.TimeLeft step) throws MediaUnavailableException {
        if (describer == null) {
            throw new MediaUnavailableException(MediaText.Reason.NO_READER, null);
        }
        MediaFile picture = pictures.fit(file, step.get());
        return describer.describe(payer, picture, step.get());
    }

    /** What is said in it, and what one of its first pictures shows: whatever of both can be had. */
    private MediaMemory.Result video(Payer payer, MediaFile file, MediaMemory.TimeLeft step)
            throws MediaUnavailableException {
        if (videos == null || transcriber == null && describer == null) {
            throw new MediaUnavailableException(MediaText.Reason.NO_READER, null);
        }
        var sound = VideoHalf.of(
                () -> videos.sound(file, step.get()),
                half -> memory.part(
                        payer.tenant(), half, () -> text(transcribe(payer, half, step), MediaFacts.lasting(half))));
        var picture = VideoHalf.of(
                () -> videos.picture(file, step.get()),
                half -> memory.part(
                        payer.tenant(),
                        half,
                        () -> text(describe(payer, half, step), MediaFacts.of(PictureSize.of(half)))));
        return new MediaMemory.Result(
                text(VideoHalf.both(sound, picture), MediaFacts.lasting(file)), sound.lasting() && picture.lasting());
    }

    private Duration timeLeft(Instant notAfter) throws MediaUnavailableException {
        Duration left = Duration.between(clock.instant(), notAfter);
        if (left.isNegative() || left.isZero()) {
            throw new MediaUnavailableException(MediaText.Reason.TIMED_OUT, null);
        }
        return left.compareTo(limits.perFile()) < 0 ? left : limits.perFile();
    }

    private static String location(Attachment place, String word) {
        String title = place.title() == null ? "" : place.title().strip();
        if (place.latitude() == null || place.longitude() == null) {
            return title.isEmpty() ? "" : word + ": " + title;
        }
        String coordinates = String.format(Locale.ROOT, "%.5f, %.5f", place.latitude(), place.longitude());
        return word + ": " + (title.isEmpty() ? coordinates : title + " (" + coordinates + ")");
    }

    /**
     * Forgets what was read of a tenant's files: it is not known whose they were.
     *
     * @return how many texts that were
     * @throws io.github.almeidatech.wppflow.model.FlowException when the store cannot do so now
     */
    public long forget(TenantId tenant) {
        return memory.forget(tenant);
    }

    /** Collects the parts. */
    public static final class Builder {

        private @Nullable MediaSource source;
        private @Nullable Transcriber transcriber;
        private @Nullable ImageDescriber describer;
        private String ffmpeg = "ffmpeg";
        private MediaLimits limits = MediaLimits.DEFAULT;
        private boolean officeFiles = true;
        private Function<TenantId, Language> language = tenant -> Language.PT_BR;
        private InstantSource clock = InstantSource.system();
        private MediaTextStore texts = new InMemoryMediaTextStore(500);
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

        /** Whether DOCX is read; otherwise it is {@link MediaText.Reason#UNSUPPORTED_TYPE}. On by default. */
        public Builder officeFiles(boolean read) {
            this.officeFiles = read;
            return this;
        }

        /** What is said about attachments is said in the tenant's language; Portuguese by default. */
        public Builder language(Function<TenantId, Language> language) {
            this.language = language;
            return this;
        }

        /** The system's clock by default. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** Remembers what was read; the 500 files used last in memory by default. */
        public Builder texts(MediaTextStore store) {
            this.texts = store;
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
