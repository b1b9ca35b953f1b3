package io.github.almeidatech.wppflow.flow;

import org.jspecify.annotations.Nullable;

/**
 * What storing the result of a try led to.
 *
 * @param stored false when the lease was lost, and then nothing changed
 * @param next the conversation's next command of the same line, claimed with it; null when none is due, or none was claimed
 */
public record CommandCompletion(boolean stored, @Nullable CommandAttempt next) {}
