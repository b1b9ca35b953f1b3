package io.github.almeidatech.wppflow.baserow;

import java.time.Duration;

/** Is told of every call to Baserow, for metrics. Called on the caller's thread; must not throw or block. */
@FunctionalInterface
public interface CallListener {

    /** Nobody listens. */
    CallListener NONE = (call, took, outcome) -> {};

    /**
     * A call is over.
     *
     * @param call a fixed name, such as {@code list_rows}
     * @param took waiting for a place included
     * @param outcome {@code ok} or a {@link BaserowError#word()}
     */
    void called(String call, Duration took, String outcome);
}
