package io.github.almeidatech.wppflow.multimodal;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageInputStream;

/**
 * Scales one untrusted picture down to a JPEG, in a child process. Of a very large one only every second, third … pixel is
 * decoded, so that it takes a bounded amount of memory whatever its size.
 */
final class PictureScaler {

    /** No reader for it, such as one with the colours of printing. */
    static final class UnsupportedPictureException extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** Of the child's 256 MiB, for the decoded picture. */
    private static final long MAX_DECODED_BYTES = 96L * 1024 * 1024;

    private static final float QUALITY = 0.85f;

    private PictureScaler() {}

    /** The picture with sides of at most so many pixels, and smaller still where that takes too many bytes. */
    static void scale(Path in, int side, int maxBytes, Path out) throws IOException {
        byte[] bytes = Files.readAllBytes(in);
        BufferedImage picture = decoded(bytes);
        int orientation = JpegHeader.of(bytes).orientation();
        int longest = Math.min(side, Math.max(picture.getWidth(), picture.getHeight()));
        byte[] jpeg;
        do {
            picture = fitted(picture, longest);
            jpeg = jpeg(turned(picture, orientation));
            longest /= 2;
        } while (jpeg.length > maxBytes);
        Files.write(out, jpeg);
    }

    private static BufferedImage decoded(byte[] bytes) throws IOException {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new UnsupportedPictureException();
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
                if (!types.hasNext()) {
                    throw new UnsupportedPictureException();
                }
                long pixelBytes = (types.next().getColorModel().getPixelSize() + 7L) / 8;
                int step = step(reader.getWidth(0), reader.getHeight(0), MAX_DECODED_BYTES / pixelBytes);
                ImageReadParam every = reader.getDefaultReadParam();
                every.setSourceSubsampling(step, step, 0, 0);
                return reader.read(0, every);
            } finally {
                reader.dispose();
            }
        }
    }

    /** Which pixels are taken, so that there are few enough: every first, second, third … */
    static int step(long width, long height, long maxPixels) {
        int step = 1;
        while (width / step * (height / step) > maxPixels) {
            step++;
        }
        return step;
    }

    /** Halved until it is near, so that no pixel is without influence; on white where it is transparent. */
    private static BufferedImage fitted(BufferedImage picture, int longest) {
        BufferedImage result = picture;
        int wanted = Math.max(1, longest);
        do {
            int now = Math.max(result.getWidth(), result.getHeight());
            double factor = Math.min(1, Math.max(0.5, (double) wanted / now));
            int width = Math.max(1, (int) Math.round(result.getWidth() * factor));
            int height = Math.max(1, (int) Math.round(result.getHeight() * factor));
            var smaller = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = smaller.createGraphics();
            graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            graphics.drawImage(result, 0, 0, width, height, Color.WHITE, null);
            graphics.dispose();
            result = smaller;
        } while (Math.max(result.getWidth(), result.getHeight()) > wanted);
        return result;
    }

    /** As people see it: what Exif says of it is lost on the way. */
    private static BufferedImage turned(BufferedImage picture, int orientation) {
        if (orientation == 1) {
            return picture;
        }
        int width = picture.getWidth();
        int height = picture.getHeight();
        var how = switch (orientation) {
            case 2 -> new AffineTransform(-1, 0, 0, 1, width, 0);
            case 3 -> new AffineTransform(-1, 0, 0, -1, width, height);
            case 4 -> new AffineTransform(1, 0, 0, -1, 0, height);
            case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
            case 6 -> new AffineTransform(0, 1, -1, 0, height, 0);
            case 7 -> new AffineTransform(0, -1, -1, 0, height, width);
            default -> new AffineTransform(0, -1, 1, 0, 0, width);
        };
        boolean lying = orientation >= 5;
        var result = new BufferedImage(lying ? height : width, lying ? width : height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = result.createGraphics();
        graphics.drawImage(picture, how, null);
        graphics.dispose();
        return result;
    }

    private static byte[] jpeg(BufferedImage picture) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        var bytes = new ByteArrayOutputStream();
        try (var out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam how = writer.getDefaultWriteParam();
            how.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            how.setCompressionQuality(QUALITY);
            writer.setOutput(out);
            writer.write(null, new IIOImage(picture, null, null), how);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
