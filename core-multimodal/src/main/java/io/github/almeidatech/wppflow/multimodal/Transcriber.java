package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;

/** Turns speech into text. Thread-safe; blocks. */
@FunctionalInterface
public interface Transcriber {

    /**
     * What is said; blank when nothing is.
     *
     * @throws MediaUnavailableException when it cannot be done now, or the tenant's budget is used up
     */
    String transcribe(TenantId tenant, MediaFile audio, Duration timeLimit) throws MediaUnavailableException;
}
