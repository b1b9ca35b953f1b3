package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.model.ErrorCode;
import java.util.Locale;

/** How a call to Baserow can fail. */
public enum BaserowError implements ErrorCode {
    /** No connection was made, or nothing was written to it. */
    UNREACHABLE(true, false),
    /** Baserow failed too often lately; nothing was tried. */
    CIRCUIT_OPEN(true, false),
    /** Too many calls are under way already, the same row is being written, or the time for this call was over. */
    BUSY(true, false),
    /** No whole answer within the time limit. */
    TIMED_OUT(true, true),
    /** The connection broke after the request had begun. */
    BROKEN(true, true),
    /** An answer 5xx, or 408. Baserow may have done the work all the same. */
    SERVER_ERROR(true, true),
    /** An answer 2xx that is not what the call answers with. */
    UNREADABLE_ANSWER(true, true),
    /** An answer 2xx larger than is read. */
    TOO_LARGE(false, true),
    /** An answer 429, or the pause after one is not over. */
    RATE_LIMITED(true, false),
    /** An answer 409: another change was under way, and this one was taken back. */
    CONFLICT(true, false),
    /** The token is not accepted. Tokens get repaired, so it is worth trying later. */
    UNAUTHORIZED(true, false),
    /** A redirect: the base address is not quite right. */
    REDIRECTED(true, false),
    /** The table's columns are not those that were read before; they are read again. */
    COLUMNS_CHANGED(true, false),
    /** The token may not do this with this table, or the licence does not include it. */
    FORBIDDEN(false, false),
    /** There is no such row. */
    ROW_NOT_FOUND(false, false),
    /** There is no such table, or no Baserow at that address. */
    TABLE_NOT_FOUND(false, false),
    /** A value that has to be unique is there already. */
    NOT_UNIQUE(false, false),
    /** Any other answer 4xx. */
    INVALID_REQUEST(false, false);

    private final boolean retryable;
    private final boolean unclear;

    BaserowError(boolean retryable, boolean unclear) {
        this.retryable = retryable;
        this.unclear = unclear;
    }

    @Override
    public String code() {
        return this == TIMED_OUT ? "ERR_TIMEOUT" : "ERR_BASEROW_API";
    }

    @Override
    public boolean retryable() {
        return retryable;
    }

    /** Whether the work may have been done in spite of the failure. */
    public boolean unclear() {
        return unclear;
    }

    /** Whether it says that Baserow itself is not well. */
    boolean sickness() {
        return switch (this) {
            case UNREACHABLE, TIMED_OUT, BROKEN, SERVER_ERROR, UNREADABLE_ANSWER -> true;
            case CIRCUIT_OPEN,
                    BUSY,
                    TOO_LARGE,
                    RATE_LIMITED,
                    CONFLICT,
                    UNAUTHORIZED,
                    REDIRECTED,
                    COLUMNS_CHANGED,
                    FORBIDDEN,
                    ROW_NOT_FOUND,
                    TABLE_NOT_FOUND,
                    NOT_UNIQUE,
                    INVALID_REQUEST -> false;
        };
    }

    /** The lower-case word, part of command results and metrics. */
    @Override
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
