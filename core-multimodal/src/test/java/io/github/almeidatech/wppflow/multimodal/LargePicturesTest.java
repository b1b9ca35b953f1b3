package io.github.almeidatech.wppflow.multimodal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.TenantId;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pictures that are too large for a model are scaled down; only bombs are refused. */
class LargePicturesTest {

    private final AtomicReference<MediaFile> shown = new AtomicReference<>();
    private final MediaReader reader = MediaReader.builder()
            .source((tenant, attachment, maxBytes, limit) -> {
                throw new MediaUnavailableException(MediaText.Reason.NOT_FOUND, null);
            })
            .describer((payer, picture, limit) -> {
                shown.set(picture);
                return "um cão";
            })
            .ffmpeg("no-such-program")
            .build();

    @TempDir
    private Path folder;

    private MediaText read(byte[] picture) {
        return reader.read(
                Payer.of(new TenantId("pet-hotel")), picture, Instant.now().plusSeconds(30));
    }

    private BufferedImage shownPicture() throws IOException {
        return ImageIO.read(new ByteArrayInputStream(shown.get().bytes()));
    }

    @Test
    void a_picture_wider_than_models_take_is_scaled_down_and_keeps_its_shape() throws Exception {
        var picture = new BufferedImage(9_000, 3_000, BufferedImage.TYPE_BYTE_GRAY);
        paint(picture, 0, 0, 4_500, 3_000, Color.WHITE);

        MediaText text = read(encoded(picture, "png"));

        assertThat(text).isEqualTo(new MediaText.Read("um cão", new MediaFacts(null, null, 9_000L, 3_000L)));
        assertThat(shown.get().type()).isEqualTo(FileType.JPEG);
        BufferedImage small = shownPicture();
        assertThat(small.getWidth()).isEqualTo(2_048);
        assertThat(small.getHeight()).isBetween(682, 684);
        assertThat(brightness(small, 500, 300)).isGreaterThan(240);
        assertThat(brightness(small, 1_500, 300)).isLessThan(15);
    }

    @Test
    void a_picture_of_more_bytes_than_models_take_becomes_lighter() throws Exception {
        byte[] heavy = encoded(noise(1_500, 1_000), "png");
        assertThat(heavy).hasSizeGreaterThan(PictureFitter.MAX_BYTES);

        assertThat(read(heavy)).isInstanceOf(MediaText.Read.class);

        assertThat(shown.get().bytes()).hasSizeLessThanOrEqualTo(PictureFitter.MAX_BYTES);
        assertThat(shownPicture().getWidth()).isEqualTo(1_500);
    }

    @Test
    void a_picture_that_every_model_takes_is_left_alone() {
        byte[] picture = SampleFiles.picture("png", 8_000, 3);

        read(picture);

        assertThat(shown.get().bytes()).isSameAs(picture);
    }

    @Test
    void what_is_no_picture_inside_is_damaged() {
        byte[] broken = Arrays.copyOf(SampleFiles.picture("png", 8_001, 30), 60);

        assertThat(read(broken)).isEqualTo(new MediaText.Unreadable(MediaText.Reason.DAMAGED));
    }

    @Test
    void a_webp_is_left_to_the_model_unless_its_sides_are_too_long() {
        byte[] heavy = Arrays.copyOf(webp(1_000, 1_000), PictureFitter.MAX_BYTES + 1);

        assertThat(read(heavy)).isInstanceOf(MediaText.Read.class);
        assertThat(shown.get().bytes()).isSameAs(heavy);
        assertThat(read(webp(8_001, 10))).isEqualTo(new MediaText.Unreadable(MediaText.Reason.TOO_LARGE));
    }

    @Test
    void a_picture_whose_colours_java_cannot_read_is_of_an_unsupported_type() throws Exception {
        assertThat(read(fourColours(8_001, 8))).isEqualTo(new MediaText.Unreadable(MediaText.Reason.UNSUPPORTED_TYPE));
    }

    @Test
    void a_large_progressive_picture_is_refused_by_its_header_because_all_of_it_would_lie_in_memory() throws Exception {
        byte[] small = jpeg(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), true);
        assertThat(JpegHeader.of(small).progressive()).isTrue();

        assertThat(read(claiming(small, 8_100, 5_000))).isEqualTo(new MediaText.Unreadable(MediaText.Reason.TOO_LARGE));
        assertThat(read(claiming(jpeg(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB), false), 40_000, 10_000)))
                .isEqualTo(new MediaText.Unreadable(MediaText.Reason.TOO_LARGE));
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 0", "2, 1, 0", "3, 1, 1", "4, 0, 1", "5, 0, 0", "6, 0, 1", "7, 1, 1", "8, 1, 0"})
    void a_picture_is_turned_as_people_see_it(int orientation, int right, int below) throws Exception {
        var picture = new BufferedImage(64, 32, BufferedImage.TYPE_INT_RGB);
        paint(picture, 0, 0, 64, 32, Color.WHITE);
        paint(picture, right * 32, below * 16, 32, 16, Color.BLACK);
        byte[] file = withOrientation(jpeg(picture, false), orientation);
        assertThat(JpegHeader.of(file)).isEqualTo(new JpegHeader(false, orientation));

        BufferedImage scaled = scaled(file, 32);

        assertThat(scaled.getWidth()).isEqualTo(orientation < 5 ? 32 : 16);
        assertThat(scaled.getHeight()).isEqualTo(orientation < 5 ? 16 : 32);
        assertThat(brightness(scaled, 3, 3)).isLessThan(40);
        assertThat(brightness(scaled, scaled.getWidth() - 4, 3)).isGreaterThan(215);
        assertThat(brightness(scaled, 3, scaled.getHeight() - 4)).isGreaterThan(215);
    }

    @Test
    void what_is_transparent_becomes_white_and_grey_stays_grey() throws Exception {
        assertThat(brightness(scaled(encoded(new BufferedImage(40, 40, BufferedImage.TYPE_INT_ARGB), "png"), 20), 5, 5))
                .isGreaterThan(250);
        var grey = new BufferedImage(40, 40, BufferedImage.TYPE_USHORT_GRAY);
        paint(grey, 0, 0, 40, 40, Color.GRAY);
        assertThat(brightness(scaled(encoded(grey, "png"), 20), 5, 5)).isBetween(100, 200);
    }

    @Test
    void a_picture_that_stays_too_heavy_gets_smaller_still() throws Exception {
        Path in = Files.write(folder.resolve("in"), encoded(noise(200, 200), "png"));

        PictureScaler.scale(in, 200, 2_000, folder.resolve("out"));

        assertThat(folder.resolve("out"))
                .satisfies(out -> assertThat(Files.size(out)).isLessThan(2_000));
    }

    @Test
    void of_very_large_pictures_not_every_pixel_is_decoded() {
        assertThat(PictureScaler.step(4_000, 3_000, 33_000_000)).isEqualTo(1);
        assertThat(PictureScaler.step(8_000, 6_000, 33_000_000)).isEqualTo(2);
        assertThat(PictureScaler.step(16_320, 12_240, 33_000_000)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"0", "9", "65535"})
    void an_orientation_that_there_is_not_turns_nothing(int orientation) throws Exception {
        byte[] plain = jpeg(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), false);

        assertThat(JpegHeader.of(withOrientation(plain, orientation)).orientation())
                .isEqualTo(1);
    }

    @Test
    void a_header_that_ends_too_early_or_points_nowhere_is_no_trouble() throws Exception {
        byte[] file = withOrientation(jpeg(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), true), 6);
        for (int length = 0; length < 60; length++) {
            assertThat(JpegHeader.of(Arrays.copyOf(file, length)).orientation()).isIn(1, 6);
        }
        var random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = file.clone();
            changed[random.nextInt(60)] = (byte) random.nextInt();
            assertThat(JpegHeader.of(changed).orientation()).isBetween(1, 8);
        }
    }

    @Test
    void the_scaler_says_what_it_cannot_read() throws Exception {
        Path in = Files.write(folder.resolve("in"), SampleFiles.utf8("no picture"));

        assertThatExceptionOfType(PictureScaler.UnsupportedPictureException.class)
                .isThrownBy(() -> PictureScaler.scale(in, 20, 20_000, folder.resolve("out")));
    }

    // Making them

    private BufferedImage scaled(byte[] file, int side) throws IOException {
        Path in = Files.write(folder.resolve("in"), file);
        PictureScaler.scale(in, side, 1_000_000, folder.resolve("out"));
        return ImageIO.read(folder.resolve("out").toFile());
    }

    private static int brightness(BufferedImage picture, int x, int y) {
        var colour = new Color(picture.getRGB(x, y));
        return (colour.getRed() + colour.getGreen() + colour.getBlue()) / 3;
    }

    private static void paint(BufferedImage picture, int x, int y, int width, int height, Color colour) {
        var graphics = picture.createGraphics();
        graphics.setColor(colour);
        graphics.fillRect(x, y, width, height);
        graphics.dispose();
    }

    private static BufferedImage noise(int width, int height) {
        var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        var random = new Random(5);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                picture.setRGB(x, y, random.nextInt());
            }
        }
        return picture;
    }

    private static byte[] encoded(BufferedImage picture, String format) throws IOException {
        var out = new ByteArrayOutputStream();
        ImageIO.write(picture, format, out);
        return out.toByteArray();
    }

    private static byte[] jpeg(BufferedImage picture, boolean progressive) throws IOException {
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam how = writer.getDefaultWriteParam();
        how.setProgressiveMode(progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
        var out = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(picture, null, null), how);
        }
        writer.dispose();
        return out.toByteArray();
    }

    /** Four colours of which it claims that they are three. */
    private static byte[] fourColours(int width, int height) throws IOException {
        var raster = java.awt.image.Raster.createInterleavedRaster(
                java.awt.image.DataBuffer.TYPE_BYTE, width, height, 4, null);
        var writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var out = new ByteArrayOutputStream();
        try (var stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(raster, null, null), null);
        }
        writer.dispose();
        byte[] adobe = SampleFiles.latin1("\u00FF\u00EE\0\u000EAdobe\0d\u0080\0\0\0\u0001");
        return inserted(out.toByteArray(), adobe);
    }

    /** Behind the first marker. */
    private static byte[] inserted(byte[] jpeg, byte[] segment) {
        var out = new ByteArrayOutputStream();
        out.write(jpeg, 0, 2);
        out.writeBytes(segment);
        out.write(jpeg, 2, jpeg.length - 2);
        return out.toByteArray();
    }

    /** The same with other sides in its frame header. */
    private static byte[] claiming(byte[] jpeg, int width, int height) {
        byte[] changed = jpeg.clone();
        for (int i = 2; i < jpeg.length; i++) {
            boolean frame = jpeg[i] == (byte) 0xFF && (jpeg[i + 1] == (byte) 0xC0 || jpeg[i + 1] == (byte) 0xC2);
            if (frame) {
                ByteBuffer.wrap(changed).putShort(i + 5, (short) height).putShort(i + 7, (short) width);
                return changed;
            }
        }
        throw new IllegalArgumentException("no frame");
    }

    /** With an Exif segment with one entry, most significant byte first. */
    private static byte[] withOrientation(byte[] jpeg, int orientation) {
        byte[] exif = ByteBuffer.allocate(36)
                .putShort((short) 0xFFE1)
                .putShort((short) 34)
                .put(SampleFiles.latin1("Exif\0\0MM"))
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x0112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .putShort((short) 0)
                .putInt(0)
                .array();
        return inserted(jpeg, exif);
    }

    private static byte[] webp(int width, int height) {
        byte[] file = Arrays.copyOf(SampleFiles.latin1("RIFF....WEBPVP8 "), 30);
        file[26] = (byte) width;
        file[27] = (byte) (width >> 8);
        file[28] = (byte) height;
        file[29] = (byte) (height >> 8);
        return file;
    }
}
