package io.github.almeidatech.wppflow.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.contacts.CopyState.Copied;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is noted of a change until the copy outside has it. */
class ContactCopiesTest {

    private static final TenantId HOTEL = new TenantId("hotel");
    private static final TenantId CLINIC = new TenantId("clinic");
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Identity ANA = Identity.person("p:ana");
    private static final Identity BIA = Identity.person("p:bia");
    private static final Identity ROW = Identity.baserow("701", 5);

    private final Contacts contacts = new Contacts(
            new InMemoryContactStore(HOTEL::equals), new InMemoryContactLists(), new Pseudonyms(new byte[32]));

    private Contact told(Identity who, String name, Map<String, String> fields) {
        return contacts.upsert(HOTEL, update(who, name, fields), NOW);
    }

    private static ContactUpdate update(Identity who, String name, Map<String, String> fields) {
        return new ContactUpdate(Set.of(who), null, name, null, fields, null);
    }

    private Optional<Copied> claim(Instant now) {
        return contacts.claimCopy(HOTEL, now, LEASE);
    }

    private Copied claimed(Instant now) {
        return claim(now).orElseThrow();
    }

    private Contact ana() {
        return contacts.findPerson(HOTEL, "p:ana").orElseThrow();
    }

    @Test
    void what_a_channel_shows_of_somebody_new_only_fills_and_what_is_told_has_to_be_said() {
        var sender = new Sender(7L, "Ana", null, "+5561981234567", "p:ana");
        Instant before = NOW.minusSeconds(1);
        contacts.remember(new ConversationId(HOTEL, 1, 88), sender, before);
        told(BIA, "Bia", Map.of("pet", "Rex"));

        assertThat(List.of(claimed(NOW).state().parts(), claimed(NOW).state().parts()))
                .containsExactlyInAnyOrder(Set.of(), Set.of("name", "custom_fields.pet"));
        assertThat(claim(NOW)).isEmpty();
        assertThat(contacts.copyBacklog(HOTEL)).isEqualTo(new CopyBacklog(2, before));
    }

    @Test
    void a_change_of_any_part_is_written_once_and_then_nothing_is_left() {
        told(ANA, "Ana", Map.of("pet", "Rex"));
        contacts.copied(HOTEL, claimed(NOW).contact(), Set.of(), Set.of(ROW), NOW);
        ContactPatch patch = ContactPatch.builder()
                .email("ana@example.com")
                .optedOut(true)
                .customField("pet", null)
                .build();
        contacts.patch(HOTEL, ana().id(), patch, NOW);

        Copied claimed = claimed(NOW);

        assertThat(claimed.state().parts()).containsExactlyInAnyOrder("email", "opted_out", "custom_fields.pet");
        assertThat(contacts.copied(HOTEL, claimed.contact(), Set.of(), Set.of(ROW), NOW))
                .isTrue();
        assertThat(contacts.copyBacklog(HOTEL)).isEqualTo(new CopyBacklog(0, null));
        assertThat(contacts.find(HOTEL, ROW)).contains(ana());
        assertThat(claim(NOW.plus(LEASE))).isEmpty();
    }

    @Test
    void what_changes_while_it_is_written_and_what_the_copy_cannot_take_stay_to_be_written() {
        told(ANA, "Ana", Map.of("pet", "Rex"));
        Contact first = claimed(NOW).contact();
        told(ANA, "Ana Souza", Map.of());
        contacts.copied(HOTEL, first, Set.of(), Set.of(), NOW);
        Copied second = claimed(NOW);
        assertThat(second.state().parts()).containsExactly("name");

        contacts.copied(HOTEL, second.contact(), Set.of("name"), Set.of(), NOW);
        contacts.notCopied(HOTEL, ana().id(), NOW.plusSeconds(60));

        assertThat(claim(NOW.plusSeconds(59))).isEmpty();
        assertThat(claimed(NOW.plusSeconds(60)).state().parts()).containsExactly("name");
    }

    @Test
    void a_copy_changes_nothing_it_still_has_to_be_told_and_nothing_when_it_is_old() {
        told(ANA, "Ana", Map.of("pet", "Rex"));
        contacts.patch(HOTEL, ana().id(), ContactPatch.optOut(false), NOW);
        var row = new ContactUpdate(
                Set.of(ANA), null, "Aninha", "a@example.com", Map.of("pet", "Tom", "cor", "azul"), true);

        contacts.takeOver(HOTEL, row, NOW, NOW);

        assertThat(ana().name()).isEqualTo("Ana");
        assertThat(ana().email()).isEqualTo("a@example.com");
        assertThat(ana().customFields()).containsOnly(Map.entry("pet", "Rex"), Map.entry("cor", "azul"));
        assertThat(ana().optedOut()).isTrue();
        contacts.copied(HOTEL, claimed(NOW).contact(), Set.of(), Set.of(), NOW.plusSeconds(5));
        assertThat(contacts.takeOver(HOTEL, row, NOW.plusSeconds(4), NOW.plusSeconds(6)))
                .isEmpty();
        assertThat(contacts.takeOver(HOTEL, row, NOW.plusSeconds(6), NOW.plusSeconds(6)))
                .map(Contact::name)
                .contains("Aninha");
    }

    @Test
    void people_joined_and_parted_are_written_again() {
        Contact ana = told(ANA, "Ana", Map.of("pet", "Rex"));
        Contact bia = told(BIA, "Bia", Map.of());
        contacts.copied(HOTEL, claimed(NOW).contact(), Set.of(), Set.of(), NOW);
        contacts.copied(HOTEL, claimed(NOW).contact(), Set.of(), Set.of(), NOW);

        ContactMerge merge =
                contacts.merge(HOTEL, ana.id(), bia.id(), "same", NOW).orElseThrow();
        Copied joined = claimed(NOW);
        assertThat(joined.state().parts()).containsExactlyInAnyOrder("name", "custom_fields.pet");
        contacts.copied(HOTEL, joined.contact(), Set.of(), Set.of(), NOW);
        contacts.undoMerge(HOTEL, merge.id(), NOW);

        assertThat(List.of(claimed(NOW).state().parts(), claimed(NOW).state().parts()))
                .containsExactlyInAnyOrder(Set.of(), Set.of("name", "custom_fields.pet"));
        contacts.takeOver(HOTEL, new ContactUpdate(Set.of(ANA, BIA), null, null, null, Map.of(), null), NOW, NOW);
        assertThat(contacts.copyBacklog(HOTEL).contacts())
                .as("one of them is left")
                .isEqualTo(1);
    }

    @Test
    void a_copy_can_be_asked_for_and_nobody_is_not_copied() {
        contacts.takeOver(HOTEL, update(ANA, "Ana", Map.of()), NOW, NOW);
        assertThat(claim(NOW)).isEmpty();
        contacts.notCopied(HOTEL, ana().id(), NOW.plusSeconds(1));

        contacts.wantCopy(HOTEL, ana().id(), NOW);
        contacts.wantCopy(HOTEL, "nobody", NOW);
        Contact claimed = claimed(NOW).contact();
        contacts.erase(HOTEL, ana().id());

        assertThat(contacts.copied(HOTEL, claimed, Set.of(), Set.of(ROW), NOW)).isFalse();
        assertThat(contacts.copyBacklog(HOTEL).contacts()).isZero();
    }

    @Test
    void tenants_without_copies_note_nothing() {
        Contact ana = contacts.upsert(CLINIC, update(ANA, "Ana", Map.of()), NOW);
        contacts.wantCopy(CLINIC, ana.id(), NOW);

        assertThat(contacts.claimCopy(CLINIC, NOW, LEASE)).isEmpty();
        assertThat(contacts.copyBacklog(CLINIC).contacts()).isZero();
    }
}
