package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.PolicyProblem;
import io.github.almeidatech.wppflow.eventlog.PolicyReading;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A tenant's policies as people write them in a table. Rows that are switched off are left out: they may be half written.
 * Thread-safe; blocks; owns no threads.
 */
public final class BaserowPolicies {

    private static final Set<String> OFF = Set.of("false", "off", "no", "nao", "não");
    private static final Pattern POSITION = Pattern.compile("policies\\[(\\d+)]");
    private static final int MAX_ROWS = 2_000;

    private final BaserowClient client;
    private final TenantId tenant;
    private final PolicyTable table;
    private final Predicate<String> files;
    private volatile @Nullable List<Map<String, Object>> seen;
    private volatile List<Map<String, Object>> documents = List.of();

    /** @param files whether a file may be sent from an address; thread-safe, and does not block */
    public BaserowPolicies(BaserowClient client, TenantId tenant, PolicyTable table, Predicate<String> files) {
        this.files = files;
        this.client = client;
        this.tenant = tenant;
        this.table = table;
    }

    /** What the table must have, for {@link SchemaCheck}. */
    public TableExpectation expectation() {
        return table.expectation();
    }

    /**
     * The policies, checked: all of them or everything that is wrong. Paths begin with Baserow's number of the row, such as
     * {@code row 12: then[0]}.
     *
     * @throws BaserowException when Baserow does not answer, or a column is gone; the policies in use stay what they are
     */
    public PolicyReading read() {
        return parse(rows());
    }

    /** The same, or empty when nothing has changed since the last call that returned something. */
    public Optional<PolicyReading> readIfChanged() {
        List<BaserowRow> rows = rows();
        List<Map<String, Object>> now = rows.stream().map(BaserowRow::cells).toList();
        if (now.equals(seen)) {
            return Optional.empty();
        }
        PolicyReading reading = parse(rows);
        seen = now;
        return Optional.of(reading);
    }

    /** What the latest reading was made of, as plain data; without the rows that are switched off. */
    public List<Map<String, Object>> documents() {
        return documents;
    }

    private List<BaserowRow> rows() {
        var wanted = new ArrayList<>(table.columns().values());
        String tenants = table.tenantColumn();
        RowFilter scope = tenants == null ? null : RowFilter.equal(tenants, tenant.value());
        if (tenants != null) {
            wanted.add(tenants);
        }
        List<BaserowRow> rows = RowPages.of(client, table.id(), scope, wanted).first(MAX_ROWS);
        rows.forEach(row -> row.mustHave(wanted));
        return rows.stream()
                .filter(row -> tenants == null || row.text(tenants).equals(tenant.value()))
                .toList();
    }

    private PolicyReading parse(List<BaserowRow> rows) {
        var written = new ArrayList<Map<String, Object>>();
        var used = new ArrayList<BaserowRow>();
        var problems = new ArrayList<PolicyProblem>();
        for (BaserowRow row : rows) {
            if (!off(row) && !blank(row)) {
                used.add(row);
                written.add(document(row, "policies[" + written.size() + "].", problems));
            }
        }
        documents = List.copyOf(written);
        PolicyReading reading = Policies.parse(written, files);
        Set<String> named = problems.stream().map(PolicyProblem::path).collect(Collectors.toSet());
        reading.match(policies -> List.<PolicyProblem>of(), found -> found).stream()
                .filter(problem -> !named.contains(problem.path()))
                .forEach(problems::add);
        return problems.isEmpty()
                ? reading
                : new PolicyReading.Invalid(
                        problems.stream().map(problem -> placed(problem, used)).toList());
    }

    /** People know a policy of the table by its row: rows that are left out have no position. */
    private static PolicyProblem placed(PolicyProblem problem, List<BaserowRow> rows) {
        Function<MatchResult, String> row = position ->
                "row " + rows.get(Integer.parseInt(position.group(1))).id();
        String path = POSITION.matcher(problem.path()).replaceFirst(row).replaceFirst("^(row \\d+)\\.", "$1: ");
        return new PolicyProblem(
                path, problem.kind(), POSITION.matcher(problem.message()).replaceAll(row));
    }

    private boolean off(BaserowRow row) {
        String column = table.columns().get("enabled");
        return column != null && OFF.contains(row.text(column).toLowerCase(Locale.ROOT));
    }

    private boolean blank(BaserowRow row) {
        return table.columns().entrySet().stream()
                .filter(column -> !column.getKey().equals("enabled"))
                .allMatch(column -> row.text(column.getValue()).isEmpty());
    }

    private Map<String, Object> document(BaserowRow row, String path, List<PolicyProblem> problems) {
        var document = new LinkedHashMap<String, Object>();
        table.columns().forEach((key, column) -> {
            String text = row.text(column);
            if (text.isEmpty()) {
                return;
            }
            if (!PolicyTable.JSON.contains(key)) {
                document.put(key, key.equals("source") ? List.of(text.split("\\s*,\\s*")) : text);
                return;
            }
            // A condition that is a text would always hold.
            Object value = PlainJson.parse(text)
                    .filter(json -> !(json instanceof String))
                    .orElse(null);
            if (value == null) {
                String message = "JSON wanted in the column \"" + column + "\"";
                problems.add(new PolicyProblem(path + key, PolicyProblem.Kind.SYNTAX, message));
            } else {
                document.put(key, value);
            }
        });
        return document;
    }
}
