package io.github.almeidatech.wppflow.eventlog;

import java.util.List;

/**
 * One policy that matched one event, and what came of it.
 *
 * @param policyId which policy
 * @param policyVersion of it
 * @param eventId the event
 * @param outcome whether it acted
 * @param actions the kinds of actions planned, in order; what it would have done, for a shadow
 * @param skipped actions that could not be planned, as {@code kind: reason}
 */
public record Firing(
        String policyId,
        int policyVersion,
        String eventId,
        Outcome outcome,
        List<String> actions,
        List<String> skipped) {

    public Firing {
        actions = List.copyOf(actions);
        skipped = List.copyOf(skipped);
    }

    /** Whether a policy acted. */
    public enum Outcome {
        /** Its actions are planned. */
        FIRED("policy.fired"),
        /** It is only watched: nothing is planned. */
        SHADOWED("policy.shadowed"),
        /** It had a part in causing the event; acting again would be a loop. */
        STOPPED_LOOP("policy.stopped"),
        /** Too many rules lie between the event and the customer's message. */
        STOPPED_DEPTH("policy.stopped"),
        /** Too much was planned already. */
        STOPPED_LIMIT("policy.stopped"),
        /** Its condition could not be decided. */
        FAILED("policy.failed");

        private final String eventType;

        Outcome(String eventType) {
            this.eventType = eventType;
        }

        /** The type of the event that tells of it. */
        public String eventType() {
            return eventType;
        }
    }
}
