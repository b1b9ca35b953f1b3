package io.github.almeidatech.wppflow.llm;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Puts the Opus packets of an Ogg file into a WebM file, untouched: some providers take the codec in that container only.
 * Formats: RFC 3533 (Ogg), RFC 7845 (Opus in Ogg), RFC 6716 section 3.1 (packet lengths), RFC 8794 and 9559 (EBML, Matroska).
 */
final class OpusInWebm {

    private static final int PAGE_HEADER = 27;
    private static final int MAX_PACKETS = 500_000;
    private static final int CLUSTER_MILLIS = 5_000;
    private static final long SEEK_PREROLL_NANOS = 80_000_000;
    private static final int OPUS_HERTZ = 48_000;

    private OpusInWebm() {}

    /** The WebM file; empty when this is not one whole Opus stream in Ogg. */
    static Optional<byte[]> of(byte[] ogg) {
        List<byte[]> packets = packets(ogg);
        if (packets.size() < 3 || !isHead(packets.get(0))) {
            return Optional.empty();
        }
        byte[] head = packets.get(0);
        var segment = new ByteArrayOutputStream();
        write(segment, 0x1549A966, info());
        write(segment, 0x1654AE6B, tracks(head));
        clusters(segment, packets.subList(2, packets.size()));
        var file = new ByteArrayOutputStream();
        write(file, 0x1A45DFA3, header());
        write(file, 0x18538067, segment.toByteArray());
        return Optional.of(file.toByteArray());
    }

    private static boolean isHead(byte[] packet) {
        return packet.length >= 19 && new String(packet, 0, 8, StandardCharsets.ISO_8859_1).equals("OpusHead");
    }

    /** The packets of the pages, put together where one runs over; empty when a page is broken. */
    private static List<byte[]> packets(byte[] ogg) {
        var packets = new ArrayList<byte[]>();
        var open = new ByteArrayOutputStream();
        int page = 0;
        while (page + PAGE_HEADER <= ogg.length) {
            int segments = ogg[page + 26] & 0xFF;
            int data = page + PAGE_HEADER + segments;
            boolean sound = ogg[page] == 'O' && ogg[page + 1] == 'g' && ogg[page + 2] == 'g' && ogg[page + 3] == 'S';
            if (!sound || data > ogg.length || packets.size() > MAX_PACKETS) {
                return List.of();
            }
            for (int i = 0; i < segments; i++) {
                int length = ogg[page + PAGE_HEADER + i] & 0xFF;
                if (data + length > ogg.length) {
                    return List.of();
                }
                open.write(ogg, data, length);
                data += length;
                if (length < 255) {
                    packets.add(open.toByteArray());
                    open.reset();
                }
            }
            page = data;
        }
        return packets;
    }

    private static byte[] header() {
        var out = new ByteArrayOutputStream();
        number(out, 0x4286, 1); // EBMLVersion
        number(out, 0x42F7, 1); // EBMLReadVersion
        number(out, 0x42F2, 4); // EBMLMaxIDLength
        number(out, 0x42F3, 8); // EBMLMaxSizeLength
        write(out, 0x4282, ascii("webm")); // DocType
        number(out, 0x4287, 4); // DocTypeVersion
        number(out, 0x4285, 2); // DocTypeReadVersion
        return out.toByteArray();
    }

    private static byte[] info() {
        var out = new ByteArrayOutputStream();
        number(out, 0x2AD7B1, 1_000_000); // TimestampScale: milliseconds
        write(out, 0x4D80, ascii("wppflow")); // MuxingApp
        write(out, 0x5741, ascii("wppflow")); // WritingApp
        return out.toByteArray();
    }

    private static byte[] tracks(byte[] head) {
        var audio = new ByteArrayOutputStream();
        write(audio, 0xB5, ByteBuffer.allocate(8).putDouble(OPUS_HERTZ).array()); // SamplingFrequency
        number(audio, 0x9F, head[9] & 0xFF); // Channels
        long preSkip = (head[10] & 0xFF) | (head[11] & 0xFF) << 8;
        var track = new ByteArrayOutputStream();
        number(track, 0xD7, 1); // TrackNumber
        number(track, 0x73C5, 1); // TrackUID
        number(track, 0x83, 2); // TrackType: audio
        number(track, 0x9C, 0); // FlagLacing
        write(track, 0x86, ascii("A_OPUS")); // CodecID
        number(track, 0x56AA, preSkip * 1_000_000_000 / OPUS_HERTZ); // CodecDelay
        number(track, 0x56BB, SEEK_PREROLL_NANOS); // SeekPreRoll
        write(track, 0x63A2, head); // CodecPrivate
        write(track, 0xE1, audio.toByteArray()); // Audio
        var tracks = new ByteArrayOutputStream();
        write(tracks, 0xAE, track.toByteArray()); // TrackEntry
        return tracks.toByteArray();
    }

    private static void clusters(ByteArrayOutputStream segment, List<byte[]> packets) {
        long samples = 0;
        long begun = -1;
        var cluster = new ByteArrayOutputStream();
        for (byte[] packet : packets) {
            long millis = samples * 1_000 / OPUS_HERTZ;
            if (begun < 0 || millis - begun >= CLUSTER_MILLIS) {
                flush(segment, cluster);
                begun = millis;
                number(cluster, 0xE7, begun); // Timestamp
            }
            int offset = (int) (millis - begun);
            byte[] block = new byte[4 + packet.length];
            block[0] = (byte) 0x81; // track 1
            block[1] = (byte) (offset >> 8);
            block[2] = (byte) offset;
            block[3] = (byte) 0x80; // key frame
            System.arraycopy(packet, 0, block, 4, packet.length);
            write(cluster, 0xA3, block); // SimpleBlock
            samples += samples(packet);
        }
        flush(segment, cluster);
    }

    private static void flush(ByteArrayOutputStream segment, ByteArrayOutputStream cluster) {
        if (cluster.size() > 0) {
            write(segment, 0x1F43B675, cluster.toByteArray());
            cluster.reset();
        }
    }

    /** How long a packet sounds, from its first byte, in samples at 48 kHz. */
    static int samples(byte[] packet) {
        if (packet.length == 0) {
            return 0;
        }
        int config = (packet[0] & 0xFF) >> 3;
        int frame = config < 12
                ? new int[] {480, 960, 1_920, 2_880}[config & 3]
                : config < 16 ? new int[] {480, 960}[config & 1] : new int[] {120, 240, 480, 960}[config & 3];
        return frame
                * switch (packet[0] & 3) {
                    case 0 -> 1;
                    case 1, 2 -> 2;
                    default -> packet.length > 1 ? packet[1] & 0x3F : 0;
                };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void number(ByteArrayOutputStream out, int id, long value) {
        byte[] bytes = ByteBuffer.allocate(8).putLong(value).array();
        int first = 0;
        while (first < 7 && bytes[first] == 0) {
            first++;
        }
        write(out, id, Arrays.copyOfRange(bytes, first, 8));
    }

    /** An element: its id, its length in eight bytes, its content. */
    private static void write(ByteArrayOutputStream out, int id, byte[] content) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            if (id >>> shift != 0) {
                out.write(id >>> shift);
            }
        }
        byte[] length = ByteBuffer.allocate(8).putLong(content.length).array();
        length[0] = 1;
        out.writeBytes(length);
        out.writeBytes(content);
    }
}
