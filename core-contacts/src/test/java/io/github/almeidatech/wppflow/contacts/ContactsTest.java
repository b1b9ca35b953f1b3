package io.github.almeidatech.wppflow.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ContactsTest {

    private static final TenantId TENANT = new TenantId("hotel");
    private static final ConversationId CONVERSATION = new ConversationId(TENANT, 1, 42);
    private static final Instant NOW = Instant.parse("2026-03-02T12:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(60);
    private static final Sender ANA = new Sender(7L, "Ana Prado", "5561900010001", "+5561900010001", "55 61 9 0001");

    private final InMemoryContactStore store = new InMemoryContactStore();
    private final InMemoryContactLists lists = new InMemoryContactLists();
    private final Contacts contacts = new Contacts(store, lists, new Pseudonyms(new byte[32]));

    @Test
    void a_sender_is_remembered_by_everything_that_identifies_them() {
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();

        assertThat(ana.name()).isEqualTo("Ana Prado");
        assertThat(ana.phone()).isEqualTo("+5561900010001");
        assertThat(ana.identities())
                .containsExactlyInAnyOrder(
                        Identity.person("55 61 9 0001"), Identity.chatwoot(1, 7), Identity.address("5561900010001"));
        assertThat(contacts.findPerson(TENANT, "55 61 9 0001")).contains(ana);
        assertThat(contacts.find(TENANT, Identity.chatwoot(1, 7))).contains(ana);
        assertThat(contacts.findById(TENANT, ana.id())).contains(ana);
    }

    @Test
    void nobody_is_remembered_when_nothing_identifies_the_sender() {
        assertThat(contacts.remember(CONVERSATION, Sender.UNKNOWN, NOW)).isEmpty();
        assertThat(contacts.remember(CONVERSATION, new Sender(null, "Ana", " ", null, null), NOW))
                .isEmpty();
        assertThat(contacts.list(TENANT, 10, null).contacts()).isEmpty();
    }

    @Test
    void a_message_that_says_nothing_new_writes_nothing() {
        Contact first = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();

        Contact again = contacts.remember(CONVERSATION, ANA, LATER).orElseThrow();

        assertThat(again).isEqualTo(first);
        assertThat(again.updatedAt()).isEqualTo(NOW);
    }

    @Test
    void a_new_number_of_a_known_chatwoot_contact_is_one_more_identity() {
        contacts.remember(CONVERSATION, ANA, NOW);
        var moved = new Sender(7L, "Ana Prado", "5511900020002", "+5511900020002", "55 11 9 0002");

        Contact ana = contacts.remember(CONVERSATION, moved, LATER).orElseThrow();

        assertThat(ana.phone()).isEqualTo("+5511900020002");
        assertThat(contacts.findPerson(TENANT, "55 61 9 0001")).contains(ana);
        assertThat(contacts.findPerson(TENANT, "55 11 9 0002")).contains(ana);
    }

    @Test
    void a_person_known_by_linked_id_is_joined_when_the_number_shows() {
        var hidden = new Sender(null, "Ana", "8123@lid", null, "lid 8123");
        Contact before = contacts.remember(CONVERSATION, hidden, NOW).orElseThrow();
        Contact byPhone = contacts.remember(CONVERSATION, ANA, LATER).orElseThrow();
        var both = new Sender(7L, "Ana", "8123@lid", "+5561900010001", "55 61 9 0001");

        Contact joined = contacts.remember(CONVERSATION, both, LATER).orElseThrow();

        assertThat(joined.id()).isEqualTo(before.id());
        assertThat(contacts.findById(TENANT, byPhone.id())).contains(joined);
        assertThat(contacts.merges(TENANT, joined.id())).hasSize(1);
    }

    @Test
    void the_name_a_channel_shows_fills_an_empty_one_only() {
        var number = new Sender(7L, "+55 61 90001-0001", "5561900010001", "+5561900010001", "55 61 9 0001");
        assertThat(contacts.remember(CONVERSATION, number, NOW).orElseThrow().name())
                .as("a bare number is no name")
                .isNull();
        assertThat(contacts.remember(CONVERSATION, ANA, NOW).orElseThrow().name())
                .isEqualTo("Ana Prado");
        var renamed = new Sender(7L, "aninha 🐶", "5561900010001", "+5561900010001", "55 61 9 0001");

        assertThat(contacts.remember(CONVERSATION, renamed, NOW).orElseThrow().name())
                .isEqualTo("Ana Prado");
        var moved = new Sender(7L, "aninha 🐶", "5511900020002", "+5511900020002", "55 11 9 0002");
        assertThat(contacts.remember(CONVERSATION, moved, NOW).orElseThrow().name())
                .as("also when the message says something else that is new")
                .isEqualTo("Ana Prado");
    }

    @Test
    void an_opt_out_stays_until_the_person_opts_in_again() {
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();

        assertThat(contacts.optOut(TENANT, ana.id(), NOW).orElseThrow().optedOut())
                .isTrue();
        assertThat(contacts.remember(CONVERSATION, ANA, LATER).orElseThrow().optedOut())
                .isTrue();
        assertThat(contacts.optIn(TENANT, ana.id(), LATER).orElseThrow().optedOut())
                .isFalse();
        assertThat(contacts.optOut(TENANT, "nobody", NOW)).isEmpty();
    }

    @Test
    void an_opt_out_outlives_the_persons_data() {
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();
        contacts.optOut(TENANT, ana.id(), NOW);

        assertThat(contacts.erase(TENANT, ana.id())).isTrue();

        assertThat(lists.entries(TENANT, ContactList.OPTED_OUT, null, 10))
                .allSatisfy(entry -> assertThat(entry.kind()).isEqualTo(Identity.Kind.PSEUDONYM));
        Contact back = contacts.remember(CONVERSATION, ANA, LATER).orElseThrow();
        assertThat(back.id()).isNotEqualTo(ana.id());
        assertThat(back.optedOut()).isTrue();

        contacts.optIn(TENANT, back.id(), LATER);
        contacts.erase(TENANT, back.id());
        assertThat(contacts.remember(CONVERSATION, ANA, LATER).orElseThrow().optedOut())
                .as("who has opted in again has")
                .isFalse();
    }

    @Test
    void who_has_opted_in_again_is_not_opted_out_by_an_older_identity_that_shows_up_later() {
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();
        contacts.optOut(TENANT, ana.id(), NOW);
        contacts.erase(TENANT, ana.id());
        var lessKnown = new Sender(7L, "Ana", null, null, null);
        Contact back = contacts.remember(CONVERSATION, lessKnown, NOW).orElseThrow();
        contacts.optIn(TENANT, back.id(), NOW);

        assertThat(contacts.remember(CONVERSATION, ANA, LATER).orElseThrow().optedOut())
                .isFalse();
    }

    @Test
    void an_upsert_respects_the_opt_out_of_an_erased_person_unless_it_says_otherwise() {
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();
        contacts.optOut(TENANT, ana.id(), NOW);
        contacts.erase(TENANT, ana.id());
        Set<Identity> person = Set.of(Identity.person("55 61 9 0001"));

        Contact imported =
                contacts.upsert(TENANT, new ContactUpdate(person, null, "Ana", null, Map.of("pet", "Rex"), null), NOW);
        Contact consented = contacts.upsert(TENANT, new ContactUpdate(person, null, null, null, Map.of(), false), NOW);

        assertThat(imported.optedOut()).isTrue();
        assertThat(imported.customFields()).containsEntry("pet", "Rex");
        assertThat(consented.optedOut()).isFalse();
        assertThat(contacts.upsert(
                                TENANT,
                                new ContactUpdate(Set.of(Identity.person("bia")), null, null, null, Map.of(), null),
                                NOW)
                        .optedOut())
                .isFalse();
    }

    @Test
    void somebody_who_did_not_opt_out_leaves_nothing_behind() {
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();

        assertThat(contacts.erase(TENANT, ana.id())).isTrue();

        for (ContactList list : ContactList.values()) {
            assertThat(lists.isEmpty(TENANT, list)).as(list.word()).isTrue();
        }
        assertThat(contacts.erase(TENANT, ana.id())).as("a second time").isFalse();
    }

    @Test
    void without_lists_everybody_is_admitted() {
        assertThat(contacts.admission(CONVERSATION, ANA)).isEqualTo(Admission.ADMITTED);
        assertThat(contacts.admission(CONVERSATION, Sender.UNKNOWN)).isEqualTo(Admission.ADMITTED);
    }

    @Test
    void an_allow_list_admits_only_who_is_on_it() {
        contacts.lists().add(TENANT, ContactList.ALLOW, Identity.person("55 61 9 0001"));
        var bia = new Sender(8L, "Bia", null, "+5561900010003", "55 61 9 0003");

        assertThat(contacts.admission(CONVERSATION, ANA)).isEqualTo(Admission.ADMITTED);
        assertThat(contacts.admission(CONVERSATION, bia)).isEqualTo(Admission.NOT_ALLOWED);
    }

    @Test
    void erasing_the_only_one_on_the_allow_list_admits_nobody_else() {
        Identity person = Identity.person("55 61 9 0001");
        contacts.enlist(TENANT, ContactList.ALLOW, person, NOW);
        contacts.enlist(TENANT, ContactList.ALLOW, Identity.person("never wrote"), NOW);
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();
        var bia = new Sender(8L, "Bia", null, "+5561900010003", "55 61 9 0003");

        contacts.erase(TENANT, ana.id());
        contacts.eraseFromLists(TENANT, Set.of(Identity.person("never wrote")));

        assertThat(contacts.admission(CONVERSATION, bia)).isEqualTo(Admission.NOT_ALLOWED);
        assertThat(contacts.admission(CONVERSATION, ANA)).isEqualTo(Admission.ADMITTED);
        assertThat(lists.entries(TENANT, ContactList.ALLOW, null, 10))
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry.kind()).isEqualTo(Identity.Kind.PSEUDONYM));
        contacts.delist(TENANT, ContactList.ALLOW, person, LATER);
        contacts.delist(TENANT, ContactList.ALLOW, Identity.person("never wrote"), LATER);
        assertThat(lists.isEmpty(TENANT, ContactList.ALLOW)).isTrue();
    }

    @Test
    void the_deny_list_wins_and_is_respected_after_erasure() {
        contacts.lists().add(TENANT, ContactList.ALLOW, Identity.person("55 61 9 0001"));
        contacts.lists().add(TENANT, ContactList.DENY, Identity.chatwoot(1, 7));
        assertThat(contacts.admission(CONVERSATION, ANA)).isEqualTo(Admission.DENIED);
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();

        contacts.erase(TENANT, ana.id());

        assertThat(lists.entries(TENANT, ContactList.DENY, null, 10))
                .allSatisfy(entry -> assertThat(entry.kind()).isEqualTo(Identity.Kind.PSEUDONYM));
        assertThat(contacts.admission(TENANT, Set.of(Identity.person("55 61 9 0001"))))
                .isEqualTo(Admission.DENIED);
    }

    @Test
    void who_was_erased_while_denied_can_be_taken_off_the_list() {
        Identity person = Identity.person("55 61 9 0001");
        assertThat(contacts.enlist(TENANT, ContactList.DENY, person, NOW)).isTrue();
        assertThat(contacts.enlist(TENANT, ContactList.DENY, person, NOW)).isFalse();
        contacts.erase(
                TENANT, contacts.remember(CONVERSATION, ANA, NOW).orElseThrow().id());
        contacts.remember(CONVERSATION, ANA, LATER);
        assertThat(contacts.isListed(TENANT, ContactList.DENY, person)).isTrue();

        assertThat(contacts.delist(TENANT, ContactList.DENY, person, LATER)).isTrue();

        assertThat(contacts.delist(TENANT, ContactList.DENY, person, LATER)).isFalse();
        assertThat(contacts.admission(CONVERSATION, ANA)).isEqualTo(Admission.ADMITTED);
        assertThat(lists.isEmpty(TENANT, ContactList.DENY)).isTrue();
    }

    @Test
    void who_was_erased_is_still_known_by_what_else_identified_them_when_their_number_is_another() {
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();
        contacts.enlist(TENANT, ContactList.DENY, Identity.person("55 61 9 0001"), NOW);
        contacts.optOut(TENANT, ana.id(), NOW);
        contacts.erase(TENANT, ana.id());
        String number = "+5561900010009";
        var otherNumber = new Sender(7L, "Ana", number, null, number);

        assertThat(contacts.admission(CONVERSATION, otherNumber)).isEqualTo(Admission.DENIED);
        assertThat(contacts.remember(CONVERSATION, otherNumber, LATER)
                        .orElseThrow()
                        .optedOut())
                .isTrue();
    }

    @Test
    void an_opt_out_by_list_is_the_contacts_or_waits_for_it() {
        Identity person = Identity.person("55 61 9 0001");
        assertThat(contacts.enlist(TENANT, ContactList.OPTED_OUT, person, NOW)).isTrue();
        assertThat(contacts.isListed(TENANT, ContactList.OPTED_OUT, person)).isTrue();
        assertThat(lists.entries(TENANT, ContactList.OPTED_OUT, null, 10)).doesNotContain(person);
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();
        assertThat(ana.optedOut()).isTrue();

        assertThat(contacts.delist(TENANT, ContactList.OPTED_OUT, person, NOW)).isTrue();
        assertThat(contacts.delist(TENANT, ContactList.OPTED_OUT, person, NOW)).isFalse();
        assertThat(contacts.findById(TENANT, ana.id()).orElseThrow().optedOut()).isFalse();
        assertThat(lists.isEmpty(TENANT, ContactList.OPTED_OUT)).isTrue();

        assertThat(contacts.enlist(TENANT, ContactList.OPTED_OUT, person, NOW)).isTrue();
        assertThat(contacts.enlist(TENANT, ContactList.OPTED_OUT, person, NOW)).isFalse();
        assertThat(contacts.findById(TENANT, ana.id()).orElseThrow().optedOut()).isTrue();
    }

    @Test
    void another_number_of_a_merged_contact_stays_on_the_list() {
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();
        var bia = new Sender(8L, "Bia", null, "+5561900010003", "55 61 9 0003");
        Contact other = contacts.remember(CONVERSATION, bia, NOW).orElseThrow();
        contacts.enlist(TENANT, ContactList.DENY, Identity.person("55 61 9 0001"), NOW);
        contacts.enlist(TENANT, ContactList.DENY, Identity.person("55 61 9 0003"), NOW);
        contacts.merge(TENANT, ana.id(), other.id(), "the same", NOW);

        contacts.delist(TENANT, ContactList.DENY, Identity.person("55 61 9 0001"), NOW);

        assertThat(contacts.admission(CONVERSATION, ANA)).isEqualTo(Admission.ADMITTED);
        assertThat(contacts.admission(CONVERSATION, bia)).isEqualTo(Admission.DENIED);
    }

    @Test
    void an_export_holds_everything_that_is_stored() {
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();
        contacts.patch(
                TENANT,
                ana.id(),
                ContactPatch.builder().customField("pet", "Rex").build(),
                NOW);
        var other = new ContactUpdate(Set.of(Identity.baserow("clients", 9)), null, "Ana P.", null, Map.of(), null);
        Contact row = contacts.upsert(TENANT, other, NOW);
        ContactMerge merge =
                contacts.merge(TENANT, ana.id(), row.id(), "same e-mail", NOW).orElseThrow();
        lists.add(TENANT, ContactList.ALLOW, Identity.person("55 61 9 0001"));

        Map<String, Object> data = contacts.export(TENANT, ana.id()).orElseThrow();

        assertThat(data)
                .containsEntry("id", ana.id())
                .containsEntry("tenant_id", "hotel")
                .containsEntry("phone", "+5561900010001")
                .containsEntry("name", "Ana Prado")
                .containsEntry("email", null)
                .containsEntry("custom_fields", Map.of("pet", "Rex"))
                .containsEntry("opted_out", false)
                .containsEntry("created_at", "2026-03-02T12:00:00Z")
                .containsEntry("lists", List.of("allow"));
        assertThat(data.get("identities").toString()).contains("person", "chatwoot", "address", "clients/9");
        assertThat(data.get("merged_contacts").toString()).contains(row.id(), "same e-mail", "Ana P.");
        assertThat(contacts.export(TENANT, "nobody")).isEmpty();

        assertThat(contacts.undoMerge(TENANT, merge.id(), LATER).orElseThrow().id())
                .isEqualTo(row.id());
    }

    @Test
    void nothing_personal_is_in_a_log_line() {
        Contact ana = contacts.remember(CONVERSATION, ANA, NOW).orElseThrow();
        var update =
                new ContactUpdate(ana.identities(), ana.phone(), ana.name(), "a@example.org", Map.of("f", "v"), null);
        var patch =
                ContactPatch.builder().name("Ana Prado").customField("f", "v").build();
        Contact other = contacts.upsert(
                TENANT, new ContactUpdate(Set.of(Identity.person("x")), null, "Ana", null, Map.of(), null), NOW);
        var merge = new ContactMerge("m", ana, other, "reason", NOW);

        String logged = List.of(ana, ana.identities(), update, patch, merge).toString();

        assertThat(logged).doesNotContain("Prado", "556190", "55 61", "a@example.org", "=v");
    }
}
