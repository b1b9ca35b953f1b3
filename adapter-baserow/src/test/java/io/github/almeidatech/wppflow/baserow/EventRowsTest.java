package io.github.almeidatech.wppflow.baserow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many events become rows with few calls, each once. */
class EventRowsTest {

    private static final Predicate<SeenRequest> CREATE =
            request -> request.method().equals("POST") && request.path().contains("/batch/");

    private final Fixture fixture = new Fixture();
    private final BaserowTable table = fixture.baserow.table(
            "events",
            BaserowField.text("event_id"),
            BaserowField.text("tenant_id"),
            BaserowField.text("contact_id"),
            BaserowField.singleSelect("event_type", "order.paid"),
            BaserowField.longText("payload"),
            BaserowField.dateTime("timestamp"));
    private final BaserowEventMirror mirror = BaserowEventMirror.standard(TableSettings.of("events", table.id()));

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void a_hundred_events_take_one_call_to_make_and_five_to_look() {
        List<Event> events =
                IntStream.range(0, 100).mapToObj(i -> event("e" + i)).toList();
        mirror.write(fixture.client, List.of(event("first"))); // the columns are known
        int before = fixture.baserow.requests().size();

        assertThat(mirror.write(fixture.client, events)).isEmpty();

        assertThat(fixture.baserow.requests().size() - before).isEqualTo(6);
        assertThat(ids()).hasSize(101).doesNotHaveDuplicates();
        assertThat(table.rows().get(7).path("payload").asText()).isEqualTo("{\"total\":80}");
    }

    @Test
    void events_that_have_their_rows_are_left_alone() {
        mirror.write(fixture.client, List.of(event("a"), event("b")));

        mirror.write(fixture.client, List.of(event("b"), event("c"), event("a")));

        assertThat(ids()).containsExactly("a", "b", "c");
    }

    @Test
    void what_was_done_in_spite_of_a_failure_is_not_done_again() {
        fixture.baserow.faults().next(1, CREATE, Fault.cut());

        assertThatThrownBy(() -> mirror.write(fixture.client, List.of(event("a"), event("b"))))
                .isInstanceOfSatisfying(
                        BaserowException.class,
                        e -> assertThat(e.error().unclear()).isTrue());
        mirror.write(fixture.client, List.of(event("a"), event("b")));

        assertThat(ids()).containsExactly("a", "b");
    }

    @Test
    void an_event_the_table_cannot_hold_keeps_no_other_away() {
        Map<String, String> refused =
                mirror.write(fixture.client, List.of(event("a"), event("b", "order.lost"), event("c")));

        assertThat(refused).containsExactly(Map.entry("b", "invalid_request"));
        assertThat(ids()).containsExactly("a", "c");
    }

    @Test
    void a_column_that_is_not_there_is_a_reason_and_no_failure() {
        var elsewhere = new BaserowEventMirror(
                TableSettings.of("events", table.id()),
                Map.of(EventColumn.ID, "event_id", EventColumn.SOURCE, "no_such_column"));

        assertThat(elsewhere.write(fixture.client, List.of(event("a")))).containsEntry("a", "unknown_column");
    }

    @Test
    void a_column_that_vanishes_while_it_is_written_leaves_no_half_rows() {
        mirror.write(fixture.client, List.of(event("a"))); // the columns are known
        table.rename("payload", "content");

        assertThatThrownBy(() -> mirror.write(fixture.client, List.of(event("b"), event("c"))))
                .isInstanceOfSatisfying(
                        BaserowException.class, e -> assertThat(e.error()).isEqualTo(BaserowError.COLUMNS_CHANGED));

        assertThat(ids()).containsExactly("a");
    }

    /** The answer to making them repeats them whole, and is larger than is read. */
    @Test
    void events_that_are_large_together_are_made_once_and_found_again() {
        var careful = fixture.settings().maxAnswerBytes(20_000).build();
        List<Event> events =
                IntStream.range(0, 40).mapToObj(i -> large("e" + i)).toList();

        assertThat(mirror.write(careful, events)).isEmpty();
        assertThat(mirror.write(careful, events)).isEmpty();

        assertThat(ids()).hasSize(40).doesNotHaveDuplicates();
        assertThat(table.createdThroughApi()).isEqualTo(40);
        assertThat(mirror.remove(careful, List.of("e0", "e39"))).isEqualTo(2);
    }

    @Test
    void large_events_that_were_made_and_could_not_be_looked_for_are_found_the_next_time() {
        var careful = fixture.settings().maxAnswerBytes(20_000).build();
        List<Event> events =
                IntStream.range(0, 20).mapToObj(i -> large("e" + i)).toList();
        fixture.baserow.faults().next(1, Fixture.LIST.and(request -> !ids().isEmpty()), Fault.status(503));

        assertThatThrownBy(() -> mirror.write(careful, events))
                .isInstanceOfSatisfying(
                        BaserowException.class,
                        e -> assertThat(e.error().unclear()).isTrue());
        assertThat(mirror.write(careful, events)).isEmpty();

        assertThat(table.createdThroughApi()).isEqualTo(20);
    }

    @Test
    void large_events_are_found_by_a_column_that_cannot_be_asked_for_alone() {
        BaserowTable quoted =
                fixture.baserow.table("events", BaserowField.text("id, evento"), BaserowField.longText("payload"));
        var careful = fixture.settings().maxAnswerBytes(20_000).build();
        var elsewhere = new BaserowEventMirror(
                TableSettings.of("events", quoted.id()),
                Map.of(EventColumn.ID, "id, evento", EventColumn.PAYLOAD, "payload"));
        List<Event> events =
                IntStream.range(0, 20).mapToObj(i -> large("e" + i)).toList();

        assertThat(elsewhere.write(careful, events)).isEmpty();
        assertThat(elsewhere.write(careful, events)).isEmpty();

        assertThat(quoted.createdThroughApi()).isEqualTo(20);
    }

    @Test
    void a_column_that_vanishes_while_large_events_are_written_leaves_no_half_rows() {
        var careful = fixture.settings().maxAnswerBytes(20_000).build();
        mirror.write(careful, List.of(event("a"))); // the columns are known
        table.rename("timestamp", "when");

        assertThatThrownBy(() -> mirror.write(
                        careful,
                        IntStream.range(0, 20).mapToObj(i -> large("e" + i)).toList()))
                .isInstanceOfSatisfying(
                        BaserowException.class, e -> assertThat(e.error()).isEqualTo(BaserowError.COLUMNS_CHANGED));

        assertThat(ids()).containsExactly("a");
    }

    @Test
    void rows_are_taken_away_again() {
        mirror.write(fixture.client, List.of(event("a"), event("b"), event("c")));

        assertThat(mirror.remove(fixture.client, List.of("b", "c", "d"))).isEqualTo(2);
        assertThat(mirror.remove(fixture.client, List.of("b"))).isZero();

        assertThat(ids()).containsExactly("a");
        assertThatIllegalArgumentException().isThrownBy(() -> mirror.write(fixture.client, List.of()));
    }

    private List<String> ids() {
        return table.rows().stream().map(row -> row.path("event_id").asText()).toList();
    }

    private static Event event(String id) {
        return event(id, "order.paid");
    }

    private static Event large(String id) {
        return event(id, "order.paid", Map.of("note", "x".repeat(3_000)));
    }

    private static Event event(String id, String type) {
        return event(id, type, Map.of("total", 80));
    }

    private static Event event(String id, String type, Map<String, Object> payload) {
        return new Event(
                id,
                Fixture.TENANT,
                null,
                "+5511990000401",
                type,
                1,
                payload,
                Event.Source.SYSTEM,
                null,
                null,
                0,
                Instant.parse("2026-09-01T12:00:00Z"));
    }
}
