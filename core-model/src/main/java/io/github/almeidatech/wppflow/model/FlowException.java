package io.github.almeidatech.wppflow.model;

import java.io.Serial;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The world failed us: a network, a database, another system. Translated once, at the edge where it happened. */
public class FlowException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final transient ErrorCode code;
    private final transient @Nullable Duration retryAfter;

    /** @param message ids, sizes and codes only; never texts, names or secrets */
    public FlowException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, cause, null);
    }

    /** @param retryAfter how long the other side asked us to wait */
    public FlowException(ErrorCode code, String message, @Nullable Throwable cause, @Nullable Duration retryAfter) {
        super(code.code() + ": " + message, cause);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** What kind of failure. */
    public ErrorCode code() {
        return code;
    }

    /** How long the other side asked us to wait, if it did. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
