package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.model.ErrorCode;
import java.util.Locale;

/** How a call to a language model can fail. */
public enum LlmError implements ErrorCode {
    /** No connection was made. */
    UNREACHABLE(true, true),
    /** The connection broke, or the thread was interrupted, before there was an answer. */
    BROKEN(true, true),
    /** No whole answer within the time limit. */
    TIMED_OUT(true, true),
    /** The provider failed: an answer 5xx or 408, or an error inside an answer 200. */
    SERVER_ERROR(true, true),
    /** An answer 2xx that is not what the protocol promises, or is too large. */
    UNREADABLE_ANSWER(true, true),
    /** The model's own words are not what was asked for, twice. */
    INVALID_ANSWER(true, false),
    /** The model, its content filter or the provider's moderation declined. */
    REFUSED(false, false),
    /** An answer 429, or the pause it asked for is not over. */
    RATE_LIMITED(true, false),
    /** The provider's account is out of credit: only its owner can change that. */
    QUOTA_EXCEEDED(false, false),
    /** The key is wrong, or may not do this. */
    UNAUTHORIZED(false, false),
    /** The model is not there, or the address is wrong. */
    NOT_FOUND(false, false),
    /** More than the model or the provider takes. */
    TOO_LARGE(false, false),
    /** Any other answer 4xx, such as a file the model cannot read. */
    INVALID_REQUEST(false, false),
    /** Too many calls are under way already. Nothing was sent. */
    BUSY(true, false),
    /** The provider failed too often lately. Nothing was sent. */
    CIRCUIT_OPEN(true, false),
    /** An allowance of tokens or money is used up. Nothing was sent. */
    OVER_BUDGET(false, false),
    /** The tenant has no model for this. Nothing was sent. */
    NOT_CONFIGURED(false, false);

    private final boolean retryable;
    private final boolean sickness;

    LlmError(boolean retryable, boolean sickness) {
        this.retryable = retryable;
        this.sickness = sickness;
    }

    /** {@code ERR_TIMEOUT} or {@code ERR_LLM_API}; see {@link #during} for media. */
    @Override
    public String code() {
        return this == TIMED_OUT ? "ERR_TIMEOUT" : "ERR_LLM_API";
    }

    @Override
    public boolean retryable() {
        return retryable;
    }

    /** The lower-case word, for metrics, logs and events. */
    @Override
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same failure, under the code of what was tried: {@code ERR_TRANSCRIPTION} for voice, {@code ERR_OCR} for pictures. */
    public ErrorCode during(Ability ability) {
        return new During(this, ability);
    }

    /** Whether the provider, not the request, is to blame: the circuit breaker counts these. */
    boolean sickness() {
        return sickness;
    }

    private record During(LlmError error, Ability ability) implements ErrorCode {
        @Override
        public String code() {
            if (error == TIMED_OUT) {
                return error.code();
            }
            return switch (ability) {
                case TRANSCRIBE -> "ERR_TRANSCRIPTION";
                case DESCRIBE -> "ERR_OCR";
                case ANSWER, CLASSIFY, EMBED -> error.code();
            };
        }

        @Override
        public boolean retryable() {
            return error.retryable();
        }

        @Override
        public String word() {
            return error.word();
        }
    }
}
