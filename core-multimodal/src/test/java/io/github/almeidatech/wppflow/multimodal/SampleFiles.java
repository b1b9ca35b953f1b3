package io.github.almeidatech.wppflow.multimodal;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.encryption.AccessPermission;
import org.apache.pdfbox.pdmodel.encryption.StandardProtectionPolicy;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;

/** Small files of all kinds, made when needed. */
final class SampleFiles {

    private SampleFiles() {}

    static byte[] pdf(String... pages) {
        return pdf(null, pages);
    }

    static byte[] lockedPdf(String password, String... pages) {
        return pdf(new StandardProtectionPolicy("owner", password, new AccessPermission()), pages);
    }

    private static byte[] pdf(StandardProtectionPolicy policy, String... pages) {
        try (var document = new PDDocument()) {
            for (String text : pages) {
                var page = new PDPage();
                document.addPage(page);
                try (var content = new PDPageContentStream(document, page)) {
                    if (!text.isEmpty()) {
                        content.beginText();
                        content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                        content.newLineAtOffset(50, 700);
                        content.showText(text);
                        content.endText();
                    }
                }
            }
            if (policy != null) {
                document.protect(policy);
            }
            var out = new ByteArrayOutputStream();
            document.save(out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] docx(String... paragraphs) {
        var xml = new StringBuilder("<w:document xmlns:w=\"w\"><w:body>");
        for (String paragraph : paragraphs) {
            xml.append("<w:p><w:r><w:t>").append(paragraph).append("</w:t><w:tab/></w:r></w:p>");
        }
        return zip(
                "word/document.xml",
                xml.append("</w:body></w:document>").toString().getBytes(StandardCharsets.UTF_8));
    }

    static byte[] zip(String name, byte[] content) {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(name));
            zip.write(content);
            zip.closeEntry();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] picture(String format, int width, int height) {
        var out = new ByteArrayOutputStream();
        try {
            ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** An Ogg stream that says it lasts so long. */
    static byte[] opus(int seconds) {
        var file = ByteBuffer.allocate(2_000 * seconds).order(ByteOrder.LITTLE_ENDIAN);
        file.put(latin1("OggS")).position(28);
        file.put(latin1("OpusHead")).position(file.capacity() - 30);
        file.put(latin1("OggS\0\0")).putLong(48_000L * seconds);
        return file.array();
    }

    static byte[] wav(int seconds) {
        var file = ByteBuffer.allocate(44 + 16_000 * seconds).order(ByteOrder.LITTLE_ENDIAN);
        file.put(latin1("RIFF....WAVEfmt ")).putInt(28, 16_000);
        return file.array();
    }

    /** A movie header and nothing else. */
    static byte[] mp4(String brand, boolean wide, int seconds) {
        var file = ByteBuffer.allocate(200);
        file.put(latin1("....ftyp" + brand)).position(40);
        file.put(latin1("mvhd")).put((byte) (wide ? 1 : 0)).position(44 + (wide ? 20 : 12));
        file.putInt(600);
        if (wide) {
            file.putLong(600L * seconds);
        } else {
            file.putInt(600 * seconds);
        }
        return file.array();
    }
}
