package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.chatwoot.ExecutionPlan;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.TenantId;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A plan under one key is carried out once, however often and however close together it is asked for. */
class PlanExecutionTest {

    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    private static final ConversationId CONVERSATION = new ConversationId(new TenantId("pet-hotel"), 1, 60);

    private final InMemoryEventLog log = new InMemoryEventLog();
    private final AtomicInteger sent = new AtomicInteger();
    private boolean optedOut;

    @Test
    void a_second_call_while_the_first_is_under_way_does_nothing() throws Exception {
        var sending = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var execution = new PlanExecution(
                attempt -> {
                    sent.incrementAndGet();
                    sending.countDown();
                    try {
                        mayEnd.await(10, TimeUnit.SECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return new CommandResult.Done("1");
                },
                log,
                conversation -> Optional.of("p:5511900000001"),
                conversation -> optedOut,
                () -> NOW,
                false);
        var first = new FutureTask<>(() -> execution.execute(CONVERSATION, plan(), "pedido-1"));
        new Thread(first).start();
        assertThat(sending.await(10, TimeUnit.SECONDS)).isTrue();

        PlanExecution.Outcome second = execution.execute(CONVERSATION, plan(), "pedido-1");
        mayEnd.countDown();

        assertThat(second.errors()).containsExactly(new PlanExecution.Problem("execution_plan", "in_progress", true));
        assertThat(first.get(10, TimeUnit.SECONDS).messagesSent()).isEqualTo(1);
        assertThat(execution.execute(CONVERSATION, plan(), "pedido-1")).isEqualTo(first.get());
        assertThat(sent).hasValue(1);
    }

    @Test
    void another_instance_leaves_a_plan_alone_until_who_began_it_must_be_dead_and_then_looks_before_it_sends()
            throws Exception {
        var now = new AtomicReference<>(NOW);
        var doubts = new ArrayList<Instant>();
        PlanExecution dies = instance(
                attempt -> {
                    throw new IllegalStateException("killed");
                },
                now);
        PlanExecution other = instance(
                attempt -> {
                    doubts.add(attempt.unclearSince());
                    return new CommandResult.Done("1");
                },
                now);
        assertThatIllegalStateException().isThrownBy(() -> dies.execute(CONVERSATION, plan(), "pedido-1"));

        now.set(NOW.plusSeconds(179));
        assertThat(other.execute(CONVERSATION, plan(), "pedido-1").errors())
                .containsExactly(new PlanExecution.Problem("execution_plan", "in_progress", true));
        assertThat(doubts).isEmpty();

        now.set(NOW.plusSeconds(180));
        assertThat(other.execute(CONVERSATION, plan(), "pedido-1").messagesSent())
                .isEqualTo(1);
        assertThat(doubts).containsExactly(NOW);
    }

    /** So that it is not still at work when another instance takes over. */
    @Test
    void an_instance_beside_others_does_not_begin_a_command_after_two_minutes() throws Exception {
        var now = new AtomicReference<>(NOW);
        PlanExecution slow = instance(
                attempt -> {
                    now.updateAndGet(time -> time.plusSeconds(121));
                    return new CommandResult.Done("1");
                },
                now);

        PlanExecution.Outcome outcome = slow.execute(CONVERSATION, fileThenText(), "pedido-1");

        assertThat(outcome.messagesSent()).isEqualTo(1);
        assertThat(outcome.errors()).containsExactly(new PlanExecution.Problem("send_message", "took_too_long", true));
        assertThat(slow.execute(CONVERSATION, fileThenText(), "pedido-1").messagesSent())
                .isEqualTo(2);
    }

    @Test
    void of_two_instances_that_are_asked_in_the_same_moment_one_carries_the_plan_out() throws Exception {
        var both = new CyclicBarrier(2);
        EventLog together = (EventLog) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {EventLog.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("append")
                            && arguments[0].toString().contains("plan.started")) {
                        both.await(10, TimeUnit.SECONDS); // each has seen that nobody has begun
                    }
                    return method.invoke(log, arguments);
                });
        var outcomes = new ArrayList<FutureTask<PlanExecution.Outcome>>();
        for (int i = 0; i < 2; i++) {
            var instance = new PlanExecution(
                    attempt -> new CommandResult.Done(String.valueOf(sent.incrementAndGet())),
                    together,
                    conversation -> Optional.empty(),
                    conversation -> false,
                    () -> NOW,
                    true);
            outcomes.add(new FutureTask<>(() -> instance.execute(CONVERSATION, plan(), "pedido-1")));
        }
        outcomes.forEach(each -> new Thread(each).start());

        var messages = new ArrayList<Integer>();
        for (var outcome : outcomes) {
            messages.add(outcome.get(20, TimeUnit.SECONDS).messagesSent());
        }
        assertThat(messages).containsExactlyInAnyOrder(0, 1);
        assertThat(sent).hasValue(1);
    }

    private PlanExecution instance(CommandSender sender, AtomicReference<Instant> now) {
        return new PlanExecution(sender, log, conversation -> Optional.empty(), conversation -> false, now::get, true);
    }

    @Test
    void a_plan_is_known_again_after_a_restart_and_a_thousand_others() throws Exception {
        PlanExecution.Outcome first = execution().execute(CONVERSATION, plan(), "pedido-1");
        for (int i = 0; i < 1_001; i++) {
            execution().execute(CONVERSATION, plan(), "outro-" + i);
        }

        assertThat(execution().execute(CONVERSATION, plan(), "pedido-1")).isEqualTo(first);
        assertThat(sent).hasValue(1_002);
    }

    @Test
    void what_a_plan_emits_is_about_who_writes_in_the_conversation() throws Exception {
        var emitting = new ObjectMapper()
                .readTree("{\"emit_events\":[{\"event_type\":\"order.paid\",\"payload\":{\"pedido\":17}}]}");

        execution().execute(CONVERSATION, ExecutionPlan.read(emitting, null, url -> false), "pedido-2");

        assertThat(log.query(new EventQuery(
                                CONVERSATION.tenant(), CONVERSATION, null, "order.paid", null, null, 1, null))
                        .events())
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.personKey()).isEqualTo("p:5511900000001");
                    assertThat(event.depth()).as("no policy emitted it").isZero();
                });
    }

    @Test
    void nothing_is_said_to_who_opted_out_and_the_rest_is_done() throws Exception {
        optedOut = true;
        var plan = new ObjectMapper()
                .readTree(
                        "{\"messages\":[\"Pago.\",{\"content\":\"Pagou.\",\"private\":true},{\"attachment\":\"https://f.example/a.pdf\"}],\"labels\":{\"add\":[\"pago\"]}}");

        PlanExecution.Outcome outcome =
                execution().execute(CONVERSATION, ExecutionPlan.read(plan, null, url -> true), "pedido-3");

        assertThat(outcome.errors())
                .containsExactly(
                        new PlanExecution.Problem("send_message", "opted_out", false),
                        new PlanExecution.Problem("send_attachment", "opted_out", false));
        assertThat(outcome.messagesSent()).isEqualTo(1);
        assertThat(outcome.labelsUpdated()).isTrue();
        assertThat(sent).hasValue(2);
    }

    @Test
    void a_text_behind_a_file_is_waited_for_and_sent_by_the_same_call_as_one_that_certainly_was_not() throws Exception {
        var waited = new AtomicReference<>(Duration.ZERO);
        var unclear = new ArrayList<Instant>();
        PlanExecution execution = waiting(
                attempt -> {
                    unclear.add(attempt.unclearSince());
                    boolean early = attempt.command() instanceof SendMessage
                            && waited.get().compareTo(Duration.ofSeconds(3)) < 0;
                    return early
                            ? new CommandResult.NotDone("behind_a_file", Duration.ofSeconds(3))
                            : new CommandResult.Done("1");
                },
                waited);

        PlanExecution.Outcome outcome = execution.execute(CONVERSATION, fileThenText(), "pedido-4");

        assertThat(outcome).isEqualTo(new PlanExecution.Outcome(2, false, false, List.of()));
        assertThat(unclear).hasSize(3).containsOnlyNulls();
        assertThat(execution.execute(CONVERSATION, fileThenText(), "pedido-4")).isEqualTo(outcome);
        assertThat(unclear).hasSize(3);
    }

    @Test
    void a_plan_held_while_the_bot_is_off_is_carried_out_when_it_is_repeated_after_it_is_on() throws Exception {
        var off = new AtomicBoolean(true);
        var execution = new PlanExecution(
                HeldWhileOff.postponing(attempt -> new CommandResult.Done("1"), tenant -> off.get()),
                log,
                conversation -> Optional.empty(),
                conversation -> false,
                () -> NOW,
                false);
        assertThat(execution.execute(CONVERSATION, plan(), "pedido-6").errors())
                .containsExactly(new PlanExecution.Problem("send_message", "bot_off", true));

        off.set(false);

        assertThat(execution.execute(CONVERSATION, plan(), "pedido-6").messagesSent())
                .isEqualTo(1);
    }

    @Test
    void a_repeated_call_goes_on_and_doubts_only_what_is_in_doubt() throws Exception {
        var tried = new ArrayList<String>();
        var results = new ArrayDeque<CommandResult>(List.of(
                new CommandResult.Done("1"),
                new CommandResult.NotDone("circuit_open", null),
                new CommandResult.Unclear("timed_out", null),
                new CommandResult.Done("2"),
                new CommandResult.NotDone("settling", null),
                new CommandResult.Done("3")));
        var execution = new PlanExecution(
                attempt -> {
                    tried.add(attempt.commandId() + (attempt.unclearSince() == null ? "" : " in doubt"));
                    return results.remove();
                },
                log,
                conversation -> Optional.empty(),
                conversation -> false,
                () -> NOW,
                false);
        ExecutionPlan three = ExecutionPlan.read(
                new ObjectMapper().readTree("{\"messages\":[\"um\",\"dois\",\"três\"]}"), null, url -> false);

        assertThat(execution.execute(CONVERSATION, three, "pedido-7").messagesSent())
                .isEqualTo(1);
        assertThat(execution.execute(CONVERSATION, three, "pedido-7").messagesSent())
                .isEqualTo(2);
        PlanExecution.Outcome last = execution.execute(CONVERSATION, three, "pedido-7");

        assertThat(last).isEqualTo(new PlanExecution.Outcome(3, false, false, List.of()));
        assertThat(tried).containsExactly("0", "1", "2", "1", "2 in doubt", "2 in doubt");
        assertThat(execution.execute(CONVERSATION, three, "pedido-7")).isEqualTo(last);
        assertThat(tried).hasSize(6);
    }

    @Test
    void a_doubt_counts_from_the_last_call_that_may_have_sent_it() throws Exception {
        var now = new AtomicReference<>(NOW);
        var doubts = new ArrayList<Instant>();
        var execution = new PlanExecution(
                attempt -> {
                    doubts.add(attempt.unclearSince());
                    return new CommandResult.Unclear("timed_out", null);
                },
                log,
                conversation -> Optional.empty(),
                conversation -> false,
                now::get,
                false);
        ExecutionPlan one =
                ExecutionPlan.read(new ObjectMapper().readTree("{\"messages\":[\"um\"]}"), null, url -> false);

        for (int minute = 0; minute < 3; minute++) {
            now.set(NOW.plusSeconds(60L * minute));
            execution.execute(CONVERSATION, one, "pedido-9");
        }

        assertThat(doubts).containsExactly(null, NOW, NOW.plusSeconds(60));
    }

    @Test
    void after_a_call_that_was_cut_off_everything_it_may_have_done_is_in_doubt() throws Exception {
        var tried = new ArrayList<String>();
        var dies = new AtomicBoolean();
        var execution = new PlanExecution(
                attempt -> {
                    tried.add(attempt.commandId() + (attempt.unclearSince() == null ? "" : " in doubt"));
                    if (dies.get()) {
                        throw new IllegalStateException("killed");
                    }
                    return attempt.commandId() == 0
                            ? new CommandResult.Done("1")
                            : new CommandResult.NotDone("circuit_open", null);
                },
                log,
                conversation -> Optional.empty(),
                conversation -> false,
                () -> NOW,
                false);

        execution.execute(CONVERSATION, fileThenText(), "pedido-8");
        dies.set(true);
        assertThatIllegalStateException().isThrownBy(() -> execution.execute(CONVERSATION, fileThenText(), "pedido-8"));
        dies.set(false);
        execution.execute(CONVERSATION, fileThenText(), "pedido-8");

        assertThat(tried).containsExactly("0", "1", "1", "1 in doubt");
    }

    @Test
    void a_plan_does_not_wait_for_ever() throws Exception {
        var waited = new AtomicReference<>(Duration.ZERO);
        PlanExecution execution =
                waiting(attempt -> new CommandResult.NotDone("behind_a_file", Duration.ofSeconds(3)), waited);

        PlanExecution.Outcome outcome = execution.execute(CONVERSATION, fileThenText(), "pedido-5");

        assertThat(outcome.errors())
                .containsExactly(
                        new PlanExecution.Problem("send_attachment", "behind_a_file", true),
                        new PlanExecution.Problem("send_message", "behind_a_file", true));
        assertThat(waited.get()).isLessThanOrEqualTo(Duration.ofSeconds(20));
    }

    private PlanExecution waiting(CommandSender sender, AtomicReference<Duration> waited) {
        return new PlanExecution(
                sender, log, conversation -> Optional.empty(), conversation -> false, () -> NOW, false, time -> {
                    waited.updateAndGet(time::plus);
                    return true;
                });
    }

    private static ExecutionPlan fileThenText() throws Exception {
        return ExecutionPlan.read(
                new ObjectMapper().readTree("{\"messages\":[{\"attachment\":\"https://f.example/a.pdf\"},\"Viu?\"]}"),
                null,
                url -> true);
    }

    private PlanExecution execution() {
        return new PlanExecution(
                attempt -> {
                    sent.incrementAndGet();
                    return new CommandResult.Done("1");
                },
                log,
                conversation -> Optional.of("p:5511900000001"),
                conversation -> optedOut,
                () -> NOW,
                false);
    }

    private static ExecutionPlan plan() throws Exception {
        return ExecutionPlan.read(new ObjectMapper().readTree("{\"messages\":[\"Pago.\"]}"), null, url -> false);
    }
}
