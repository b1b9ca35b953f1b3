package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.model.FlowException;
import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A call to Chatwoot failed. */
public final class ChatwootException extends FlowException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final ChatwootError error;
    private final int status;
    private final String detail;

    ChatwootException(ChatwootError error, String call, @Nullable Throwable cause) {
        this(error, call, 0, "", cause, null);
    }

    ChatwootException(
            ChatwootError error,
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
    public ChatwootError error() {
        return error;
    }

    /** The answer's HTTP status, 0 when there was no answer. */
    public int status() {
        return status;
    }

    /** Chatwoot's own words, at most 300 characters; for a person who configures it, not for logs: may quote values. */
    public String detail() {
        return detail;
    }
}
