package io.github.almeidatech.wppflow.flow;

import org.jspecify.annotations.Nullable;

/**
 * What storing an answer led to.
 *
 * @param outcome what became of it
 * @param next the conversation's first reply, claimed with it; null when none is due, or none was claimed
 */
public record TurnCompletion(TurnOutcome outcome, @Nullable CommandAttempt next) {}
