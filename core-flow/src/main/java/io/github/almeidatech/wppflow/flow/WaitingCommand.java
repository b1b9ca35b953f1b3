package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.OutboundCommand;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A command that is still to be carried out.
 *
 * @param commandId the store's number, growing in the order of execution
 * @param turnId the turn it comes from
 * @param key what a sent message carries
 * @param command what is to be done
 * @param attempts how many tries have begun
 * @param due when it may be tried, once it is the first
 * @param unclearSince as in {@link CommandAttempt#unclearSince()}
 */
public record WaitingCommand(
        long commandId,
        String turnId,
        String key,
        OutboundCommand command,
        int attempts,
        Instant due,
        @Nullable Instant unclearSince) {}
