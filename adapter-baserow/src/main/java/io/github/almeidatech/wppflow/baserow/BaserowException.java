package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.model.FlowException;
import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A call to Baserow failed. */
public final class BaserowException extends FlowException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final BaserowError error;
    private final int status;
    private final String detail;

    BaserowException(BaserowError error, String call, @Nullable Throwable cause) {
        this(error, call, 0, "", cause, null);
    }

    BaserowException(
            BaserowError error,
            String call,
            int status,
            String detail,
            @Nullable Throwable cause,
            @Nullable Duration retryAfter) {
        super(error, error.word() + " (" + call + (status == 0 ? "" : ", status " + status) + ")", cause, retryAfter);
        this.error = error;
        this.status = status;
        this.detail = detail;
    }

    /** What kind of failure. */
    public BaserowError error() {
        return error;
    }

    /** The answer's HTTP status, 0 when there was no answer. */
    public int status() {
        return status;
    }

    /** Baserow's own words, at most 300 characters; for a person who configures it, not for logs: may quote values. */
    public String detail() {
        return detail;
    }
}
