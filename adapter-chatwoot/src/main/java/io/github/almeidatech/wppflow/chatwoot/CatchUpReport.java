package io.github.almeidatech.wppflow.chatwoot;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one run of catching up did.
 *
 * @param conversations how many with recent activity were listed
 * @param read of how many of them messages were read
 * @param offered how many messages were handed over
 * @param missed how many of these were new: a webhook had been lost
 * @param failed how many conversations could not be read or handed over; they come again next time
 * @param calls how many calls to Chatwoot it took
 * @param complete whether the walk was ended that this or an earlier run began; if not, the next run goes on with it
 * @param error why it stopped early, or null
 * @param retryAfter how long Chatwoot asked to be left alone then, or null
 */
public record CatchUpReport(
        int conversations,
        int read,
        int offered,
        int missed,
        int failed,
        int calls,
        boolean complete,
        @Nullable ChatwootError error,
        @Nullable Duration retryAfter) {

    /** Why it stopped early; empty when it did not. */
    public Optional<ChatwootError> stoppedBy() {
        return Optional.ofNullable(error);
    }

    /** How long nothing is to be tried, when Chatwoot said so. */
    public Optional<Duration> pause() {
        return Optional.ofNullable(retryAfter);
    }
}
