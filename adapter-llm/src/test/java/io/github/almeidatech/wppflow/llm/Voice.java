package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.multimodal.MediaFile;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Makes sound files as WhatsApp's: an Ogg stream of Opus packets of 20 ms, whose content is nothing to listen to. */
final class Voice {

    private static final int PACKETS_A_SECOND = 50;
    private static final int SAMPLES = 960;

    private Voice() {}

    static MediaFile note(double seconds) {
        return MediaFile.of(ogg((int) Math.round(seconds * PACKETS_A_SECOND), 60));
    }

    static byte[] ogg(int packets, int bytesEach) {
        var out = new ByteArrayOutputStream();
        byte[] head = new byte[19];
        System.arraycopy("OpusHead".getBytes(StandardCharsets.US_ASCII), 0, head, 0, 8);
        head[8] = 1;
        head[9] = 1; // channels
        head[10] = 56; // pre-skip 312
        head[11] = 1;
        page(out, 2, 0, 0, head);
        page(
                out,
                0,
                0,
                1,
                "OpusTags\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < packets; i++) {
            byte[] packet = new byte[bytesEach];
            Arrays.fill(packet, (byte) i);
            packet[0] = 0x48; // SILK wideband, 20 ms, mono, one frame
            page(out, i == packets - 1 ? 4 : 0, (long) (i + 1) * SAMPLES, i + 2, packet);
        }
        return out.toByteArray();
    }

    private static void page(ByteArrayOutputStream out, int flags, long position, int number, byte[] packet) {
        int segments = packet.length / 255 + 1;
        var header = ByteBuffer.allocate(27 + segments).order(ByteOrder.LITTLE_ENDIAN);
        header.put("OggS".getBytes(StandardCharsets.US_ASCII)).put((byte) 0).put((byte) flags);
        header.putLong(position).putInt(1).putInt(number).putInt(0).put((byte) segments);
        for (int i = 0; i < segments - 1; i++) {
            header.put((byte) 255);
        }
        header.put((byte) (packet.length % 255));
        out.writeBytes(header.array());
        out.writeBytes(packet);
    }

    static MediaFile wav(double seconds) {
        int bytesPerSecond = 16_000;
        var file = ByteBuffer.allocate(44 + (int) (seconds * bytesPerSecond)).order(ByteOrder.LITTLE_ENDIAN);
        file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(0);
        file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
        file.putShort((short) 1).putShort((short) 1).putInt(8_000).putInt(bytesPerSecond);
        return MediaFile.of(file.array());
    }

    static MediaFile ofBeginning(String beginning) {
        return MediaFile.of(Arrays.copyOf(beginning.getBytes(StandardCharsets.ISO_8859_1), 2_000));
    }
}
