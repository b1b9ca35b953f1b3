package io.github.almeidatech.wppflow.multimodal;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** An attachment's bytes cannot be had, or not within the limits. */
public final class MediaUnavailableException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final MediaText.Reason reason;

    /** @param cause what happened; its message must not carry the address's query */
    public MediaUnavailableException(MediaText.Reason reason, @Nullable Throwable cause) {
        super(reason.word(), cause);
        this.reason = reason;
    }

    /** Why. */
    public MediaText.Reason reason() {
        return reason;
    }
}
