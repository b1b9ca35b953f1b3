package io.github.almeidatech.wppflow.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * What the checker found.
 *
 * @param conversations in which customers wrote
 * @param written messages of customers
 * @param inTurns of these, answered for in a completed turn
 * @param withReason of these, left unanswered with a reason, because the conversation was a person's
 * @param turns completed turns
 * @param bubbles messages of the bot to customers
 * @param notes private notes of the bot
 * @param heldBack commands that were dropped because a person had come
 * @param late messages that were accepted only after a younger one had been, and so answered after it
 * @param crossed messages of the bot that were on their way when a person came
 * @param violations of the promises
 */
record Verdict(
        int conversations,
        int written,
        int inTurns,
        int withReason,
        int turns,
        int bubbles,
        int notes,
        int heldBack,
        int late,
        int crossed,
        List<Violation> violations) {

    Verdict {
        violations = List.copyOf(violations);
    }

    /** Which promise was broken. */
    enum Promise {
        /** A customer's message without an outcome, or an answer that was never seen. */
        LOST,
        /** A message with two outcomes, or a command that was carried out twice. */
        TWICE,
        /** Turns or bubbles in another order than their messages. */
        OUT_OF_ORDER,
        /** The bot spoke although it could see that the conversation was a person's. */
        OVER_A_PERSON,
        /** Something in Chatwoot that the event log does not explain. */
        UNEXPLAINED
    }

    /** One case. */
    record Violation(Promise promise, String what) {
        @Override
        public String toString() {
            return promise + ": " + what;
        }
    }

    /** The same with more of them. */
    Verdict with(List<Violation> more) {
        var all = new ArrayList<>(violations);
        all.addAll(more);
        return new Verdict(
                conversations, written, inTurns, withReason, turns, bubbles, notes, heldBack, late, crossed, all);
    }

    long count(Promise promise) {
        return violations.stream()
                .filter(violation -> violation.promise() == promise)
                .count();
    }
}
