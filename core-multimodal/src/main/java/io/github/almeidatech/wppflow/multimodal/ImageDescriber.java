package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.Payer;
import java.time.Duration;

/** Turns a picture into text. Thread-safe; blocks. */
@FunctionalInterface
public interface ImageDescriber {

    /**
     * What it shows and every text that is visible on it.
     *
     * @throws MediaUnavailableException when it cannot be done now, or the payer's budget is used up
     */
    String describe(Payer payer, MediaFile picture, Duration timeLimit) throws MediaUnavailableException;
}
