package io.github.almeidatech.wppflow.jdbc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Looks at the write-ahead log of a database that was not closed, before SQLite does: SQLite takes the first frame that does
 * not fit for the end of the log, so a flipped byte or a cut file would silently lose what was acknowledged, or mix old
 * pages with new ones. Formats: sqlite.org/fileformat2.html#walformat and sqlite.org/walformat.html.
 */
final class SqliteLog {

    private static final int HEADER = 32;
    private static final int FRAME_HEADER = 24;
    private static final int MAGIC_LITTLE_ENDIAN = 0x377f0682;
    private static final int INDEX_HEADER = 48;
    private static final int BACKFILLED_OFFSET = 96;

    private final Path log;
    private final Path index;

    SqliteLog(Path database) {
        log = database.resolveSibling(database.getFileName() + "-wal");
        index = database.resolveSibling(database.getFileName() + "-shm");
    }

    Path path() {
        return log;
    }

    /** What is wrong with it; empty when nothing is, as after a crash. */
    Optional<String> problem() throws IOException {
        if (!Files.exists(log)) {
            return Optional.of("is missing");
        }
        try (var channel = FileChannel.open(log, StandardOpenOption.READ)) {
            var frames = new Frames(channel);
            if (frames.goOnAfterABadOne()) {
                return Optional.of("is damaged");
            }
            return isCut(frames) ? Optional.of("was cut") : Optional.empty();
        }
    }

    /** The index beside the log, which outlives a killed process, knows how many frames were committed. */
    private boolean isCut(Frames frames) throws IOException {
        if (!Files.exists(index) || Files.size(index) < BACKFILLED_OFFSET + 4) {
            return false;
        }
        ByteBuffer bytes = ByteBuffer.allocate(BACKFILLED_OFFSET + 4).order(ByteOrder.nativeOrder());
        try (var channel = FileChannel.open(index, StandardOpenOption.READ)) {
            channel.read(bytes, 0);
        }
        boolean settled = bytes.slice(0, INDEX_HEADER).equals(bytes.slice(INDEX_HEADER, INDEX_HEADER));
        long committed = Integer.toUnsignedLong(bytes.getInt(16));
        long backfilled = Integer.toUnsignedLong(bytes.getInt(BACKFILLED_OFFSET));
        long salt = bytes.order(ByteOrder.BIG_ENDIAN).getLong(32);
        if (!settled || frames.headerFits && salt != frames.salt) {
            return false;
        }
        return frames.committed == 0 ? backfilled < committed : frames.committed < committed;
    }

    /** The frames that fit, from the beginning. */
    private static final class Frames {

        private final FileChannel channel;
        private final long length;
        private boolean headerFits;
        private int pageSize;
        private long salt;
        private long committed;
        private long firstBad;

        Frames(FileChannel channel) throws IOException {
            this.channel = channel;
            length = channel.size();
            if (length >= HEADER) {
                read();
            }
        }

        private void read() throws IOException {
            ByteBuffer header = at(0, HEADER);
            ByteOrder order = header.getInt(0) == MAGIC_LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            pageSize = header.getInt(8);
            salt = header.getLong(16);
            var sum = new Sum(order);
            sum.add(header, 0, 24);
            headerFits = sum.is(header.getInt(24), header.getInt(28));
            if (!headerFits) {
                return; // SQLite takes nothing from it
            }
            for (long frame = 0; start(frame + 1) <= length; frame++) {
                ByteBuffer bytes = at(start(frame), FRAME_HEADER + pageSize);
                sum.add(bytes, 0, 8);
                sum.add(bytes, FRAME_HEADER, pageSize);
                if (bytes.getLong(8) != salt || !sum.is(bytes.getInt(16), bytes.getInt(20))) {
                    return;
                }
                firstBad = frame + 1;
                if (bytes.getInt(4) != 0) {
                    committed = frame + 1;
                }
            }
        }

        private long start(long frame) {
            return HEADER + frame * (FRAME_HEADER + pageSize);
        }

        private ByteBuffer at(long position, int bytes) throws IOException {
            var buffer = ByteBuffer.allocate(bytes);
            channel.read(buffer, position);
            return buffer;
        }

        /**
         * Whether, behind the first frame that does not fit, a commit of the same generation is followed by more: it had
         * been synchronised before those were written, so this is no torn end.
         */
        boolean goOnAfterABadOne() throws IOException {
            boolean commitSeen = false;
            for (long frame = firstBad; headerFits && start(frame + 1) <= length; frame++) {
                ByteBuffer header = at(start(frame), FRAME_HEADER);
                if (header.getLong(8) == salt) {
                    if (commitSeen) {
                        return true;
                    }
                    commitSeen = header.getInt(4) != 0;
                }
            }
            return false;
        }
    }

    /** SQLite's running checksum. */
    private static final class Sum {

        private final ByteOrder order;
        private int first;
        private int second;

        Sum(ByteOrder order) {
            this.order = order;
        }

        void add(ByteBuffer bytes, int from, int length) {
            ByteBuffer words = bytes.duplicate().order(order);
            for (int i = from; i < from + length; i += 8) {
                first += words.getInt(i) + second;
                second += words.getInt(i + 4) + first;
            }
        }

        boolean is(int wantedFirst, int wantedSecond) {
            return first == wantedFirst && second == wantedSecond;
        }
    }
}
