package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaFacts;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.multimodal.MediaTextStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** What every {@link MediaTextStore} promises. Extend it and give it an empty store with room for 20,000 texts. */
public abstract class MediaTextStoreContract {

    private static final TenantId HOTEL = new TenantId("hotel");
    private static final TenantId CLINIC = new TenantId("clinic");
    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    private static final String VOICE = "a".repeat(64);
    private static final String PHOTO = "b".repeat(64);

    /** A store without texts; asked for once in each test. */
    protected abstract MediaTextStore emptyStore();

    @Test
    void a_text_is_found_as_it_was_with_all_that_is_known_of_its_file() {
        var store = emptyStore();
        var said = new MediaText.Read(
                "Olá 🐶, \"preço\"?\n\tR$ 95", new MediaFacts(3, Duration.ofMillis(12_340), 4_000_000_000L, 20L));
        var shown = new MediaText.Read("um cão");

        store.save(HOTEL, VOICE, said, NOW);
        store.save(HOTEL, PHOTO, shown, NOW);

        assertThat(store.find(HOTEL, VOICE)).contains(said);
        assertThat(store.find(HOTEL, PHOTO)).contains(shown);
        assertThat(store.find(HOTEL, "c".repeat(64))).isEmpty();
    }

    @Test
    void that_there_is_nothing_to_read_is_known_too() {
        var store = emptyStore();
        for (MediaText.Reason reason : MediaText.Reason.values()) {
            store.save(HOTEL, VOICE, new MediaText.Unreadable(reason), NOW);

            assertThat(store.find(HOTEL, VOICE)).contains(new MediaText.Unreadable(reason));
        }
    }

    @Test
    void saving_again_replaces() {
        var store = emptyStore();
        store.save(HOTEL, VOICE, new MediaText.Unreadable(MediaText.Reason.NO_TEXT), NOW);

        store.save(HOTEL, VOICE, new MediaText.Read("fala"), NOW.plusSeconds(1));

        assertThat(store.find(HOTEL, VOICE)).contains(new MediaText.Read("fala"));
    }

    @Test
    void tenants_do_not_see_each_others_texts_of_the_same_file() {
        var store = emptyStore();
        store.save(HOTEL, VOICE, new MediaText.Read("do hotel"), NOW);

        assertThat(store.find(CLINIC, VOICE)).isEmpty();
        store.save(CLINIC, VOICE, new MediaText.Read("da clínica"), NOW);

        assertThat(store.find(HOTEL, VOICE)).contains(new MediaText.Read("do hotel"));
    }

    @Test
    void a_file_is_claimed_by_one_reader_of_a_tenant_until_it_gives_it_up() {
        var store = emptyStore();
        Instant until = NOW.plusSeconds(30);

        assertThat(store.claim(HOTEL, VOICE, "one", NOW, until)).isTrue();

        assertThat(store.claim(HOTEL, VOICE, "two", NOW, until)).isFalse();
        assertThat(store.claim(HOTEL, PHOTO, "two", NOW, until)).isTrue();
        assertThat(store.claim(CLINIC, VOICE, "two", NOW, until)).isTrue();
        store.release(HOTEL, VOICE, "one");
        store.release(HOTEL, VOICE, "one");
        assertThat(store.claim(HOTEL, VOICE, "two", NOW, until)).isTrue();
    }

    @Test
    void the_claim_of_a_reader_that_died_ends_at_its_time_and_one_that_goes_on_holds_on_to_it() {
        var store = emptyStore();
        store.claim(HOTEL, VOICE, "one", NOW, NOW.plusSeconds(30));

        assertThat(store.claim(HOTEL, VOICE, "one", NOW.plusSeconds(20), NOW.plusSeconds(50)))
                .isTrue();
        assertThat(store.claim(HOTEL, VOICE, "two", NOW.plusMillis(49_999), NOW.plusSeconds(80)))
                .isFalse();
        assertThat(store.claim(HOTEL, VOICE, "two", NOW.plusSeconds(50), NOW.plusSeconds(80)))
                .isTrue();
        assertThat(store.claim(HOTEL, VOICE, "one", NOW.plusSeconds(51), NOW.plusSeconds(90)))
                .as("it comes too late")
                .isFalse();
        store.release(HOTEL, VOICE, "one");
        assertThat(store.claim(HOTEL, VOICE, "three", NOW.plusSeconds(52), NOW.plusSeconds(90)))
                .as("another's claim cannot be given up")
                .isFalse();
    }

    @Test
    void of_many_who_claim_at_once_one_has_it() throws Exception {
        var store = emptyStore();
        var threads = Executors.newFixedThreadPool(16);
        try {
            var together = new CyclicBarrier(16);
            var claims = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < 16; i++) {
                String reader = "reader " + i;
                claims.add(() -> {
                    together.await();
                    return store.claim(HOTEL, VOICE, reader, NOW, NOW.plusSeconds(30));
                });
            }

            int held = 0;
            for (var each : threads.invokeAll(claims)) {
                held += each.get() ? 1 : 0;
            }

            assertThat(held).isOne();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void forgetting_takes_all_of_one_tenant_and_may_be_repeated() {
        var store = emptyStore();
        for (int i = 0; i < 1_201; i++) {
            store.save(HOTEL, "%064x".formatted(i), new MediaText.Read("fala " + i), NOW);
        }
        store.save(CLINIC, VOICE, new MediaText.Read("fica"), NOW);

        assertThat(store.forget(HOTEL)).isEqualTo(1_201);
        assertThat(store.forget(HOTEL)).isZero();

        assertThat(store.find(HOTEL, "%064x".formatted(7))).isEqualTo(Optional.empty());
        assertThat(store.find(CLINIC, VOICE)).isPresent();
    }
}
