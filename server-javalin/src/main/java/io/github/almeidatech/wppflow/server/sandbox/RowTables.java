package io.github.almeidatech.wppflow.server.sandbox;

import io.github.almeidatech.wppflow.eventlog.PolicyAction;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.policy.PolicyFiles;
import io.github.almeidatech.wppflow.server.policy.PolicySource;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tables policies write rows to, made in a simulated Baserow as a person would make them: a column for each name. */
final class RowTables {

    private RowTables() {}

    /** Makes the tenant's tables; their columns are those its file of policies writes to. */
    static void make(SimulatedBaserow baserow, Config.Tenant tenant) {
        Map<String, Map<String, BaserowField>> written =
                written(tenant.policies().file());
        tenant.baserow().tables().forEach((name, rows) -> {
            var columns = new LinkedHashMap<>(written.getOrDefault(name, Map.of()));
            String key = rows.keyColumn();
            if (key != null) {
                columns.put(key, BaserowField.text(key).asUnique());
            }
            baserow.table(rows.table(), name, columns.values().toArray(BaserowField[]::new));
        });
    }

    private static Map<String, Map<String, BaserowField>> written(@Nullable String file) {
        var tables = new LinkedHashMap<String, Map<String, BaserowField>>();
        if (file != null) {
            actions(Path.of(file)).forEach(action -> {
                Map<String, BaserowField> columns =
                        tables.computeIfAbsent(action.table(), name -> new LinkedHashMap<>());
                action.match().keySet().forEach(name -> columns.put(name, BaserowField.text(name)));
                action.fields().keySet().forEach(name -> columns.putIfAbsent(name, BaserowField.longText(name)));
            });
        }
        return tables;
    }

    /** None of a file with mistakes: the server does not take it either. */
    private static Stream<PolicyAction.WriteRow> actions(Path file) {
        var policies = PolicySource.read(PolicyFiles.read(file).documents(), url -> true)
                .policies();
        return policies == null
                ? Stream.empty()
                : policies.all().stream()
                        .flatMap(policy -> policy.actions().stream())
                        .filter(PolicyAction.WriteRow.class::isInstance)
                        .map(PolicyAction.WriteRow.class::cast);
    }
}
