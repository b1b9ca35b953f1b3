package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.Payer;
import java.time.Duration;

/** Turns speech into text. Thread-safe; blocks. */
@FunctionalInterface
public interface Transcriber {

    /**
     * What is said; blank when nothing is.
     *
     * @throws MediaUnavailableException when it cannot be done now, or the payer's budget is used up
     */
    String transcribe(Payer payer, MediaFile audio, Duration timeLimit) throws MediaUnavailableException;
}
