package io.github.almeidatech.wppflow.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The faults a simulated system has been told to show, taken in the order they were asked for. Thread-safe. */
public final class Faults {

    private final List<Rule> rules = new ArrayList<>();
    private int struck;

    Faults() {}

    /** The next {@code times} requests that match show this fault; others stay healthy. */
    public synchronized Faults next(int times, Predicate<SeenRequest> when, Fault fault) {
        rules.add(new Rule(times, when, fault));
        return this;
    }

    /** Every matching request shows this fault until {@link #clear()}. */
    public Faults always(Predicate<SeenRequest> when, Fault fault) {
        return next(Integer.MAX_VALUE, when, fault);
    }

    /** Forgets all faults not shown yet. */
    public synchronized void clear() {
        rules.clear();
    }

    /** How often a fault has been shown. A test of a failure that this says never happened proves nothing. */
    public synchronized int struck() {
        return struck;
    }

    synchronized Optional<Fault> strike(SeenRequest request) {
        for (var rule : rules) {
            if (rule.left > 0 && rule.when.test(request)) {
                rule.left--;
                struck++;
                return Optional.of(rule.fault);
            }
        }
        return Optional.empty();
    }

    private static final class Rule {
        private int left;
        private final Predicate<SeenRequest> when;
        private final Fault fault;

        Rule(int left, Predicate<SeenRequest> when, Fault fault) {
            this.left = left;
            this.when = when;
            this.fault = fault;
        }
    }
}
