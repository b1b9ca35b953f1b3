package io.github.almeidatech.wppflow.eventlog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The checked policies of a tenant, found by event type at a cost that does not grow with their number. Immutable and
 * thread-safe: a change is a new object put in the place of the old.
 */
public final class Policies {

    private static final Comparator<Policy> FIRST_THINGS_FIRST =
            Comparator.comparingInt(Policy::priority).reversed().thenComparing(Policy::id);

    /** No policies. */
    public static final Policies NONE = new Policies(List.of(), url -> true);

    private final List<Policy> all;
    private final Predicate<String> files;
    private final Map<String, List<Policy>> byPattern = new HashMap<>();

    /** @param files whether a file may be sent from an address */
    Policies(List<Policy> policies, Predicate<String> files) {
        this.files = files;
        this.all = policies.stream().sorted(FIRST_THINGS_FIRST).toList();
        for (Policy policy : all) {
            byPattern.computeIfAbsent(policy.event(), key -> new ArrayList<>()).add(policy);
        }
    }

    /**
     * Reads policies, as they come out of YAML or JSON: a list of maps, or a map with such a list under {@code policies}.
     * Keys: {@code id}, {@code version}, {@code description}, {@code enabled} (on, shadow, off), {@code event}, {@code
     * entity}, {@code source}, {@code min_confidence}, {@code priority}, {@code when} (JsonLogic; also {@code condition}),
     * {@code then} (also {@code actions}, {@code execution_plan}). Files may be anywhere: it is judged when they are sent.
     */
    public static PolicyReading parse(@Nullable Object data) {
        return parse(data, url -> true);
    }

    /**
     * As {@link #parse(Object)}, but a policy that names a file from where none may be sent is refused; what variables make an
     * address is judged when the policy fires: then the file is left out, and what is written beside it is said.
     *
     * @param files whether a file may be sent from an address; thread-safe, and does not block
     */
    public static PolicyReading parse(@Nullable Object data, Predicate<String> files) {
        return new PolicyReader(files).read(data);
    }

    /** All of them, highest priority first. */
    public List<Policy> all() {
        return all;
    }

    /** Those whose pattern takes events of that type, highest priority first; whatever their mode. */
    public List<Policy> forType(String eventType) {
        if (all.isEmpty() || eventType.startsWith(PolicyEngine.OWN_EVENTS)) {
            return List.of();
        }
        List<Policy> found = byPattern.getOrDefault(eventType, List.of());
        for (int dot = eventType.indexOf('.'); dot >= 0; dot = eventType.indexOf('.', dot + 1)) {
            found = joined(found, byPattern.get(eventType.substring(0, dot) + ".*"));
        }
        return joined(found, byPattern.get("*"));
    }

    /**
     * The circles in which policies that are not off set each other off, or could: by the events they emit and by what comes
     * of their commands. What can be told of conditions beforehand is taken into account.
     */
    public List<PolicyCycle> cycles() {
        return new CycleFinder(all).cycles();
    }

    /** The same with everything in shadow switched on. */
    Policies shadowsOn() {
        return shadowsOn(policy -> true);
    }

    /** The same with what is in shadow here and there switched on. */
    Policies commonShadowsOn(Policies there) {
        Set<String> inShadow = there.all.stream()
                .filter(policy -> policy.mode() == PolicyMode.SHADOW)
                .map(Policy::id)
                .collect(Collectors.toSet());
        return shadowsOn(policy -> inShadow.contains(policy.id()));
    }

    private Policies shadowsOn(Predicate<Policy> which) {
        return new Policies(
                all.stream()
                        .map(policy -> policy.mode() == PolicyMode.SHADOW && which.test(policy)
                                ? policy.with(PolicyMode.ON)
                                : policy)
                        .toList(),
                files);
    }

    boolean maySendFrom(String url) {
        return files.test(url);
    }

    private static List<Policy> joined(List<Policy> some, @Nullable List<Policy> more) {
        if (more == null) {
            return some;
        }
        if (some.isEmpty()) {
            return more;
        }
        var both = new ArrayList<>(some);
        both.addAll(more);
        both.sort(FIRST_THINGS_FIRST);
        return both;
    }

    @Override
    public String toString() {
        return "Policies[" + all.size() + "]";
    }
}
