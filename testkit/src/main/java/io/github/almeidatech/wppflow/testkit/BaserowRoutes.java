package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.testkit.Router.Access;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The calls of a simulated Baserow. */
final class BaserowRoutes {

    private static final String ROWS = "/api/database/rows/table/{table}";
    private static final int MAX = 200;
    private static final Set<String> TRUE = Set.of("y", "yes", "true", "t", "on", "1", "");

    private final SimulatedBaserow baserow;
    private final InstantSource clock;

    BaserowRoutes(SimulatedBaserow baserow, InstantSource clock) {
        this.baserow = baserow;
        this.clock = clock;
    }

    void register(Router router) {
        router.on("GET", "/api/database/tokens/check", Access.ANYBODY, call -> ok())
                .on("GET", "/api/database/tables/all-tables", Access.ANYBODY, call -> tables())
                .on("GET", "/api/database/fields/table/{table}", Access.ANYBODY, this::fields)
                .on("GET", ROWS, Access.ANYBODY, this::list)
                .on("POST", ROWS, Access.ANYBODY, this::create)
                .on("POST", ROWS + "/batch", Access.ANYBODY, this::createBatch)
                .on("PATCH", ROWS + "/batch", Access.ANYBODY, this::updateBatch)
                .on("POST", ROWS + "/batch-delete", Access.ANYBODY, this::deleteBatch)
                .on("GET", ROWS + "/{row}", Access.ANYBODY, this::get)
                .on("PATCH", ROWS + "/{row}", Access.ANYBODY, this::update)
                .on("DELETE", ROWS + "/{row}", Access.ANYBODY, this::delete)
                .on("PUT", ROWS + "/{row}", Access.ANYBODY, call -> {
                    throw BaserowRefusal.of(405, null, "Method \"PUT\" not allowed.");
                });
    }

    private static Answer ok() {
        return Answer.json(RailsJson.object().put("token", "OK"));
    }

    private Answer tables() {
        var array = RailsJson.array();
        baserow.all()
                .forEach(table -> array.addObject()
                        .put("id", table.id())
                        .put("name", table.name())
                        .put("order", 1)
                        .put("database_id", 40));
        return Answer.json(array);
    }

    private BaserowTable table(Call call, String right) {
        if (Call.number(call.path("table")).isEmpty()) {
            throw BaserowRefusal.of(404, "URL_NOT_FOUND", "URL not found.");
        }
        var table = baserow.find(call.id("table"))
                .orElseThrow(() ->
                        BaserowRefusal.of(404, "ERROR_TABLE_DOES_NOT_EXIST", "The requested table does not exist."));
        if (!table.allows(right)) {
            throw BaserowRefusal.of(
                    401, "ERROR_NO_PERMISSION_TO_TABLE", "The token does not have permissions to the table.");
        }
        return table;
    }

    private static boolean userNames(Call call) {
        return call.request()
                .query("user_field_names")
                .map(value -> TRUE.contains(value.toLowerCase(Locale.ROOT)))
                .orElse(false);
    }

    private Answer fields(Call call) {
        var table = table(call, "read");
        var array = RailsJson.array();
        table.fields().forEach((id, field) -> {
            var node = array.addObject()
                    .put("id", id)
                    .put("table_id", table.id())
                    .put("name", field.name())
                    .put("order", array.size())
                    .put("type", field.type())
                    .put("primary", array.size() == 1)
                    .put("read_only", field.readOnly())
                    .putNull("description");
            var constraints = node.putArray("field_constraints");
            if (field.unique()) {
                constraints.addObject().put("type_name", "unique_with_empty");
            }
            describe(node, field);
        });
        return Answer.json(array);
    }

    private static void describe(ObjectNode node, BaserowField field) {
        switch (field.type()) {
            case "text" -> node.put("text_default", "");
            case "number" ->
                node.put("number_decimal_places", field.decimals()).put("number_negative", field.negative());
            case "date" -> node.put("date_format", "ISO").put("date_include_time", field.time());
            case "single_select" -> {
                var options = node.putArray("select_options");
                for (int i = 0; i < field.options().size(); i++) {
                    options.addObject()
                            .put("id", i + 1)
                            .put("value", field.options().get(i))
                            .put("color", "blue");
                }
            }
            default -> {}
        }
    }

    private Answer list(Call call) {
        var table = table(call, "read");
        var request = call.request();
        int size = number(request.query("size"), 100);
        if (size > MAX) {
            throw BaserowRefusal.of(400, "ERROR_PAGE_SIZE_LIMIT", "The page size is limited to 200.");
        }
        int page = number(request.query("page"), 1);
        var filter = new BaserowFilter(table, userNames(call), clock.instant()).of(request);
        var search = request.query("search").orElse("").toLowerCase(Locale.ROOT);
        var rows = table.all().stream()
                .filter(filter)
                .filter(row -> search.isEmpty()
                        || table.show(row, true)
                                .toString()
                                .toLowerCase(Locale.ROOT)
                                .contains(search))
                .sorted(order(table, call))
                .toList();
        int from = Math.min(rows.size(), (page - 1) * size);
        int to = Math.min(rows.size(), from + size);
        var body = RailsJson.object().put("count", rows.size());
        // Built from the server's public address, which nobody here can reach.
        var link = "http://baserow.internal.example" + request.path() + "?page=";
        body.put("next", to < rows.size() ? link + (page + 1) : null);
        body.put("previous", page > 1 ? link + (page - 1) : null);
        var results = body.putArray("results");
        rows.subList(from, to).forEach(row -> results.add(shown(table.show(row, userNames(call)), call)));
        return Answer.json(body);
    }

    private static int number(Optional<String> text, int otherwise) {
        return text.flatMap(Call::number)
                .filter(value -> value > 0)
                .map(Math::toIntExact)
                .orElse(otherwise);
    }

    /** Only the columns asked for; names nobody knows do not count. */
    private static JsonNode shown(ObjectNode row, Call call) {
        var include = names(call, "include");
        var exclude = names(call, "exclude");
        if (include.stream().anyMatch(row::has)) {
            include.addAll(List.of("id", "order"));
            row.retain(include);
        }
        return row.remove(exclude);
    }

    private static List<String> names(Call call, String parameter) {
        return call.request()
                .query(parameter)
                .map(list -> new ArrayList<>(Arrays.asList(list.split(",", -1))))
                .orElseGet(ArrayList::new);
    }

    private static Comparator<BaserowTable.Row> order(BaserowTable table, Call call) {
        var order = Comparator.comparing((BaserowTable.Row row) -> 0);
        for (var name : names(call, "order_by")) {
            boolean down = name.startsWith("-");
            var key = down ? name.substring(1) : name;
            var field = userNames(call)
                    ? table.byName(key)
                    : Call.number(key.replace("field_", "")).flatMap(table::byId);
            var found = field.orElseThrow(() -> BaserowRefusal.of(
                    400, "ERROR_ORDER_BY_FIELD_NOT_FOUND", "The field " + key + " was not found in the table."));
            Comparator<BaserowTable.Row> by = Comparator.comparing(row -> sortKey(found, row));
            order = order.thenComparing(down ? by.reversed() : by);
        }
        return order.thenComparing(BaserowTable.Row::id);
    }

    private static String sortKey(BaserowField field, BaserowTable.Row row) {
        var value = row.value(field);
        var text = value.isNull() ? "" : value.asText();
        return field.type().equals("number") && !text.isEmpty()
                ? String.format(Locale.ROOT, "%040.10f", new BigDecimal(text))
                : text;
    }

    private Answer get(Call call) {
        var table = table(call, "read");
        var row = table.find(call.id("row")).orElseThrow(() -> BaserowTable.missing(call.id("row")));
        return Answer.json(table.show(row, userNames(call)));
    }

    private Answer create(Call call) {
        var table = table(call, "create");
        var values = table.parse(call.request().json(), userNames(call));
        return Answer.json(table.show(table.create(List.of(values)).get(0), userNames(call)));
    }

    private Answer update(Call call) {
        var table = table(call, "update");
        var values = table.parse(call.request().json(), userNames(call));
        return Answer.json(
                table.show(table.update(Map.of(call.id("row"), values)).get(0), userNames(call)));
    }

    private Answer delete(Call call) {
        table(call, "delete").delete(List.of(call.id("row")));
        return Answer.empty(204);
    }

    private static JsonNode items(Call call) {
        var items = call.request().json().path("items");
        var code =
                !items.isArray() ? "required" : items.isEmpty() ? "min_length" : items.size() > MAX ? "max_length" : "";
        if (!code.isEmpty()) {
            throw BaserowRefusal.value("items", code, "Ensure this field has 1 to 200 elements.");
        }
        return items;
    }

    /** Reads every item; what is wrong with one is told under its position. */
    private static List<Map<Long, JsonNode>> parseAll(BaserowTable table, JsonNode items, boolean userNames) {
        var all = new ArrayList<Map<Long, JsonNode>>();
        var problems = RailsJson.object();
        for (int i = 0; i < items.size(); i++) {
            try {
                all.add(table.parse(items.get(i), userNames));
            } catch (BaserowRefusal e) {
                problems.set(Integer.toString(i), e.detail());
            }
        }
        if (!problems.isEmpty()) {
            throw BaserowRefusal.body(RailsJson.object().set("items", problems));
        }
        return all;
    }

    private static Answer batch(BaserowTable table, List<BaserowTable.Row> rows, boolean userNames) {
        var body = RailsJson.object();
        var items = body.putArray("items");
        rows.forEach(row -> items.add(table.show(row, userNames)));
        return Answer.json(body);
    }

    private Answer createBatch(Call call) {
        var table = table(call, "create");
        var values = parseAll(table, items(call), userNames(call));
        return batch(table, table.create(values), userNames(call));
    }

    private Answer updateBatch(Call call) {
        var table = table(call, "update");
        var items = items(call);
        var values = parseAll(table, items, userNames(call));
        var byRow = new LinkedHashMap<Long, Map<Long, JsonNode>>();
        for (int i = 0; i < items.size(); i++) {
            if (!items.get(i).path("id").isIntegralNumber()) {
                throw BaserowRefusal.value("id", "required", "This field is required.");
            }
            if (byRow.put(items.get(i).path("id").asLong(), values.get(i)) != null) {
                throw BaserowRefusal.of(400, "ERROR_ROW_IDS_NOT_UNIQUE", "The provided row ids are not unique.");
            }
        }
        return batch(table, table.update(byRow), userNames(call));
    }

    private Answer deleteBatch(Call call) {
        var table = table(call, "delete");
        var ids = new ArrayList<Long>();
        items(call).forEach(item -> ids.add(item.asLong()));
        table.delete(ids);
        return Answer.empty(204);
    }
}
