package io.github.almeidatech.wppflow.server.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.eventlog.InMemoryPolicyStore;
import io.github.almeidatech.wppflow.eventlog.PolicyDocument;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.knowledge.InMemoryDocumentStore;
import io.github.almeidatech.wppflow.knowledge.LuceneKnowledgeBase;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaserowSyncTest {

    private static final TenantId HOTEL = new TenantId("pet-hotel");
    private static final InstantSource CLOCK = InstantSource.system();
    private static final String SETTING = "WPPFLOW_TENANTS__PET_HOTEL__BASEROW__";
    private static final String THEN = "[{\"labels\":{\"add\":[\"vip\"]}}]";

    private final SimulatedBaserow baserow = SimulatedBaserow.start();
    private final BaserowTable rules = baserow.table(
            "Regras",
            BaserowField.text("codigo"),
            BaserowField.text("description"),
            BaserowField.checkbox("enabled"),
            BaserowField.text("event"),
            BaserowField.number("priority", 0),
            BaserowField.longText("when"),
            BaserowField.longText("then"));
    private final InMemoryPolicyStore policies = new InMemoryPolicyStore();
    private final Metrics metrics = new Metrics();

    @TempDir
    private Path folder;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open("sqlite:" + folder.resolve("b.db"));
    }

    @AfterEach
    void close() {
        database.close();
        baserow.close();
    }

    @Test
    void policies_of_the_table_take_the_place_of_those_it_had_and_of_no_others() {
        policies.put(HOTEL, new PolicyDocument("mine", Map.of("id", "mine"), Instant.EPOCH));
        long row = rules.add(rule("vip", THEN));
        BaserowSync sync = sync();

        sync.run();
        assertThat(ids()).containsExactlyInAnyOrder("mine", "baserow:vip");
        rules.remove(row);
        rules.add(rule("bom-cliente", THEN));
        sync.run();

        assertThat(ids()).containsExactlyInAnyOrder("mine", "baserow:bom-cliente");
        assertThat(sync.state().wellness()).isEqualTo("ok");
    }

    @Test
    void policies_with_mistakes_and_a_table_that_cannot_be_read_leave_the_last_good_ones() {
        rules.add(rule("vip", THEN));
        BaserowSync sync = sync();
        sync.run();

        rules.add(rule("outra", "not JSON"));
        sync.run();
        assertThat(ids()).containsExactly("baserow:vip");
        baserow.faults().always(request -> true, Fault.status(503));
        sync.run();

        assertThat(ids()).containsExactly("baserow:vip");
        assertThat(sync.state().wellness()).contains("policies");
        assertThat(metrics.scrape()).contains("wppflow_sync_total{outcome=\"server_error\",table=\"policies\"");
    }

    @Test
    void what_the_table_lacks_is_told_by_name() {
        BaserowSync sync = sync();
        sync.run();
        assertThat(sync.state().wellness()).isEqualTo("ok");

        rules.dropColumn("when");
        sync.run();

        assertThat(sync.state().fatal()).isEqualTo(1);
        assertThat(sync.state().wellness()).contains("(policies)", "\"when\"", "is missing");
        assertThat(metrics.scrape()).contains("wppflow_schema_problems");
    }

    @Test
    void tenants_without_tables_change_contacts_here_only() {
        Records records = records(Map.of());

        assertThat(records.has(HOTEL)).isFalse();
        assertThat(records.wellness(tenant -> true)).isEqualTo("ok");
        assertThat(records.erase(HOTEL, null, "p:1")).isZero();
        records.close();
    }

    @Test
    void wrong_columns_are_named() {
        assertThatThrownBy(() -> records(Map.of(
                        "BASEROW_API_TOKEN",
                        baserow.token(),
                        "BASEROW_TABLE_CONTACTS",
                        "701",
                        SETTING + "CONTACTS__COLUMNS__FONE",
                        "Telefone")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tenants.pet-hotel.baserow.contacts.columns.fone: unknown; there are phone, key");
        assertThatThrownBy(() -> records(Map.of(
                        "BASEROW_API_TOKEN",
                        baserow.token(),
                        "BASEROW_TABLE_KB",
                        "703",
                        SETTING + "KNOWLEDGE__COLUMNS__CONTENT",
                        "")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tenants.pet-hotel.baserow");
        assertThatThrownBy(() -> records(Map.of("BASEROW_TABLE_KB", "703")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("baserow.token: missing");
        assertThatThrownBy(() -> records(Map.of(
                        "BASEROW_API_TOKEN",
                        baserow.token(),
                        SETTING + "TABLES__EVENTS__TABLE",
                        "703",
                        SETTING + "SYNC_EVERY",
                        "PT0.01S")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tables.events")
                .hasMessageContaining("sync_every");
    }

    private static Map<String, Object> rule(String id, String then) {
        return Map.of(
                "codigo",
                id,
                "enabled",
                true,
                "event",
                "turn.completed",
                "when",
                "{\">=\":[{\"var\":\"payload.total\"},100]}",
                "then",
                then);
    }

    private List<String> ids() {
        return policies.documents(HOTEL).stream().map(PolicyDocument::id).toList();
    }

    private BaserowSync sync() {
        Config config = config(Map.of(
                "BASEROW_API_URL",
                baserow.baseUrl().toString(),
                "BASEROW_API_TOKEN",
                baserow.token(),
                "BASEROW_TABLE_POLICIES",
                String.valueOf(rules.id()),
                SETTING + "POLICIES__COLUMNS__ID",
                "codigo"));
        Tenants.Tenant tenant = tenants(config).get(HOTEL);
        var tables = new BaserowTables(tenant, baserow::token, parts(), Duration.ofSeconds(60), CLOCK);
        var sync = new BaserowSync(HOTEL, tables, policies, metrics, CLOCK);
        metrics.watchTables(HOTEL, sync::state, CLOCK);
        return sync;
    }

    private Records records(Map<String, String> settings) {
        return new Records(
                tenants(config(settings)),
                parts(),
                new InMemoryEventLog(),
                policies,
                new EventPush.Stores(database.eventArchive(), database.eventMirrors(), database.jobs()),
                Duration.ofSeconds(60),
                CLOCK);
    }

    private BaserowTables.Parts parts() {
        var contacts =
                new Contacts(new InMemoryContactStore(), new InMemoryContactLists(), new Pseudonyms(new byte[32]));
        var documents = new InMemoryDocumentStore();
        return new BaserowTables.Parts(
                contacts, LuceneKnowledgeBase.on(documents), documents, new OkHttpClient(), metrics);
    }

    private Tenants tenants(Config config) {
        return Tenants.of(config, LanguageModels.builder().build(), new OkHttpClient(), metrics, CLOCK);
    }

    private static Config config(Map<String, String> more) {
        var settings = new HashMap<>(Map.of(
                "TENANT_ID", "pet-hotel",
                "CHATWOOT_BASE_URL", "http://127.0.0.1:1",
                "CHATWOOT_ACCOUNT_ID", "1",
                "CHATWOOT_API_TOKEN", "a-token-for-tests-only-0000001",
                "CHATWOOT_WEBHOOK_SECRET", "a-secret-for-tests-only-000001"));
        settings.putAll(more);
        return new ConfigReader(settings).read(null);
    }
}
