package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactMerge;
import io.github.almeidatech.wppflow.contacts.ContactPage;
import io.github.almeidatech.wppflow.contacts.ContactPatch;
import io.github.almeidatech.wppflow.contacts.ContactStore;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ContactStore} does. A subclass gives an empty store for each test. */
public abstract class ContactStoreContract {

    protected static final TenantId TENANT = new TenantId("hotel");
    protected static final TenantId OTHER = new TenantId("clinic");
    protected static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    private static final Identity ANA = Identity.person("55 61 9 0001");
    private static final Identity ANA_IN_CHATWOOT = Identity.chatwoot(1, 7);
    private static final Identity ANA_BY_LID = Identity.address("8123@lid");

    private ContactStore store;

    /** A new store without any contact. */
    protected abstract ContactStore emptyStore();

    @BeforeEach
    void open() {
        store = emptyStore();
    }

    @Test
    void a_stranger_is_not_found() {
        assertThat(store.find(TENANT, ANA)).isEmpty();
        assertThat(store.findById(TENANT, "nobody")).isEmpty();
    }

    @Test
    void a_new_contact_is_found_by_each_identity_and_by_id() {
        Contact ana = store.upsert(TENANT, update(Set.of(ANA, ANA_IN_CHATWOOT), "Ana", Map.of("pet", "Rex")), NOW);

        assertThat(store.find(TENANT, ANA)).contains(ana);
        assertThat(store.find(TENANT, ANA_IN_CHATWOOT)).contains(ana);
        assertThat(store.findById(TENANT, ana.id())).contains(ana);
        assertThat(ana.name()).isEqualTo("Ana");
        assertThat(ana.phone()).isEqualTo("+5561900010001");
        assertThat(ana.customFields()).containsExactly(Map.entry("pet", "Rex"));
        assertThat(ana.optedOut()).isFalse();
        assertThat(ana.createdAt()).isEqualTo(NOW);
        assertThat(ana.updatedAt()).isEqualTo(NOW);
    }

    @Test
    void a_contact_needs_no_phone() {
        var update = new ContactUpdate(Set.of(ANA_BY_LID), null, null, null, Map.of(), null);

        Contact stored = store.upsert(TENANT, update, NOW);

        assertThat(store.find(TENANT, ANA_BY_LID)).contains(stored);
        assertThat(stored.phone()).isNull();
    }

    @Test
    void what_an_update_does_not_mention_is_kept() {
        var first = new ContactUpdate(
                Set.of(ANA), "+5561900010001", "Ana", "ana@example.org", Map.of("pet", "Rex", "size", "big"), true);
        Contact before = store.upsert(TENANT, first, NOW);
        var second = new ContactUpdate(Set.of(ANA), null, null, null, Map.of("size", "small"), null);

        Contact after = store.upsert(TENANT, second, NOW.plusSeconds(5));

        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.name()).isEqualTo("Ana");
        assertThat(after.email()).isEqualTo("ana@example.org");
        assertThat(after.optedOut()).isTrue();
        assertThat(after.customFields()).containsOnly(Map.entry("pet", "Rex"), Map.entry("size", "small"));
        assertThat(after.createdAt()).isEqualTo(NOW);
        assertThat(after.updatedAt()).isEqualTo(NOW.plusSeconds(5));
        assertThat(store.find(TENANT, ANA)).contains(after);
    }

    @Test
    void repeating_an_upsert_changes_nothing_but_the_time() {
        var update = update(Set.of(ANA, ANA_IN_CHATWOOT), "Ana", Map.of("pet", "Rex"));
        Contact once = store.upsert(TENANT, update, NOW);

        Contact twice = store.upsert(TENANT, update, NOW);

        assertThat(twice).isEqualTo(once);
        assertThat(store.list(TENANT, 10, null).contacts()).containsExactly(once);
    }

    @Test
    void an_identity_that_links_two_contacts_joins_them_into_the_older() {
        Contact older = store.upsert(TENANT, update(Set.of(ANA_BY_LID), null, Map.of("pet", "Rex")), NOW);
        var rich = new ContactUpdate(
                Set.of(ANA), "+5561900010002", "Ana", null, Map.of("pet", "Bob", "size", "big"), true);
        Contact newer = store.upsert(TENANT, rich, NOW.plusSeconds(1));

        Contact joined = store.upsert(TENANT, update(Set.of(ANA, ANA_BY_LID), null, Map.of()), NOW.plusSeconds(2));

        assertThat(joined.id()).isEqualTo(older.id());
        assertThat(joined.name()).isEqualTo("Ana");
        assertThat(joined.phone()).isEqualTo("+5561900010001");
        assertThat(joined.customFields()).containsOnly(Map.entry("pet", "Rex"), Map.entry("size", "big"));
        assertThat(joined.optedOut()).isTrue();
        assertThat(store.find(TENANT, ANA)).contains(joined);
        assertThat(store.findById(TENANT, newer.id())).as("by the absorbed id").contains(joined);
        assertThat(store.list(TENANT, 10, null).contacts()).containsExactly(joined);
        assertThat(store.merges(TENANT, joined.id()))
                .extracting(ContactMerge::reason)
                .containsExactly(ContactMerge.SHARED_IDENTITY);
    }

    @Test
    void a_patch_sets_and_takes_away() {
        var before = new ContactUpdate(
                Set.of(ANA), "+5561900010001", "Ana", "ana@example.org", Map.of("pet", "Rex", "size", "big"), null);
        Contact ana = store.upsert(TENANT, before, NOW);
        ContactPatch patch = ContactPatch.builder()
                .name("Ana Lima")
                .email(null)
                .customField("size", null)
                .customField("plan", "gold")
                .optedOut(true)
                .build();

        Contact after = store.patch(TENANT, ana.id(), patch, NOW.plusSeconds(1)).orElseThrow();

        assertThat(after.name()).isEqualTo("Ana Lima");
        assertThat(after.email()).isNull();
        assertThat(after.phone()).isEqualTo("+5561900010001");
        assertThat(after.customFields()).containsOnly(Map.entry("pet", "Rex"), Map.entry("plan", "gold"));
        assertThat(after.optedOut()).isTrue();
        assertThat(after.updatedAt()).isEqualTo(NOW.plusSeconds(1));
        assertThat(store.find(TENANT, ANA)).contains(after);
    }

    @Test
    void nobody_cannot_be_patched() {
        assertThat(store.patch(TENANT, "nobody", ContactPatch.optOut(true), NOW))
                .isEmpty();
    }

    @Test
    void contacts_are_listed_in_pages_each_once() {
        Set<String> stored = new LinkedHashSet<>();
        for (int i = 0; i < 7; i++) {
            Identity identity = Identity.person("person " + i);
            stored.add(store.upsert(TENANT, update(Set.of(identity), null, Map.of()), NOW.plusSeconds(i))
                    .id());
        }
        store.upsert(OTHER, update(Set.of(ANA), null, Map.of()), NOW);

        List<String> listed = new ArrayList<>();
        String cursor = null;
        do {
            ContactPage page = store.list(TENANT, 3, cursor);
            assertThat(page.contacts()).hasSizeLessThanOrEqualTo(3);
            page.contacts().forEach(contact -> listed.add(contact.id()));
            cursor = page.nextCursor();
        } while (cursor != null);

        assertThat(listed).containsExactlyElementsOf(stored);
    }

    @Test
    void a_page_is_1_to_1000_contacts() {
        assertThatThrownBy(() -> store.list(TENANT, 0, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.list(TENANT, 1001, null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_merge_keeps_the_survivors_values_and_can_be_taken_back() {
        Contact ana = store.upsert(TENANT, update(Set.of(ANA), "Ana", Map.of("pet", "Rex")), NOW);
        var second = new ContactUpdate(
                Set.of(ANA_BY_LID), null, "Aninha", "ana@example.org", Map.of("pet", "Bob", "size", "big"), null);
        Contact lid = store.upsert(TENANT, second, NOW.plusSeconds(1));

        ContactMerge merge = store.merge(TENANT, ana.id(), lid.id(), "same person, says Ana", NOW.plusSeconds(2))
                .orElseThrow();

        Contact merged = store.find(TENANT, ANA_BY_LID).orElseThrow();
        assertThat(merged.id()).isEqualTo(ana.id());
        assertThat(merged.name()).isEqualTo("Ana");
        assertThat(merged.email()).isEqualTo("ana@example.org");
        assertThat(merged.customFields()).containsOnly(Map.entry("pet", "Rex"), Map.entry("size", "big"));
        assertThat(store.merges(TENANT, ana.id())).containsExactly(merge);
        assertThat(merge.reason()).isEqualTo("same person, says Ana");

        Contact restored =
                store.undoMerge(TENANT, merge.id(), NOW.plusSeconds(3)).orElseThrow();

        assertThat(restored.id()).isEqualTo(lid.id());
        assertThat(restored.name()).isEqualTo("Aninha");
        assertThat(restored.customFields()).isEqualTo(lid.customFields());
        assertThat(store.find(TENANT, ANA_BY_LID)).contains(restored);
        Contact alone = store.find(TENANT, ANA).orElseThrow();
        assertThat(alone.identities()).containsExactly(ANA);
        assertThat(alone.email()).isNull();
        assertThat(alone.customFields()).containsExactly(Map.entry("pet", "Rex"));
        assertThat(store.merges(TENANT, ana.id())).isEmpty();
        assertThat(store.undoMerge(TENANT, merge.id(), NOW)).as("a second time").isEmpty();
    }

    @Test
    void an_undo_keeps_what_was_changed_since() {
        Contact ana = store.upsert(TENANT, update(Set.of(ANA), null, Map.of()), NOW);
        Contact lid = store.upsert(TENANT, update(Set.of(ANA_BY_LID), "Aninha", Map.of("pet", "Rex")), NOW);
        ContactMerge merge =
                store.merge(TENANT, ana.id(), lid.id(), "guess", NOW).orElseThrow();
        var since = ContactPatch.builder()
                .name("Ana Lima")
                .customField("pet", "Bob")
                .optedOut(true)
                .build();
        store.patch(TENANT, ana.id(), since, NOW);

        Contact restored = store.undoMerge(TENANT, merge.id(), NOW).orElseThrow();

        Contact alone = store.find(TENANT, ANA).orElseThrow();
        assertThat(alone.name()).isEqualTo("Ana Lima");
        assertThat(alone.customFields()).containsExactly(Map.entry("pet", "Bob"));
        assertThat(alone.optedOut()).isTrue();
        assertThat(restored.name()).isEqualTo("Aninha");
        assertThat(restored.optedOut()).as("an opt-out counts for both").isTrue();
    }

    @Test
    void an_opt_out_that_still_holds_outlives_the_undo_of_another_merge() {
        Contact ana = store.upsert(TENANT, update(Set.of(ANA), "Ana", Map.of()), NOW);
        Contact lid = store.upsert(TENANT, update(Set.of(ANA_BY_LID), null, Map.of()), NOW);
        Contact old = store.upsert(TENANT, update(Set.of(ANA_IN_CHATWOOT), null, Map.of()), NOW);
        store.patch(TENANT, lid.id(), ContactPatch.optOut(true), NOW);
        store.patch(TENANT, old.id(), ContactPatch.optOut(true), NOW);
        ContactMerge first = store.merge(TENANT, ana.id(), lid.id(), "one", NOW).orElseThrow();
        store.merge(TENANT, ana.id(), old.id(), "another", NOW.plusMillis(1));

        store.undoMerge(TENANT, first.id(), NOW.plusMillis(2));

        assertThat(store.find(TENANT, ANA_IN_CHATWOOT).orElseThrow().optedOut()).isTrue();
    }

    @Test
    void an_opt_out_repeated_by_who_had_opted_out_as_one_contact_holds_for_both() {
        for (boolean survivorWasOut : new boolean[] {true, false}) {
            Contact ana = store.upsert(TENANT, update(Set.of(ANA), "Ana", Map.of()), NOW);
            Contact lid = store.upsert(TENANT, update(Set.of(ANA_BY_LID), null, Map.of()), NOW);
            store.patch(TENANT, ana.id(), ContactPatch.optOut(survivorWasOut), NOW);
            store.patch(TENANT, lid.id(), ContactPatch.optOut(!survivorWasOut), NOW);
            ContactMerge merge =
                    store.merge(TENANT, ana.id(), lid.id(), "guess", NOW).orElseThrow();
            store.patch(TENANT, ana.id(), ContactPatch.optOut(true), NOW); // nobody knows of which number

            store.undoMerge(TENANT, merge.id(), NOW);

            for (Identity each : List.of(ANA, ANA_BY_LID)) {
                assertThat(store.find(TENANT, each).orElseThrow().optedOut())
                        .as("survivor was out: %s, %s", survivorWasOut, each)
                        .isTrue();
            }
        }
    }

    @Test
    void a_merge_taken_back_out_of_order_leaves_nothing_of_the_absorbed_in_later_merges() {
        Contact old = store.upsert(TENANT, update(Set.of(ANA_IN_CHATWOOT), null, Map.of("plan", "gold")), NOW);
        Contact ana = store.upsert(TENANT, update(Set.of(ANA), null, Map.of("size", "big")), NOW);
        var theirs = new ContactUpdate(
                Set.of(ANA_BY_LID), "+5561900010009", "Lia", "lia@example.org", Map.of("pet", "Rex"), null);
        Contact lia = store.upsert(TENANT, theirs, NOW);
        Contact bia = store.upsert(TENANT, update(Set.of(Identity.person("bia")), "Bia", Map.of("pet", "Bob")), NOW);
        ContactMerge before =
                store.merge(TENANT, ana.id(), old.id(), "before", NOW).orElseThrow();
        ContactMerge mistake = store.merge(TENANT, ana.id(), lia.id(), "mistake", NOW.plusMillis(1))
                .orElseThrow();
        ContactMerge later = store.merge(TENANT, ana.id(), bia.id(), "later", NOW.plusMillis(2))
                .orElseThrow();

        store.undoMerge(TENANT, mistake.id(), NOW.plusMillis(3));
        store.erase(TENANT, lia.id());

        assertThat(store.merges(TENANT, ana.id()))
                .extracting(ContactMerge::id)
                .containsExactly(later.id(), before.id());
        Contact kept = store.merges(TENANT, ana.id()).get(0).survivorBefore();
        assertThat(kept.identities()).containsExactlyInAnyOrder(ANA, ANA_IN_CHATWOOT);
        assertThat(kept.name()).isNull();
        assertThat(kept.email()).isNull();
        assertThat(kept.customFields()).containsOnly(Map.entry("size", "big"), Map.entry("plan", "gold"));
        assertThat(store.merges(TENANT, ana.id()).get(1)).as("an earlier one").isEqualTo(before);

        store.undoMerge(TENANT, later.id(), NOW.plusMillis(4));

        Contact alone = store.find(TENANT, ANA).orElseThrow();
        assertThat(alone.identities()).containsExactlyInAnyOrder(ANA, ANA_IN_CHATWOOT);
        assertThat(alone.name()).isNull();
        assertThat(alone.customFields()).containsOnly(Map.entry("size", "big"), Map.entry("plan", "gold"));
    }

    @Test
    void merging_with_itself_or_nobody_does_nothing() {
        Contact ana = store.upsert(TENANT, update(Set.of(ANA), "Ana", Map.of()), NOW);
        Contact lid = store.upsert(TENANT, update(Set.of(ANA_BY_LID), null, Map.of()), NOW);

        assertThat(store.merge(TENANT, ana.id(), ana.id(), "why not", NOW)).isEmpty();
        assertThat(store.merge(TENANT, ana.id(), "nobody", "why not", NOW)).isEmpty();
        assertThat(store.merge(TENANT, "nobody", ana.id(), "why not", NOW)).isEmpty();
        assertThat(store.merge(TENANT, ana.id(), lid.id(), "once", NOW)).isPresent();
        assertThat(store.merge(TENANT, ana.id(), lid.id(), "twice", NOW)).isEmpty();
        assertThat(store.undoMerge(TENANT, "no such merge", NOW)).isEmpty();
    }

    @Test
    void merges_on_top_of_each_other_are_taken_back_from_the_top() {
        Contact a = store.upsert(TENANT, update(Set.of(Identity.person("a")), "A", Map.of()), NOW);
        Contact b = store.upsert(TENANT, update(Set.of(Identity.person("b")), "B", Map.of()), NOW);
        Contact c = store.upsert(TENANT, update(Set.of(Identity.person("c")), "C", Map.of()), NOW);
        ContactMerge below = store.merge(TENANT, b.id(), c.id(), "first", NOW).orElseThrow();
        ContactMerge top = store.merge(TENANT, a.id(), b.id(), "second", NOW).orElseThrow();

        assertThat(store.undoMerge(TENANT, below.id(), NOW))
                .as("its survivor is not there")
                .isEmpty();
        assertThat(store.findById(TENANT, c.id()).orElseThrow().id()).isEqualTo(a.id());
        assertThat(store.undoMerge(TENANT, top.id(), NOW).orElseThrow().id()).isEqualTo(b.id());
        assertThat(store.undoMerge(TENANT, below.id(), NOW).orElseThrow().id()).isEqualTo(c.id());
        assertThat(store.list(TENANT, 10, null).contacts())
                .extracting(Contact::name)
                .containsExactlyInAnyOrder("A", "B", "C");
    }

    @Test
    void erasing_leaves_nothing_not_even_of_merged_contacts() {
        Contact a = store.upsert(TENANT, update(Set.of(Identity.person("a")), "A", Map.of()), NOW);
        Contact b = store.upsert(TENANT, update(Set.of(Identity.person("b")), "B", Map.of()), NOW);
        Contact c = store.upsert(TENANT, update(Set.of(Identity.person("c")), "C", Map.of()), NOW);
        ContactMerge first = store.merge(TENANT, b.id(), c.id(), "first", NOW).orElseThrow();
        ContactMerge second = store.merge(TENANT, a.id(), b.id(), "second", NOW).orElseThrow();

        assertThat(store.erase(TENANT, a.id())).isTrue();

        assertThat(store.undoMerge(TENANT, second.id(), NOW)).isEmpty();
        assertThat(store.undoMerge(TENANT, first.id(), NOW)).isEmpty();
        for (Contact contact : List.of(a, b, c)) {
            assertThat(store.findById(TENANT, contact.id())).isEmpty();
            assertThat(store.merges(TENANT, contact.id())).isEmpty();
            assertThat(store.find(TENANT, contact.identities().iterator().next()))
                    .isEmpty();
        }
        assertThat(store.list(TENANT, 10, null).contacts()).isEmpty();
        assertThat(store.erase(TENANT, a.id())).as("a second time").isFalse();
    }

    @Test
    void an_erased_person_comes_back_as_a_new_contact() {
        Contact before = store.upsert(TENANT, update(Set.of(ANA), "Ana", Map.of("pet", "Rex")), NOW);
        store.erase(TENANT, before.id());

        Contact after = store.upsert(TENANT, update(Set.of(ANA), null, Map.of()), NOW);

        assertThat(after.id()).isNotEqualTo(before.id());
        assertThat(after.name()).isNull();
        assertThat(after.customFields()).isEmpty();
    }

    @Test
    void tenants_do_not_see_each_other() {
        Contact ours = store.upsert(TENANT, update(Set.of(ANA), "Ana", Map.of()), NOW);
        Contact second = store.upsert(TENANT, update(Set.of(ANA_BY_LID), null, Map.of()), NOW);
        Contact theirs = store.upsert(OTHER, update(Set.of(ANA), "Anna", Map.of()), NOW);
        ContactMerge merge =
                store.merge(TENANT, ours.id(), second.id(), "ours", NOW).orElseThrow();
        Contact merged = store.findById(TENANT, ours.id()).orElseThrow();

        assertThat(theirs.id()).isNotEqualTo(ours.id());
        assertThat(store.findById(OTHER, ours.id())).isEmpty();
        assertThat(store.find(OTHER, ANA_BY_LID)).isEmpty();
        assertThat(store.patch(OTHER, ours.id(), ContactPatch.optOut(true), NOW))
                .isEmpty();
        assertThat(store.merge(OTHER, theirs.id(), ours.id(), "theft", NOW)).isEmpty();
        assertThat(store.merges(OTHER, ours.id())).isEmpty();
        assertThat(store.undoMerge(OTHER, merge.id(), NOW)).isEmpty();
        assertThat(store.erase(OTHER, ours.id())).isFalse();
        assertThat(store.list(OTHER, 10, null).contacts()).containsExactly(theirs);
        assertThat(store.find(TENANT, ANA)).contains(merged);
    }

    @Test
    void text_is_kept_as_it_is() {
        String odd = "Zoë 'DROP TABLE' \"x\" \\ \n\t 🐶 مرحبا %_; --";
        Identity identity = Identity.person(odd);
        var update = new ContactUpdate(Set.of(identity), odd, odd, odd, Map.of(odd, odd), null);

        store.upsert(TENANT, update, NOW);

        Contact found = store.find(TENANT, identity).orElseThrow();
        assertThat(found.name()).isEqualTo(odd);
        assertThat(found.email()).isEqualTo(odd);
        assertThat(found.phone()).isEqualTo(odd);
        assertThat(found.customFields()).containsExactly(Map.entry(odd, odd));
    }

    @Test
    void upserts_at_the_same_time_end_with_one_contact() throws Exception {
        int workers = 8;
        var pool = Executors.newFixedThreadPool(workers);
        try {
            List<Callable<Contact>> calls = IntStream.range(0, 40)
                    .<Callable<Contact>>mapToObj(i -> () -> {
                        Identity own = Identity.chatwoot(1, i % 5 + 1);
                        return store.upsert(TENANT, update(Set.of(ANA, own), null, Map.of("f" + i, "v")), NOW);
                    })
                    .toList();

            for (Future<Contact> each : pool.invokeAll(calls)) {
                each.get();
            }
        } finally {
            pool.shutdownNow();
        }

        Contact ana = store.find(TENANT, ANA).orElseThrow();
        assertThat(store.list(TENANT, 10, null).contacts()).containsExactly(ana);
        assertThat(ana.identities()).hasSize(6);
        assertThat(ana.customFields()).as("no update is lost").hasSize(40);
    }

    @Test
    void whatever_is_upserted_patched_merged_and_erased_each_identity_belongs_to_one_contact() {
        long seed = 20260302L;
        var random = new Random(seed);
        var known = new LinkedHashSet<Identity>();
        for (int step = 0; step < 300; step++) {
            Set<Identity> some = new LinkedHashSet<>();
            for (int i = random.nextInt(3); i >= 0; i--) {
                some.add(Identity.person("p" + random.nextInt(20)));
            }
            Instant now = NOW.plusMillis(step);
            Contact contact = store.upsert(TENANT, update(some, null, Map.of("k" + random.nextInt(4), "v")), now);
            known.addAll(some);
            switch (random.nextInt(6)) {
                case 0 -> {
                    known.removeAll(contact.identities());
                    store.erase(TENANT, contact.id());
                }
                case 1 -> {
                    List<Contact> all = store.list(TENANT, 1000, null).contacts();
                    Contact other = all.get(random.nextInt(all.size()));
                    store.merge(TENANT, contact.id(), other.id(), "random", now);
                }
                case 2 ->
                    store.merges(TENANT, contact.id()).stream()
                            .findFirst()
                            .ifPresent(merge -> store.undoMerge(TENANT, merge.id(), now));
                default -> store.patch(TENANT, contact.id(), ContactPatch.optOut(random.nextBoolean()), now);
            }
            var seen = new ArrayList<Identity>();
            store.list(TENANT, 1000, null).contacts().forEach(each -> seen.addAll(each.identities()));
            assertThat(seen)
                    .as("seed %s, step %s", seed, step)
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(known);
        }
    }

    private static ContactUpdate update(Set<Identity> identities, @Nullable String name, Map<String, String> fields) {
        return new ContactUpdate(identities, "+5561900010001", name, null, fields, null);
    }
}
