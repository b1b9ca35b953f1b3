package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A system around the server that misbehaves in one way.
 *
 * @param system which
 * @param what it does with a request that it is to fail
 */
record OutsideFault(Neighbour system, Misbehaviour what) {

    /** The systems that a server asks. */
    enum Neighbour {
        CHATWOOT,
        MODEL,
        BASEROW
    }

    /** What can happen to a request. */
    enum Misbehaviour {
        HANGS("no answer at all", Fault.hang()),
        RESET("connection closed", Fault.drop()),
        RESET_AFTER("connection closed after the work", Fault.drop().afterDoing()),
        ERROR("500", Fault.status(500)),
        ERROR_AFTER("500 after the work", Fault.status(500).afterDoing()),
        BUSY("429", Fault.rateLimited()),
        BUSY_UNTIL("429, `Retry-After: 2`", Fault.rateLimited("2")),
        SLOW("two seconds slow", Fault.slow(Duration.ofSeconds(2))),
        GARBAGE("a page of HTML with 200", Fault.garbage()),
        GARBAGE_AFTER("the same after the work", Fault.garbage().afterDoing()),
        CUT("half an answer", Fault.cut());

        private final String words;
        private final Fault fault;

        Misbehaviour(String words, Fault fault) {
            this.words = words;
            this.fault = fault;
        }

        Fault fault() {
            return fault;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /** Every misbehaviour of every one of these systems. */
    static List<OutsideFault> of(List<Neighbour> systems, List<Misbehaviour> what) {
        Function<Neighbour, Stream<OutsideFault>> all =
                system -> what.stream().map(each -> new OutsideFault(system, each));
        return systems.stream().flatMap(all).toList();
    }

    @Override
    public String toString() {
        return system.name().charAt(0) + system.name().substring(1).toLowerCase(Locale.ROOT) + ": " + what;
    }
}
