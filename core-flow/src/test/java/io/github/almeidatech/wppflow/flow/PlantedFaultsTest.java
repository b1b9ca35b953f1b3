package io.github.almeidatech.wppflow.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The test of the test: the simulation notices what it is there to notice, soon. */
class PlantedFaultsTest {

    private static final int ENOUGH_SEEDS = 3000;

    static Stream<Arguments> faults() {
        return Stream.of(
                store("completes without a token", PlantedFaults.CompletesWithoutToken::new),
                store("forgets the fence", PlantedFaults.ForgetsTheFence::new),
                store("orders by arrival", PlantedFaults.OrdersByArrival::new),
                store("looks, then inserts", PlantedFaults.LooksThenInserts::new),
                store("knows one key only", PlantedFaults.KnowsOneKeyOnly::new),
                store("answers before the commit", PlantedFaults.AnswersBeforeCommit::new),
                store("stores commands apart", PlantedFaults.StoresCommandsApart::new),
                store("supersedes for ever", PlantedFaults.SupersedesForEver::new),
                store("ignores a takeover between bubbles", PlantedFaults.IgnoresTakeoverBetweenBubbles::new),
                store("never ends a claim", PlantedFaults.NeverEndsAClaim::new),
                store("claims twice", PlantedFaults.ClaimsTwice::new),
                store("a dead letter blocks", PlantedCommandFaults.DeadLetterBlocks::new),
                store("lets the next one overtake", PlantedCommandFaults.LetsTheNextOneOvertake::new),
                store("records hold back replies", PlantedCommandFaults.RecordsHoldBackReplies::new),
                store("loses what is merged", PlantedCommandFaults.LosesWhatIsMerged::new),
                store("forgets unclear tries", PlantedCommandFaults.ForgetsUnclearTries::new),
                store("unclear since it began", PlantedCommandFaults.UnclearSinceItBegan::new),
                store("goes on over a person", PlantedGoingOnFaults.OverAPerson::new),
                store("goes on past the line", PlantedGoingOnFaults.PastTheLine::new),
                store("forgets what it goes on with", PlantedGoingOnFaults.ForgetsTheClaim::new),
                store("goes on beside another", PlantedGoingOnFaults.BesideAnother::new),
                store("forgets the reply it goes on with", PlantedGoingOnFaults.ForgetsTheReply::new),
                store("forgets what policies want", PlantedPolicyFaults.ForgetsPlans::new),
                store("decides without looking at the cursor", PlantedPolicyFaults.IgnoresTheCursor::new),
                store("decides about turns again", PlantedPolicyFaults.DecidesAgain::new),
                store("lets policies take over from people", PlantedPolicyFaults.TakesFromPeople::new),
                sender(Fault.FORGETS_CAUSES),
                sender(Fault.SILENCES_WITHOUT_REASON),
                sender(Fault.HOLDS_BACK_WITHOUT_REASON),
                sender(Fault.DECIDES_WITHOUT_REASON),
                sender(Fault.FORGETS_UNCLEAR_RESULTS),
                sender(Fault.DOES_NOT_LET_SETTLE),
                sender(Fault.SEES_THE_LAST_WORD_ONLY),
                sender(Fault.ASKS_BEFORE_IT_LOOKS),
                sender(Fault.IGNORES_THE_LEASE));
    }

    private static Arguments store(String name, UnaryOperator<FlowStore> faulty) {
        return Arguments.of(name, faulty, Fault.NONE);
    }

    private static Arguments sender(Fault fault) {
        String name = fault.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Arguments.of(name, UnaryOperator.<FlowStore>identity(), fault);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void a_planted_fault_is_noticed(String name, UnaryOperator<FlowStore> faulty, Fault fault) {
        int seed = 1;
        while (seed <= ENOUGH_SEEDS && keepsPromises(seed, faulty, fault)) {
            seed++;
        }

        assertThat(seed).as("seeds until \"%s\" is noticed", name).isLessThanOrEqualTo(ENOUGH_SEEDS);
    }

    private static boolean keepsPromises(int seed, UnaryOperator<FlowStore> faulty, Fault fault) {
        try {
            new Simulation(seed, faulty, fault).run();
            return true;
        } catch (Witness.Violation noticed) {
            return false;
        }
    }
}
