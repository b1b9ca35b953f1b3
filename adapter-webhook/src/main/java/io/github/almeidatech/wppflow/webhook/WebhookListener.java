package io.github.almeidatech.wppflow.webhook;

import java.time.Duration;

/** Hears of every call, for figures. Must be quick and not fail; called by any thread. */
@FunctionalInterface
public interface WebhookListener {

    /** Nobody listens. */
    WebhookListener NONE = (target, took, outcome) -> {};

    /**
     * A call has ended.
     *
     * @param target the webhook's name
     * @param took from the beginning to the last byte of the answer
     * @param outcome {@code ok}, {@code client_error}, {@code server_error}, {@code redirect} or {@code failed}
     */
    void called(String target, Duration took, String outcome);
}
