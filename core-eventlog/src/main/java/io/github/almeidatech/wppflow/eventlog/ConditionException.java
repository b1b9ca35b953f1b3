package io.github.almeidatech.wppflow.eventlog;

import java.io.Serial;

/** A condition that could not be decided on these facts. Its message holds no facts. */
public final class ConditionException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    ConditionException(String message, Throwable cause) {
        super(message, cause);
    }
}
