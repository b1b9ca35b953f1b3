package io.github.almeidatech.wppflow.multimodal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What a JPEG file says of itself before its picture begins.
 *
 * @param progressive whether the whole picture must be kept in memory, six bytes a pixel, before a part of it can be shown
 * @param orientation how it is to be turned (Exif 2.3, tag 274), from 1 for not at all to 8
 */
record JpegHeader(boolean progressive, int orientation) {

    private static final int ORIENTATION = 0x0112;
    private static final int SHORT = 3;

    /** Of anything else, or a broken header: not progressive, not turned. */
    static JpegHeader of(byte[] bytes) {
        boolean progressive = false;
        int orientation = 1;
        int at = 2;
        while (at + 4 <= bytes.length && bytes[at] == (byte) 0xFF) {
            int marker = bytes[at + 1] & 0xFF;
            int length = (bytes[at + 2] & 0xFF) << 8 | bytes[at + 3] & 0xFF;
            if (marker == 0xDA || length < 2 || at + 2 + length > bytes.length) {
                break;
            }
            if (marker == 0xE1) {
                orientation = orientation(bytes, at + 4, length - 2, orientation);
            } else if (isFrame(marker)) {
                progressive = (marker & 0x03) == 2;
            }
            at += 2 + length;
        }
        return new JpegHeader(progressive, orientation);
    }

    /** SOF0 to SOF15, between which other markers stand. */
    private static boolean isFrame(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    /** The first directory of the TIFF structure behind {@code Exif}. */
    private static int orientation(byte[] bytes, int from, int length, int otherwise) {
        if (length < 14 || !new String(bytes, from, 6, StandardCharsets.ISO_8859_1).equals("Exif\0\0")) {
            return otherwise;
        }
        ByteBuffer tiff = ByteBuffer.wrap(bytes, from + 6, length - 6).slice();
        tiff.order(tiff.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        int directory = tiff.getInt(4);
        if (directory < 8 || directory > tiff.limit() - 2) {
            return otherwise;
        }
        int entries = tiff.getShort(directory) & 0xFFFF;
        for (int i = 0; i < entries && directory + 14 + 12 * i <= tiff.limit(); i++) {
            int entry = directory + 2 + 12 * i;
            if ((tiff.getShort(entry) & 0xFFFF) == ORIENTATION && tiff.getShort(entry + 2) == SHORT) {
                int value = tiff.getShort(entry + 8);
                return value >= 1 && value <= 8 ? value : otherwise;
            }
        }
        return otherwise;
    }
}
