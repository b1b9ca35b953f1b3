package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.multimodal.FileType;
import io.github.almeidatech.wppflow.multimodal.MediaFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** A sound file: how long it is, and the containers it can be offered in. */
final class Sound {

    private static final int OPUS_HERTZ = 48_000;
    /** No speech codec in use takes less, none takes more, bytes a second. */
    private static final int SPARSE = 100;

    private static final int DENSE = 200_000;
    /** A voice note's own codec needs about that; counted as longer rather than shorter. */
    private static final int USUAL = 1_000;

    private final MediaFile file;

    Sound(MediaFile file) {
        this.file = file;
    }

    /**
     * The bytes as they are offered to a provider. The ending of the name decides there what they are taken for, so it is
     * never the sender's.
     */
    record Container(String name, String mimeType, byte[] bytes) {}

    /** In the order they are offered; empty for what no provider takes. */
    List<Container> containers() {
        var containers = new ArrayList<Container>();
        byte[] bytes = file.bytes();
        switch (file.type()) {
            case OGG -> {
                containers.add(new Container("voice.ogg", "audio/ogg", bytes));
                OpusInWebm.of(bytes).ifPresent(webm -> containers.add(new Container("voice.webm", "audio/webm", webm)));
            }
            case M4A, MP4 -> {
                containers.add(new Container("voice.m4a", "audio/mp4", bytes));
                containers.add(new Container("voice.mp4", "video/mp4", bytes));
            }
            case MP3 -> containers.add(new Container("voice.mp3", "audio/mpeg", bytes));
            case WAV -> containers.add(new Container("voice.wav", "audio/wav", bytes));
            case WEBM -> containers.add(new Container("voice.webm", "audio/webm", bytes));
            case AMR, PDF, DOCX, TEXT, JPEG, PNG, WEBP, GIF, UNKNOWN -> {
                // nobody takes it
            }
        }
        return containers;
    }

    /** Its length, where the file says it and that is possible for its size. */
    OptionalDouble seconds() {
        byte[] bytes = file.bytes();
        double said = file.type() == FileType.OGG ? opus(bytes) : file.type() == FileType.WAV ? wav(bytes) : -1;
        boolean possible = said >= (double) bytes.length / DENSE && said <= (double) bytes.length / SPARSE;
        return possible ? OptionalDouble.of(said) : OptionalDouble.empty();
    }

    /** What is taken from the budget for it. */
    double secondsAtMost() {
        return seconds().orElse((double) file.bytes().length / USUAL);
    }

    /** The position the last page ends at. */
    private static double opus(byte[] bytes) {
        String head = new String(bytes, 0, Math.min(64, bytes.length), StandardCharsets.ISO_8859_1);
        if (!head.contains("OpusHead")) {
            return -1;
        }
        for (int i = bytes.length - 27; i >= 0; i--) {
            if (bytes[i] == 'O' && bytes[i + 1] == 'g' && bytes[i + 2] == 'g' && bytes[i + 3] == 'S') {
                long position =
                        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(i + 6);
                return (double) position / OPUS_HERTZ;
            }
        }
        return -1;
    }

    private static double wav(byte[] bytes) {
        if (bytes.length < 44) {
            return -1;
        }
        int bytesPerSecond =
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(28);
        return bytesPerSecond <= 0 ? -1 : (double) (bytes.length - 44) / bytesPerSecond;
    }
}
