package io.github.almeidatech.wppflow.multimodal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;

/**
 * Small files that would become huge. The time for each is {@code -Dhostile.seconds} (2), and with it what happened is
 * printed: {@code docs/reliability.md} has the figures.
 */
class HostileFilesTest {

    private static final Duration LIMIT = Duration.ofSeconds(Integer.getInteger("hostile.seconds", 2));
    private static final TenantId TENANT = new TenantId("pet-hotel");

    private final MediaReader reader = MediaReader.builder()
            .source((tenant, attachment, maxBytes, limit) -> {
                throw new MediaUnavailableException(MediaText.Reason.NOT_FOUND, null);
            })
            .describer((tenant, picture, limit) -> "nunca")
            .limits(new MediaLimits(16 << 20, LIMIT, LIMIT.multipliedBy(2), 200, 20_000, 40_000_000, 15))
            .build();

    /** What became of the file, never later than some seconds after the time for it. */
    private String outcome(String name, byte[] file) {
        long start = System.nanoTime();
        MediaText text = reader.read(Payer.of(TENANT), file, Instant.now().plus(LIMIT));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        String outcome =
                text.match(read -> "read", unreadable -> unreadable.reason().word());
        if (Integer.getInteger("hostile.seconds") != null) {
            System.out.printf("| %s | %,d | %s | %.1f s |%n", name, file.length, outcome, took.toMillis() / 1000.0);
        }
        assertThat(took).isLessThan(LIMIT.plusSeconds(10));
        return outcome;
    }

    @Test
    void a_pdf_with_one_stream_of_a_gigabyte_is_given_up() {
        byte[] page = deflated(1L << 30, "BT ET\n");

        assertThat(outcome("PDF, a page of 1 GB", pdf(page, "/FlateDecode"))).isIn("too_large", "timed_out");
    }

    /** PDFBox undoes the same compression once only, and sees an empty page. */
    @Test
    void a_pdf_whose_stream_is_compressed_twice_is_not_blown_up_twice() {
        byte[] page = deflated(deflated(1L << 30, "BT ET\n"));

        assertThat(page).hasSizeLessThan(100_000);
        assertThat(outcome("PDF, the same compressed twice", pdf(page, "[/FlateDecode/FlateDecode]")))
                .isIn("read", "too_large", "timed_out");
    }

    @Test
    void a_pdf_of_forms_in_forms_that_draw_ten_thousand_million_words_is_given_up() {
        assertThat(outcome("PDF, ten forms of ten forms, ten deep", nestedForms()))
                .isIn("timed_out", "too_large");
    }

    @Test
    void a_pdf_of_arrays_in_arrays_and_of_pages_in_pages_is_given_up() {
        String deep = "[".repeat(1_000_000);
        var objects = new TreeMap<Integer, byte[]>();
        objects.put(1, latin("<</Type/Catalog/Pages 2 0 R/X " + deep + ">>"));
        objects.put(2, latin("<</Type/Pages/Kids[3 0 R]/Count 1>>"));
        assertThat(outcome("PDF, arrays a million deep", assembled(objects))).isIn("damaged", "timed_out", "read");

        objects.put(1, latin("<</Type/Catalog/Pages 2 0 R>>"));
        for (int i = 2; i < 100_000; i++) {
            objects.put(i, latin("<</Type/Pages/Kids[" + (i + 1) + " 0 R]/Count 1>>"));
        }
        assertThat(outcome("PDF, page trees 100,000 deep", assembled(objects))).isIn("damaged", "timed_out", "read");
    }

    @Test
    void a_picture_of_thirty_thousand_pixels_each_way_is_refused_by_its_header() {
        assertThat(outcome("PNG, 30,000 × 30,000", png(30_000))).isEqualTo("too_large");
    }

    // Making them

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Text again and again, compressed. */
    private static byte[] deflated(long length, String text) {
        byte[] block = latin(text.repeat(10_000));
        var out = new ByteArrayOutputStream();
        try (var packed = new DeflaterOutputStream(out, new Deflater(Deflater.BEST_SPEED))) {
            for (long written = 0; written < length; written += block.length) {
                packed.write(block);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] deflated(byte[] bytes) {
        var out = new ByteArrayOutputStream();
        try (var packed = new DeflaterOutputStream(out)) {
            packed.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static byte[] stream(String entries, byte[] content) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(latin("<<" + entries + "/Length " + content.length + ">>stream\n"));
        out.writeBytes(content);
        out.writeBytes(latin("\nendstream"));
        return out.toByteArray();
    }

    private static byte[] pdf(byte[] content, String filter) {
        return assembled(Map.of(
                1, latin("<</Type/Catalog/Pages 2 0 R>>"),
                2, latin("<</Type/Pages/Kids[3 0 R]/Count 1>>"),
                3, latin("<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>"),
                4, stream("/Filter" + filter, content)));
    }

    private static byte[] nestedForms() {
        var objects = new TreeMap<Integer, byte[]>();
        objects.put(1, latin("<</Type/Catalog/Pages 2 0 R>>"));
        objects.put(2, latin("<</Type/Pages/Kids[3 0 R]/Count 1>>"));
        objects.put(
                3,
                latin("<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R"
                        + "/Resources<</XObject<</N 10 0 R>>>>>>"));
        objects.put(4, stream("", latin("/N Do")));
        objects.put(5, latin("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"));
        for (int i = 10; i < 20; i++) {
            objects.put(
                    i,
                    stream(
                            "/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</N " + (i + 1)
                                    + " 0 R>>>>",
                            latin("/N Do ".repeat(10))));
        }
        objects.put(
                20,
                stream(
                        "/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</Font<</F 5 0 R>>>>",
                        latin("BT /F 9 Tf ( ) Tj ET")));
        return assembled(objects);
    }

    private static byte[] assembled(Map<Integer, byte[]> objects) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(latin("%PDF-1.4\n"));
        List<Integer> numbers = new ArrayList<>(new TreeMap<>(objects).keySet());
        for (int number : numbers) {
            out.writeBytes(latin(number + " 0 obj"));
            out.writeBytes(objects.get(number));
            out.writeBytes(latin("endobj\n"));
        }
        out.writeBytes(latin("trailer<</Root 1 0 R>>\n%%EOF\n"));
        return out.toByteArray();
    }

    /** White, one bit a pixel. */
    private static byte[] png(int side) {
        var out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        byte[] header =
                ByteBuffer.allocate(13).putInt(side).putInt(side).put((byte) 1).array();
        chunk(out, "IHDR", header);
        chunk(out, "IDAT", deflated((1L + (side + 7) / 8) * side, "\0"));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] content) {
        byte[] all = ByteBuffer.allocate(4 + content.length)
                .put(latin(type))
                .put(content)
                .array();
        var crc = new CRC32();
        crc.update(all);
        out.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        out.writeBytes(all);
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }
}
