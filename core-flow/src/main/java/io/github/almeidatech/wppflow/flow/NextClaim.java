package io.github.almeidatech.wppflow.flow;

import java.time.Duration;

/**
 * How the next command of a conversation is claimed with the result of the one before.
 *
 * @param token proves the claim; new for every result, and the same when that is stored again
 * @param lease how long the claim holds
 */
public record NextClaim(String token, Duration lease) {}
