package io.github.almeidatech.wppflow.normalizer;

import io.github.almeidatech.wppflow.model.ErrorCode;

/** Why a delivery cannot be read. Trying the same bytes again never helps. */
public enum NormalizerError implements ErrorCode {
    /** Not valid UTF-8. */
    NOT_UTF8("ERR_VALIDATION", 400),
    /** Not JSON, something after it, or a key given twice. */
    NOT_JSON("ERR_VALIDATION", 400),
    /** Nested too deep, or a text, name, number or the whole too long. */
    TOO_COMPLEX("ERR_VALIDATION", 400),
    /** JSON, but in none of the accepted forms. */
    UNKNOWN_FORM("ERR_VALIDATION", 400),
    /** Two events are named, and they differ. */
    AMBIGUOUS_FORM("ERR_VALIDATION", 400),
    /** Wrapped more often than anybody does. */
    TOO_MANY_WRAPPERS("ERR_VALIDATION", 400),
    /** Names another tenant than the one that was authenticated. */
    FOREIGN_TENANT("ERR_FORBIDDEN", 403),
    /** Of another Chatwoot account than the tenant's. */
    FOREIGN_ACCOUNT("ERR_FORBIDDEN", 403),
    /** A field is not there. */
    MISSING_FIELD("ERR_MISSING_FIELD", 422),
    /** A field is of another type. */
    WRONG_TYPE("ERR_VALIDATION", 422),
    /** A value that cannot be: an id below one, a date that is none, an unknown word. */
    IMPOSSIBLE_VALUE("ERR_VALIDATION", 422),
    /** A text that is too long. */
    TOO_LONG("ERR_VALIDATION", 422),
    /** A list that is too long. */
    TOO_MANY("ERR_VALIDATION", 422);

    private final String code;
    private final int httpStatus;

    NormalizerError(String code, int httpStatus) {
        this.code = code;
        this.httpStatus = httpStatus;
    }

    @Override
    public String code() {
        return code;
    }

    /** What to answer whoever sent it. */
    public int httpStatus() {
        return httpStatus;
    }

    @Override
    public boolean retryable() {
        return false;
    }
}
