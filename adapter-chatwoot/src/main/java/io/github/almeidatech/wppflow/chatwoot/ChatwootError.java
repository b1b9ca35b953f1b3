package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.model.ErrorCode;
import java.util.Locale;

/** How a call to Chatwoot, or a fetch of a file, can fail. */
public enum ChatwootError implements ErrorCode {
    /** No connection was made, or nothing was written to it. */
    UNREACHABLE(true, false),
    /** Chatwoot failed too often lately; nothing was tried. */
    CIRCUIT_OPEN(true, false),
    /** Too many calls are under way already, or the time for this one was over before it began. */
    BUSY(true, false),
    /** No whole answer within the time limit. */
    TIMED_OUT(true, true),
    /** The connection broke after the request had begun. */
    BROKEN(true, true),
    /** An answer 5xx, or 408. Chatwoot may have done the work all the same. */
    SERVER_ERROR(true, true),
    /** An answer 2xx that is not what the call answers with. */
    UNREADABLE_ANSWER(true, true),
    /** An answer 2xx of more than a mebibyte. Says nothing about how Chatwoot is: a smaller question may be answered. */
    ANSWER_TOO_LARGE(true, true),
    /** An answer 429, or a pause it asked for is not over. */
    RATE_LIMITED(true, false),
    /** An answer 401: the token is wrong, or may not do this. Tokens get repaired, so it is worth trying later. */
    UNAUTHORIZED(true, false),
    /** A redirect: the base address is not quite right. */
    REDIRECTED(true, false),
    /** An answer 403. */
    FORBIDDEN(false, false),
    /** An answer 404. */
    NOT_FOUND(false, false),
    /** Any other answer 4xx. */
    INVALID_REQUEST(false, false),
    /** A call that needs a token this client does not have. Nothing was tried. */
    NO_TOKEN(false, false);

    private final boolean retryable;
    private final boolean unclear;

    ChatwootError(boolean retryable, boolean unclear) {
        this.retryable = retryable;
        this.unclear = unclear;
    }

    @Override
    public String code() {
        return this == TIMED_OUT ? "ERR_TIMEOUT" : "ERR_CHATWOOT_API";
    }

    @Override
    public boolean retryable() {
        return retryable;
    }

    /** Whether the work may have been done in spite of the failure. */
    public boolean unclear() {
        return unclear;
    }

    /** The lower-case word, part of command results and events. */
    @Override
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
