package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.multimodal.FileType;
import io.github.almeidatech.wppflow.multimodal.MediaFile;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** A sound file: how long it is, and the containers it can be offered in. */
final class Sound {

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
            case WEBM, WEBM_SOUND -> containers.add(new Container("voice.webm", "audio/webm", bytes));
            case AMR, AAC, PDF, DOCX, TEXT, JPEG, PNG, WEBP, GIF, UNKNOWN -> {
                // nobody takes it
            }
        }
        return containers;
    }

    /** Its length, where the file says it and that is possible for its size. */
    OptionalDouble seconds() {
        boolean trusted = file.type() == FileType.OGG || file.type() == FileType.WAV;
        return trusted
                ? file.duration().stream()
                        .mapToDouble(length -> length.toMillis() / 1_000.0)
                        .findFirst()
                : OptionalDouble.empty();
    }

    /** What is taken from the budget for it. */
    double secondsAtMost() {
        return seconds().orElse((double) file.bytes().length / USUAL);
    }
}
