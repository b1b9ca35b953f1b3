package io.github.almeidatech.wppflow.baserow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.flow.CommandResult.Unclear;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.WriteRow;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaserowCommandSenderTest {

    private static final Duration SETTLE = Duration.ofSeconds(60);

    private final Fixture fixture = new Fixture();
    private final SimulatedBaserow baserow = fixture.baserow;
    private final BaserowTable leads = baserow.table(
            "leads",
            BaserowField.text("key"),
            BaserowField.phone("phone"),
            BaserowField.text("name"),
            BaserowField.longText("note"),
            BaserowField.number("age", 0),
            BaserowField.checkbox("vip"),
            BaserowField.singleSelect("status", "open", "closed"),
            BaserowField.date("born"));
    private final BaserowCommandSender sender = sender(fixture.client);

    private BaserowCommandSender sender(BaserowClient client) {
        return BaserowCommandSender.builder(client)
                .table(TableSettings.of("leads", leads.id()))
                .table(TableSettings.of("keyed", leads.id()).withKeyColumn("key"))
                .table(TableSettings.of("raw", leads.id()).withTrustedColumns(Set.of("note")))
                .clock(fixture.clock)
                .build();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private CommandResult send(OutboundCommand command) {
        return sender.send(fixture.attempt(command));
    }

    private static WriteRow write(Map<String, Object> match, Map<String, Object> fields) {
        return new WriteRow("leads", match, fields);
    }

    private JsonNode onlyRow() {
        assertThat(leads.rows()).hasSize(1);
        return leads.rows().get(0);
    }

    @Test
    void a_row_is_made_when_none_matches_and_changed_when_one_does() {
        CommandResult first = send(write(Map.of("phone", "+5561981234567"), Map.of("name", "Ana", "age", 30)));
        CommandResult second = send(write(Map.of("phone", "5561981234567"), Map.of("name", "Ana Souza")));

        assertThat(first).isEqualTo(new Done("1")).isEqualTo(second);
        assertThat(onlyRow().path("name").asText()).isEqualTo("Ana Souza");
        assertThat(onlyRow().path("age").asText()).isEqualTo("30");
    }

    @Test
    void the_lowest_of_several_matching_rows_counts_and_blank_rows_never_match() {
        leads.withBlankRows();
        long lowest = leads.add(Map.of("name", "Ana"));
        leads.add(Map.of("name", "Ana"));

        assertThat(send(write(Map.of("name", "Ana"), Map.of("note", "oi"))))
                .isEqualTo(new Done(String.valueOf(lowest)));
    }

    @Test
    void rows_are_found_however_large_what_else_is_in_them() {
        var careful = sender(fixture.settings().maxAnswerBytes(20_000).build());
        long first = leads.add(Map.of("name", "Ana", "note", "x".repeat(30_000)));
        leads.add(Map.of("name", "Ana", "note", "x".repeat(30_000)));

        CommandResult result = careful.send(fixture.attempt(write(Map.of("name", "Ana"), Map.of("vip", false))));

        assertThat(result).isEqualTo(new Done(String.valueOf(first)));
    }

    @Test
    void a_number_is_rounded_to_the_decimals_of_its_column_and_then_stands_there_already() {
        WriteRow command = write(Map.of("name", "Ana"), Map.of("age", "29.5"));
        send(command);

        CommandResult again = send(command);

        assertThat(again).isEqualTo(new Done("1"));
        assertThat(onlyRow().path("age").asText()).isEqualTo("30");
        assertThat(baserow.requests()).noneMatch(Fixture.UPDATE);
    }

    /** Rounded, it would be found as somebody else's, or made again by each repetition. */
    @Test
    void a_number_that_finds_a_row_is_never_rounded() {
        leads.add(Map.of("name", "Ana", "age", 30));
        WriteRow command = write(Map.of("age", "29.5"), Map.of("note", "oi"));

        assertThat(send(command)).isEqualTo(new Refused("invalid_request"));

        assertThat(onlyRow().path("note").isNull()).isTrue();
    }

    @Test
    void a_row_that_says_it_already_is_not_written() {
        WriteRow command = write(
                Map.of("name", "Ana", "status", "open", "vip", true, "age", "30"),
                Map.of("born", "2020-01-02", "note", "=1+1"));
        send(command);

        CommandResult again = send(command);

        assertThat(again).isEqualTo(new Done("1"));
        assertThat(baserow.requests()).noneMatch(Fixture.UPDATE);
        assertThat(onlyRow().path("note").asText()).isEqualTo("'=1+1");
        assertThat(onlyRow().path("status").path("value").asText()).isEqualTo("open");
    }

    @Test
    void a_text_that_was_guarded_is_found_again_however_it_stands_there() {
        leads.add(Map.of("name", "@loja"));

        assertThat(send(write(Map.of("name", "@loja"), Map.of("age", 1)))).isEqualTo(new Done("1"));
        send(write(Map.of("name", "=A1"), Map.of("age", 1)));
        send(write(Map.of("name", "=A1"), Map.of("age", 2)));

        assertThat(leads.rows()).hasSize(2);
        assertThat(leads.rows().get(1).path("name").asText()).isEqualTo("'=A1");
    }

    @Test
    void a_trusted_column_takes_text_as_it_is() {
        send(new WriteRow("raw", Map.of(), Map.of("name", "=A1", "note", "=A1")));

        assertThat(onlyRow().path("name").asText()).isEqualTo("'=A1");
        assertThat(onlyRow().path("note").asText()).isEqualTo("=A1");
    }

    @Test
    void a_row_can_be_named_by_its_number() {
        long row = leads.add(Map.of("name", "Ana"));

        assertThat(send(write(Map.of("id", row), Map.of("age", 31)))).isEqualTo(new Done(String.valueOf(row)));
        assertThat(send(write(Map.of("id", 99), Map.of("age", 31)))).isEqualTo(new Refused("row_not_found"));
        assertThat(send(write(Map.of("id", row, "name", "Ana"), Map.of("age", 31))))
                .isEqualTo(new Refused("unsuitable_match"));
        assertThat(onlyRow().path("age").asText()).isEqualTo("31");
    }

    @Test
    void what_can_never_be_written_is_refused_with_its_reason() {
        var blank = new HashMap<String, Object>();
        blank.put("name", " ");

        assertThat(send(new WriteRow("orders", Map.of(), Map.of("a", 1)))).isEqualTo(new Refused("unknown_table"));
        assertThat(send(write(Map.of(), Map.of("nome", "Ana")))).isEqualTo(new Refused("unknown_column"));
        assertThat(send(write(blank, Map.of("age", 1)))).isEqualTo(new Refused("unsuitable_match"));
        assertThat(send(write(Map.of("born", "2020-01-02"), Map.of("age", 1))))
                .isEqualTo(new Refused("unsuitable_match"));
        assertThat(send(write(Map.of("status", "lost"), Map.of("age", 1)))).isEqualTo(new Refused("unknown_option"));
        assertThat(send(write(Map.of("status", "open"), Map.of("status", "closed"))))
                .isEqualTo(new Refused("match_is_changed"));
        assertThat(send(write(Map.of("phone", "casa"), Map.of("age", 1)))).isEqualTo(new Refused("no_phone_number"));
        assertThat(send(write(Map.of(), Map.of("status", "lost")))).isEqualTo(new Refused("invalid_request"));
        assertThat(send(new OutboundCommand.AddPrivateNote("oi"))).isEqualTo(new Refused("not_for_baserow"));
        assertThat(send(new OutboundCommand.UpdateContact("p", "Ana", null, Map.of(), null)))
                .isEqualTo(new Refused("not_for_baserow"));
        assertThat(leads.rows()).isEmpty();
    }

    @Test
    void nothing_is_written_once_the_lease_is_over() {
        CommandAttempt attempt = fixture.attempt(write(Map.of(), Map.of("name", "Ana")));
        fixture.clock.advance(Duration.ofMinutes(2));

        assertThat(sender.send(attempt)).isEqualTo(new NotDone("lease_over", null));
        assertThat(baserow.requests()).isEmpty();
    }

    @Test
    void what_certainly_did_not_happen_is_tried_again() {
        WriteRow command = write(Map.of("name", "Ana"), Map.of("age", 1));
        send(write(Map.of("name", "Bia"), Map.of("age", 1)));
        baserow.faults().next(1, Fixture.CREATE, SimulatedBaserow.deadlock());

        assertThat(send(command)).isEqualTo(new NotDone("conflict", null));
        assertThat(send(command)).isInstanceOf(Done.class);

        baserow.faults().next(1, Fixture.LIST, Fault.status(500));
        assertThat(send(command)).as("only reading failed").isEqualTo(new NotDone("server_error", null));
        baserow.faults().next(1, Fixture.ANY, SimulatedBaserow.throttled(Duration.ofSeconds(29)));
        assertThat(send(command)).isInstanceOfSatisfying(NotDone.class, result -> {
            assertThat(result.reason()).isEqualTo("rate_limited");
            assertThat(result.after()).isLessThanOrEqualTo(Duration.ofSeconds(1));
        });
        fixture.clock.advance(Duration.ofSeconds(1));
        baserow.close();
        assertThat(send(command))
                .as("on a kept connection it breaks, on a new one there is nobody")
                .isIn(new NotDone("unreachable", null), new NotDone("broken", null));
    }

    @Test
    void after_an_unclear_try_the_row_is_looked_for_and_made_only_when_time_has_passed() {
        CommandAttempt first = fixture.attempt(write(Map.of("name", "Ana"), Map.of("age", 1)));
        baserow.faults().next(1, Fixture.CREATE, Fault.status(500));

        CommandResult unclear = sender.send(first);
        fixture.clock.advance(Duration.ofSeconds(10));
        CommandAttempt second = fixture.again(first, new NotDone("x", null));
        CommandAttempt sinceFirst = fixture.attempt(
                first.command(), first.key(), 2, fixture.clock.instant().minusSeconds(10));
        CommandResult settling = sender.send(sinceFirst);
        fixture.clock.advance(SETTLE);
        CommandResult done = sender.send(fixture.attempt(first.command(), first.key(), 3, sinceFirst.unclearSince()));

        assertThat(second.attempt()).isEqualTo(2);
        assertThat(unclear).isInstanceOf(Unclear.class);
        assertThat(settling).isEqualTo(new NotDone("settling", SETTLE.minusSeconds(10)));
        assertThat(done).isEqualTo(new Done("1"));
        assertThat(leads.createdThroughApi()).isEqualTo(1);
    }

    @Test
    void without_match_and_key_column_an_unclear_try_is_left_to_a_person() {
        CommandAttempt first = fixture.attempt(write(Map.of(), Map.of("name", "Ana")));
        baserow.faults().next(1, Fixture.CREATE, Fault.status(500).afterDoing());

        CommandResult unclear = sender.send(first);

        assertThat(unclear).isInstanceOf(Unclear.class);
        assertThat(sender.send(fixture.again(first, unclear))).isEqualTo(new Refused("unclear_without_key_column"));
        assertThat(leads.createdThroughApi()).isEqualTo(1);
    }

    @Test
    void a_key_column_keeps_rows_without_match_apart_and_single() {
        var command = new WriteRow("keyed", Map.of(), Map.of("name", "Ana"));
        baserow.faults().next(1, Fixture.CREATE, Fault.status(502).afterDoing());
        CommandAttempt first = fixture.attempt(command);

        CommandResult unclear = sender.send(first);
        CommandResult found = sender.send(fixture.again(first, unclear));
        CommandResult other = send(command);

        assertThat(found).isEqualTo(new Done("1"));
        assertThat(other).isEqualTo(new Done("2"));
        assertThat(leads.rows())
                .extracting(row -> row.path("key").asText())
                .contains(first.key())
                .hasSize(2);
    }

    @Test
    void a_renamed_column_leaves_no_half_row_behind_and_is_named_by_the_next_try() {
        send(write(Map.of("name", "Ana"), Map.of("age", 1)));
        leads.rename("age", "idade");
        WriteRow command = write(Map.of(), Map.of("name", "Bia", "age", 2));

        assertThat(send(command)).isEqualTo(new NotDone("columns_changed", null));
        assertThat(send(command)).isEqualTo(new Refused("unknown_column"));
        assertThat(onlyRow().path("name").asText()).isEqualTo("Ana");
    }

    @Test
    void a_column_that_was_renamed_under_an_update_is_noticed() {
        send(write(Map.of("name", "Ana"), Map.of("age", 1)));
        leads.rename("age", "idade");

        assertThat(send(write(Map.of("name", "Ana"), Map.of("age", 2))))
                .isEqualTo(new NotDone("columns_changed", null));
        leads.rename("idade", "age");
        assertThat(send(write(Map.of("name", "Ana"), Map.of("age", 2)))).isEqualTo(new Done("1"));
    }

    @Test
    void a_row_deleted_by_hand_between_looking_and_writing_is_made_anew() {
        long row = leads.add(Map.of("name", "Ana"));
        baserow.faults()
                .next(
                        1,
                        request -> {
                            if (Fixture.UPDATE.test(request)) {
                                leads.remove(row);
                            }
                            return false;
                        },
                        Fault.drop());
        WriteRow command = write(Map.of("name", "Ana"), Map.of("age", 2));

        assertThat(send(command)).isEqualTo(new NotDone("row_not_found", null));
        assertThat(send(command)).isEqualTo(new Done("2"));
    }

    @Test
    void with_a_unique_column_somebody_quicker_is_no_harm() {
        BaserowTable unique = baserow.table(
                "unique",
                BaserowField.text("event_id").asUnique(),
                BaserowField.text("name").asUnique());
        var careful = BaserowCommandSender.builder(fixture.client)
                .table(TableSettings.of("unique", unique.id()))
                .clock(fixture.clock)
                .build();
        baserow.faults()
                .next(
                        1,
                        request -> {
                            if (Fixture.CREATE.test(request) && unique.rows().isEmpty()) {
                                unique.add(Map.of("event_id", "e1"));
                            }
                            return false;
                        },
                        Fault.drop());

        CommandResult result =
                careful.send(fixture.attempt(new WriteRow("unique", Map.of("event_id", "e1"), Map.of("name", "x"))));
        CommandResult other =
                careful.send(fixture.attempt(new WriteRow("unique", Map.of("event_id", "e2"), Map.of("name", "x"))));

        assertThat(result).isEqualTo(new Done("1"));
        assertThat(other).isEqualTo(new Refused("not_unique"));
        assertThat(unique.rows())
                .hasSize(1)
                .allMatch(row -> row.path("name").asText().equals("x"));
    }

    @Test
    void writers_of_one_new_row_in_one_process_make_one() throws Exception {
        baserow.faults().always(Fixture.LIST, Fault.slow(Duration.ofMillis(30)));
        var threads = Executors.newFixedThreadPool(8);
        try {
            var calls = new ArrayList<Callable<CommandResult>>();
            for (int i = 0; i < 8; i++) {
                int age = i;
                CommandAttempt attempt = fixture.attempt(write(Map.of("name", "Ana"), Map.of("age", age)));
                calls.add(() -> {
                    CommandResult result = sender.send(attempt);
                    while (result instanceof NotDone) {
                        result = sender.send(attempt);
                    }
                    return result;
                });
            }
            for (var result : threads.invokeAll(calls)) {
                assertThat(result.get()).isEqualTo(new Done("1"));
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(leads.createdThroughApi()).isEqualTo(1);
    }

    /** F39: whatever is done and then not answered, no row is there twice and none is lost. */
    @ParameterizedTest
    @ValueSource(longs = {20261125, 7, 4711, 99})
    void done_and_then_not_answered_never_doubles_a_row(long seed) {
        var random = new Random(seed);
        var impatient = sender(fixture.settings()
                .timeLimit(Duration.ofMillis(60))
                .breakerDelay(Duration.ofNanos(1))
                .build());
        List<Supplier<Fault>> faults = List.of(
                () -> Fault.status(500).afterDoing(),
                () -> Fault.status(504),
                Fault::cut,
                Fault::drop,
                () -> Fault.drop().afterDoing(),
                () -> Fault.garbage().afterDoing(),
                () -> Fault.slow(Duration.ofMillis(150)),
                SimulatedBaserow::deadlock,
                () -> SimulatedBaserow.throttled(Duration.ofSeconds(29)));
        int cases = 50;
        for (int i = 0; i < cases; i++) {
            boolean keyed = random.nextBoolean();
            WriteRow command = keyed
                    ? new WriteRow("keyed", Map.of(), Map.of("note", "case-" + i))
                    : write(Map.of("name", "person-" + i), Map.of("note", "case-" + i));
            for (int fault = random.nextInt(3); fault >= 0; fault--) {
                var when = random.nextInt(4) == 0 ? Fixture.ANY : Fixture.CREATE;
                baserow.faults()
                        .next(1, when, faults.get(random.nextInt(faults.size())).get());
            }
            CommandAttempt attempt = fixture.attempt(command);
            CommandResult result = impatient.send(attempt);
            for (int tries = 1; !(result instanceof Done) && tries < 20; tries++) {
                CommandAttempt next = fixture.again(attempt, result);
                fixture.clock.advance(Duration.ofSeconds(35));
                attempt = fixture.attempt(next.command(), next.key(), next.attempt(), next.unclearSince());
                result = impatient.send(attempt);
            }
            assertThat(result).as("seed %d, case %d", seed, i).isInstanceOf(Done.class);
            baserow.faults().clear();
        }

        assertThat(leads.rows())
                .as("seed %d", seed)
                .hasSize(cases)
                .extracting(row -> row.path("note").asText())
                .doesNotHaveDuplicates();
        assertThat(baserow.faults().struck()).isGreaterThan(cases);
    }

    @Test
    void two_tables_of_one_name_are_a_mistake() {
        var builder = BaserowCommandSender.builder(fixture.client).table(TableSettings.of("leads", 1));

        assertThatIllegalArgumentException().isThrownBy(() -> builder.table(TableSettings.of("leads", 2)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.settleTime(Duration.ofSeconds(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> TableSettings.of(" ", 1));
        assertThat(sender.expectations()).hasSize(3);
    }
}
