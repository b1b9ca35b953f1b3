package io.github.almeidatech.wppflow.contacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContactMergeTest {

    private static final TenantId TENANT = new TenantId("hotel");
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");

    @Test
    void undoing_at_once_gives_back_both_contacts_as_they_were_except_that_an_opt_out_stays_with_both() {
        for (long seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            Contact survivor = contact("a", random);
            Contact absorbed = contact("b", random);
            var merge = new ContactMerge("m", survivor, absorbed, "guess", NOW);

            Contact merged = merge.merged();

            assertThat(merge.survivorAfterUndo(merged, NOW))
                    .as("seed %s", seed)
                    .isEqualTo(optedOut(survivor, merged.optedOut()));
            assertThat(merge.absorbedAfterUndo(merged, NOW))
                    .as("seed %s", seed)
                    .isEqualTo(optedOut(absorbed, merged.optedOut()));
        }
    }

    @Test
    void a_value_both_had_stays_with_both() {
        var a = new Contact("a", TENANT, null, "Ana", null, Map.of(), Set.of(Identity.person("a")), false, NOW, NOW);
        var b = new Contact("b", TENANT, null, "Ana", null, Map.of(), Set.of(Identity.person("b")), false, NOW, NOW);
        var merge = new ContactMerge("m", a, b, "same name", NOW);

        assertThat(merge.survivorAfterUndo(merge.merged(), NOW)).isEqualTo(a);
    }

    @Test
    void merging_never_loses_a_field_an_identity_or_an_opt_out() {
        for (long seed = 0; seed < 500; seed++) {
            var random = new Random(seed);
            Contact survivor = contact("a", random);
            Contact absorbed = contact("b", random);

            Contact merged = new ContactMerge("m", survivor, absorbed, "guess", NOW).merged();

            assertThat(merged.identities())
                    .as("seed %s", seed)
                    .containsAll(survivor.identities())
                    .containsAll(absorbed.identities());
            assertThat(merged.customFields()).as("seed %s", seed).containsAllEntriesOf(survivor.customFields());
            assertThat(merged.customFields().keySet())
                    .as("seed %s", seed)
                    .containsAll(absorbed.customFields().keySet());
            assertThat(merged.optedOut()).isEqualTo(survivor.optedOut() || absorbed.optedOut());
        }
    }

    @Test
    void three_contacts_that_turn_out_to_be_one_are_joined_into_the_oldest() {
        Contact young = new Contact(
                "1",
                TENANT,
                null,
                "Young",
                null,
                Map.of(),
                Set.of(Identity.person("y")),
                false,
                NOW.plusSeconds(2),
                NOW);
        Contact old =
                new Contact("3", TENANT, null, null, null, Map.of(), Set.of(Identity.person("o")), false, NOW, NOW);
        Contact middle = new Contact(
                "2",
                TENANT,
                null,
                "Middle",
                null,
                Map.of(),
                Set.of(Identity.person("m")),
                false,
                NOW.plusSeconds(1),
                NOW);
        var update = new ContactUpdate(
                Set.of(Identity.person("y"), Identity.person("o"), Identity.person("m")),
                null,
                null,
                null,
                Map.of(),
                null);

        Upsert upsert = Upsert.of(TENANT, List.of(young, old, middle), update, NOW);

        assertThat(upsert.contact().id()).isEqualTo("3");
        assertThat(upsert.contact().name()).as("the older one's").isEqualTo("Middle");
        assertThat(upsert.merges()).extracting(merge -> merge.absorbed().id()).containsExactly("2", "1");
    }

    @Test
    void contacts_of_two_tenants_or_one_with_itself_are_never_merged() {
        Contact ours = contact("a", new Random(1));
        Contact theirs = new Contact(
                "b", new TenantId("clinic"), null, null, null, Map.of(), Set.of(Identity.person("b")), false, NOW, NOW);

        assertThatThrownBy(() -> new ContactMerge("m", ours, theirs, "theft", NOW))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ContactMerge("m", ours, ours, "why", NOW))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_patch_that_changes_nothing_is_no_change() {
        Contact ana = contact("a", new Random(1));
        var same = ContactPatch.builder().optedOut(ana.optedOut()).build();

        assertThat(same.applyTo(ana, NOW.plusSeconds(1))).isSameAs(ana);
    }

    @Test
    void of_two_corrections_of_one_thing_the_last_counts() {
        var patch = ContactPatch.builder()
                .name("Ana")
                .name(null)
                .email(null)
                .email("ana@example.org")
                .customField("a", "x")
                .customField("a", null)
                .customField("b", null)
                .customField("b", "y")
                .build();

        Contact after = patch.applyTo(contact("a", new Random(1)), NOW);

        assertThat(after.name()).isNull();
        assertThat(after.email()).isEqualTo("ana@example.org");
        assertThat(after.customFields()).doesNotContainKey("a").containsEntry("b", "y");
    }

    private static Contact contact(String id, Random random) {
        var fields = new LinkedHashMap<String, String>();
        for (int i = 0; i < 4; i++) {
            if (random.nextBoolean()) {
                fields.put("field" + i, "of " + id);
            }
        }
        return new Contact(
                id,
                TENANT,
                maybe("phone " + id, random),
                maybe("name " + id, random),
                maybe("mail " + id, random),
                fields,
                Set.of(Identity.person(id), Identity.chatwoot(1, id.charAt(0))),
                random.nextBoolean(),
                NOW,
                NOW);
    }

    private static Contact optedOut(Contact contact, boolean optedOut) {
        return ContactPatch.optOut(optedOut).applyTo(contact, contact.updatedAt());
    }

    private static @Nullable String maybe(String text, Random random) {
        return random.nextBoolean() ? text : null;
    }
}
