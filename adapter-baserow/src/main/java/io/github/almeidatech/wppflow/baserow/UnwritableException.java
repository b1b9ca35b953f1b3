package io.github.almeidatech.wppflow.baserow;

import java.io.Serial;

/** A value, column or row that can never be written as asked. The reason is a stable word; no value is part of it. */
final class UnwritableException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String reason;

    UnwritableException(String reason, String column) {
        super(reason + ": " + column);
        this.reason = reason;
    }

    String reason() {
        return reason;
    }
}
