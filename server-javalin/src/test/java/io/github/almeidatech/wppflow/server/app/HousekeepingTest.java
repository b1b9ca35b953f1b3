package io.github.almeidatech.wppflow.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.chatwoot.ChatwootError;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.ErasureRequest;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.server.erasure.ErasedPeople;
import io.github.almeidatech.wppflow.server.erasure.Erasure;
import io.github.almeidatech.wppflow.server.erasure.ErasureJournal;
import io.github.almeidatech.wppflow.server.erasure.ErasureTarget;
import io.github.almeidatech.wppflow.server.erasure.Offboarding;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens every night, and what goes on after a crash. */
class HousekeepingTest {

    private static final TenantId HOTEL = new TenantId("pet-hotel");
    /** Noon in São Paulo. */
    private static final Instant NOON = Instant.parse("2026-03-01T15:00:00Z");

    @TempDir
    private Path folder;

    private final SettableClock clock = new SettableClock(NOON);
    private final Metrics metrics = new Metrics();
    private Config config;
    private Audit audit;
    private final List<String> forgotten = new ArrayList<>();
    private boolean elsewhereWorks = true;
    private String removed = "nobody";
    private boolean dies;
    private Database database;
    private Erasure erasure;
    private Offboarding offboarding;
    private Housekeeping housekeeping;

    @BeforeEach
    void open() {
        database = Database.open("sqlite:" + folder.resolve("h.db"));
        var environment = new HashMap<String, String>();
        environment.put("TENANT_ID", "pet-hotel");
        environment.put("TENANT_NAME", "Hotel");
        environment.put("CHATWOOT_BASE_URL", "https://chatwoot.example");
        environment.put("CHATWOOT_ACCOUNT_ID", "1");
        environment.put("CHATWOOT_API_TOKEN", "a-bot-token-of-the-test-suite-001");
        environment.put("CHATWOOT_WEBHOOK_SECRET", "a-webhook-secret-of-the-tests-01");
        environment.put("WPPFLOW_TENANTS__PET_HOTEL__RETENTION__EVENTS", "P10D");
        config = new ConfigReader(environment).read(null);
        var pseudonyms = new Pseudonyms(new byte[32]);
        audit = new Audit(database.eventLog(), clock);
        ErasureTarget elsewhere = person -> {
            if (dies) {
                throw new OutOfMemoryError("of the test");
            }
            if (!elsewhereWorks) {
                throw new FlowException(ChatwootError.UNREACHABLE, "no", null);
            }
            if (person.identities().contains(Identity.person(removed))) {
                throw new NoSuchElementException("no such tenant any more");
            }
            forgotten.add(person.identities().toString());
            return 1;
        };
        var contacts = new Contacts(database.contactStore(), database.contactLists(), pseudonyms);
        erasure = new Erasure(
                contacts,
                database.eventLog(),
                database,
                pseudonyms,
                new ErasedPeople(database.erasedConversations(), pseudonyms),
                Map.of("elsewhere", elsewhere),
                Map.of(),
                new ErasureJournal(null),
                audit,
                metrics,
                tenant -> Duration.ZERO,
                clock);
        offboarding = new Offboarding(Set.of(HOTEL), database, audit, metrics, clock);
        housekeeping = new Housekeeping(
                Map.of(HOTEL, config.tenants().get("pet-hotel")),
                Set.of(HOTEL),
                Duration.ofDays(30),
                database,
                offboarding,
                erasure,
                audit,
                metrics,
                clock);
    }

    @Test
    void a_tenant_is_known_to_be_in_use_though_housekeeping_is_hours_late_to_say_so() {
        housekeeping.look();

        clock.advance(Duration.ofHours(5));
        assertThat(offboarding.isHeardOf(HOTEL)).isTrue();
        clock.advance(Duration.ofHours(1));
        assertThat(offboarding.isHeardOf(HOTEL)).isFalse();
    }

    @Test
    void erasures_that_are_taken_down_while_the_server_stops_wait_for_the_next_start() {
        housekeeping.close();

        assertThatCode(housekeeping::eraseSoon).doesNotThrowAnyException();
    }

    @AfterEach
    void close() {
        housekeeping.close();
        database.close();
    }

    @Test
    void what_is_older_than_it_may_be_goes_in_the_night_and_once() {
        housekeeping.look();
        happened("old");
        clock.advance(Duration.ofDays(11));

        housekeeping.look();
        assertThat(payloads()).doesNotContain("old");
        assertThat(nights()).isEqualTo(2);

        clock.advance(Duration.ofHours(14)); // two o'clock in the night
        housekeeping.look();
        assertThat(nights()).isEqualTo(2);
        clock.advance(Duration.ofHours(2)); // past half past three
        housekeeping.look();
        housekeeping.look();
        assertThat(nights()).isEqualTo(3);
        assertThat(metrics.scrape()).contains("wppflow_expired_total{kind=\"events\",tenant=\"pet-hotel\"} 1.0");
    }

    @Test
    void a_request_that_could_not_be_finished_is_gone_on_with() {
        elsewhereWorks = false;
        assertThat(erasure.erase(HOTEL, "p:5511987770001", false, "console").finishedAt())
                .isNull();
        housekeeping.look();
        assertThat(forgotten).isEmpty();

        elsewhereWorks = true;
        housekeeping.look();
        assertThat(forgotten).isEmpty(); // not every minute

        clock.advance(Duration.ofMinutes(3));
        housekeeping.look();

        assertThat(forgotten).hasSize(1);
        assertThat(erasure.list(HOTEL, 10).get(0).finishedAt()).isEqualTo(clock.instant());
        clock.advance(Duration.ofMinutes(6));
        housekeeping.look();
        assertThat(forgotten).hasSize(1);
    }

    @Test
    void what_another_instance_has_died_over_is_gone_on_with_within_minutes() {
        elsewhereWorks = false;
        erasure.erase(HOTEL, "p:5511987770001", false, "console");
        dies = true;
        assertThatThrownBy(housekeeping::look).isInstanceOf(OutOfMemoryError.class);
        dies = false;
        elsewhereWorks = true;

        clock.advance(Duration.ofMinutes(1));
        housekeeping.look();
        assertThat(forgotten).as("it could still be at it").isEmpty();
        clock.advance(Duration.ofMinutes(2));
        housekeeping.look();

        assertThat(forgotten).hasSize(1);
    }

    @Test
    void a_request_that_can_not_be_done_holds_up_no_other() {
        elsewhereWorks = false;
        erasure.erase(HOTEL, "+5511987770001", false, "console");
        erasure.erase(HOTEL, "+5511987770002", false, "console");
        elsewhereWorks = true;
        removed = "+5511987770001";

        erasure.resume();

        assertThat(forgotten).hasSize(1);
        assertThat(erasure.list(HOTEL, 10)).extracting(ErasureRequest::problem).contains("NoSuchElementException");
    }

    @Test
    void asking_again_while_a_request_is_open_goes_on_with_it() {
        elsewhereWorks = false;
        String first = erasure.erase(HOTEL, "p:5511987770001", false, "console").id();
        elsewhereWorks = true;

        var second = erasure.erase(HOTEL, "p:5511987770001", true, "api");

        assertThat(second.id()).isEqualTo(first);
        assertThat(second.chatwoot()).isTrue();
        assertThat(second.receipt()).containsKeys("contacts", "messages", "commands", "events", "elsewhere");
    }

    @Test
    void when_retention_was_last_applied_is_told() {
        assertThat(housekeeping.lastRetention(tenant -> true)).isEqualTo("not yet");

        housekeeping.look();
        assertThat(housekeeping.lastRetention(tenant -> true)).isEqualTo("last run 2026-03-01T15:00:00Z");

        clock.advance(Duration.ofHours(27));
        assertThat(housekeeping.lastRetention(tenant -> true))
                .isEqualTo("overdue: pet-hotel, last run 2026-03-01T15:00:00Z");
        database.close();
        assertThat(housekeeping.lastRetention(tenant -> true)).startsWith("unknown");
    }

    @Test
    void what_is_left_of_a_tenant_goes_thirty_days_after_the_last_instance_knew_it() {
        var clinic = new TenantId("clinic");
        happened(clinic, "their own");
        happened(HOTEL, "ours");
        housekeeping.look();
        clock.advance(Duration.ofDays(29));
        housekeeping.look();
        assertThat(database.tenants()).containsExactly(clinic, HOTEL);

        database.jobs().claim("tenant/clinic", clock.instant(), clock.instant(), Duration.ofHours(1));
        database.jobs().finished("tenant/clinic", clock.instant()); // another instance is configured for it
        clock.advance(Duration.ofDays(29));
        housekeeping.look();
        assertThat(database.tenants()).containsExactly(clinic, HOTEL);

        clock.advance(Duration.ofDays(2));
        housekeeping.look();

        assertThat(database.tenants()).containsExactly(HOTEL);
        assertThat(database.eventLog().query(EventQuery.of(clinic, 10)).events())
                .isEmpty();
        assertThat(database.jobs().lastFinished("tenant/clinic")).isEmpty();
        assertThat(metrics.scrape()).contains("wppflow_expired_total{kind=\"tenant\",tenant=\"clinic\"}");
    }

    @Test
    void of_a_tenant_that_is_configured_but_was_not_started_nothing_goes_and_it_is_not_taken_for_removed() {
        var clinic = new TenantId("clinic");
        happened(clinic, "their own");
        clock.advance(Duration.ofDays(25));
        happened(clinic, "of late");
        Config.Tenant settings = config.tenants().get("pet-hotel");
        var withoutIt = new Housekeeping(
                Map.of(HOTEL, settings),
                Set.of(HOTEL, clinic),
                Duration.ofDays(30),
                database,
                offboarding,
                erasure,
                audit,
                metrics,
                clock);
        withoutIt.look();
        clock.advance(Duration.ofDays(8));
        withoutIt.look();

        assertThat(database.tenants()).contains(clinic);
        assertThat(offboarding.isHeardOf(clinic)).isTrue();
        assertThat(payloads(clinic)).contains("of late", "their own");
        assertThat(new Offboarding(Set.of(HOTEL, clinic), database, audit, metrics, clock).obstacle(clinic))
                .contains(Offboarding.Obstacle.STILL_CONFIGURED);
    }

    @Test
    void erasures_of_before_a_restore_are_taken_down_at_once_and_carried_out_later() {
        var known = new Event(
                "e", HOTEL, null, "+5511987770001", "x", 1, Map.of(), Event.Source.SYSTEM, null, null, 0, NOON);
        database.eventLog().append(List.of(known));
        String person = erasure.pseudonym(HOTEL, "+5511987770001");
        var earlier = List.of(
                new Erasure.Earlier("r-1", person, false, "api", NOON),
                new Erasure.Earlier("r-2", "0".repeat(64), false, "api", NOON));

        List<ErasureRequest> taken = erasure.repeat(HOTEL, earlier);

        assertThat(taken).extracting(ErasureRequest::isNameless).containsExactly(true, true);
        assertThat(forgotten).isEmpty();
        assertThat(erasure.repeat(HOTEL, earlier)).isEmpty();

        erasure.resume();

        assertThat(forgotten).containsExactly("[" + Identity.person("+5511987770001") + "]");
        assertThat(erasure.find(HOTEL, "r-1").orElseThrow().receipt()).containsEntry("events", 1L);
        assertThat(erasure.find(HOTEL, "r-2").orElseThrow().finishedAt()).isEqualTo(NOON);
    }

    @Test
    void whoever_is_named_while_a_request_of_before_a_restore_waits_is_erased_by_it() {
        String person = erasure.pseudonym(HOTEL, "+5511987770001");
        erasure.repeat(HOTEL, List.of(new Erasure.Earlier("r-1", person, false, "api", NOON)));

        ErasureRequest done = erasure.erase(HOTEL, "+5511987770001", false, "console");

        assertThat(done.id()).isEqualTo("r-1");
        assertThat(done.finishedAt()).isEqualTo(NOON);
        assertThat(forgotten).containsExactly("[" + Identity.person("+5511987770001") + "]");
    }

    @Test
    void a_store_that_fails_is_tried_again() {
        database.close();

        housekeeping.look();

        assertThat(forgotten).isEmpty();
    }

    private void happened(String what) {
        happened(HOTEL, what);
    }

    private void happened(TenantId tenant, String what) {
        database.eventLog()
                .append(List.of(new Event(
                        what,
                        tenant,
                        null,
                        null,
                        "order.paid",
                        1,
                        Map.of("what", what),
                        Event.Source.SYSTEM,
                        null,
                        null,
                        0,
                        clock.instant())));
    }

    private String payloads() {
        return payloads(HOTEL);
    }

    private String payloads(TenantId tenant) {
        return database.eventLog().query(EventQuery.of(tenant, 100)).events().stream()
                .map(event -> event.payload().toString())
                .toList()
                .toString();
    }

    private long nights() {
        return database.eventLog().query(EventQuery.of(HOTEL, 100)).events().stream()
                .filter(event -> event.type().equals("operator.retention_applied"))
                .count();
    }
}
