package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Baserow's filters with their silences: what it does not understand it often ignores, and the whole table comes back. */
final class BaserowFilter {

    private static final Pattern SIMPLE = Pattern.compile("filter__(.+)__([a-z_]+)");
    private static final Set<String> TEXT = Set.of("equal", "not_equal", "contains", "contains_not", "contains_word");
    private static final Set<String> ANY = Set.of("empty", "not_empty");
    private static final Set<String> NUMBER =
            Set.of("equal", "not_equal", "higher_than", "higher_than_or_equal", "lower_than", "lower_than_or_equal");
    private static final Set<String> DATE =
            Set.of("date_is", "date_is_before", "date_is_after", "date_is_on_or_before", "date_is_on_or_after");
    private static final Set<String> SELECT = Set.of("single_select_equal", "single_select_is_any_of");

    private final BaserowTable table;
    private final boolean userNames;
    private final Instant now;

    BaserowFilter(BaserowTable table, boolean userNames, Instant now) {
        this.table = table;
        this.userNames = userNames;
        this.now = now;
    }

    /** @throws BaserowRefusal for the mistakes Baserow does notice */
    Predicate<BaserowTable.Row> of(SeenRequest request) {
        var tree = request.query("filters");
        if (tree.isPresent()) {
            return tree(
                    RailsJson.parse(tree.get().getBytes(StandardCharsets.UTF_8)).orElse(RailsJson.missing()));
        }
        var conditions = new ArrayList<Predicate<BaserowTable.Row>>();
        for (Map.Entry<String, List<String>> entry : request.queryParameters().entrySet()) {
            var matcher = SIMPLE.matcher(entry.getKey());
            if (matcher.matches()) {
                simple(matcher.group(1), matcher.group(2), entry.getValue().get(0))
                        .ifPresent(conditions::add);
            }
        }
        return join(conditions, request.query("filter_type").orElse("AND").equals("OR"));
    }

    private static Predicate<BaserowTable.Row> join(List<Predicate<BaserowTable.Row>> conditions, boolean any) {
        if (conditions.isEmpty()) {
            return row -> true;
        }
        return any
                ? row -> conditions.stream().anyMatch(condition -> condition.test(row))
                : row -> conditions.stream().allMatch(condition -> condition.test(row));
    }

    private Optional<Predicate<BaserowTable.Row>> simple(String name, String type, String value) {
        if (name.equals("field_id") && type.equals("in")) {
            var ids = Arrays.asList(value.split(",", -1));
            return Optional.of(row -> ids.contains(Long.toString(row.id())));
        }
        // The times of a row can be asked for without a column that shows them.
        if (name.equals("field_created_on")) {
            return condition(BaserowField.createdOn(name), type, value);
        }
        if (name.equals("field_updated_on")) {
            return condition(BaserowField.lastModified(name), type, value);
        }
        if (name.matches("field_\\d+")) {
            var field = table.byId(Long.parseLong(name.substring("field_".length())));
            return condition(field.orElseThrow(BaserowFilter::notFound), type, value);
        }
        // An unknown name is passed over, and without user names every name is unknown.
        return userNames ? table.byName(name).flatMap(field -> condition(field, type, value)) : Optional.empty();
    }

    private static BaserowRefusal notFound() {
        return BaserowRefusal.of(400, "ERROR_FILTER_FIELD_NOT_FOUND", "The field None was not found in the table.");
    }

    private Predicate<BaserowTable.Row> tree(JsonNode node) {
        var type = node.path("filter_type").asText();
        if (!type.equals("AND") && !type.equals("OR")) {
            throw paramProblem();
        }
        var conditions = new ArrayList<Predicate<BaserowTable.Row>>();
        for (var filter : node.path("filters")) {
            var field = filter.path("field");
            if (!userNames && !field.isIntegralNumber()) {
                throw paramProblem();
            }
            var found = userNames ? table.byName(field.asText()) : table.byId(field.asLong());
            condition(
                            found.orElseThrow(BaserowFilter::notFound),
                            filter.path("type").asText(),
                            filter.path("value").asText())
                    .ifPresent(conditions::add);
        }
        for (var group : node.path("groups")) {
            conditions.add(tree(group));
        }
        return join(conditions, type.equals("OR"));
    }

    private static BaserowRefusal paramProblem() {
        return BaserowRefusal.of(400, "ERROR_FILTERS_PARAM_VALIDATION_ERROR", "The provided filters are not valid.");
    }

    private Optional<Predicate<BaserowTable.Row>> condition(BaserowField field, String type, String value) {
        if (!TEXT.contains(type)
                && !ANY.contains(type)
                && !NUMBER.contains(type)
                && !DATE.contains(type)
                && !SELECT.contains(type)
                && !type.equals("boolean")) {
            throw BaserowRefusal.of(
                    400, "ERROR_VIEW_FILTER_TYPE_DOES_NOT_EXIST", "The view filter type " + type + " doesn't exist.");
        }
        if (!suits(field, type)) {
            throw BaserowRefusal.of(
                    400,
                    "ERROR_VIEW_FILTER_TYPE_UNSUPPORTED_FIELD",
                    "The filter " + type + " is not compatible with field type " + field.type() + ".");
        }
        if (ANY.contains(type)) {
            return Optional.of(row -> BaserowValues.empty(row.value(field)) == type.equals("empty"));
        }
        // An empty value, and an option that is not an id, mean no filter at all.
        if (value.isBlank() || (SELECT.contains(type) && !value.matches("[\\d,]+"))) {
            return Optional.empty();
        }
        var test = test(field, type);
        return Optional.of(row -> test.test(row.value(field), value.strip()));
    }

    private static boolean suits(BaserowField field, String type) {
        return ANY.contains(type)
                || (field.textual() && TEXT.contains(type))
                || (field.type().equals("number") && NUMBER.contains(type))
                || (field.type().equals("boolean") && type.equals("boolean"))
                || (field.type().equals("single_select") && SELECT.contains(type))
                || (field.dated() && DATE.contains(type));
    }

    private BiPredicate<JsonNode, String> test(BaserowField field, String type) {
        if (field.type().equals("number")) {
            return (actual, wanted) -> compareNumbers(type, actual, wanted);
        }
        if (field.dated()) {
            return (actual, wanted) -> compareDates(type, actual, wanted);
        }
        return switch (type) {
            case "equal" -> (actual, wanted) -> actual.asText("").equals(wanted);
            case "not_equal" -> (actual, wanted) -> !actual.asText("").equals(wanted);
            case "contains" -> (actual, wanted) -> lower(actual).contains(wanted.toLowerCase(Locale.ROOT));
            case "contains_not" -> (actual, wanted) -> !lower(actual).contains(wanted.toLowerCase(Locale.ROOT));
            case "contains_word" ->
                (actual, wanted) ->
                        Arrays.asList(lower(actual).split("\\W+", -1)).contains(wanted.toLowerCase(Locale.ROOT));
            case "boolean" ->
                (actual, wanted) -> actual.asBoolean() == Set.of("true", "1").contains(wanted);
            default ->
                (actual, wanted) -> Arrays.asList(wanted.split(",", -1))
                        .contains(actual.path("id").asText());
        };
    }

    private static String lower(JsonNode value) {
        return value.isNull() ? "" : value.asText().toLowerCase(Locale.ROOT);
    }

    private static boolean compareNumbers(String type, JsonNode actual, String wanted) {
        if (actual.isNull()) {
            return type.equals("not_equal");
        }
        int sign;
        try {
            sign = new BigDecimal(actual.asText()).compareTo(new BigDecimal(wanted));
        } catch (NumberFormatException e) {
            return false;
        }
        return switch (type) {
            case "equal" -> sign == 0;
            case "not_equal" -> sign != 0;
            case "higher_than" -> sign > 0;
            case "higher_than_or_equal" -> sign >= 0;
            case "lower_than" -> sign < 0;
            default -> sign <= 0;
        };
    }

    /** The value of a date filter is {@code zone?value?operator}. */
    private boolean compareDates(String type, JsonNode actual, String wanted) {
        var parts = wanted.split("\\?", -1);
        if (actual.isNull() || parts.length != 3) {
            return false;
        }
        try {
            var zone = ZoneId.of(parts[0]);
            var today = now.atZone(zone).toLocalDate();
            var day = switch (parts[2]) {
                case "today" -> today;
                case "nr_days_ago" -> today.minusDays(Long.parseLong(parts[1]));
                default -> LocalDate.parse(parts[1]);
            };
            var text = actual.asText();
            var date = text.length() == 10
                    ? LocalDate.parse(text)
                    : Instant.parse(text).atZone(zone).toLocalDate();
            return switch (type) {
                case "date_is" -> date.equals(day);
                case "date_is_before" -> date.isBefore(day);
                case "date_is_after" -> date.isAfter(day);
                case "date_is_on_or_before" -> !date.isAfter(day);
                default -> !date.isBefore(day);
            };
        } catch (DateTimeException | NumberFormatException e) {
            return false;
        }
    }
}
