package io.github.almeidatech.wppflow.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.jdbc.BotSwitches.Off;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BotSwitchesTest {

    private static final Instant NOW = Instant.parse("2026-03-01T03:00:00Z");
    private static final Optional<TenantId> HOTEL = Optional.of(new TenantId("pet-hotel"));

    @Test
    void what_is_switched_off_stays_off_until_it_is_switched_on_one_tenant_or_all() {
        try (var sqlite = new TestDatabases.Sqlite()) {
            staysOff(sqlite);
        }
    }

    @Test
    void on_postgres_as_well_for_all_who_share_it() {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
        try (var postgres = new TestDatabases.Postgres()) {
            staysOff(postgres);
            Database one = postgres.open();
            Database other = postgres.beside(one).orElseThrow();

            one.botSwitches().off(new Off(HOTEL, NOW, "ana", "prices"));

            assertThat(other.botSwitches().all()).containsExactly(new Off(HOTEL, NOW, "ana", "prices"));
        }
    }

    private static void staysOff(TestDatabases databases) {
        Database database = databases.open();
        BotSwitches switches = database.botSwitches();
        var first = new Off(HOTEL, NOW, "ana", "prices");
        var all = new Off(Optional.empty(), NOW.plusSeconds(5), "operator", "looked at");

        assertThat(switches.off(first)).isTrue();
        assertThat(switches.off(new Off(HOTEL, NOW.plusSeconds(1), "rui", "again")))
                .as("the first reason stays")
                .isFalse();
        assertThat(switches.off(all)).isTrue();
        database = databases.reopen(database);
        switches = database.botSwitches();

        assertThat(switches.all()).containsExactly(first, all);
        assertThat(switches.on(Optional.empty())).isTrue();
        assertThat(switches.all()).containsExactly(first);
        assertThat(database.tenants()).containsExactly(HOTEL.get());
        assertThat(switches.on(HOTEL)).isTrue();
        assertThat(switches.on(HOTEL)).isFalse();
        assertThat(switches.all()).isEmpty();
    }
}
