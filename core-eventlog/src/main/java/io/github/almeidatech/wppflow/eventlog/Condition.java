package io.github.almeidatech.wppflow.eventlog;

import java.util.Map;

/** What must be true of the facts. Pure, thread-safe, bounded in steps. */
public interface Condition {

    /** Holds always. */
    Condition ALWAYS = facts -> true;

    /**
     * Whether it holds.
     *
     * @param facts plain data; what is missing counts as null
     * @throws ConditionException when it cannot be told: the facts do not fit, or it takes too many steps
     */
    boolean holds(Map<String, Object> facts);
}
