package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.eventlog.PolicyProblem.Kind;
import io.github.almeidatech.wppflow.model.Event;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads policy documents and notes everything that is wrong with them. */
final class PolicyReader {

    private static final int MAX_POLICIES = 500;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");

    private final Predicate<String> files;
    private final List<PolicyProblem> problems = new ArrayList<>();

    /** @param files whether a file may be sent from an address */
    PolicyReader(Predicate<String> files) {
        this.files = files;
    }

    /** @param data a list of policies, or a map with such a list under {@code policies} */
    PolicyReading read(@Nullable Object data) {
        String path = "policies";
        Object list = data;
        if (data instanceof Map<?, ?>) {
            Fields top = Fields.of("", data, problems);
            list = top.value(path);
            if (list == null) {
                top.problem(path, Kind.MISSING, "wanted");
            }
            top.done();
        }
        var policies = new ArrayList<Policy>();
        if (list instanceof List<?> documents) {
            for (int i = 0; i < documents.size() && i < MAX_POLICIES; i++) {
                policies.add(policy(path + "[" + i + "]", documents.get(i)));
            }
            if (documents.size() > MAX_POLICIES) {
                problems.add(new PolicyProblem(path, Kind.TOO_LARGE, "at most " + MAX_POLICIES + " policies"));
            }
        } else if (list != null) {
            problems.add(new PolicyProblem(path, Kind.WRONG_TYPE, "a list of policies wanted"));
        }
        refuseDoubles(path, policies);
        return problems.isEmpty()
                ? new PolicyReading.Valid(new Policies(policies, files))
                : new PolicyReading.Invalid(problems);
    }

    private Policy policy(String path, @Nullable Object document) {
        Fields fields = Fields.of(path, document, problems);
        String id = fields.required("id");
        if (!id.isEmpty() && !ID.matcher(id).matches()) {
            fields.problem(
                    "id", Kind.SYNTAX, "1 to 100 letters, digits and _ . - wanted, beginning with a letter or digit");
        }
        String description = fields.text("description", "name");
        Object when = fields.value("when", "condition");
        Object then = fields.value("then", "actions", "execution_plan");
        String actionsName =
                fields.has("actions") ? "actions" : fields.has("execution_plan") ? "execution_plan" : "then";
        if (!fields.broken() && (then == null || then instanceof List<?> list && list.isEmpty())) {
            fields.problem(actionsName, Kind.MISSING, "at least one action wanted");
        }
        var policy = new Policy(
                id,
                fields.whole(1, 1, Integer.MAX_VALUE, "version"),
                description == null ? "" : description,
                mode(fields),
                event(fields),
                fields.text("entity"),
                sources(fields),
                fields.share("min_confidence", "confidence"),
                fields.whole(0, -1_000_000, 1_000_000, "priority"),
                new ConditionReader(problems).read(fields.path(fields.has("condition") ? "condition" : "when"), when),
                new ActionReader(problems, files).read(fields.path(actionsName), then));
        fields.done();
        return policy;
    }

    /** On unless said otherwise; YAML reads {@code on} and {@code off} as truths. */
    private static PolicyMode mode(Fields fields) {
        String word = fields.text("enabled", "mode");
        if (word == null) {
            return PolicyMode.ON;
        }
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "on", "true" -> PolicyMode.ON;
            case "shadow" -> PolicyMode.SHADOW;
            case "off", "false" -> PolicyMode.OFF;
            default -> {
                fields.problem("enabled", Kind.OUT_OF_RANGE, "on, shadow or off wanted");
                yield PolicyMode.OFF;
            }
        };
    }

    private static String event(Fields fields) {
        String pattern = fields.required("event", "event_pattern", "event_type");
        String bare = pattern.endsWith(".*") ? pattern.substring(0, pattern.length() - 2) : pattern;
        if (!pattern.isEmpty()
                && !pattern.equals("*")
                && !ActionReader.EVENT_TYPE.matcher(bare).matches()) {
            fields.problem("event", Kind.SYNTAX, "an event type, a prefix such as turn.*, or * wanted");
        }
        return pattern;
    }

    private static Set<Event.Source> sources(Fields fields) {
        var sources = EnumSet.noneOf(Event.Source.class);
        for (String word : fields.texts("source", "sources")) {
            try {
                sources.add(Event.Source.valueOf(word.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                fields.problem("source", Kind.OUT_OF_RANGE, "customer, bot, person, rule or system wanted");
            }
        }
        return sources;
    }

    private void refuseDoubles(String path, List<Policy> policies) {
        var first = new HashMap<String, Integer>();
        for (int i = 0; i < policies.size(); i++) {
            String id = policies.get(i).id();
            Integer earlier = id.isEmpty() ? null : first.putIfAbsent(id, i);
            if (earlier != null) {
                String message = "the id of " + path + "[" + earlier + "] again";
                problems.add(new PolicyProblem(path + "[" + i + "].id", Kind.DUPLICATE, message));
            }
        }
    }
}
