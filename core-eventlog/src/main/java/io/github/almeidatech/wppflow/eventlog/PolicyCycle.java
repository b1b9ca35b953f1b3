package io.github.almeidatech.wppflow.eventlog;

import java.util.List;

/**
 * A circle in which policies set each other off. The engine ends it after one round; it is still mostly a mistake.
 *
 * @param policies their ids in that order, beginning with the smallest of those it was found from
 * @param certain each of them acts whenever the one before it has acted. False when that depends on what is only known when
 *     it happens: facts a condition looks at, whether a command is carried out or held back, who has the conversation
 */
public record PolicyCycle(List<String> policies, boolean certain) {

    public PolicyCycle {
        policies = List.copyOf(policies);
    }

    /** For people: {@code a → b → a}, and how sure it is. */
    @Override
    public String toString() {
        return (certain ? "a circle: " : "a possible circle: ") + String.join(" → ", policies) + " → " + policies.get(0)
                + (certain ? " (ends after one round; a mistake)" : " (closes only if conditions and events allow it)");
    }
}
