package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandCompletion;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.HeldBack;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.flow.NextClaim;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Owner;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How a worker that has carried out a command gets the next one of its conversation with it. */
abstract class FlowStoreGoingOnRules extends FlowStoreSendingRules {

    private CommandCompletion goOn(CommandAttempt attempt, CommandResult result, double retryAt, double seconds) {
        return goOn(attempt, result, retryAt, seconds, UUID.randomUUID().toString());
    }

    private CommandCompletion goOn(
            CommandAttempt attempt, CommandResult result, double retryAt, double seconds, String nextToken) {
        return store.completeCommand(attempt, result, at(retryAt), 5, at(seconds), new NextClaim(nextToken, LEASE));
    }

    private CommandAttempt next(CommandAttempt attempt, double seconds) {
        return Objects.requireNonNull(goOn(attempt, new Done("x" + attempt.commandId()), seconds, seconds)
                .next());
    }

    @Test
    void a_result_is_stored_and_the_conversations_next_command_claimed() {
        answered(11, 0, say("a"), say("b"), say("c"));
        CommandAttempt first = command(0);

        CommandAttempt second = next(first, 3);

        assertThat(second.command()).isEqualTo(say("b"));
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(second.unclearSince()).isNull();
        assertThat(second.leaseUntil()).isEqualTo(at(63));
        assertThat(second.token()).isNotEqualTo(first.token());
        assertThat(only(log("command.done")).payload()).containsEntry("key", first.key());
        assertThat(commands(62)).isEmpty();
        assertThat(store.nextCommandDue(Line.REPLIES)).contains(at(63));
        assertThat(next(second, 4).command()).isEqualTo(say("c"));
    }

    @Test
    void after_the_last_one_there_is_none() {
        answered(11, 0, say("a"));

        assertThat(goOn(command(0), new Done(null), 1, 1)).isEqualTo(new CommandCompletion(true, null));
        assertThat(store.nextCommandDue(Line.REPLIES)).isEmpty();
    }

    @Test
    void what_has_to_wait_keeps_its_place() {
        answered(11, 0, say("a"), say("b"));

        assertThat(goOn(command(0), new NotDone("down", null), 9, 1)).isEqualTo(new CommandCompletion(true, null));
        assertThat(commands(8)).isEmpty();
        assertThat(command(9).command()).isEqualTo(say("a"));
    }

    @Test
    void behind_what_was_given_up_comes_the_next() {
        answered(11, 0, say("a"), say("b"));

        CommandCompletion completion = goOn(command(0), new Refused("too_long"), 1, 1);

        assertThat(Objects.requireNonNull(completion.next()).command()).isEqualTo(say("b"));
        assertThat(store.deadLetters(TENANT, 0, 10)).hasSize(1);
    }

    @Test
    void who_has_lost_the_lease_stores_nothing_and_gets_nothing() {
        answered(11, 0, say("a"), say("b"));
        CommandAttempt lost = command(0);
        CommandAttempt again = command(75);

        assertThat(goOn(lost, new Done(null), 76, 76)).isEqualTo(new CommandCompletion(false, null));
        assertThat(log("command.done")).isEmpty();
        assertThat(next(again, 77).command()).isEqualTo(say("b"));
        assertThat(goOn(again, new Done(null), 78, 78)).isEqualTo(new CommandCompletion(false, null));
    }

    @Test
    void a_result_that_is_stored_again_changes_nothing_and_gives_the_same_next_one() {
        answered(11, 0, say("a"), say("b"), say("c"));
        CommandAttempt first = command(0);

        CommandCompletion stored = goOn(first, new Done("x"), 3, 3, "token");
        CommandCompletion again = goOn(first, new Done("x"), 5, 5, "token");

        assertThat(again).isEqualTo(stored);
        CommandAttempt second = Objects.requireNonNull(again.next());
        assertThat(second.command()).isEqualTo(say("b"));
        assertThat(second.attempt()).isEqualTo(1);
        assertThat(second.unclearSince()).isNull();
        assertThat(second.leaseUntil()).isEqualTo(at(63));
        assertThat(second.token()).isEqualTo("token");
        assertThat(log("command.done")).hasSize(1);
        assertThat(commands(62)).isEmpty();
        assertThat(next(second, 62).command()).isEqualTo(say("c"));
    }

    @Test
    void what_was_merged_is_given_again_as_it_was_claimed() {
        answered(11, 0, webhook("crm"), named("Ana"), named("Ana Souza"));
        CommandAttempt first = record(0);

        CommandCompletion stored = goOn(first, new Done(null), 1, 1, "token");
        CommandCompletion again = goOn(first, new Done(null), 2, 2, "token");

        assertThat(again).isEqualTo(stored);
        assertThat(Objects.requireNonNull(again.next()).command()).isEqualTo(named("Ana Souza"));
        assertThat(log("command.merged")).hasSize(1);
    }

    @Test
    void what_another_has_claimed_since_is_not_given_again() {
        answered(11, 0, say("a"), say("b"));
        CommandAttempt first = command(0);
        goOn(first, new Done(null), 1, 1, "token");
        CommandAttempt others = command(61);

        assertThat(goOn(first, new Done(null), 62, 62, "token")).isEqualTo(new CommandCompletion(false, null));
        assertThat(others.attempt()).isEqualTo(2);
        assertThat(goOn(others, new Done(null), 63, 63)).isEqualTo(new CommandCompletion(true, null));
    }

    @Test
    void the_next_is_not_claimed_once_a_person_has_spoken() {
        answered(11, 0, say("a"), say("b"), label("c"));
        CommandAttempt first = command(0);
        signal(spoke(at(1)), 1);

        CommandAttempt next = next(first, 2);

        assertThat(next.command()).isEqualTo(label("c"));
        assertThat(only(log("command.held_back")).payload()).containsEntry("reason", "human_agent_message");
    }

    @Test
    void what_is_held_back_takes_the_other_answers_with_it() {
        answered(11, 0, say("a"), say("b"), label("c"));

        CommandCompletion completion = goOn(command(0), new HeldBack(owns(Owner.HUMAN, at(1))), 1, 1);

        assertThat(Objects.requireNonNull(completion.next()).command()).isEqualTo(label("c"));
        assertThat(log("command.held_back")).hasSize(2);
        assertThat(store.ownerOf(CONVERSATION, at(1))).isEqualTo(Owner.HUMAN);
    }

    @Test
    void only_the_same_line_goes_on() {
        answered(11, 0, say("a"), webhook("crm"), say("b"));

        assertThat(next(command(0), 1).command()).isEqualTo(say("b"));
        CommandAttempt record = record(1);
        assertThat(record.command()).isEqualTo(webhook("crm"));
        assertThat(goOn(record, new Done(null), 2, 2)).isEqualTo(new CommandCompletion(true, null));
    }

    @Test
    void what_can_be_merged_is_claimed_together() {
        answered(11, 0, webhook("crm"), named("Ana"), named("Ana Souza"));

        CommandAttempt next = next(record(0), 1);

        assertThat(next.command()).isEqualTo(named("Ana Souza"));
        assertThat(log("command.merged")).hasSize(1);
    }

    @Test
    void other_conversations_are_left_to_others() {
        answered(11, 0, say("a"));
        CommandAttempt mine = command(0);
        write(conversation(2), 12, 0);
        complete(turn(0), 0, say("c"));

        assertThat(goOn(mine, new Done(null), 1, 1).next()).isNull();
        assertThat(command(1).conversation()).isEqualTo(conversation(2));
    }

    @Test
    void a_crash_leaves_the_next_one_unclear() {
        answered(11, 0, say("a"), say("b"));
        CommandAttempt second = next(command(0), 1);

        restart();
        CommandAttempt again = command(75);

        assertThat(again.command()).isEqualTo(say("b"));
        assertThat(again.unclearSince()).isEqualTo(second.leaseUntil());
        assertThat(again.attempt()).isEqualTo(2);
    }
}
