package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.multimodal.MediaText.Reason;
import io.github.almeidatech.wppflow.multimodal.MediaUnavailableException;

/** Says in the words of the media port why a model could not help. */
final class MediaFailure {

    private MediaFailure() {}

    static MediaUnavailableException of(LlmException e) {
        return new MediaUnavailableException(reason(e.error()), e);
    }

    private static Reason reason(LlmError error) {
        return switch (error) {
            case NOT_CONFIGURED -> Reason.NO_READER;
            case TIMED_OUT -> Reason.TIMED_OUT;
            case OVER_BUDGET -> Reason.OVER_BUDGET;
            case TOO_LARGE -> Reason.TOO_LARGE;
            case INVALID_REQUEST -> Reason.UNSUPPORTED_TYPE; // the server cannot read the file
            case UNREACHABLE,
                    BROKEN,
                    SERVER_ERROR,
                    UNREADABLE_ANSWER,
                    INVALID_ANSWER,
                    REFUSED,
                    RATE_LIMITED,
                    QUOTA_EXCEEDED,
                    UNAUTHORIZED,
                    NOT_FOUND,
                    BUSY,
                    CIRCUIT_OPEN -> Reason.UNREACHABLE;
        };
    }
}
