package io.github.almeidatech.wppflow.flow;

/**
 * Carries out one try of one command. Blocks; thread-safe; never called twice at the same time for one conversation. A
 * thrown exception counts as {@link CommandResult.Unclear}.
 */
@FunctionalInterface
public interface CommandSender {

    CommandResult send(CommandAttempt attempt);
}
