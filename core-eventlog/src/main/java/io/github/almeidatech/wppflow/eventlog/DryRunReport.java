package io.github.almeidatech.wppflow.eventlog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a rehearsal found.
 *
 * @param events how many were looked at
 * @param matched how many of them at least one policy matched
 * @param policies by id, also those that never matched
 * @param differing how many events lead to something else than under the policies compared with; 0 without any
 * @param differences the first of these
 * @param cycles circles in which the policies set each other off, or could
 */
public record DryRunReport(
        long events,
        long matched,
        Map<String, PolicyTally> policies,
        long differing,
        List<Difference> differences,
        List<PolicyCycle> cycles) {

    public DryRunReport {
        policies = Collections.unmodifiableMap(new LinkedHashMap<>(policies));
        differences = List.copyOf(differences);
        cycles = List.copyOf(cycles);
    }

    /**
     * How one policy did.
     *
     * @param fired how often it would have acted
     * @param stopped how often the loop guard or a limit would have stopped it
     * @param failed how often its condition could not be decided
     * @param actions how often by kind
     * @param skipped what could not have been planned, by kind and reason
     * @param sampleEvents ids of the first events it matched
     */
    public record PolicyTally(
            long fired,
            long stopped,
            long failed,
            Map<String, Long> actions,
            Map<String, Long> skipped,
            List<String> sampleEvents) {

        public PolicyTally {
            actions = Map.copyOf(actions);
            skipped = Map.copyOf(skipped);
            sampleEvents = List.copyOf(sampleEvents);
        }
    }

    /**
     * One event that would lead to something else.
     *
     * @param eventId which event
     * @param eventType its type
     * @param present what the policies compared with do, as {@code policy: kinds of actions}
     * @param proposed what the rehearsed ones do; may read the same when only texts differ
     */
    public record Difference(String eventId, String eventType, List<String> present, List<String> proposed) {

        public Difference {
            present = List.copyOf(present);
            proposed = List.copyOf(proposed);
        }
    }
}
