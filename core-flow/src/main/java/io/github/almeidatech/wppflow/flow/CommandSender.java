package io.github.almeidatech.wppflow.flow;

/**
 * Carries out one try of one command. Blocks; thread-safe; one process never calls it twice at the same time for one
 * {@link io.github.almeidatech.wppflow.model.OutboundCommand.Line line} of a conversation. A thrown exception counts as {@link CommandResult.Unclear}. A try that is still running when its lease has
 * passed is interrupted.
 *
 * <p>What makes a message seen once, whatever crashes: when {@link CommandAttempt#unclearSince()} is set, look for the
 * {@link CommandAttempt#key()} first. Found: {@link CommandResult.Done}. Not found and the settling time has not passed
 * since: {@link CommandResult.NotDone} with the rest of it as {@code after}. Cannot look: {@link CommandResult.NotDone}.
 * Otherwise do it, but not once {@link CommandAttempt#leaseUntil()} is reached; and answer {@link CommandResult.Unclear}
 * whenever the other side may have done it.
 */
@FunctionalInterface
public interface CommandSender {

    CommandResult send(CommandAttempt attempt);
}
