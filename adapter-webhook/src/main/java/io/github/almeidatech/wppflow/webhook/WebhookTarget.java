package io.github.almeidatech.wppflow.webhook;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One webhook outside. Its address and its secrets come from the configuration, never from a message.
 *
 * @param name how commands and routes call it
 * @param url where it is
 * @param secret signs each call, if given ({@link WebhookSignature}); at least {@value #MIN_SECRET} characters
 * @param token sent in the header {@value WebhookClient#TOKEN_HEADER}, if given: for receivers that compare a header and
 *     cannot check a signature, such as n8n's <em>Header Auth</em>; at least {@value #MIN_SECRET} characters
 * @param timeLimit for one call with everything it takes
 * @param answerIsEvent what it answers to a command is written down as a {@code webhook.answered} event
 * @param privateNetwork whether it may have an address of a private network or of this machine
 */
public record WebhookTarget(
        String name,
        URI url,
        @Nullable String secret,
        @Nullable String token,
        Duration timeLimit,
        boolean answerIsEvent,
        boolean privateNetwork) {

    static final int MIN_SECRET = 24;

    public WebhookTarget {
        if (secret == null && token == null) {
            throw new IllegalArgumentException(
                    "a webhook needs a secret or a token, or anybody could pretend to be us");
        }
        if (secret != null && secret.length() < MIN_SECRET || token != null && token.length() < MIN_SECRET) {
            throw new IllegalArgumentException("secret and token have at least " + MIN_SECRET + " characters");
        }
        if (timeLimit.isNegative() || timeLimit.isZero()) {
            throw new IllegalArgumentException("a time limit > 0 wanted");
        }
    }

    @Override
    public String toString() {
        return "WebhookTarget[" + name + "]";
    }
}
