package io.github.almeidatech.wppflow.multimodal;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** How large a picture is, from its header: nothing is decoded. */
record PictureSize(long width, long height) {

    static PictureSize of(MediaFile picture) throws MediaUnavailableException {
        return picture.type() == FileType.WEBP ? ofWebp(picture.bytes()) : ofKnown(picture.bytes());
    }

    long longest() {
        return Math.max(width, height);
    }

    /** Refuses what would be too much to decode. */
    void refuseBeyond(long maxPixels) throws MediaUnavailableException {
        if (width * height > maxPixels) {
            throw new MediaUnavailableException(MediaText.Reason.TOO_LARGE, null);
        }
    }

    private static PictureSize ofKnown(byte[] bytes) throws MediaUnavailableException {
        try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(bytes))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new MediaUnavailableException(MediaText.Reason.DAMAGED, null);
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                return new PictureSize(reader.getWidth(0), reader.getHeight(0));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw new MediaUnavailableException(MediaText.Reason.DAMAGED, e);
        }
    }

    /** The three layouts of the WebP container specification: VP8X, VP8L and VP8. */
    private static PictureSize ofWebp(byte[] b) throws MediaUnavailableException {
        if (b.length < 30) {
            throw new MediaUnavailableException(MediaText.Reason.DAMAGED, null);
        }
        return switch (b[15]) {
            case 'X' -> new PictureSize(1 + little(b, 24, 3), 1 + little(b, 27, 3));
            case 'L' -> {
                long bits = little(b, 21, 4);
                yield new PictureSize(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF));
            }
            default -> new PictureSize(little(b, 26, 2) & 0x3FFF, little(b, 28, 2) & 0x3FFF);
        };
    }

    private static long little(byte[] bytes, int from, int length) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | bytes[from + i] & 0xFF;
        }
        return value;
    }
}
