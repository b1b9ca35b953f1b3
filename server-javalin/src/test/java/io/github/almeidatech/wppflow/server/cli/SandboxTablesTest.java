package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.server.sandbox.Sandbox;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTablesTest {

    private static final String LEADS = "WPPFLOW_TENANTS__PET_HOTEL__BASEROW__TABLES__LEADS__";

    @TempDir
    private Path data;

    @Test
    void tables_for_rows_bring_a_simulated_baserow_whose_address_is_told() throws Exception {
        var tables = Map.of(LEADS + "TABLE", "702", LEADS + "KEY_COLUMN", "chave");

        try (var sandbox = Sandbox.start(0, data, tables)) {
            var baserow = sandbox.baserow().orElseThrow();
            assertThat(SandboxCommand.text(sandbox)).contains(baserow.baseUrl() + "/", "rows are gone after a stop");
            assertThat(JsonLines.MAPPER
                            .readTree(SandboxCommand.line(sandbox))
                            .path("baserow")
                            .asText())
                    .isEqualTo(baserow.baseUrl().toString());
            var table = baserow.find(702).orElseThrow();
            table.add(Map.of("chave", "a"));
            assertThat(table.rows().get(0).path("chave").asText()).isEqualTo("a");
        }
    }

    @Test
    void without_tables_there_is_none() throws Exception {
        try (var sandbox = Sandbox.start(0, data, Map.of())) {
            assertThat(sandbox.baserow()).isEmpty();
            assertThat(SandboxCommand.text(sandbox)).doesNotContain("Baserow");
            assertThat(SandboxCommand.line(sandbox)).doesNotContain("baserow");
        }
    }

    @Test
    void tables_of_ones_own_baserow_stay_there() throws Exception {
        var own = Map.of(LEADS + "TABLE", "702", "BASEROW_API_TOKEN", "mine", "BASEROW_API_URL", "http://127.0.0.1:9");

        try (var sandbox = Sandbox.start(0, data, own)) {
            assertThat(sandbox.baserow()).isEmpty();
        }
    }
}
