package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactMerge;
import io.github.almeidatech.wppflow.contacts.ContactPatch;
import io.github.almeidatech.wppflow.contacts.ContactStore;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.CopyBacklog;
import io.github.almeidatech.wppflow.contacts.CopyState;
import io.github.almeidatech.wppflow.contacts.CopyState.Copied;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ContactStore} does for the tenants whose contacts have a copy outside. A subclass gives an empty store
 * for each test.
 */
public abstract class ContactCopiesContract {

    private static final TenantId TENANT = new TenantId("hotel");
    private static final TenantId WITHOUT = new TenantId("clinic");
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Identity ANA = Identity.person("55 61 9 0001");
    private static final Identity BIA = Identity.person("55 61 9 0002");
    private static final Identity ROW = Identity.baserow("701", 5);

    private ContactStore store;

    /** A new store without any contact, which notes changes for these tenants. */
    protected abstract ContactStore emptyStore(Predicate<TenantId> copied);

    @BeforeEach
    void open() {
        store = emptyStore(TENANT::equals);
    }

    private static ContactUpdate told(Identity identity, @Nullable String name, Map<String, String> fields) {
        return new ContactUpdate(Set.of(identity), null, name, null, fields, null);
    }

    private static ContactUpdate seen(Identity identity, String name) {
        return new ContactUpdate(Set.of(identity), null, name, null, Map.of(), null, false);
    }

    private static Instant after(long seconds) {
        return NOW.plusSeconds(seconds);
    }

    /** Claims, and copies everything as it is. */
    private void copyAll(Instant now) {
        for (Optional<Copied> next = claim(now); next.isPresent(); next = claim(now)) {
            store.copied(TENANT, next.get().contact(), Set.of(), Set.of(), now);
        }
    }

    private Optional<Copied> claim(Instant now) {
        return store.claimCopy(TENANT, now, LEASE);
    }

    private long behind() {
        return store.copyBacklog(TENANT).contacts();
    }

    private Contact ana() {
        return store.find(TENANT, ANA).orElseThrow();
    }

    // What is noted

    @Test
    void a_tenant_without_copies_has_none_that_are_behind() {
        Contact ana = store.upsert(WITHOUT, told(ANA, "Ana", Map.of()), NOW);
        store.patch(WITHOUT, ana.id(), ContactPatch.optOut(true), NOW);
        store.wantCopy(WITHOUT, ana.id(), NOW);

        assertThat(store.claimCopy(WITHOUT, after(60), LEASE)).isEmpty();
        assertThat(store.copyBacklog(WITHOUT)).isEqualTo(new CopyBacklog(0, null));
    }

    @Test
    void what_was_told_of_somebody_new_has_to_be_said_by_the_copy_and_what_was_seen_only_fills() {
        store.upsert(TENANT, told(ANA, "Ana", Map.of("pet", "Rex")), NOW);
        store.upsert(TENANT, seen(BIA, "Bia"), after(1));

        assertThat(claim(after(1)).orElseThrow().state().parts())
                .containsExactlyInAnyOrder("name", CopyState.field("pet"));
        Copied bia = claim(after(1)).orElseThrow();
        assertThat(bia.contact().name()).isEqualTo("Bia");
        assertThat(bia.state().parts()).isEmpty();
        assertThat(store.copyBacklog(TENANT)).isEqualTo(new CopyBacklog(2, NOW));
    }

    @Test
    void every_part_that_is_changed_or_removed_is_noted_and_what_stays_the_same_is_not() {
        store.upsert(TENANT, told(ANA, "Ana", Map.of("pet", "Rex", "cor", "azul")), NOW);
        copyAll(NOW);
        Contact ana = ana();

        store.patch(TENANT, ana.id(), ContactPatch.builder().name("Ana").build(), after(1));
        assertThat(claim(after(1))).as("nothing has changed").isEmpty();
        ContactPatch patch = ContactPatch.builder()
                .email("ana@example.com")
                .customField("pet", null)
                .customField("cor", "azul")
                .optedOut(true)
                .build();
        store.patch(TENANT, ana.id(), patch, after(2));

        assertThat(claim(after(2)).orElseThrow().state().parts())
                .containsExactlyInAnyOrder("email", "opted_out", CopyState.field("pet"));
    }

    @Test
    void changes_are_noted_together_until_they_are_written() {
        store.upsert(TENANT, told(ANA, "Ana", Map.of()), NOW);
        store.upsert(TENANT, told(ANA, "Ana Souza", Map.of("pet", "Rex")), after(1));
        store.upsert(TENANT, told(ANA, null, Map.of("pet", "Tom")), after(2));

        Copied claimed = claim(after(3)).orElseThrow();

        assertThat(claimed.contact().name()).isEqualTo("Ana Souza");
        assertThat(claimed.contact().customFields()).containsExactly(Map.entry("pet", "Tom"));
        assertThat(claimed.state().parts()).containsExactlyInAnyOrder("name", CopyState.field("pet"));
        assertThat(claimed.state().since()).isEqualTo(NOW);
        assertThat(claim(after(3))).isEmpty();
    }

    @Test
    void a_copy_can_be_asked_for_though_nothing_has_changed() {
        Contact ana =
                store.takeOver(TENANT, told(ANA, "Ana", Map.of()), NOW, NOW).orElseThrow();
        assertThat(claim(NOW)).isEmpty();

        store.wantCopy(TENANT, ana.id(), after(1));
        store.wantCopy(TENANT, ana.id(), after(2));
        store.wantCopy(TENANT, "nobody", after(2));

        assertThat(store.copyBacklog(TENANT)).isEqualTo(new CopyBacklog(1, after(1)));
        assertThat(claim(after(1)).orElseThrow().state().parts()).isEmpty();
    }

    // Claiming

    @Test
    void a_claimed_copy_is_nobody_elses_until_the_lease_is_over() {
        store.upsert(TENANT, told(ANA, "Ana", Map.of()), NOW);

        Contact claimed = claim(NOW).orElseThrow().contact();
        store.upsert(TENANT, told(ANA, "Ana Souza", Map.of()), after(1));
        assertThat(store.copyDue(TENANT, claimed.id())).contains(NOW.plus(LEASE));
        assertThat(claim(NOW.plus(LEASE).minusMillis(1)))
                .as("also when it changes")
                .isEmpty();
        assertThat(claim(NOW.plus(LEASE)).orElseThrow().contact().name()).isEqualTo("Ana Souza");
    }

    @Test
    void a_copy_that_could_not_be_written_is_tried_when_it_is_said_and_not_forgotten() {
        Contact ana = store.upsert(TENANT, told(ANA, "Ana", Map.of()), NOW);
        claim(NOW);

        store.notCopied(TENANT, ana.id(), after(10));

        assertThat(store.copyDue(TENANT, ana.id())).contains(after(10));
        assertThat(store.copyDue(TENANT, "nobody")).isEmpty();
        assertThat(claim(after(9))).isEmpty();
        assertThat(behind()).isEqualTo(1);
        assertThat(claim(after(10)).orElseThrow().state().parts()).containsExactly("name");
    }

    @Test
    void each_copy_is_claimed_by_one_of_many_who_ask_at_once() throws Exception {
        for (int i = 0; i < 40; i++) {
            store.upsert(TENANT, told(Identity.person("p:" + i), "Ana " + i, Map.of()), NOW);
        }
        var threads = Executors.newFixedThreadPool(4);
        Callable<Set<String>> claims = () -> {
            var ids = new HashSet<String>();
            for (int misses = 0; misses < 5; ) {
                Optional<Copied> next = claim(NOW);
                misses = next.isPresent() ? 0 : misses + 1;
                next.ifPresent(each -> ids.add(each.contact().id()));
            }
            return ids;
        };

        List<Future<Set<String>>> all =
                threads.invokeAll(IntStream.range(0, 4).mapToObj(i -> claims).toList());
        threads.shutdown();

        int number = 0;
        var different = new HashSet<String>();
        for (Future<Set<String>> each : all) {
            number += each.get().size();
            different.addAll(each.get());
        }
        assertThat(number).isEqualTo(40);
        assertThat(different).hasSize(40);
    }

    // Written

    @Test
    void a_written_copy_is_found_by_its_place_and_not_behind_any_more() {
        store.upsert(TENANT, told(ANA, "Ana", Map.of()), NOW);
        Contact claimed = claim(NOW).orElseThrow().contact();

        assertThat(store.copied(TENANT, claimed, Set.of(), Set.of(ROW), after(1)))
                .isTrue();

        assertThat(store.find(TENANT, ROW)).contains(ana());
        assertThat(store.copyBacklog(TENANT)).isEqualTo(new CopyBacklog(0, null));
        assertThat(claim(NOW.plus(LEASE))).isEmpty();
    }

    @Test
    void what_has_changed_while_it_was_written_is_written_at_once() {
        store.upsert(TENANT, told(ANA, "Ana", Map.of("pet", "Rex")), NOW);
        Contact claimed = claim(NOW).orElseThrow().contact();
        store.upsert(TENANT, told(ANA, "Ana Souza", Map.of()), after(1));

        store.copied(TENANT, claimed, Set.of(), Set.of(), after(2));

        Copied next = claim(after(2)).orElseThrow();
        assertThat(next.contact().name()).isEqualTo("Ana Souza");
        assertThat(next.state().parts()).as("the pet is written").containsExactly("name");
    }

    @Test
    void what_a_copy_cannot_take_stays_to_be_written() {
        store.upsert(TENANT, told(ANA, "Ana", Map.of("pet", "Rex")), NOW);
        Contact claimed = claim(NOW).orElseThrow().contact();

        store.copied(TENANT, claimed, Set.of(CopyState.field("pet")), Set.of(), after(1));
        store.notCopied(TENANT, claimed.id(), after(60));

        assertThat(behind()).isEqualTo(1);
        assertThat(claim(after(59))).isEmpty();
        assertThat(claim(after(60)).orElseThrow().state().parts()).containsExactly(CopyState.field("pet"));
    }

    @Test
    void a_copy_that_is_somebody_elses_is_not_taken_from_them() {
        store.upsert(TENANT, told(BIA, "Bia", Map.of()), NOW);
        store.copied(TENANT, claim(NOW).orElseThrow().contact(), Set.of(), Set.of(ROW), NOW);
        store.upsert(TENANT, told(ANA, "Ana", Map.of()), NOW);

        store.copied(TENANT, claim(NOW).orElseThrow().contact(), Set.of(), Set.of(ROW), NOW);

        assertThat(store.find(TENANT, ROW).orElseThrow().name()).isEqualTo("Bia");
        assertThat(behind()).isZero();
    }

    @Test
    void somebody_erased_while_the_copy_was_written_is_said_to_be_gone() {
        Contact ana = store.upsert(TENANT, told(ANA, "Ana", Map.of()), NOW);
        Contact claimed = claim(NOW).orElseThrow().contact();
        store.erase(TENANT, ana.id());

        assertThat(store.copied(TENANT, claimed, Set.of(), Set.of(ROW), after(1)))
                .isFalse();
        store.notCopied(TENANT, ana.id(), after(1));

        assertThat(store.find(TENANT, ROW)).isEmpty();
        assertThat(behind()).isZero();
    }

    // From the copy

    @Test
    void what_a_copy_says_is_taken_over_and_leaves_nothing_to_write() {
        Contact ana = store.takeOver(TENANT, told(ANA, "Ana", Map.of("pet", "Rex")), NOW, NOW)
                .orElseThrow();
        store.takeOver(TENANT, told(ANA, "Ana Souza", Map.of("cor", "azul")), after(60), after(60));

        assertThat(ana().id()).isEqualTo(ana.id());
        assertThat(ana().name()).isEqualTo("Ana Souza");
        assertThat(ana().customFields()).containsOnly(Map.entry("pet", "Rex"), Map.entry("cor", "azul"));
        assertThat(behind()).isZero();
    }

    @Test
    void a_copy_changes_nothing_that_it_still_has_to_be_told() {
        store.takeOver(TENANT, told(ANA, "Ana", Map.of("pet", "Rex", "cor", "azul")), NOW, NOW);
        ContactPatch patch = ContactPatch.builder()
                .name("Ana Souza")
                .email(null)
                .customField("pet", null)
                .build();
        store.patch(TENANT, ana().id(), patch, after(1));

        var update = new ContactUpdate(
                Set.of(ANA), null, "Ana", "ana@example.com", Map.of("pet", "Rex", "cor", "verde"), true);
        store.takeOver(TENANT, update, after(2), after(2));

        assertThat(ana().name()).isEqualTo("Ana Souza");
        assertThat(ana().customFields()).containsOnly(Map.entry("cor", "verde"));
        assertThat(ana().email())
                .as("was empty before the patch, so it is no change")
                .isEqualTo("ana@example.com");
        assertThat(ana().optedOut()).isTrue();
        assertThat(claim(after(2)).orElseThrow().state().parts())
                .containsExactlyInAnyOrder("name", CopyState.field("pet"));
    }

    @Test
    void somebody_who_opted_in_again_is_not_opted_out_by_a_copy_that_does_not_know_yet() {
        var optedOut = new ContactUpdate(Set.of(ANA), null, null, null, Map.of(), true);
        store.takeOver(TENANT, optedOut, NOW, NOW);
        store.patch(TENANT, ana().id(), ContactPatch.optOut(false), after(1));

        store.takeOver(TENANT, optedOut, after(2), after(2));
        assertThat(ana().optedOut()).isFalse();

        copyAll(after(3));
        store.takeOver(TENANT, optedOut, after(4), after(4));
        assertThat(ana().optedOut()).as("ticked after it was told").isTrue();
    }

    @Test
    void what_was_read_before_the_copy_was_written_is_refused() {
        store.takeOver(TENANT, told(ANA, "Ana", Map.of()), NOW, NOW);
        store.patch(TENANT, ana().id(), ContactPatch.builder().name("Ana Souza").build(), after(1));
        Contact claimed = claim(after(1)).orElseThrow().contact();
        store.copied(TENANT, claimed, Set.of(), Set.of(), after(3));

        assertThat(store.takeOver(TENANT, told(ANA, "Ana", Map.of()), after(2), after(4)))
                .isEmpty();
        assertThat(ana().name()).isEqualTo("Ana Souza");
        assertThat(store.takeOver(TENANT, told(ANA, "Ana Prado", Map.of()), after(5), after(5)))
                .isPresent();
        assertThat(ana().name()).isEqualTo("Ana Prado");
    }

    // Merges

    @Test
    void after_a_merge_all_copies_have_to_say_the_same_and_after_its_undo_each_its_own_again() {
        Contact ana = store.upsert(TENANT, told(ANA, "Ana", Map.of("pet", "Rex")), NOW);
        Contact bia = store.upsert(TENANT, told(BIA, "Bia", Map.of("cor", "azul")), after(1));
        copyAll(after(1));

        ContactMerge merge =
                store.merge(TENANT, ana.id(), bia.id(), "same person", after(2)).orElseThrow();
        Copied joined = claim(after(2)).orElseThrow();

        assertThat(joined.contact().id()).isEqualTo(ana.id());
        assertThat(joined.state().parts())
                .containsExactlyInAnyOrder("name", CopyState.field("pet"), CopyState.field("cor"));
        assertThat(behind()).isEqualTo(1);
        store.copied(TENANT, joined.contact(), Set.of(), Set.of(), after(2));

        store.undoMerge(TENANT, merge.id(), after(3));

        var parts = new LinkedHashMap<String, Set<String>>();
        IntStream.range(0, 2)
                .mapToObj(i -> claim(after(3)).orElseThrow())
                .forEach(each -> parts.put(each.contact().id(), each.state().parts()));
        assertThat(parts)
                .containsOnly(
                        Map.entry(ana.id(), Set.of(CopyState.field("cor"))),
                        Map.entry(bia.id(), Set.of("name", CopyState.field("pet"))));
    }

    @Test
    void people_joined_by_what_a_copy_says_are_written_too() {
        store.takeOver(TENANT, told(ANA, "Ana", Map.of()), NOW, NOW);
        store.takeOver(TENANT, told(BIA, "Bia", Map.of()), NOW, NOW);

        var both = new ContactUpdate(Set.of(ANA, BIA), null, null, null, Map.of(), null);
        store.takeOver(TENANT, both, after(1), after(1));

        assertThat(claim(after(1)).orElseThrow().state().parts()).containsExactly("name");
    }

    // All of it together

    @Test
    void whatever_happens_in_whatever_order_the_copy_ends_up_saying_what_was_told_last() {
        for (int seed = 0; seed < 40; seed++) {
            play(new Random(seed), seed);
        }
    }

    /** One person, a copy that people change too, writers that crash, and readers that are late. */
    private void play(Random random, int seed) {
        Identity person = Identity.person("seed:" + seed);
        store.takeOver(TENANT, told(person, "0", Map.of()), NOW, NOW);
        String row = "0";
        String last = "0";
        Instant now = after(1);
        for (int step = 1; step <= 40; step++) {
            now = now.plusSeconds(1 + random.nextInt(60));
            Contact present = store.find(TENANT, person).orElseThrow();
            String value = String.valueOf(step);
            switch (random.nextInt(4)) {
                case 0 -> {
                    store.patch(
                            TENANT,
                            present.id(),
                            ContactPatch.builder().name(value).build(),
                            now);
                    last = value;
                }
                case 1 -> {
                    Optional<Copied> claimed = claim(now);
                    if (claimed.isPresent()) {
                        String read = row;
                        Instant readAt = now;
                        row = String.valueOf(claimed.get().contact().name());
                        if (random.nextBoolean()) {
                            store.copied(TENANT, claimed.get().contact(), Set.of(), Set.of(), now.plusMillis(1));
                        }
                        store.takeOver(TENANT, told(person, read, Map.of()), readAt, now.plusMillis(2));
                    }
                }
                case 2 -> store.takeOver(TENANT, told(person, row, Map.of()), now, now);
                default -> {
                    if (behind() == 0) {
                        row = value;
                        last = value;
                        store.takeOver(TENANT, told(person, row, Map.of()), now, now);
                    }
                }
            }
        }
        now = now.plus(LEASE);
        for (Optional<Copied> next = claim(now); next.isPresent(); next = claim(now)) {
            row = String.valueOf(next.get().contact().name());
            store.copied(TENANT, next.get().contact(), Set.of(), Set.of(), now);
        }

        assertThat(store.find(TENANT, person).orElseThrow().name())
                .as("seed %d", seed)
                .isEqualTo(last);
        assertThat(row).as("the copy, seed %d", seed).isEqualTo(last);
        assertThat(behind()).isZero();
    }
}
