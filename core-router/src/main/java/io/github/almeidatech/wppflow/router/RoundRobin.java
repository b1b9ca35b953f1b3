package io.github.almeidatech.wppflow.router;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whose turn it is among several people. A pure function: who was last is remembered by the caller. */
public final class RoundRobin {

    private RoundRobin() {}

    /**
     * The next in the list after the last one who is available; the first when nobody was or the last one has left.
     *
     * @param agents everybody, in their order
     * @param available who may be chosen
     * @param last who was chosen last; null for nobody
     * @return empty when nobody is available
     */
    public static Optional<Long> next(List<Long> agents, Set<Long> available, @Nullable Long last) {
        int after = last == null ? -1 : agents.indexOf(last);
        for (int step = 1; step <= agents.size(); step++) {
            Long candidate = agents.get((after + step) % agents.size());
            if (available.contains(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }
}
