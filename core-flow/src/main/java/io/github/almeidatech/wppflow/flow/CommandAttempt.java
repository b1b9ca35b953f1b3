package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One claimed try to carry out a command.
 *
 * @param commandId the store's number, growing in the order of execution
 * @param conversation where
 * @param turnId the turn it comes from
 * @param key unique for this command and the same on every try: what is sent carries it, so that it can be found again
 * @param command what is to be done
 * @param attempt 1 for the first try
 * @param unclearSince the last instant at which an earlier try whose result is not known (a crash, a time-out) may have
 *     sent something, or null. Look before repeating, and repeat only after the settling time has passed since then
 * @param leaseUntil nothing may be sent from this instant on
 * @param token proves the claim
 */
public record CommandAttempt(
        long commandId,
        ConversationId conversation,
        String turnId,
        String key,
        OutboundCommand command,
        int attempt,
        @Nullable Instant unclearSince,
        Instant leaseUntil,
        String token) {

    private static final Pattern KEY = Pattern.compile("(.+)-\\d+(?:-[a-z]+)?");

    /** The key of a turn's or a policy's command; {@link #causeOf} leads back. */
    public static String key(String cause, int number) {
        return cause + "-" + number;
    }

    /** The turn, or the policy's firing, that a command or a part of one was for, by its key; empty when it is no such key. */
    public static Optional<String> causeOf(String key) {
        Matcher parts = KEY.matcher(key);
        return parts.matches() ? Optional.of(parts.group(1)) : Optional.empty();
    }

    /** The same try of a part of the command, with a key of its own. */
    public CommandAttempt part(String partKey, OutboundCommand part) {
        return new CommandAttempt(
                commandId, conversation, turnId, partKey, part, attempt, unclearSince, leaseUntil, token);
    }
}
