package io.github.almeidatech.wppflow.multimodal;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Text of documents: plain ones are decoded here, the others are parsed by {@link DocumentExtractor} in a child JVM. */
final class DocumentReader {

    private static final long MAX_OUTPUT = 32L * 1024 * 1024;
    private static final Charset WINDOWS = Charset.forName("windows-1252");

    private final MediaLimits limits;
    private final ChildJvm jvm;

    DocumentReader(MediaLimits limits, ChildJvm jvm) {
        this.limits = limits;
        this.jvm = jvm;
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
        try (ChildProcess child = jvm.child()) {
            Path in = child.write("in", file.bytes());
            Path out = child.file("out");
            jvm.run(
                    child,
                    out,
                    timeLimit,
                    file.type() == FileType.DOCX ? "docx" : "pdf",
                    in.toString(),
                    String.valueOf(limits.maxPages()),
                    String.valueOf(limits.maxCharacters()));
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
        try (ChildProcess child = jvm.child()) {
            Path in = child.write("in", file.bytes());
            jvm.run(
                    child,
                    child.file("out"),
                    timeLimit,
                    "pages",
                    in.toString(),
                    String.valueOf(limits.maxScannedPages()),
                    child.file("page").toString());
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
}
