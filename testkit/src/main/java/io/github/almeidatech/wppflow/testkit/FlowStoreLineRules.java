package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.HeldBack;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.flow.CommandResult.Unclear;
import io.github.almeidatech.wppflow.flow.FlowStats;
import io.github.almeidatech.wppflow.flow.WaitingCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.UpdateContact;
import io.github.almeidatech.wppflow.model.OutboundCommand.WriteRow;
import io.github.almeidatech.wppflow.model.Owner;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That replies and records of a conversation never wait for each other, and what of records is carried out together. */
abstract class FlowStoreLineRules extends FlowStoreFirstReplyRules {

    @Test
    void a_reply_never_waits_for_a_record() {
        answered(11, 0, webhook("w1"), say("a"), webhook("w2"), say("b"));
        CommandAttempt stuck = record(0);

        CommandAttempt first = command(0);
        assertThat(first.command()).isEqualTo(say("a"));
        done(first, 1);
        assertThat(command(1).command()).isEqualTo(say("b"));

        assertThat(records(2)).as("one at a time in each line").isEmpty();
        assertThat(store.nextCommandDue(Line.RECORDS)).contains(at(60));
        done(stuck, 3);
        assertThat(record(3).command()).isEqualTo(webhook("w2"));
    }

    @Test
    void a_record_never_waits_for_a_reply() {
        answered(11, 0, say("a"), webhook("w"));
        store.completeCommand(command(0), new NotDone("down", null), at(100), 5, at(1));

        assertThat(record(1).command()).isEqualTo(webhook("w"));
        assertThat(store.nextCommandDue(Line.REPLIES)).contains(at(100));
    }

    @Test
    void records_go_in_order_and_a_failing_one_waits_in_its_line_only() {
        answered(11, 0, webhook("w1"), say("a"), webhook("w2"));
        CommandAttempt first = record(0);

        store.completeCommand(first, new NotDone("down", null), at(50), 5, at(1));

        assertThat(records(49)).isEmpty();
        assertThat(store.nextCommandDue(Line.RECORDS)).contains(at(50));
        assertThat(command(2).command()).isEqualTo(say("a"));
        CommandAttempt again = record(50);
        assertThat(again.key()).isEqualTo(first.key());
        assertThat(again.attempt()).isEqualTo(2);
        finish(again, new Refused("gone"), 51);
        assertThat(record(51).command()).isEqualTo(webhook("w2"));
    }

    @Test
    void a_record_cut_off_by_a_restart_is_unclear_and_the_reply_beside_it_too() {
        answered(11, 0, webhook("w"), say("a"));
        CommandAttempt lost = record(0);
        command(0);
        restart();
        store.recover(at(20));

        CommandAttempt again = record(20);

        assertThat(again.key()).isEqualTo(lost.key());
        assertThat(again.unclearSince()).isEqualTo(at(20));
        assertThat(command(20).unclearSince()).isEqualTo(at(20));
        assertThat(done(lost, 21)).isFalse();
    }

    @Test
    void a_takeover_holds_back_answers_and_no_record() {
        answered(11, 0, webhook("w1"), say("a"), say("b"), webhook("w2"));
        CommandAttempt reply = command(0);

        finish(reply, new HeldBack(owns(Owner.HUMAN, at(1))), 1);

        assertThat(log("command.held_back")).hasSize(2);
        assertThat(commands(2)).isEmpty();
        assertThat(store.nextCommandDue(Line.REPLIES)).isEmpty();
        CommandAttempt first = record(2);
        assertThat(first.command()).isEqualTo(webhook("w1"));
        done(first, 3);
        assertThat(record(3).command()).isEqualTo(webhook("w2"));
    }

    @Test
    void a_record_s_sender_that_finds_a_person_holds_back_the_answers() {
        answered(11, 0, webhook("w1"), say("a"), label("l"));

        finish(record(0), new HeldBack(owns(Owner.HUMAN, at(1))), 1);

        assertThat(log("command.held_back")).hasSize(2);
        assertThat(command(2).command()).isEqualTo(label("l"));
    }

    @Test
    void a_dead_letter_goes_back_into_its_own_line() {
        answered(11, 0, webhook("w1"), webhook("w2"), say("a"));
        finish(record(0), new Refused("gone"), 1);
        CommandAttempt second = record(1);
        long dead = only(store.deadLetters(TENANT, 0, 10)).commandId();

        assertThat(store.retryDeadLetter(TENANT, dead, at(2))).isTrue();

        assertThat(command(2).command()).isEqualTo(say("a"));
        done(second, 3);
        CommandAttempt retried = record(3);
        assertThat(retried.command()).isEqualTo(webhook("w1"));
        assertThat(retried.unclearSince()).isEqualTo(at(1));
    }

    @Test
    void waiting_changes_of_one_contact_are_carried_out_as_one() {
        answered(11, 0, named("Ana"));
        answered(12, 1, webhook("w"), new UpdateContact(PERSON, null, "ana@example.com", Map.of("pet", "Rex"), null));
        answered(13, 2, new UpdateContact(PERSON, "Ana Prado", null, Map.of("pet", "Bidu"), true));

        CommandAttempt whole = record(3);

        assertThat(whole.command())
                .isEqualTo(new UpdateContact(PERSON, "Ana Prado", "ana@example.com", Map.of("pet", "Bidu"), true));
        assertThat(whole.attempt()).isEqualTo(1);
        assertThat(log("command.merged"))
                .hasSize(2)
                .allSatisfy(event -> assertThat(event.payload())
                        .containsEntry("into", whole.key())
                        .containsEntry("command", "update_contact")
                        .containsKey("key"));
        assertThat(store.stats(at(3))).isEqualTo(new FlowStats(0, 0, 0, null, 2, at(0), 0));
        restart();
        CommandAttempt again = record(64);
        assertThat(again.command()).isEqualTo(whole.command());
        done(again, 65);
        done(record(65), 66);
        assertThat(log("command.done")).hasSize(2);
        assertThat(records(66)).isEmpty();
    }

    @Test
    void what_was_being_tried_takes_up_what_came_meanwhile() {
        answered(11, 0, named("Ana"));
        CommandAttempt first = record(0);
        answered(12, 1, named("Bia"));

        finish(first, new Unclear("timeout", null), 2);

        CommandAttempt second = record(2);
        assertThat(second.command()).isEqualTo(named("Bia"));
        assertThat(second.key()).isEqualTo(first.key());
        assertThat(second.unclearSince()).isEqualTo(at(2));
        finish(second, new Refused("no"), 3);
        assertThat(only(store.deadLetters(TENANT, 0, 10)).command()).isEqualTo(named("Bia"));
    }

    @Test
    void what_was_tried_before_stays_by_itself() {
        answered(11, 0, named("Ana"), row(1, "a", "x"));
        finish(record(0), new Refused("no"), 1);
        answered(12, 1, named("Bia"));
        done(record(1), 1);
        store.completeCommand(record(1), new Unclear("timeout", null), at(2), 5, at(1));
        store.retryDeadLetter(TENANT, only(store.deadLetters(TENANT, 0, 10)).commandId(), at(2));

        CommandAttempt revived = record(2);

        assertThat(revived.command()).isEqualTo(named("Ana"));
        done(revived, 3);
        assertThat(record(3).unclearSince()).isEqualTo(at(1));
    }

    @Test
    void changes_of_one_row_become_one_and_other_rows_stay_apart() {
        answered(11, 0, row(1, "a", "x"), row(2, "a", "y"), row(1, "b", "z"), newRow("n"), newRow("n"));

        for (OutboundCommand wanted : List.of(
                new WriteRow("visits", Map.of("n", 1), Map.of("a", "x", "b", "z")),
                row(2, "a", "y"),
                newRow("n"),
                newRow("n"))) {
            CommandAttempt attempt = record(1);
            assertThat(attempt.command()).isEqualTo(wanted);
            finish(attempt, new Done(null), 1);
        }
        assertThat(store.stateOf(CONVERSATION).commands()).isEmpty();
    }

    @Test
    void what_waits_in_both_lines_is_shown() {
        answered(11, 0, webhook("w"), say("a"));
        CommandAttempt record = record(0);

        var state = store.stateOf(CONVERSATION);

        assertThat(state.commands()).extracting(WaitingCommand::command).containsExactly(webhook("w"), say("a"));
        assertThat(state.recordClaimedUntil()).isEqualTo(record.leaseUntil());
        assertThat(state.commandClaimedUntil()).isNull();
        assertThat(store.stats(at(1))).isEqualTo(new FlowStats(0, 1, 0, at(0), 1, at(0), 0));
    }

    private static WriteRow row(int number, String field, String value) {
        return new WriteRow("visits", Map.of("n", number), Map.of(field, value));
    }

    private static WriteRow newRow(String value) {
        return new WriteRow("visits", Map.of(), Map.of("a", value));
    }
}
