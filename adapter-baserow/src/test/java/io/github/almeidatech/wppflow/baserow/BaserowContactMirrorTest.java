package io.github.almeidatech.wppflow.baserow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.baserow.SyncReport.RowProblem;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactPatch;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BaserowContactMirrorTest {

    private static final String ANA = "+5561981234567";
    private static final String ANA_OLD = "+556181234567";
    private static final String BIA = "+5561987654321";

    private final Fixture fixture = new Fixture();
    private final SimulatedBaserow baserow = fixture.baserow;
    private final BaserowTable table = baserow.table(
            "contacts",
            BaserowField.text("phone"),
            BaserowField.text("person_key").asUnique(),
            BaserowField.text("name"),
            BaserowField.text("email"),
            BaserowField.checkbox("opted_out"),
            BaserowField.longText("custom_fields"),
            BaserowField.number("age", 0),
            BaserowField.text("tags"),
            BaserowField.lastModified("last_modified"));
    private final Contacts contacts = Fixture.contacts();
    private final ContactTable columns =
            ContactTable.of(table.id(), ContactColumn.values()).withCustomField("idade", "age");
    private BaserowContactMirror mirror = mirror(withoutTenant(columns));

    private static ContactTable withoutTenant(ContactTable table) {
        var names = new HashMap<>(table.columns());
        names.remove(ContactColumn.TENANT);
        return new ContactTable(table.id(), names, table.customFields());
    }

    private BaserowContactMirror mirror(ContactTable layout) {
        return mirror(fixture.client, layout);
    }

    private BaserowContactMirror mirror(BaserowClient client, ContactTable layout) {
        return BaserowContactMirror.builder(client, Fixture.TENANT, layout, contacts, Fixture::phone)
                .clock(fixture.clock)
                .build();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Contact writes(String phone, @Nullable String name) {
        var sender = new Sender(
                7L, name, null, phone, Fixture.phone(phone).orElseThrow().personKey());
        return contacts.remember(new ConversationId(Fixture.TENANT, 1, 88), sender, fixture.clock.instant())
                .orElseThrow();
    }

    private @Nullable Contact known(String personKey) {
        return contacts.findPerson(Fixture.TENANT, personKey).orElse(null);
    }

    /** Says it of Ana, and writes what is to be written. */
    private PushReport told(@Nullable String name, Map<String, String> fields) {
        ContactPatch.Builder patch = ContactPatch.builder();
        if (name != null) {
            patch.name(name);
        }
        fields.forEach(patch::customField);
        contacts.patch(Fixture.TENANT, known(ANA).id(), patch.build(), fixture.clock.instant());
        return mirror.push();
    }

    private JsonNode onlyRow() {
        assertThat(table.rows()).hasSize(1);
        return table.rows().get(0);
    }

    // From the table

    @Test
    void people_in_the_table_are_known_before_they_write() {
        table.withBlankRows();
        long row = table.add(Map.of(
                "phone",
                "(61) 98123-4567",
                "name",
                "Ana Souza",
                "email",
                "ana@example.com",
                "age",
                30,
                "opted_out",
                true,
                "custom_fields",
                "{\"pet\":\"Rex\",\"visits\":3,\"list\":[1],\"none\":null}"));
        table.add(Map.of("name", "ninguém"));

        SyncReport report = mirror.pull();

        assertThat(report.rowsRead()).isEqualTo(4);
        assertThat(report.problems()).containsExactly(new RowProblem(4, "nobody_to_recognise"));
        assertThat(known(ANA)).satisfies(contact -> {
            assertThat(contact.phone()).isEqualTo(ANA);
            assertThat(contact.name()).isEqualTo("Ana Souza");
            assertThat(contact.email()).isEqualTo("ana@example.com");
            assertThat(contact.optedOut()).isTrue();
            assertThat(contact.customFields())
                    .containsOnly(
                            Map.entry("pet", "Rex"),
                            Map.entry("visits", "3"),
                            Map.entry("list", "[1]"),
                            Map.entry("idade", "30"));
            assertThat(contact.identities()).contains(Identity.baserow(String.valueOf(table.id()), row));
        });
    }

    @Test
    void what_the_table_says_wins_but_takes_nothing_away() {
        Contact before = writes(ANA_OLD, "aninha");
        table.add(Map.of("phone", ANA, "name", "Ana Souza"));
        contacts.optOut(Fixture.TENANT, before.id(), fixture.clock.instant());

        mirror.pull();

        Contact after = known(ANA);
        assertThat(after.id()).isEqualTo(before.id());
        assertThat(after.name()).isEqualTo("Ana Souza");
        assertThat(after.phone()).as("answers go where the message came from").isEqualTo(ANA_OLD);
        assertThat(after.optedOut()).as("an unticked box is not a consent").isTrue();
    }

    @Test
    void only_what_is_new_is_read_and_only_what_is_different_is_written() {
        for (int i = 0; i < 450; i++) {
            table.add(Map.of("phone", "+55619" + (80_000_000 + i)));
        }
        fixture.clock.advance(Duration.ofMinutes(10));
        table.add(Map.of("phone", ANA));
        mirror.pull();
        int asked = baserow.requests().size();
        fixture.clock.advance(Duration.ofMinutes(10));
        Contact before = known("+5561980000007");
        table.add(Map.of("phone", BIA, "name", "Bia"));
        fixture.client.update(table.id(), 8, Map.of("tags", "vip"));

        SyncReport report = mirror.pull();

        assertThat(baserow.requests()).as("one page, and the update above").hasSize(asked + 2);
        assertThat(report.whole()).isFalse();
        assertThat(report.changed()).isEqualTo(1);
        assertThat(known(BIA)).extracting(Contact::name).isEqualTo("Bia");
        assertThat(known("+5561980000007")).isEqualTo(before);
    }

    @Test
    void correcting_a_number_does_not_make_two_people_one() {
        long row = table.add(Map.of("phone", ANA, "name", "Ana"));
        mirror.pull();
        writes(BIA, "Bia");
        fixture.clock.advance(Duration.ofMinutes(5));
        fixture.client.update(table.id(), row, Map.of("phone", BIA, "name", "Beatriz"));

        mirror.pull();
        PushReport report = told(null, Map.of("pet", "Rex"));

        assertThat(known(ANA).id()).isNotEqualTo(known(BIA).id());
        assertThat(known(BIA).name()).isEqualTo("Beatriz");
        assertThat(report.written()).as("Bia, and Ana who has no row any more").isEqualTo(2);
        assertThat(table.rows()).hasSize(2);
        assertThat(table.rows().get(1).path("custom_fields").asText()).contains("Rex");
        assertThat(table.rows().get(0).path("phone").asText()).isEqualTo(BIA);
    }

    @Test
    void while_baserow_is_down_everybody_is_still_known_and_reading_goes_on_later() {
        table.add(Map.of("phone", ANA, "name", "Ana"));
        mirror.pull();
        table.add(Map.of("phone", BIA, "name", "Bia"));
        baserow.faults().next(1, Fixture.ANY, Fault.status(503));

        assertThatThrownBy(() -> mirror.pull()).isInstanceOf(BaserowException.class);

        assertThat(known(ANA)).isNotNull();
        mirror.pull();
        assertThat(known(BIA)).isNotNull();
    }

    @Test
    void a_shared_table_shows_only_the_tenants_own_rows() {
        BaserowTable shared = baserow.table(
                "shared", BaserowField.text("phone"), BaserowField.text("tenant_id"), BaserowField.text("name"));
        shared.add(Map.of("phone", ANA, "tenant_id", "outra", "name", "Ana de lá"));
        shared.add(Map.of("phone", BIA, "tenant_id", Fixture.TENANT.value(), "name", "Bia"));
        mirror = mirror(ContactTable.of(shared.id(), ContactColumn.PHONE, ContactColumn.TENANT, ContactColumn.NAME));

        mirror.pull();
        writes(ANA, "Ana");
        mirror.push();

        assertThat(known(BIA)).isNotNull();
        assertThat(known(ANA).name()).isEqualTo("Ana");
        assertThat(shared.rows().get(2).path("tenant_id").asText()).isEqualTo(Fixture.TENANT.value());
        assertThat(shared.rows().get(0).path("name").asText()).isEqualTo("Ana de lá");
    }

    // Doubles

    @Test
    void rows_about_one_person_become_one_when_nothing_is_lost_by_it() {
        table.add(Map.of("phone", ANA, "name", "Ana", "custom_fields", "{\"pet\":\"Rex\"}"));
        table.add(Map.of(
                "phone", ANA_OLD, "name", "Ana", "tags", "vip", "age", 30, "custom_fields", "{\"cor\":\"azul\"}"));
        table.add(Map.of("phone", "(61) 8123-4567", "opted_out", true, "person_key", ANA));

        SyncReport report = mirror.pull();

        assertThat(report.removed()).isEqualTo(2);
        assertThat(report.problems()).isEmpty();
        assertThat(onlyRow().path("id").asLong()).isEqualTo(1);
        assertThat(onlyRow().path("tags").asText()).isEqualTo("vip");
        assertThat(onlyRow().path("age").asText()).isEqualTo("30");
        assertThat(onlyRow().path("opted_out").asBoolean()).isTrue();
        assertThat(onlyRow().path("custom_fields").asText()).isEqualTo("{\"pet\":\"Rex\",\"cor\":\"azul\"}");
        assertThat(contacts.list(Fixture.TENANT, 10, null).contacts()).hasSize(1);
        told("Ana Prado", Map.of());
        assertThat(onlyRow().path("name").asText()).isEqualTo("Ana Prado");
    }

    @Test
    void rows_that_contradict_each_other_are_left_to_a_person() {
        table.add(Map.of("phone", ANA, "name", "Ana"));
        table.add(Map.of("phone", ANA, "name", "Bia"));
        table.add(Map.of("phone", ANA, "custom_fields", "{\"pet\":\"Rex\"}"));
        table.add(Map.of("phone", ANA, "custom_fields", "{\"pet\":\"Tom\"}"));

        SyncReport report = mirror.pull();

        assertThat(report.problems()).containsExactly(new RowProblem(2, "duplicate"), new RowProblem(4, "duplicate"));
        assertThat(table.rows()).extracting(row -> row.path("id").asLong()).containsExactly(1L, 2L, 4L);
    }

    @Test
    void doubles_can_be_reported_only() {
        table.add(Map.of("phone", ANA));
        table.add(Map.of("phone", ANA_OLD));
        mirror = BaserowContactMirror.builder(
                        fixture.client, Fixture.TENANT, withoutTenant(columns), contacts, Fixture::phone)
                .mergeDuplicates(false)
                .fullEvery(Duration.ofHours(2))
                .clock(fixture.clock)
                .build();

        assertThat(mirror.pull().problems()).hasSize(2);
        assertThat(table.rows()).hasSize(2);
    }

    // Erasure

    @Test
    void erasing_takes_every_row_of_the_person_and_reading_does_not_bring_them_back() {
        table.add(Map.of("phone", "(61) 8123-4567", "name", "Ana", "tags", "a"));
        table.add(Map.of("phone", ANA, "name", "Aninha", "tags", "b"));
        table.add(Map.of("phone", BIA, "name", "Bia"));
        mirror.pull();
        Contact ana = known(ANA);

        assertThat(mirror.erase(ana)).isEqualTo(2);
        assertThat(mirror.erase(ana)).as("repeated").isZero();
        contacts.erase(Fixture.TENANT, ana.id());
        mirror.pull();

        assertThat(onlyRow().path("name").asText()).isEqualTo("Bia");
        assertThat(known(ANA)).isNull();
        assertThat(known(BIA)).isNotNull();
    }

    /** People keep other things in the table than we ask for. */
    @Test
    void erasing_takes_every_row_of_the_person_however_many_and_large() {
        for (int i = 0; i < 30; i++) {
            table.add(Map.of("phone", ANA, "tags", "x".repeat(3_000)));
        }
        table.add(Map.of("phone", ANA, "tags", "x".repeat(30_000)));
        table.add(Map.of("phone", BIA, "name", "Bia"));
        Contact ana = writes(ANA, "Ana");
        var careful = mirror(fixture.settings().maxAnswerBytes(20_000).build(), withoutTenant(columns));

        assertThat(careful.erase(ana)).isEqualTo(31);

        assertThat(onlyRow().path("name").asText()).isEqualTo("Bia");
    }

    @Test
    void a_row_too_large_to_be_compared_is_left_to_a_person_and_keeps_nothing_else_back() {
        table.add(Map.of("phone", ANA, "name", "Ana", "tags", "x".repeat(30_000)));
        table.add(Map.of("phone", ANA, "name", "Ana"));
        table.add(Map.of("phone", ANA_OLD, "email", "ana@example.com"));
        table.add(Map.of("phone", BIA, "name", "Bia"));
        table.add(Map.of("phone", BIA, "email", "bia@example.com"));
        mirror = mirror(fixture.settings().maxAnswerBytes(20_000).build(), withoutTenant(columns));

        SyncReport report = mirror.pull();

        assertThat(report.problems()).containsExactly(new RowProblem(1, "duplicate"));
        assertThat(table.rows()).extracting(row -> row.path("id").asLong()).containsExactly(1L, 2L, 4L);
    }

    @Test
    void a_table_without_a_phone_column_is_none() {
        assertThatIllegalArgumentException().isThrownBy(() -> ContactTable.of(1, ContactColumn.NAME));
        assertThat(ContactTable.standard(5)
                        .with(ContactColumn.PHONE, "Telefone")
                        .columns())
                .containsEntry(ContactColumn.PHONE, "Telefone");
        assertThat(mirror.expectation().columns()).hasSize(8);
    }
}
