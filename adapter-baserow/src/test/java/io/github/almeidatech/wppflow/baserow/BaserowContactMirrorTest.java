package io.github.almeidatech.wppflow.baserow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.baserow.SyncReport.RowProblem;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.flow.CommandResult.Unclear;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand.UpdateContact;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
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
                7L, name, null, phone, Fixture.phone(phone).orElseThrow().personKey());
        return contacts.remember(new ConversationId(Fixture.TENANT, 1, 88), sender, fixture.clock.instant())
                .orElseThrow();
    }

    private @Nullable Contact known(String personKey) {
        return contacts.findPerson(Fixture.TENANT, personKey).orElse(null);
    }

    private CommandResult send(UpdateContact command) {
        return sender().send(fixture.attempt(command));
    }

    private BaserowCommandSender sender() {
        return BaserowCommandSender.builder(fixture.client)
                .contacts(mirror)
                .clock(fixture.clock)
                .build();
    }

    private static UpdateContact update(@Nullable String name, Map<String, String> fields, @Nullable Boolean optedOut) {
        return new UpdateContact(ANA, name, null, fields, optedOut);
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
        CommandResult result = send(update(null, Map.of("pet", "Rex"), null));

        assertThat(known(ANA).id()).isNotEqualTo(known(BIA).id());
        assertThat(known(BIA).name()).isEqualTo("Beatriz");
        assertThat(result).as("Ana has no row any more").isEqualTo(new Done("2"));
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
        CommandResult result = send(update(null, Map.of(), null));

        assertThat(known(BIA)).isNotNull();
        assertThat(known(ANA).name()).isEqualTo("Ana");
        assertThat(result).isEqualTo(new Done("3"));
        assertThat(shared.rows().get(2).path("tenant_id").asText()).isEqualTo(Fixture.TENANT.value());
        assertThat(shared.rows().get(0).path("name").asText()).isEqualTo("Ana de lá");
    }

    // To the table

    @Test
    void what_is_learned_in_a_conversation_is_written_into_the_persons_row() {
        writes(ANA, "=Ana");

        CommandResult made = send(update(null, Map.of("pet", "Rex", "idade", "31"), true));
        CommandResult same = send(update(null, Map.of("pet", "Rex", "idade", "31"), true));

        assertThat(made).isEqualTo(new Done("1")).isEqualTo(same);
        assertThat(onlyRow().path("phone").asText()).isEqualTo(ANA);
        assertThat(onlyRow().path("person_key").asText()).isEqualTo(ANA);
        assertThat(onlyRow().path("name").asText()).isEqualTo("'=Ana");
        assertThat(onlyRow().path("age").asText()).isEqualTo("31");
        assertThat(onlyRow().path("opted_out").asBoolean()).isTrue();
        assertThat(onlyRow().path("custom_fields").asText()).isEqualTo("{\"pet\":\"Rex\"}");
        assertThat(baserow.requests()).noneMatch(Fixture.UPDATE);
        assertThat(known(ANA).optedOut()).isTrue();
        mirror.pull();
        assertThat(known(ANA).name()).as("what is read back is what was meant").isEqualTo("=Ana");
    }

    @Test
    void a_row_people_typed_is_found_in_any_spelling_and_keeps_what_they_typed() {
        table.add(Map.of("phone", "556181234567", "name", "Dona Ana", "custom_fields", "{\"cor\":\"azul\"}"));
        writes(ANA, "ana123");

        CommandResult result = send(update(null, Map.of("pet", "Rex"), null));

        assertThat(result).isEqualTo(new Done("1"));
        assertThat(onlyRow().path("name").asText()).isEqualTo("Dona Ana");
        assertThat(onlyRow().path("phone").asText()).isEqualTo("556181234567");
        assertThat(onlyRow().path("custom_fields").asText()).isEqualTo("{\"cor\":\"azul\",\"pet\":\"Rex\"}");
        send(update("Ana Souza", Map.of(), null));
        assertThat(onlyRow().path("name").asText())
                .as("what was told just now wins")
                .isEqualTo("Ana Souza");
    }

    @Test
    void what_is_no_json_in_the_custom_fields_is_left_alone() {
        table.add(Map.of("phone", ANA, "custom_fields", "gosta de azul"));
        writes(ANA, "Ana");

        send(update(null, Map.of("pet", "Rex", "idade", "trinta"), null));

        assertThat(onlyRow().path("custom_fields").asText()).isEqualTo("gosta de azul");
        assertThat(onlyRow().path("age").isNull())
                .as("the column takes numbers only")
                .isTrue();
        assertThat(known(ANA).customFields()).containsEntry("idade", "trinta");
    }

    @Test
    void our_own_record_changes_although_baserow_is_down() {
        writes(ANA, "Ana");
        baserow.faults().always(Fixture.ANY, Fault.status(500));

        CommandResult result = send(update("Ana Souza", Map.of(), null));

        assertThat(result).isInstanceOf(NotDone.class);
        assertThat(known(ANA).name()).isEqualTo("Ana Souza");
    }

    @Test
    void done_and_not_answered_makes_no_second_row() {
        writes(ANA, "Ana");
        var first = fixture.attempt(update(null, Map.of("pet", "Rex"), null));
        baserow.faults().next(1, Fixture.CREATE, Fault.status(500).afterDoing());

        CommandResult unclear = sender().send(first);
        CommandResult found = sender().send(fixture.again(first, unclear));

        assertThat(unclear).isInstanceOf(Unclear.class);
        assertThat(found).isEqualTo(new Done("1"));
        assertThat(table.createdThroughApi()).isEqualTo(1);
    }

    @Test
    void not_done_and_not_answered_waits_before_the_row_is_made() {
        writes(ANA, "Ana");
        var first = fixture.attempt(update(null, Map.of(), null));
        baserow.faults().next(1, Fixture.CREATE, Fault.status(500));
        var second = fixture.again(first, sender().send(first));

        CommandResult settling = sender().send(second);
        fixture.clock.advance(Duration.ofSeconds(60));
        CommandResult made = sender().send(fixture.attempt(second.command(), second.key(), 3, second.unclearSince()));

        assertThat(settling).isEqualTo(new NotDone("settling", Duration.ofSeconds(60)));
        assertThat(made).isEqualTo(new Done("1"));
    }

    @Test
    void a_row_deleted_by_hand_is_made_anew() {
        writes(ANA, "Ana");
        send(update(null, Map.of(), null));
        table.remove(1);

        assertThat(send(update("Ana Souza", Map.of(), null))).isEqualTo(new Done("2"));
    }

    @Test
    void people_without_a_number_need_the_key_column() {
        var update = new ContactUpdate(Set.of(Identity.person("lid:12345")), null, "Caio", null, Map.of(), null);
        contacts.upsert(Fixture.TENANT, update, fixture.clock.instant());
        var command = new UpdateContact("lid:12345", null, null, Map.of(), null);

        assertThat(send(command)).isEqualTo(new Done("1"));
        assertThat(onlyRow().path("person_key").asText()).isEqualTo("lid:12345");
        mirror.pull();
        assertThat(contacts.list(Fixture.TENANT, 10, null).contacts()).hasSize(1);

        mirror = mirror(ContactTable.of(table.id(), ContactColumn.PHONE, ContactColumn.NAME));
        var other = new ContactUpdate(Set.of(Identity.person("lid:99")), null, "Duda", null, Map.of(), null);
        contacts.upsert(Fixture.TENANT, other, fixture.clock.instant());
        assertThat(send(new UpdateContact("lid:99", null, null, Map.of(), null)))
                .isEqualTo(new Refused("nothing_to_find_the_person_by"));
    }

    @Test
    void somebody_who_is_not_stored_is_left_alone() {
        assertThat(send(update("Ana", Map.of(), null))).isEqualTo(new Done(null));
        assertThat(table.rows()).isEmpty();
        assertThat(baserow.requests()).isEmpty();
    }

    @Test
    void another_tenants_command_is_refused() {
        var foreign = fixture.attempt(update("Ana", Map.of(), null));
        var attempt = new CommandAttempt(
                1,
                new ConversationId(new TenantId("outra"), 1, 1),
                "turn",
                "key",
                foreign.command(),
                1,
                null,
                foreign.leaseUntil(),
                "token");

        assertThat(sender().send(attempt)).isEqualTo(new Refused("other_tenant"));
    }

    @Test
    void with_a_unique_key_a_row_made_elsewhere_meanwhile_is_used() {
        writes(ANA, "Ana");
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

        assertThat(send(update(null, Map.of("pet", "Rex"), null))).isEqualTo(new Done("1"));
        assertThat(onlyRow().path("phone").asText()).isEqualTo(ANA);
        assertThat(onlyRow().path("custom_fields").asText()).contains("Rex");
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
        assertThat(send(update(null, Map.of(), null))).isEqualTo(new Done("1"));
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
