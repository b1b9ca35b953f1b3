package io.github.almeidatech.wppflow.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FlowEngine;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnHandler;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.Restoration;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.IgnoredTally;
import io.github.almeidatech.wppflow.server.Intake;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Reconciliation;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looking through Chatwoot after a restore, with what goes wrong. */
class ReconciliationTest {

    private static final TenantId HOTEL = new TenantId("pet-hotel");
    private static final Instant NOW = Instant.now();

    @TempDir
    private Path folder;

    /** What is there was written half an hour ago. */
    private final SimulatedChatwoot chatwoot = SimulatedChatwoot.builder()
            .clock(() -> NOW.minus(Duration.ofMinutes(30)))
            .keepPendingWhenBotFails(true)
            .start();

    private Database database;

    @BeforeEach
    void aMessageThatCameWithoutAWebhook() {
        database = Database.open("sqlite:" + folder.resolve("r.db"));
        chatwoot.connectAgentBot(URI.create("http://127.0.0.1:1/nobody"));
        chatwoot.customer("+5511900000001", "Ana Exemplo").writes("quanto custa?");
    }

    @AfterEach
    void close() {
        database.close();
        chatwoot.close();
    }

    @Test
    void what_cannot_be_read_is_tried_again_no_sooner_than_the_next_walk_is_due() {
        chatwoot.faults().always(SeenRequest.matching("GET", "/messages"), Fault.status(404));
        Tenants tenants = tenants("PT10M");
        Reconciliation reconciliation = of(NOW.minus(Duration.ofHours(1)), tenants);
        try (CatchUp catchUp = catchUp(tenants, reconciliation)) {
            catchUp.start();
            catchUp.awaitFirstLooks();

            await().during(Duration.ofSeconds(1))
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> chatwoot.faults().struck() == 1);
            assertThat(reconciliation.wellness(HOTEL::equals)).endsWith("; looking through Chatwoot: pet-hotel");
        }
    }

    @Test
    void what_cannot_be_read_in_three_walks_is_told_by_the_event_and_for_a_day_by_readiness() {
        chatwoot.faults().always(SeenRequest.matching("GET", "/messages"), Fault.status(404));
        Tenants tenants = tenants("PT0.1S");
        Reconciliation reconciliation = of(NOW.minus(Duration.ofHours(1)), tenants);
        try (CatchUp catchUp = catchUp(tenants, reconciliation)) {
            catchUp.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> !reconciliation.isOpen());
        }

        assertThat(ended()).containsEntry("found", 0).containsEntry("failed", 1);
        String told = "; 1 conversations of pet-hotel could not be read";
        assertThat(reconciliation.wellness(HOTEL::equals))
                .startsWith("restored at ")
                .endsWith(told);
        assertThat(reconciliation.wellness(tenant -> false)).isEqualTo("ok");
        Reconciliation afterARestart = of(NOW.minus(Duration.ofHours(1)), tenants);
        assertThat(afterARestart.isOpen()).isFalse();
        assertThat(afterARestart.wellness(HOTEL::equals)).endsWith(told);
    }

    @Test
    void a_tenant_that_the_backup_does_not_know_is_looked_through_too() {
        Tenants tenants = tenants("PT10M");
        Reconciliation reconciliation = of(NOW.minus(Duration.ofHours(1)), tenants);
        try (CatchUp catchUp = catchUp(tenants, reconciliation)) {
            catchUp.noteFirstStarts();
            catchUp.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> !reconciliation.isOpen());
        }

        assertThat(ended()).containsEntry("found", 1).containsEntry("failed", 0);
        assertThat(reconciliation.wellness(HOTEL::equals)).isEqualTo("ok");
    }

    @Test
    void a_backup_whose_clock_was_ahead_is_looked_through_as_far_as_catch_up_reaches() {
        String id = UUID.nameUUIDFromBytes("pet-hotel/tenant.first_start".getBytes(StandardCharsets.UTF_8))
                .toString();
        Instant before = NOW.minus(Duration.ofDays(3));
        database.eventLog()
                .append(List.of(new Event(
                        id,
                        HOTEL,
                        null,
                        null,
                        "tenant.first_start",
                        1,
                        Map.of(),
                        Event.Source.SYSTEM,
                        null,
                        null,
                        0,
                        before)));
        Tenants tenants = tenants("PT10M");
        Reconciliation reconciliation = of(NOW.plus(Duration.ofHours(1)), tenants);
        try (CatchUp catchUp = catchUp(tenants, reconciliation)) {
            catchUp.noteFirstStarts();
            catchUp.start();
            await().atMost(Duration.ofSeconds(60)).until(() -> !reconciliation.isOpen());
        }

        assertThat(ended()).containsEntry("found", 1);
    }

    @Test
    void where_it_is_not_known_where_the_backup_ends_nothing_is_begun_anew() {
        var reconciliation = new Reconciliation(
                new Restoration(null, NOW), tenants("PT10M"), database.eventLog(), InstantSource.system());

        reconciliation.begin();

        assertThat(reconciliation.isOpen()).isFalse();
        assertThat(reconciliation.since(HOTEL)).isEmpty();
        assertThat(reconciliation.wellness(HOTEL::equals)).isEqualTo("ok");
        assertThat(reconciliation.isDoubtful(NOW.minusSeconds(1))).isTrue();
    }

    private Map<String, Object> ended() {
        return database.eventLog()
                .query(new EventQuery(HOTEL, null, null, "operator.reconciled", null, null, 1, null))
                .events()
                .get(0)
                .payload();
    }

    private Reconciliation of(Instant knownUntil, Tenants tenants) {
        return new Reconciliation(
                new Restoration(knownUntil, NOW), tenants, database.eventLog(), InstantSource.system());
    }

    private CatchUp catchUp(Tenants tenants, Reconciliation reconciliation) {
        var clock = InstantSource.system();
        var engine = FlowEngine.builder()
                .store(database.flowStore())
                .handler(new TurnHandler() {
                    @Override
                    public TurnResult answer(Turn turn) {
                        throw new IllegalStateException("not begun");
                    }

                    @Override
                    public TurnResult giveUp(Turn turn, RuntimeException failure) {
                        throw new IllegalStateException("not begun");
                    }
                })
                .sender(attempt -> new CommandResult.Done(null))
                .build();
        var intake = new Intake(
                engine,
                database.eventLog(),
                new IgnoredTally(database.ignoredDeliveries()),
                tenant -> {},
                reconciliation::isDoubtful,
                clock);
        return new CatchUp(tenants, intake, database.eventLog(), reconciliation, new Metrics(), clock);
    }

    private Tenants tenants(String catchUpEvery) {
        return Tenants.of(
                new ConfigReader(Map.of(
                                "TENANT_ID", "pet-hotel",
                                "CHATWOOT_BASE_URL", chatwoot.baseUrl().toString(),
                                "CHATWOOT_ACCOUNT_ID", String.valueOf(chatwoot.accountId()),
                                "CHATWOOT_API_TOKEN", chatwoot.botToken(),
                                "CHATWOOT_USER_TOKEN", chatwoot.userToken(),
                                "CHATWOOT_WEBHOOK_SECRET", "a-webhook-secret-of-chatwoot",
                                "WPPFLOW_TENANTS__PET_HOTEL__CHATWOOT__CATCH_UP_EVERY", catchUpEvery))
                        .read(null),
                LanguageModels.builder().build(),
                new OkHttpClient(),
                new Metrics(),
                InstantSource.system());
    }
}
