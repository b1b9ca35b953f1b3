package io.github.almeidatech.wppflow.baserow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.Policy;
import io.github.almeidatech.wppflow.eventlog.PolicyProblem;
import io.github.almeidatech.wppflow.eventlog.PolicyReading;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema check, the mirror of events, and policies. */
class BaserowTablesTest {

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<SchemaProblem> check(TableExpectation... tables) {
        return SchemaCheck.of(fixture.client, List.of(tables));
    }

    // Schema

    @Test
    void everything_that_is_missing_or_of_the_wrong_type_is_named_at_once() {
        BaserowTable table = fixture.baserow.table(
                "contacts",
                BaserowField.text("Phone"),
                BaserowField.number("name", 0),
                BaserowField.lastModified("email"),
                BaserowField.text("person_key"),
                BaserowField.longText("custom_fields"));
        ContactTable wanted = ContactTable.standard(table.id()).with(ContactColumn.KEY, "person_key");

        List<SchemaProblem> problems = check(wanted.expectation());

        assertThat(problems)
                .extracting(SchemaProblem::column, SchemaProblem::kind, SchemaProblem::fatal)
                .containsExactlyInAnyOrder(
                        tuple("phone", SchemaProblem.Kind.MISSING, true),
                        tuple("name", SchemaProblem.Kind.WRONG_TYPE, true),
                        tuple("email", SchemaProblem.Kind.READ_ONLY, true),
                        tuple("person_key", SchemaProblem.Kind.NOT_UNIQUE, false));
        assertThat(problems.get(0))
                .hasToString("table " + table.id() + " (contacts): column \"phone\" is missing; there is \"Phone\"");
        assertThat(problems.get(0).kind().word()).isEqualTo("missing");
    }

    @Test
    void a_table_as_expected_has_no_problems() {
        BaserowTable table = fixture.baserow.table(
                "contacts",
                BaserowField.phone("phone"),
                BaserowField.text("name"),
                BaserowField.email("email"),
                BaserowField.longText("custom_fields"));

        assertThat(check(
                        ContactTable.standard(table.id()).expectation(),
                        TableSettings.of("x", table.id()).expectation()))
                .isEmpty();
    }

    @Test
    void tables_that_cannot_be_read_are_named_with_the_reason() {
        BaserowTable forbidden = fixture.baserow.table("forbidden", BaserowField.text("content"));
        forbidden.forbid("read");
        fixture.baserow.faults().next(1, request -> request.path().contains("/3/"), Fault.status(500));

        List<SchemaProblem> problems = check(
                KnowledgeTable.standard(1).expectation(),
                KnowledgeTable.standard(forbidden.id()).expectation(),
                KnowledgeTable.standard(3).expectation());
        var stranger = BaserowClient.builder(new OkHttpClient(), fixture.baserow.baseUrl(), "nobody")
                .build();

        assertThat(problems)
                .extracting(SchemaProblem::kind)
                .containsExactly(
                        SchemaProblem.Kind.NO_TABLE, SchemaProblem.Kind.NO_ACCESS, SchemaProblem.Kind.NOT_CHECKED);
        assertThat(SchemaCheck.of(stranger, List.of(PolicyTable.standard(1).expectation())))
                .extracting(SchemaProblem::kind)
                .containsExactly(SchemaProblem.Kind.NO_ACCESS);
    }

    // Events

    private static Event event(String id, String personKey) {
        return event(id, personKey, 0.75);
    }

    private static Event event(String id, String personKey, double confidence) {
        return new Event(
                id,
                Fixture.TENANT,
                new ConversationId(Fixture.TENANT, 1, 88),
                personKey,
                "lead.qualified",
                1,
                Map.of("text", "=1+1", "list", List.of(1, 2)),
                Event.Source.RULE,
                confidence,
                "cause",
                2,
                Instant.parse("2026-09-01T12:00:00.123Z"));
    }

    @Test
    void an_event_becomes_one_row_however_often_it_is_written() {
        BaserowTable table = fixture.baserow.table(
                "events",
                BaserowField.text("event_id").asUnique(),
                BaserowField.text("tenant_id"),
                BaserowField.text("contact_id"),
                BaserowField.singleSelect("event_type", "lead.qualified"),
                BaserowField.longText("payload"),
                BaserowField.dateTime("timestamp"),
                BaserowField.text("conversation_id"),
                BaserowField.text("source"),
                BaserowField.number("confidence", 2),
                BaserowField.text("cause_id"),
                BaserowField.number("depth", 0));
        var settings = TableSettings.of("events", table.id());
        var all = new EnumMap<EventColumn, String>(EventColumn.class);
        for (EventColumn column : EventColumn.values()) {
            all.put(column, column.usualName());
        }
        var mirror = new BaserowEventMirror(settings, all);
        var sender = BaserowCommandSender.builder(fixture.client)
                .table(settings)
                .clock(fixture.clock)
                .build();

        assertThat(sender.send(fixture.attempt(mirror.row(event("e1", "+5561981234567")))))
                .isEqualTo(new Done("1"));
        assertThat(sender.send(fixture.attempt(mirror.row(event("e1", "+5561981234567")))))
                .isEqualTo(new Done("1"));

        assertThat(check(mirror.expectation())).isEmpty();
        JsonNode row = table.rows().get(0);
        assertThat(table.rows()).hasSize(1);
        assertThat(fixture.baserow.requests()).noneMatch(Fixture.UPDATE);
        assertThat(PlainJson.parse(row.path("payload").asText()))
                .contains(event("e1", "p").payload());
        assertThat(row.path("contact_id").asText()).isEqualTo("+5561981234567");
        assertThat(row.path("timestamp").asText()).startsWith("2026-09-01T12:00:00");
        assertThat(row.path("conversation_id").asText()).isEqualTo("1/88");
        assertThat(row.path("source").asText()).isEqualTo("rule");
        assertThat(row.path("confidence").asText()).isEqualTo("0.75");
        assertThat(row.path("depth").asText()).isEqualTo("2");
    }

    /** Baserow refuses a number with more decimals than its field has; whether it is surer to the tenth digit is no matter. */
    @Test
    void a_confidence_with_many_decimals_is_rounded_to_those_of_its_field() {
        BaserowTable table = fixture.baserow.table(
                "events", BaserowField.text("event_id"), BaserowField.text("source"), BaserowField.number("surety", 4));
        var settings = TableSettings.of("events", table.id());
        var mirror = new BaserowEventMirror(
                settings,
                Map.of(EventColumn.ID, "event_id", EventColumn.SOURCE, "source", EventColumn.CONFIDENCE, "surety"));
        var sender = BaserowCommandSender.builder(fixture.client)
                .table(settings)
                .clock(fixture.clock)
                .build();

        assertThat(mirror.write(fixture.client, List.of(event("alone", "p", 0.8731046529874512))))
                .isEmpty();
        assertThat(sender.send(fixture.attempt(mirror.row(event("in a turn", "p", 0.00004999)))))
                .isEqualTo(new Done("2"));
        assertThat(sender.send(fixture.attempt(mirror.row(event("alone", "p", 0.8731046529874512)))))
                .isEqualTo(new Done("1"));

        assertThat(table.rows()).extracting(row -> row.path("surety").asText()).containsExactly("0.8731", "0.0000");
        assertThat(fixture.baserow.requests()).noneMatch(Fixture.UPDATE);
    }

    @Test
    void a_persons_events_are_erased_page_by_page_and_nobody_elses() {
        BaserowTable table = fixture.baserow.table(
                "events",
                BaserowField.text("event_id"),
                BaserowField.text("tenant_id"),
                BaserowField.text("contact_id"),
                BaserowField.text("event_type"),
                BaserowField.longText("payload"),
                BaserowField.number("timestamp", 0));
        var mirror = BaserowEventMirror.standard(TableSettings.of("events", table.id()));
        for (int i = 0; i < 230; i++) {
            table.add(Map.of("event_id", "e" + i, "tenant_id", Fixture.TENANT.value(), "contact_id", "ana"));
        }
        table.add(Map.of("event_id", "x", "tenant_id", "outra", "contact_id", "ana"));
        table.add(Map.of("event_id", "y", "tenant_id", Fixture.TENANT.value(), "contact_id", "anabela"));

        assertThat(mirror.erase(fixture.client, Fixture.TENANT, "ana")).isEqualTo(230);
        assertThat(mirror.erase(fixture.client, Fixture.TENANT, "ana")).isZero();

        assertThat(table.rows())
                .extracting(row -> row.path("event_id").asText())
                .containsExactly("x", "y");
        assertThat(new BaserowEventMirror(TableSettings.of("events", 1), Map.of(EventColumn.ID, "id"))
                        .erase(fixture.client, Fixture.TENANT, "ana"))
                .as("no column says whom a row is about")
                .isZero();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BaserowEventMirror(TableSettings.of("events", 1), Map.of()));
    }

    /** An answer with all columns of a page of such rows is larger than is read. */
    @ParameterizedTest
    @ValueSource(strings = {"contact_id", "pessoa, id", "\"pessoa\""})
    void a_persons_events_are_erased_however_large_they_are(String person) {
        BaserowTable table = largeEvents(person, 230);
        var careful = fixture.settings().maxAnswerBytes(20_000).build();

        assertThat(byPerson(table, person).erase(careful, Fixture.TENANT, "ana"))
                .isEqualTo(230);

        assertThat(table.rows())
                .extracting(row -> row.path("event_id").asText())
                .containsExactly("x");
    }

    @Test
    void only_what_proves_a_row_is_asked_for_to_erase_it() {
        BaserowTable table = largeEvents("contact_id", 230);

        byPerson(table, "contact_id").erase(fixture.client, Fixture.TENANT, "ana");

        assertThat(fixture.baserow.requests())
                .filteredOn(Fixture.LIST)
                .hasSize(3)
                .extracting(request -> request.query("include").orElse(""))
                .containsOnly("contact_id");
    }

    @Test
    void an_event_that_cannot_be_read_keeps_no_other_from_being_erased_and_is_told() {
        BaserowTable table = largeEvents("pessoa, id", 30);
        table.add(Map.of("event_id", "huge", "pessoa, id", "ana", "payload", "x".repeat(30_000)));
        table.add(Map.of("event_id", "last", "pessoa, id", "ana"));
        var careful = fixture.settings().maxAnswerBytes(20_000).build();

        assertThatThrownBy(() -> byPerson(table, "pessoa, id").erase(careful, Fixture.TENANT, "ana"))
                .isInstanceOfSatisfying(
                        BaserowException.class, e -> assertThat(e.error()).isEqualTo(BaserowError.TOO_LARGE));

        assertThat(table.rows())
                .extracting(row -> row.path("event_id").asText())
                .containsExactly("x", "huge");
    }

    /** Some of Ana's, and one of somebody else. */
    private BaserowTable largeEvents(String person, int count) {
        BaserowTable table = fixture.baserow.table(
                "events", BaserowField.text("event_id"), BaserowField.text(person), BaserowField.longText("payload"));
        table.add(Map.of("event_id", "x", person, "anabela", "payload", "x".repeat(3_000)));
        for (int i = 0; i < count; i++) {
            table.add(Map.of("event_id", "e" + i, person, "ana", "payload", "x".repeat(3_000)));
        }
        return table;
    }

    private static BaserowEventMirror byPerson(BaserowTable table, String person) {
        return new BaserowEventMirror(
                TableSettings.of("events", table.id()),
                Map.of(EventColumn.ID, "event_id", EventColumn.PERSON, person, EventColumn.PAYLOAD, "payload"));
    }

    // Policies

    private final BaserowTable policyTable = fixture.baserow
            .table(
                    "policies",
                    BaserowField.text("policy_id"),
                    BaserowField.text("description"),
                    BaserowField.checkbox("enabled"),
                    BaserowField.text("event"),
                    BaserowField.text("source"),
                    BaserowField.number("priority", 0),
                    BaserowField.number("min_confidence", 2),
                    BaserowField.longText("when"),
                    BaserowField.longText("then"))
            .withBlankRows();

    private final BaserowPolicies policies = new BaserowPolicies(
            fixture.client,
            Fixture.TENANT,
            PolicyTable.standard(policyTable.id())
                    .with("min_confidence", "min_confidence")
                    .with("source", "source"),
            url -> url.startsWith("https://files.example/"));

    private static List<Policy> valid(PolicyReading reading) {
        return reading.match(Policies::all, problems -> List.<Policy>of());
    }

    private long policy(String id, String when, String then) {
        return policyTable.add(Map.of(
                "policy_id",
                id,
                "enabled",
                true,
                "event",
                "message.received",
                "priority",
                10,
                "when",
                when,
                "then",
                then));
    }

    @Test
    void policies_written_in_a_table_are_read_and_checked() {
        policyTable.add(Map.of(
                "policy_id",
                "vip",
                "enabled",
                true,
                "event",
                "turn.*",
                "source",
                "customer, bot",
                "priority",
                10,
                "min_confidence",
                "0.80",
                "when",
                "{\">=\":[{\"var\":\"payload.total\"},100]}",
                "then",
                "[{\"labels\":{\"add\":[\"vip\"]}}]"));
        policyTable.add(Map.of("policy_id", "draft", "event", "turn.*", "then", "[{\"labels\":"));

        PolicyReading reading = policies.read();

        assertThat(reading)
                .isInstanceOfSatisfying(
                        PolicyReading.Valid.class,
                        valid -> assertThat(valid.policies().all())
                                .singleElement()
                                .satisfies(policy -> {
                                    assertThat(policy.id()).isEqualTo("vip");
                                    assertThat(policy.priority()).isEqualTo(10);
                                    assertThat(policy.minConfidence()).isEqualTo(0.8);
                                    assertThat(policy.sources())
                                            .isEqualTo(Set.of(Event.Source.CUSTOMER, Event.Source.BOT));
                                    assertThat(policy.actions()).hasSize(1);
                                }));
        assertThat(check(policies.expectation())).isEmpty();
    }

    @Test
    void policies_that_are_large_together_are_read_in_smaller_portions() {
        for (int i = 0; i < 30; i++) {
            policy("p" + i, "{\">=\":[{\"var\":\"payload.total\"}," + "1".repeat(900) + "]}", "[{\"labels\":{}}]");
        }
        var careful = fixture.settings().maxAnswerBytes(20_000).build();
        var reader = new BaserowPolicies(careful, Fixture.TENANT, PolicyTable.standard(policyTable.id()), url -> false);

        reader.read();

        assertThat(reader.documents())
                .hasSize(30)
                .extracting(document -> document.get("id"))
                .doesNotHaveDuplicates();
    }

    @Test
    void a_policy_too_large_to_be_read_is_not_left_out_of_the_set() {
        policy("a", "", "[{\"labels\":{\"add\":[\"a\"]}}]");
        policyTable.add(Map.of("policy_id", "huge", "description", "x".repeat(30_000)));
        var careful = fixture.settings().maxAnswerBytes(20_000).build();
        var reader = new BaserowPolicies(careful, Fixture.TENANT, PolicyTable.standard(policyTable.id()), url -> false);

        assertThatThrownBy(reader::read)
                .isInstanceOfSatisfying(
                        BaserowException.class, e -> assertThat(e.error()).isEqualTo(BaserowError.TOO_LARGE));
    }

    @Test
    void everything_wrong_is_told_with_the_number_of_its_row() {
        fixture.client.update(policyTable.id(), policy("off", "", "[{\"dance\":"), Map.of("enabled", false));
        long first = policy("ok", "", "[{\"labels\":{\"add\":[\"a\"]}}]");
        policyTable.add(Map.of());
        long broken = policy("broken", "só de manhã", "[{\"labels\":");
        long unknown = policy("unknown", "", "[{\"dance\":{}}]");
        long again = policy("ok", "", "[{\"labels\":{\"add\":[\"a\"]}}]");

        PolicyReading reading = policies.read();

        var problems = new ArrayList<PolicyProblem>();
        reading.match(valid -> true, problems::addAll);
        assertThat(problems)
                .extracting(problem -> problem.toString().replaceFirst(";.*", ""))
                .containsExactlyInAnyOrder(
                        "row " + broken + ": when: JSON wanted in the column \"when\"",
                        "row " + broken + ": then: JSON wanted in the column \"then\"",
                        "row " + unknown + ": then[0].dance: unknown action",
                        "row " + again + ": id: the id of row " + first + " again");
    }

    @Test
    void a_file_from_where_none_may_be_sent_is_told_with_its_position() {
        policy("ours", "", "[{\"send_attachment\":\"https://files.example/{{id}}.pdf\"}]");
        long elsewhere = policy("elsewhere", "", "[{\"send_attachment\":\"https://elsewhere.example/a.pdf\"}]");

        var problems = new ArrayList<PolicyProblem>();
        policies.read().match(valid -> true, problems::addAll);

        assertThat(problems)
                .extracting(PolicyProblem::path)
                .containsExactly("row " + elsewhere + ": then[0].send_attachment.url");
    }

    @Test
    void an_unchanged_table_is_not_read_as_news() {
        long row = policy("a", "", "[{\"labels\":{\"add\":[\"a\"]}}]");

        assertThat(policies.readIfChanged()).isPresent();
        assertThat(policies.readIfChanged()).isEmpty();
        fixture.client.update(policyTable.id(), row, Map.of("policy_id", "b"));
        PolicyReading changed = policies.readIfChanged().orElseThrow();
        assertThat(valid(changed)).extracting(Policy::id).containsExactly("b");
    }

    /** Without the column, policies that are switched off would be on, and those with a condition would always hold. */
    @ParameterizedTest
    @ValueSource(strings = {"enabled", "when"})
    void policies_are_not_read_without_one_of_their_columns(String column) {
        policy("a", "", "[{\"labels\":{\"add\":[\"a\"]}}]");
        policyTable.rename(column, column + " 2");

        assertThatThrownBy(policies::read)
                .isInstanceOfSatisfying(
                        BaserowException.class, e -> assertThat(e.error()).isEqualTo(BaserowError.COLUMNS_CHANGED));
    }

    @Test
    void a_shared_table_gives_each_tenant_its_own_policies() {
        BaserowTable shared = fixture.baserow.table(
                "shared",
                BaserowField.text("policy_id"),
                BaserowField.text("event"),
                BaserowField.longText("then"),
                BaserowField.text("tenant"));
        String then = "[{\"labels\":{\"add\":[\"a\"]}}]";
        shared.add(Map.of("policy_id", "ours", "event", "a", "then", then, "tenant", Fixture.TENANT.value()));
        shared.add(Map.of("policy_id", "theirs", "event", "a", "then", then, "tenant", "outra"));
        var layout =
                new PolicyTable(shared.id(), Map.of("id", "policy_id", "event", "event", "then", "then"), "tenant");

        List<Policy> found = valid(new BaserowPolicies(fixture.client, Fixture.TENANT, layout, url -> true).read());

        assertThat(found).extracting(Policy::id).containsExactly("ours");
        assertThatIllegalArgumentException().isThrownBy(() -> new PolicyTable(1, Map.of("id", "id"), null));
        assertThatIllegalArgumentException().isThrownBy(() -> layout.with("colour", "colour"));
    }
}
