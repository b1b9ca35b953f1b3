package io.github.almeidatech.wppflow.multimodal;

import java.io.File;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Text of documents: plain ones are decoded here, the others are parsed by {@link DocumentExtractor} in a child JVM. */
final class DocumentReader {

    private static final long MAX_OUTPUT = 32L * 1024 * 1024;
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private final MediaLimits limits;
    private final Semaphore places;

    DocumentReader(MediaLimits limits, Semaphore places) {
        this.limits = limits;
        this.places = places;
    }

    /** UTF-8, or what older programs in Brazil write. */
    String plainText(MediaFile file) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(file.bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            text = new String(file.bytes(), WINDOWS);
        }
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /**
     * A document as far as it was read.
     *
     * @param text blank when it has none, as a scanned document
     */
    record Extract(String text, @Nullable Integer pages) {}

    /** The text of a PDF or DOCX, and how many pages a PDF has. */
    Extract extract(MediaFile file, Duration timeLimit) throws MediaUnavailableException {
        try (var child = new ChildProcess(places)) {
            Path in = child.write("in", file.bytes());
            Path out = child.file("out");
            run(
                    child,
                    out,
                    timeLimit,
                    List.of(
                            file.type() == FileType.DOCX ? "docx" : "pdf",
                            in.toString(),
                            String.valueOf(limits.maxPages()),
                            String.valueOf(limits.maxCharacters())));
            String text = new String(ChildProcess.read(out, MAX_OUTPUT), StandardCharsets.UTF_8);
            Path pages = DocumentExtractor.pagesOf(in);
            return new Extract(
                    text,
                    Files.exists(pages)
                            ? Integer.valueOf(new String(ChildProcess.read(pages, 10), StandardCharsets.US_ASCII))
                            : null);
        }
    }

    /** The first pages of a PDF as pictures. */
    List<MediaFile> pages(MediaFile file, Duration timeLimit) throws MediaUnavailableException {
        try (var child = new ChildProcess(places)) {
            Path in = child.write("in", file.bytes());
            run(
                    child,
                    child.file("out"),
                    timeLimit,
                    List.of(
                            "pages",
                            in.toString(),
                            String.valueOf(limits.maxScannedPages()),
                            child.file("page").toString()));
            var pages = new ArrayList<MediaFile>();
            for (int i = 0; i < limits.maxScannedPages(); i++) {
                Path page = child.file("page" + i + ".png");
                if (Files.exists(page)) {
                    pages.add(MediaFile.of(ChildProcess.read(page, MAX_OUTPUT)));
                }
            }
            return pages;
        }
    }

    /** The child runs in a directory of its own, so what is relative to ours would not be found from there. */
    static String absolute(String classPath) {
        return Arrays.stream(classPath.split(Pattern.quote(File.pathSeparator)))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void run(ChildProcess child, Path out, Duration timeLimit, List<String> arguments)
            throws MediaUnavailableException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Djava.awt.headless=true",
                "-Duser.home=" + child.file(""),
                "-Djava.io.tmpdir=" + child.file(""),
                "-cp",
                absolute(System.getProperty("java.class.path")),
                DocumentExtractor.class.getName()));
        command.addAll(arguments);
        int code = child.run(command, out, timeLimit);
        switch (code) {
            case DocumentExtractor.DONE -> {}
            case DocumentExtractor.ENCRYPTED -> throw new MediaUnavailableException(MediaText.Reason.ENCRYPTED, null);
            case DocumentExtractor.OUT_OF_MEMORY ->
                throw new MediaUnavailableException(MediaText.Reason.TOO_LARGE, null);
            default -> throw new MediaUnavailableException(MediaText.Reason.DAMAGED, null);
        }
    }
}
