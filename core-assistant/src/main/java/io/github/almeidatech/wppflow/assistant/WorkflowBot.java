package io.github.almeidatech.wppflow.assistant;

import java.time.Duration;

/**
 * A program outside, such as an n8n workflow, that answers a tenant's customers instead of the knowledge base.
 *
 * @param name by which {@link Workflow} knows it
 * @param answerWithin how long it may take when it answers later
 * @param fallback what is done when it fails or does not answer in time
 */
public record WorkflowBot(String name, Duration answerWithin, Fallback fallback) {

    /** Who answers instead; somebody always does. */
    public enum Fallback {
        /** Our own knowledge base, which calls a person when it does not know. */
        KNOWLEDGE,
        /** A person. */
        HANDOFF
    }

    public WorkflowBot {
        if (name.isBlank() || answerWithin.isNegative() || answerWithin.isZero()) {
            throw new IllegalArgumentException("a name and some time to answer wanted");
        }
    }
}
