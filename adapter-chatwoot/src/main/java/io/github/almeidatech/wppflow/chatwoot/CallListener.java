package io.github.almeidatech.wppflow.chatwoot;

import java.time.Duration;

/** Is told of every call to Chatwoot, for metrics. Called on the caller's thread; must not throw or block. */
@FunctionalInterface
public interface CallListener {

    /** Nobody listens. */
    CallListener NONE = (call, took, outcome) -> {};

    /**
     * A call is over.
     *
     * @param call a fixed name, such as {@code create_message}
     * @param took waiting for a place included
     * @param outcome {@code ok} or a {@link ChatwootError#word()}
     */
    void called(String call, Duration took, String outcome);
}
