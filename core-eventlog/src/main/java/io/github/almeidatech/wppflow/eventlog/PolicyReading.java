package io.github.almeidatech.wppflow.eventlog;

import java.util.List;
import java.util.function.Function;

/** What reading policy documents led to: all of them, or everything that is wrong with them. */
public sealed interface PolicyReading {

    /** They can be used. */
    record Valid(Policies policies) implements PolicyReading {
        @Override
        public <R> R match(Function<Policies, R> valid, Function<List<PolicyProblem>, R> invalid) {
            return valid.apply(policies);
        }
    }

    /** They cannot; at least one problem, in the order of the document. */
    record Invalid(List<PolicyProblem> problems) implements PolicyReading {
        public Invalid {
            problems = List.copyOf(problems);
        }

        @Override
        public <R> R match(Function<Policies, R> valid, Function<List<PolicyProblem>, R> invalid) {
            return invalid.apply(problems);
        }
    }

    /** Calls the function for the outcome. */
    <R> R match(Function<Policies, R> valid, Function<List<PolicyProblem>, R> invalid);
}
