package io.github.almeidatech.wppflow.multimodal;

import java.time.Duration;

/** Turns speech into text. Thread-safe; blocks. */
@FunctionalInterface
public interface Transcriber {

    /**
     * What is said; blank when nothing is.
     *
     * @throws MediaUnavailableException when it cannot be done now, or the payer's budget is used up
     */
    String transcribe(MediaPayer payer, MediaFile audio, Duration timeLimit) throws MediaUnavailableException;
}
