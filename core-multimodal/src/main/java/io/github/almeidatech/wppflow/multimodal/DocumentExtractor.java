package io.github.almeidatech.wppflow.multimodal;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.encryption.InvalidPasswordException;
import org.apache.pdfbox.rendering.ImageType;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.apache.pdfbox.text.PDFTextStripper;

/**
 * The child process that parses one untrusted document: {@code pdf FILE MAX_PAGES MAX_CHARACTERS}, {@code docx FILE
 * MAX_PAGES MAX_CHARACTERS} write its text to standard output, and of a PDF the number of its pages to {@code FILE.pages};
 * {@code pages FILE MAX_PAGES PREFIX} writes pictures of the
 * first pages; {@code picture FILE MAX_SIDE MAX_BYTES OUT} writes a smaller picture. Tells how it went by its exit code. Not to be called in the server's own process.
 */
final class DocumentExtractor {

    static final int DONE = 0;
    static final int FAILED = 10;
    static final int ENCRYPTED = 11;
    static final int OUT_OF_MEMORY = 12;
    static final int UNSUPPORTED = 13;

    private static final long MAX_XML_BYTES = 64L * 1024 * 1024;
    private static final float DPI = 110;
    private static final float MAX_PAGE_POINTS = 3_000;

    private DocumentExtractor() {}

    /** One document. */
    public static void main(String[] args) {
        System.exit(run(args, new OutputStreamWriter(System.out, StandardCharsets.UTF_8)));
    }

    static int run(String[] args, Writer out) {
        var file = new File(args[1]);
        int most = Integer.parseInt(args[2]);
        try (out) {
            switch (args[0]) {
                case "pdf" -> pdf(file, most, new LimitedWriter(out, Integer.parseInt(args[3])));
                case "docx" -> docx(file, new LimitedWriter(out, Integer.parseInt(args[3])));
                case "picture" -> PictureScaler.scale(file.toPath(), most, Integer.parseInt(args[3]), Path.of(args[4]));
                default -> pages(file, most, args[3]);
            }
            return DONE;
        } catch (Full e) {
            return DONE;
        } catch (InvalidPasswordException e) {
            return ENCRYPTED;
        } catch (PictureScaler.UnsupportedPictureException e) {
            return UNSUPPORTED;
        } catch (OutOfMemoryError e) {
            return OUT_OF_MEMORY;
        } catch (Exception | StackOverflowError e) {
            return FAILED;
        }
    }

    private static void pdf(File file, int maxPages, Writer out) throws IOException {
        try (PDDocument document = Loader.loadPDF(file)) {
            Files.writeString(pagesOf(file.toPath()), String.valueOf(document.getNumberOfPages()));
            var stripper = new PDFTextStripper();
            stripper.setSortByPosition(true);
            stripper.setEndPage(maxPages);
            stripper.writeText(document, out);
        }
    }

    /** Where the number of its pages is written. */
    static Path pagesOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".pages");
    }

    private static void pages(File file, int maxPages, String prefix) throws IOException {
        try (PDDocument document = Loader.loadPDF(file)) {
            var renderer = new PDFRenderer(document);
            for (int i = 0; i < Math.min(maxPages, document.getNumberOfPages()); i++) {
                var box = document.getPage(i).getCropBox();
                float longest = Math.max(box.getWidth(), box.getHeight());
                float dpi = longest > MAX_PAGE_POINTS ? DPI * MAX_PAGE_POINTS / longest : DPI;
                BufferedImage picture = renderer.renderImageWithDPI(i, dpi, ImageType.GRAY);
                ImageIO.write(picture, "png", new File(prefix + i + ".png"));
            }
        }
    }

    /** The runs of text of a Word document, a line a paragraph. */
    private static void docx(File file, Writer out) throws IOException, XMLStreamException {
        try (var zip = new ZipFile(file)) {
            ZipEntry entry = zip.getEntry("word/document.xml");
            if (entry == null) {
                throw new IOException("not a Word document");
            }
            var factory = XMLInputFactory.newFactory();
            factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
            factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
            try (InputStream xml = new BoundedStream(zip.getInputStream(entry))) {
                XMLStreamReader reader = factory.createXMLStreamReader(xml);
                boolean inText = false;
                while (reader.hasNext()) {
                    int event = reader.next();
                    if (event == XMLStreamConstants.START_ELEMENT) {
                        inText = reader.getLocalName().equals("t");
                        if (reader.getLocalName().equals("tab")) {
                            out.write('\t');
                        }
                    } else if (event == XMLStreamConstants.END_ELEMENT) {
                        inText = false;
                        if (reader.getLocalName().equals("p")
                                || reader.getLocalName().equals("br")) {
                            out.write('\n');
                        }
                    } else if (event == XMLStreamConstants.CHARACTERS && inText) {
                        out.write(reader.getText());
                    }
                }
            }
        }
    }

    /** Enough text was written: the rest is not wanted. */
    private static final class Full extends IOException {
        private static final long serialVersionUID = 1L;
    }

    private static final class LimitedWriter extends Writer {

        private final Writer out;
        private int left;

        LimitedWriter(Writer out, int maxCharacters) {
            this.out = out;
            this.left = maxCharacters;
        }

        @Override
        public void write(char[] buffer, int offset, int length) throws IOException {
            out.write(buffer, offset, Math.min(length, left));
            left -= length;
            if (left <= 0) {
                throw new Full();
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Stops a compressed bomb. */
    private static final class BoundedStream extends FilterInputStream {

        private long left = MAX_XML_BYTES;

        BoundedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            count(1);
            return super.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            count(Math.max(read, 0));
            return read;
        }

        private void count(int bytes) throws IOException {
            left -= bytes;
            if (left < 0) {
                throw new IOException("more than " + MAX_XML_BYTES + " bytes");
            }
        }
    }
}
