package io.github.almeidatech.wppflow.llm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the blocks of a WebM file again, by the book: RFC 8794. */
final class Matroska {

    private static final int SEGMENT = 0x18538067;
    private static final int CLUSTER = 0x1F43B675;
    private static final int TIMESTAMP = 0xE7;
    private static final int SIMPLE_BLOCK = 0xA3;

    private final byte[] file;
    private final List<Block> blocks = new ArrayList<>();
    private long cluster;

    Matroska(byte[] file) {
        this.file = file;
        read(0, file.length);
    }

    record Block(long millis, byte[] packet) {}

    List<Block> blocks() {
        return blocks;
    }

    private void read(int begin, int end) {
        int at = begin;
        while (at < end) {
            int idLength = Integer.numberOfLeadingZeros(file[at] & 0xFF) - 23;
            int id = (int) number(at, idLength);
            at += idLength;
            int sizeLength = Integer.numberOfLeadingZeros(file[at] & 0xFF) - 23;
            long size = number(at, sizeLength) & ~(1L << 7 * sizeLength);
            at += sizeLength;
            int next = Math.toIntExact(at + size);
            if (next > end) {
                throw new IllegalArgumentException("element beyond its parent");
            }
            switch (id) {
                case SEGMENT, CLUSTER -> read(at, next);
                case TIMESTAMP -> cluster = number(at, next - at);
                case SIMPLE_BLOCK ->
                    blocks.add(new Block(cluster + (short) number(at + 1, 2), Arrays.copyOfRange(file, at + 4, next)));
                default -> {
                    // not needed here
                }
            }
            at = next;
        }
    }

    private long number(int at, int length) {
        long number = 0;
        for (int i = 0; i < length; i++) {
            number = number << 8 | file[at + i] & 0xFF;
        }
        return number;
    }
}
