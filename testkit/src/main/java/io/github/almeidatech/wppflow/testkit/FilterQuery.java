package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The filter language of {@code …/filter} calls, as far as it is exact. */
final class FilterQuery {

    static final Set<String> CONVERSATION_KEYS =
            Set.of("status", "labels", "inbox_id", "display_id", "assignee_id", "team_id", "priority");
    static final Set<String> CONTACT_KEYS =
            Set.of("name", "phone_number", "email", "identifier", "labels", "blocked", "city", "country_code");

    private static final Set<String> OPERATORS =
            Set.of("equal_to", "not_equal_to", "contains", "does_not_contain", "is_present", "is_not_present");

    private final List<Condition> conditions = new ArrayList<>();
    private @Nullable String error;

    private FilterQuery() {}

    static FilterQuery parse(JsonNode payload, Set<String> keys) {
        var query = new FilterQuery();
        for (var entry : payload) {
            var key = entry.path("attribute_key").asText();
            var operator = entry.path("filter_operator").asText();
            var custom = entry.path("custom_attribute_type").asText("");
            if (!keys.contains(key) && custom.isEmpty()) {
                query.error = "Invalid attribute key - [" + key + "]. The key should be one of ["
                        + String.join(",", keys) + "] or a custom attribute defined in the account.";
            } else if (!OPERATORS.contains(operator)) {
                query.error = "Invalid operator. The allowed operators for " + key + " are ["
                        + String.join(",", OPERATORS) + "].";
            } else {
                var values = new ArrayList<String>();
                entry.path("values").forEach(value -> values.add(normal(key, value.asText())));
                var or = entry.path("query_operator").asText("").equalsIgnoreCase("or");
                query.conditions.add(new Condition(key, operator, values, or));
            }
        }
        return query;
    }

    private static String normal(String key, String value) {
        var lower = value.toLowerCase(Locale.ROOT);
        return key.equals("phone_number") && !lower.startsWith("+") ? "+" + lower : lower;
    }

    @Nullable
    String error() {
        return error;
    }

    boolean matches(Function<String, List<String>> values) {
        boolean result = true;
        boolean or = false;
        for (var condition : conditions) {
            boolean holds = condition.holds(values.apply(condition.key));
            result = or ? result || holds : result && holds;
            or = condition.or;
        }
        return result;
    }

    private record Condition(String key, String operator, List<String> values, boolean or) {
        boolean holds(List<String> actual) {
            var lower =
                    actual.stream().map(value -> value.toLowerCase(Locale.ROOT)).toList();
            boolean equal = lower.stream().anyMatch(values::contains);
            boolean contains = lower.stream().anyMatch(value -> values.stream().anyMatch(value::contains));
            return switch (operator) {
                case "equal_to" -> equal;
                case "not_equal_to" -> !equal;
                case "contains" -> contains;
                case "does_not_contain" -> !contains;
                case "is_present" -> !lower.isEmpty();
                default -> lower.isEmpty();
            };
        }
    }
}
