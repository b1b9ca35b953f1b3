package io.github.almeidatech.wppflow.server.policy;

import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.PolicyProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A policy as somebody wrote it, and where.
 *
 * @param origin a file's name, or {@link #STORE}
 * @param place how problems name it
 * @param document plain data, not checked
 */
public record PolicySource(
        String origin, String place, @Nullable Object document) {

    /** The origin of what was written through the API or comes from a table. */
    public static final String STORE = "store";

    private static final Pattern POSITION = Pattern.compile("policies\\[(\\d+)](.*)", Pattern.DOTALL);

    /** The policy's id, or an empty text. */
    public String id() {
        return document instanceof Map<?, ?> map && map.get("id") instanceof String id ? id : "";
    }

    /** What reading several together led to: all of them, or every problem at the place where it was written. */
    public record Read(@Nullable Policies policies, List<PolicyProblem> problems) {
        public Read {
            problems = List.copyOf(problems);
        }
    }

    /**
     * Reads them together.
     *
     * @param files whether a file may be sent from an address
     */
    public static Read read(List<PolicySource> sources, Predicate<String> files) {
        var documents = new ArrayList<@Nullable Object>();
        sources.forEach(source -> documents.add(source.document()));
        return Policies.parse(documents, files)
                .match(
                        policies -> new Read(policies, List.of()),
                        problems -> new Read(
                                null,
                                problems.stream()
                                        .map(problem -> placed(problem, sources))
                                        .toList()));
    }

    private static PolicyProblem placed(PolicyProblem problem, List<PolicySource> sources) {
        Matcher position = POSITION.matcher(problem.path());
        if (!position.matches()) {
            return problem;
        }
        PolicySource source = sources.get(Integer.parseInt(position.group(1)));
        return new PolicyProblem(source.place() + position.group(2), problem.kind(), problem.message());
    }
}
