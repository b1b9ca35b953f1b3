package io.github.almeidatech.wppflow.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Work of the whole installation: who does it, and requests to be forgotten that outlive a crash. */
class JobsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T03:00:00Z");
    private static final Duration LEASE = Duration.ofMinutes(10);
    private static final Duration DAY = Duration.ofDays(1);
    private static final TenantId HOTEL = new TenantId("pet-hotel");

    @TempDir
    private Path folder;

    private Database database;
    private Jobs jobs;

    @BeforeEach
    void open() {
        database = Database.open("sqlite:" + folder.resolve("j.db"));
        jobs = database.jobs();
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_job_is_done_by_one_and_once_in_its_time() {
        assertThat(jobs.claim("clean", NOW.minus(DAY), NOW, LEASE)).isTrue();
        assertThat(jobs.claim("clean", NOW.minus(DAY), NOW.plusSeconds(1), LEASE))
                .isFalse();
        assertThat(jobs.lastFinished("clean")).isEmpty();

        jobs.finished("clean", NOW.plusSeconds(5));

        assertThat(jobs.lastFinished("clean")).contains(NOW.plusSeconds(5));
        assertThat(jobs.claim("clean", NOW, NOW.plusSeconds(9), LEASE)).isFalse();
        assertThat(jobs.claim("clean", NOW.plusSeconds(6), NOW.plus(DAY), LEASE))
                .isTrue();
    }

    @Test
    void what_somebody_has_left_undone_is_taken_on_after_the_lease_or_at_once_when_it_failed() {
        jobs.claim("clean", NOW.minus(DAY), NOW, LEASE);
        assertThat(jobs.claim("clean", NOW.minus(DAY), NOW.plus(LEASE), LEASE)).isTrue();

        jobs.failed("clean");

        assertThat(jobs.claim("clean", NOW.minus(DAY), NOW.plus(LEASE), LEASE)).isTrue();
        assertThat(jobs.claim("other", NOW.minus(DAY), NOW, LEASE)).isTrue();
    }

    @Test
    void the_only_process_on_a_database_takes_up_at_its_start_what_a_crash_has_cut_off() {
        jobs.claim("clean", NOW.minus(DAY), NOW, LEASE);
        jobs.claim("other", NOW.minus(DAY), NOW, LEASE);

        jobs.recover("clean");
        jobs.recover("never heard of");

        assertThat(jobs.claim("clean", NOW.minus(DAY), NOW.plusSeconds(1), LEASE))
                .isTrue();
        assertThat(jobs.claim("other", NOW.minus(DAY), NOW.plusSeconds(1), LEASE))
                .isFalse();
    }

    @Test
    void a_request_to_be_forgotten_is_kept_with_its_steps_and_afterwards_without_the_person() {
        var requests = database.erasureRequests();
        var request = new ErasureRequest(
                "e1",
                HOTEL,
                "hash",
                Set.of(Identity.person("p:5511990000002"), Identity.chatwoot(1, 7)),
                "+5511990000002",
                true,
                "console",
                NOW,
                Map.of(),
                null,
                null);
        requests.put(request);
        assertThat(requests.open()).containsExactly(request);

        ErasureRequest stuck = request.done("store", 12).stuck("ERR_CHATWOOT_API");
        requests.put(stuck);
        assertThat(requests.find(HOTEL, "e1")).contains(stuck);

        requests.put(stuck.done("chatwoot", 1).finished(NOW.plusSeconds(3)));

        ErasureRequest receipt = requests.find(HOTEL, "e1").orElseThrow();
        assertThat(receipt.identities()).isEmpty();
        assertThat(receipt.phone()).isNull();
        assertThat(receipt.receipt()).containsExactly(Map.entry("store", 12L), Map.entry("chatwoot", 1L));
        assertThat(receipt.finishedAt()).isEqualTo(NOW.plusSeconds(3));
        assertThat(requests.open()).isEmpty();
        assertThat(requests.list(HOTEL, 10)).containsExactly(receipt);
        assertThat(requests.list(new TenantId("other"), 10)).isEmpty();
    }

    @Test
    void requests_come_in_pages_the_newest_first_also_those_of_one_moment() {
        var requests = database.erasureRequests();
        Map.of("a", 2, "b", 1, "c", 1, "d", 1, "e", 0)
                .forEach((id, second) -> requests.put(new ErasureRequest(
                        id,
                        HOTEL,
                        "hash",
                        Set.of(),
                        null,
                        false,
                        "console",
                        NOW.plusSeconds(second),
                        Map.of(),
                        null,
                        NOW.plusSeconds(9))));

        assertThat(requests.list(HOTEL, 2)).extracting(ErasureRequest::id).containsExactly("a", "d");
        assertThat(requests.listAfter(HOTEL, "d", 2))
                .extracting(ErasureRequest::id)
                .containsExactly("c", "b");
        assertThat(requests.listAfter(HOTEL, "b", 2))
                .extracting(ErasureRequest::id)
                .containsExactly("e");
        assertThat(requests.listAfter(HOTEL, "e", 2)).isEmpty();
        assertThat(requests.listAfter(HOTEL, "unknown", 2)).isEmpty();
        assertThat(requests.listAfter(new TenantId("other"), "a", 2)).isEmpty();
    }
}
