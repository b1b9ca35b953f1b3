package io.github.almeidatech.wppflow.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * The promises under everything that can go wrong. {@code -Dflow.seeds=50000} lives as many lives (two conversations each
 * on average), {@code -Dflow.seed=42} one; a failure names its seed.
 */
class SimulationTest {

    private static final long NORMAL_SEEDS = 2500;

    private static final List<String> CALLS = List.of(
            "accept",
            "claimTurns",
            "completeTurn",
            "releaseTurn",
            "wakeTurn",
            "claimCommands",
            "completeCommand",
            "holdsBack",
            "undecided",
            "decide",
            "recover");

    private final Map<String, Integer> hits = new TreeMap<>();
    private long conversations;

    @Test
    void promises_hold_in_every_life() {
        Long only = Long.getLong("flow.seed");
        if (only != null) {
            live(only);
            return;
        }
        long seeds = Long.getLong("flow.seeds", NORMAL_SEEDS);

        for (long seed = 1; seed <= seeds; seed++) {
            live(seed);
        }

        assertThat(hits.keySet()).as("everything was tried").containsAll(everything());
        if (seeds != NORMAL_SEEDS) {
            System.out.println(seeds + " seeds, " + conversations + " conversations: " + hits);
        }
    }

    private void live(long seed) {
        var simulation = new Simulation(seed, UnaryOperator.identity(), Fault.NONE);
        try {
            simulation.run();
        } catch (Throwable broken) {
            throw new AssertionError("-Dflow.seed=" + seed + ": " + broken.getMessage(), broken);
        }
        conversations += simulation.conversations();
        simulation.hits.forEach((what, times) -> hits.merge(what, times, Integer::sum));
    }

    /** Every call cut off and killed before and after, and every way to send, to answer and to be silent. */
    private static TreeSet<String> everything() {
        var all = new TreeSet<>(List.of(
                "done",
                "found",
                "not settled",
                "cannot look",
                "not done",
                "refused",
                "unclear",
                "sender broke",
                "killed while sending",
                "killed after sending",
                "killed with a reply in hand",
                "reply in hand, not told",
                "held back by sender",
                "heard by looking",
                "cannot take in",
                "records down",
                "dead letter retried",
                "given up",
                "bot: answer",
                "bot: handoff",
                "bot: pause",
                "bot: silent",
                "policy: fired",
                "policy: stopped_loop",
                "owner.noted",
                "bot: waiting",
                FlowEvents.TURN_SILENCED,
                FlowEvents.TURN_SUPERSEDED,
                FlowEvents.TURN_ABANDONED,
                FlowEvents.COMMAND_HELD_BACK,
                FlowEvents.COMMAND_MERGED,
                FlowEvents.COMMAND_DEAD_LETTERED,
                FlowEvents.COMMAND_DISCARDED));
        for (String call : CALLS) {
            for (String when : List.of("before ", "after ")) {
                all.add("killed " + when + call);
                all.add("cut off " + when + call);
            }
        }
        return all;
    }
}
