package io.github.almeidatech.wppflow.eventlog;

import java.util.List;

/**
 * A circle in which policies set each other off. The engine ends it after one round; it is still mostly a mistake.
 *
 * @param policies their ids in that order, beginning with the smallest of those it was found from
 * @param certain each of them acts whenever the one before it has acted. False when that depends on what is only known when
 *     it happens: facts a condition looks at, whether a command is carried out or held back, who has the conversation
 * @param shadow one of them at least is in shadow, so that nothing goes in this circle before that one is switched on
 */
public record PolicyCycle(List<String> policies, boolean certain, boolean shadow) {

    public PolicyCycle {
        policies = List.copyOf(policies);
    }

    /** For people: {@code a → b → a}, and how sure it is. */
    @Override
    public String toString() {
        String what = certain ? "a circle" : "a possible circle";
        String when = shadow ? " once all of it is on: " : ": ";
        String circle = String.join(" → ", policies) + " → " + policies.get(0);
        return what
                + when
                + circle
                + (certain ? " (ends after one round; a mistake)" : " (closes only if conditions and events allow it)");
    }
}
