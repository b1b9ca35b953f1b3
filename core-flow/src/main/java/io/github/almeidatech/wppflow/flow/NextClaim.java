package io.github.almeidatech.wppflow.flow;

import java.time.Duration;

/**
 * How the next command of a conversation is claimed with the result of what came before it: a command of the same line, or
 * the turn.
 *
 * @param token proves the claim, not blank; new for every result, and the same when that is stored again
 * @param lease how long the claim holds, longer than nothing
 */
public record NextClaim(String token, Duration lease) {

    public NextClaim {
        if (token.isBlank()) {
            throw new IllegalArgumentException("a token wanted, got a blank one");
        }
        if (lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("a lease > 0 wanted, got " + lease);
        }
    }
}
