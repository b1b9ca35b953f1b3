package io.github.almeidatech.wppflow.baserow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactMerge;
import io.github.almeidatech.wppflow.contacts.ContactPatch;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What has changed here reaches the table, and is not undone by what the table said before. */
class BaserowContactPushTest {

    private static final String ANA = "+5561981234567";
    private static final String BIA = "+5561987654321";

    private final Fixture fixture = new Fixture();
    private final SimulatedBaserow baserow = fixture.baserow;
    private final BaserowTable table = baserow.table(
            "contacts",
            BaserowField.text("phone"),
            BaserowField.text("person_key").asUnique(),
            BaserowField.text("name"),
            BaserowField.email("email"),
            BaserowField.checkbox("opted_out"),
            BaserowField.longText("custom_fields"),
            BaserowField.number("age", 0),
            BaserowField.singleSelect("plan", "basic", "gold"),
            BaserowField.lastModified("last_modified"));
    private final Contacts contacts = Fixture.contacts();
    private final ContactTable columns = ContactTable.of(
                    table.id(),
                    EnumSet.complementOf(EnumSet.of(ContactColumn.TENANT)).toArray(ContactColumn[]::new))
            .withCustomField("idade", "age")
            .withCustomField("plano", "plan");
    private final BaserowContactMirror mirror = mirror(columns);

    private BaserowContactMirror mirror(ContactTable layout) {
        return BaserowContactMirror.builder(fixture.client, Fixture.TENANT, layout, contacts, Fixture::phone)
                .clock(fixture.clock)
                .build();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Contact writes(String phone, @Nullable String name) {
        var sender = new Sender(
                (long) phone.hashCode(),
                name,
                null,
                phone,
                Fixture.phone(phone).orElseThrow().personKey());
        return contacts.remember(new ConversationId(Fixture.TENANT, 1, 88), sender, fixture.clock.instant())
                .orElseThrow();
    }

    private Contact known(String personKey) {
        return contacts.findPerson(Fixture.TENANT, personKey).orElseThrow();
    }

    private void patch(String personKey, ContactPatch.Builder patch) {
        contacts.patch(Fixture.TENANT, known(personKey).id(), patch.build(), fixture.clock.instant());
    }

    private static ContactPatch.Builder with() {
        return ContactPatch.builder();
    }

    private JsonNode onlyRow() {
        assertThat(table.rows()).hasSize(1);
        return table.rows().get(0);
    }

    private String cell(int row, String column) {
        return table.rows().get(row).path(column).asText();
    }

    private long behind() {
        return contacts.copyBacklog(Fixture.TENANT).contacts();
    }

    private void later(Duration time) {
        fixture.clock.advance(time);
    }

    // What is written

    @Test
    void somebody_new_gets_a_row_once_with_everything_that_is_known() {
        writes(ANA, "=Ana");
        patch(ANA, with().customField("pet", "Rex").customField("idade", "31").optedOut(true));

        assertThat(mirror.push()).isEqualTo(new PushReport(1, Map.of()));
        int calls = baserow.requests().size();
        assertThat(mirror.push()).isEqualTo(new PushReport(0, Map.of()));

        assertThat(baserow.requests()).hasSize(calls).noneMatch(Fixture.UPDATE);
        assertThat(cell(0, "phone")).isEqualTo(ANA);
        assertThat(cell(0, "person_key")).isEqualTo(ANA);
        assertThat(cell(0, "name")).isEqualTo("'=Ana");
        assertThat(cell(0, "age")).isEqualTo("31");
        assertThat(onlyRow().path("opted_out").asBoolean()).isTrue();
        assertThat(cell(0, "custom_fields")).isEqualTo("{\"pet\":\"Rex\"}");
        assertThat(known(ANA).identities()).contains(Identity.baserow(String.valueOf(table.id()), 1));
        later(Duration.ofMinutes(1));
        mirror.pull();
        assertThat(known(ANA).name()).as("what is read back is what was meant").isEqualTo("=Ana");
        assertThat(behind()).as("what the table says leaves nothing to write").isZero();
    }

    @Test
    void what_was_seen_fills_the_row_and_what_was_told_is_written_over_it() {
        table.add(Map.of("phone", "556181234567", "name", "Dona Ana", "custom_fields", "{\"cor\":\"azul\"}"));
        writes(ANA, "ana123");
        mirror.push();

        assertThat(cell(0, "name")).isEqualTo("Dona Ana");
        assertThat(cell(0, "phone")).isEqualTo("556181234567");
        patch(ANA, with().name("Ana Souza").customField("pet", "Rex"));
        mirror.push();

        assertThat(onlyRow().path("name").asText()).isEqualTo("Ana Souza");
        assertThat(cell(0, "custom_fields")).isEqualTo("{\"cor\":\"azul\",\"pet\":\"Rex\"}");
    }

    @Test
    void what_is_taken_away_here_is_taken_away_there() {
        table.add(Map.of(
                "phone",
                ANA,
                "name",
                "Ana",
                "email",
                "ana@example.com",
                "age",
                30,
                "opted_out",
                true,
                "custom_fields",
                "{\"pet\":\"Rex\",\"cor\":\"azul\"}"));
        mirror.pull();
        later(Duration.ofMinutes(1));

        patch(
                ANA,
                with().name(null)
                        .email(null)
                        .customField("idade", null)
                        .customField("pet", null)
                        .optedOut(false));
        mirror.push();
        later(Duration.ofMinutes(1));
        mirror.pull();

        assertThat(onlyRow().path("name").isNull()).isTrue();
        assertThat(cell(0, "email")).isEmpty();
        assertThat(onlyRow().path("age").isNull()).isTrue();
        assertThat(onlyRow().path("opted_out").asBoolean()).isFalse();
        assertThat(cell(0, "custom_fields")).isEqualTo("{\"cor\":\"azul\"}");
        assertThat(known(ANA)).satisfies(ana -> {
            assertThat(ana.name()).isNull();
            assertThat(ana.email()).isNull();
            assertThat(ana.optedOut()).isFalse();
            assertThat(ana.customFields()).containsOnly(Map.entry("cor", "azul"));
        });
    }

    @Test
    void many_changes_become_one_call() {
        writes(ANA, "Ana");
        mirror.push();
        for (int i = 0; i < 20; i++) {
            patch(ANA, with().name("Ana " + i));
        }
        long before = baserow.requests().stream().filter(Fixture.UPDATE).count();

        mirror.push();

        assertThat(baserow.requests().stream().filter(Fixture.UPDATE).count() - before)
                .isEqualTo(1);
        assertThat(cell(0, "name")).isEqualTo("Ana 19");
    }

    @Test
    void people_joined_have_rows_that_say_the_same_until_they_are_parted() {
        table.add(Map.of("phone", ANA, "name", "Ana", "custom_fields", "{\"pet\":\"Rex\"}"));
        table.add(Map.of("person_key", BIA, "name", "Ana Souza", "email", "ana@example.com"));
        mirror.pull();
        ContactMerge merge = contacts.merge(
                        Fixture.TENANT, known(ANA).id(), known(BIA).id(), "same person", fixture.clock.instant())
                .orElseThrow();
        mirror.push();
        later(Duration.ofMinutes(1));
        mirror.pull();

        for (int row = 0; row < 2; row++) {
            assertThat(cell(row, "name")).isEqualTo("Ana");
            assertThat(cell(row, "email")).isEqualTo("ana@example.com");
            assertThat(cell(row, "custom_fields")).contains("Rex");
        }
        assertThat(cell(0, "person_key")).as("each keeps to its number").isEqualTo(ANA);
        assertThat(cell(1, "phone")).isEqualTo("null");
        assertThat(known(BIA).name()).isEqualTo("Ana");

        contacts.undoMerge(Fixture.TENANT, merge.id(), fixture.clock.instant());
        mirror.push();
        later(Duration.ofMinutes(1));
        mirror.pull();

        assertThat(cell(0, "name")).isEqualTo("Ana");
        assertThat(cell(0, "email")).isEmpty();
        assertThat(cell(1, "name")).isEqualTo("Ana Souza");
        assertThat(cell(1, "custom_fields")).doesNotContain("Rex");
        assertThat(known(ANA).email()).isNull();
        assertThat(known(BIA).name()).isEqualTo("Ana Souza");
    }

    @Test
    void people_without_a_number_need_the_key_column() {
        var caio = new ContactUpdate(Set.of(Identity.person("lid:12345")), null, "Caio", null, Map.of(), null);
        contacts.upsert(Fixture.TENANT, caio, fixture.clock.instant());

        mirror.push();
        assertThat(cell(0, "person_key")).isEqualTo("lid:12345");
        mirror.pull();
        assertThat(contacts.list(Fixture.TENANT, 10, null).contacts()).hasSize(1);

        var duda = new ContactUpdate(Set.of(Identity.person("lid:99")), null, "Duda", null, Map.of(), null);
        contacts.upsert(Fixture.TENANT, duda, fixture.clock.instant());
        mirror(ContactTable.of(table.id(), ContactColumn.PHONE, ContactColumn.NAME))
                .push();

        assertThat(table.rows()).hasSize(1);
        assertThat(behind()).as("nothing to wait for").isZero();
    }

    // What cannot be written

    @Test
    void what_one_column_cannot_hold_stays_here_and_keeps_nothing_else_out() {
        table.add(Map.of("phone", ANA, "plan", "basic", "age", 30, "custom_fields", "gosta de azul"));
        mirror.pull();
        later(Duration.ofMinutes(1));
        patch(
                ANA,
                with().name("Ana")
                        .customField("plano", "platinum")
                        .customField("idade", "trinta")
                        .customField("pet", "Rex"));

        assertThat(mirror.push()).isEqualTo(new PushReport(0, Map.of("value_not_held", 1)));
        later(Duration.ofHours(2));
        mirror.pull();

        assertThat(cell(0, "name")).isEqualTo("Ana");
        assertThat(cell(0, "custom_fields")).isEqualTo("gosta de azul");
        assertThat(known(ANA).customFields())
                .containsOnly(Map.entry("plano", "platinum"), Map.entry("idade", "trinta"), Map.entry("pet", "Rex"));
        patch(
                ANA,
                with().customField("plano", "gold").customField("idade", "31").customField("pet", null));
        fixture.client.update(table.id(), 1, Map.of("custom_fields", ""));

        assertThat(mirror.push()).isEqualTo(new PushReport(1, Map.of()));
        assertThat(onlyRow().path("plan").path("value").asText()).isEqualTo("gold");
        assertThat(cell(0, "age")).isEqualTo("31");
    }

    /** The row would be read as what people typed, and take the decimals away here. */
    @Test
    void what_is_known_of_a_person_is_not_rounded_by_a_column_without_decimals() {
        table.add(Map.of("phone", ANA, "age", 30));
        mirror.pull();
        later(Duration.ofMinutes(1));
        patch(ANA, with().customField("idade", "29.5"));

        assertThat(mirror.push()).isEqualTo(new PushReport(0, Map.of("value_not_held", 1)));
        later(Duration.ofHours(2));
        mirror.pull();

        assertThat(known(ANA).customFields()).containsEntry("idade", "29.5");
        assertThat(cell(0, "age")).isEqualTo("30");
    }

    @Test
    void a_new_row_is_made_without_what_a_column_refuses() {
        writes(ANA, "Ana");
        patch(ANA, with().customField("plano", "platinum").customField("pet", "Rex"));

        assertThat(mirror.push().refused()).containsOnly(Map.entry("value_not_held", 1));

        assertThat(cell(0, "name")).isEqualTo("Ana");
        assertThat(cell(0, "custom_fields")).contains("Rex");
        assertThat(onlyRow().path("plan").isNull()).isTrue();
        assertThat(behind()).isEqualTo(1);
    }

    @Test
    void a_column_that_was_renamed_keeps_what_was_told_waiting_and_a_pull_away_from_it() {
        table.add(Map.of("phone", ANA, "name", "Ana"));
        mirror.pull();
        later(Duration.ofMinutes(1));
        patch(ANA, with().name("Ana Exemplo"));
        table.rename("phone", "telefone");

        assertThat(mirror.push().written()).isZero();
        table.rename("telefone", "phone");
        mirror.pull();
        assertThat(known(ANA).name()).isEqualTo("Ana Exemplo");
        later(Duration.ofMinutes(10));
        assertThat(mirror.push().written()).isEqualTo(1);

        assertThat(cell(0, "name")).isEqualTo("Ana Exemplo");
    }

    @Test
    void one_row_that_is_refused_does_not_keep_the_others_out() {
        writes(ANA, "Ana");
        writes(BIA, "Bia");
        baserow.faults().next(1, Fixture.CREATE, SimulatedBaserow.deadlock());

        assertThat(mirror.push()).isEqualTo(new PushReport(1, Map.of("conflict", 1)));

        later(Duration.ofSeconds(2));
        assertThat(mirror.push()).isEqualTo(new PushReport(1, Map.of()));
        assertThat(table.rows()).hasSize(2);
    }

    // Trouble

    @Test
    void while_baserow_is_down_one_call_is_tried_and_everything_is_written_later() {
        writes(ANA, "Ana");
        writes(BIA, "Bia");
        baserow.faults().always(Fixture.ANY, Fault.status(503));
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(mirror::push).isInstanceOf(BaserowException.class);
            later(Duration.ofMinutes(10));
        }
        int asked = baserow.requests().size();
        baserow.faults().clear();

        assertThat(asked).isLessThanOrEqualTo(10);
        for (int i = 0; i < 100 && behind() > 0; i++) {
            pushOrNot();
            later(Duration.ofMinutes(10));
        }
        assertThat(behind()).isZero();
        assertThat(table.rows()).hasSize(2);
    }

    private void pushOrNot() {
        try {
            mirror.push();
        } catch (BaserowException e) {
            assertThat(e.error()).as("it is not asked again at once").isEqualTo(BaserowError.CIRCUIT_OPEN);
        }
    }

    @Test
    void done_and_not_answered_makes_no_second_row() {
        writes(ANA, "Ana");
        baserow.faults().next(1, Fixture.CREATE, Fault.status(500).afterDoing());
        assertThatThrownBy(mirror::push).isInstanceOf(BaserowException.class);
        later(Duration.ofMinutes(1));

        assertThat(mirror.push().written()).isEqualTo(1);

        assertThat(table.createdThroughApi()).isEqualTo(1);
    }

    @Test
    void after_an_unclear_result_and_after_a_crash_no_row_is_made_before_the_first_must_have_appeared() {
        writes(ANA, "Ana");
        baserow.faults().next(1, Fixture.CREATE, Fault.status(500));
        assertThatThrownBy(mirror::push).isInstanceOf(BaserowException.class);

        later(Duration.ofSeconds(59));
        assertThat(mirror.push().written()).isZero();
        later(Duration.ofSeconds(1));
        contacts.claimCopy(Fixture.TENANT, fixture.clock.instant(), Duration.ofMinutes(2));
        later(Duration.ofSeconds(119));
        assertThat(mirror.push().written())
                .as("whoever claimed it may have crashed")
                .isZero();
        later(Duration.ofSeconds(1));
        assertThat(mirror.push().written()).isEqualTo(1);
    }

    @Test
    void with_a_unique_key_a_row_made_elsewhere_meanwhile_is_used() {
        writes(ANA, "Ana");
        patch(ANA, with().customField("pet", "Rex"));
        baserow.faults()
                .next(
                        1,
                        request -> {
                            if (Fixture.CREATE.test(request) && table.rows().isEmpty()) {
                                table.add(Map.of("person_key", ANA));
                            }
                            return false;
                        },
                        Fault.drop());

        assertThat(mirror.push().written()).isEqualTo(1);
        assertThat(onlyRow().path("phone").asText()).isEqualTo(ANA);
        assertThat(cell(0, "custom_fields")).contains("Rex");
    }

    @Test
    void a_row_deleted_by_hand_is_made_anew() {
        writes(ANA, "Ana");
        mirror.push();
        table.remove(1);
        patch(ANA, with().name("Ana Souza"));

        mirror.push();

        assertThat(onlyRow().path("id").asLong()).isEqualTo(2);
        assertThat(cell(0, "name")).isEqualTo("Ana Souza");
    }

    @Test
    void somebody_erased_while_their_row_was_made_has_none_afterwards() {
        Contact ana = writes(ANA, "Ana");
        baserow.faults()
                .next(
                        1,
                        request -> {
                            if (Fixture.CREATE.test(request)) {
                                contacts.erase(Fixture.TENANT, ana.id());
                            }
                            return false;
                        },
                        Fault.drop());

        mirror.push();

        assertThat(table.createdThroughApi()).isEqualTo(1);
        assertThat(table.rows()).isEmpty();
    }

    // Both directions at once

    @Test
    void a_pull_does_not_undo_what_is_not_written_yet_and_takes_what_people_changed_beside_it() {
        table.add(Map.of("phone", ANA, "name", "Ana", "opted_out", true));
        mirror.pull();
        patch(ANA, with().name("Ana Souza").optedOut(false));
        later(Duration.ofMinutes(1));
        fixture.client.update(table.id(), 1, Map.of("email", "ana@example.com", "name", "Aninha"));

        mirror.pull();
        mirror(columns).pull();

        assertThat(known(ANA).name()).isEqualTo("Ana Souza");
        assertThat(known(ANA).optedOut()).isFalse();
        assertThat(known(ANA).email()).isEqualTo("ana@example.com");
        mirror.push();
        assertThat(cell(0, "name")).isEqualTo("Ana Souza");
        assertThat(onlyRow().path("opted_out").asBoolean()).isFalse();
        later(Duration.ofMinutes(1));
        fixture.client.update(table.id(), 1, Map.of("name", "Ana Prado"));
        mirror.pull();
        assertThat(known(ANA).name()).as("changed there after it was written").isEqualTo("Ana Prado");
    }

    @Test
    void a_row_that_is_written_while_it_is_read_is_read_again() {
        table.add(Map.of("phone", ANA, "name", "Ana"));
        mirror.pull();
        later(Duration.ofMinutes(1));
        patch(ANA, with().name("Ana Souza"));
        var reader = mirror(columns);
        baserow.faults()
                .next(
                        1,
                        request -> {
                            if (Fixture.LIST.test(request) && behind() == 1) {
                                somebodyElseWrites();
                            }
                            return false;
                        },
                        Fault.drop());

        reader.pull();
        assertThat(known(ANA).name()).isEqualTo("Ana Souza");

        later(Duration.ofMinutes(1));
        reader.pull();
        assertThat(known(ANA).name())
                .as("it still says so, so somebody has changed it back")
                .isEqualTo("Ana");
    }

    /** Another process, between the answer that this one is about to get and its arrival. */
    private void somebodyElseWrites() {
        Contact behind = contacts.claimCopy(Fixture.TENANT, fixture.clock.instant(), Duration.ofMinutes(2))
                .orElseThrow()
                .contact();
        later(Duration.ofSeconds(1));
        contacts.copied(Fixture.TENANT, behind, Set.of(), Set.of(), fixture.clock.instant());
    }

    @Test
    void a_settling_time_is_not_negative() {
        var builder = BaserowContactMirror.builder(fixture.client, Fixture.TENANT, columns, contacts, Fixture::phone);

        assertThatIllegalArgumentException().isThrownBy(() -> builder.settleTime(Duration.ofSeconds(-1)));
    }
}
