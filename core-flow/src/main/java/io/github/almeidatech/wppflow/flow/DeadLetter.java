package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import java.time.Instant;

/**
 * A command that was given up and waits for a person's decision: retry or discard.
 *
 * @param commandId the store's number
 * @param conversation where
 * @param turnId the turn it comes from
 * @param key what a sent message would carry
 * @param command what was to be done
 * @param attempts how often it was tried
 * @param reason the last failure
 * @param since when it was given up
 */
public record DeadLetter(
        long commandId,
        ConversationId conversation,
        String turnId,
        String key,
        OutboundCommand command,
        int attempts,
        String reason,
        Instant since) {}
