package io.github.almeidatech.wppflow.jdbc;

import static io.github.almeidatech.wppflow.jdbc.Arrivals.AT_ONCE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.HOTEL;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.LEASE;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.NOW;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.conversation;
import static io.github.almeidatech.wppflow.jdbc.Arrivals.message;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.Firing;
import io.github.almeidatech.wppflow.eventlog.PlannedCommand;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.DeadLetter;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.Undecided;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Somebody is erased while something is being done about them, on any kind of database. */
abstract class ErasingContract {

    private static final String JOANA = "p:5511990000002";
    private static final String BRUNO = "p:5511990000003";
    private static final ConversationId TOGETHER = conversation(1);

    private final TestDatabases databases;
    private final ExecutorService pool = Executors.newCachedThreadPool();
    private Database database;
    private FlowStore store;

    ErasingContract(TestDatabases databases) {
        this.databases = databases;
    }

    @BeforeEach
    void open() {
        database = databases.open();
        store = database.flowStore();
    }

    @AfterEach
    void close() {
        pool.shutdownNow();
        databases.close();
    }

    @Test
    void what_is_queued_for_somebody_just_after_theirs_was_stopped_holds_up_nobody() throws Exception {
        store.accept(message(TOGETHER, 1, JOANA, "oi"), AT_ONCE, NOW);
        Undecided batch = undecided();

        oneBehindTheOther(
                () -> database.erase(HOTEL, JOANA, NOW),
                () -> store.decide(batch, List.of(plan(batch.events().get(0), "late")), NOW));

        assertThat(store.stateOf(TOGETHER).commands()).hasSize(1);
        answered(2, BRUNO, "Oi Bruno");
        database.erase(HOTEL, JOANA, NOW); // as an erasure does at its end
        assertThat(claimed(NOW)).containsExactly("Oi Bruno");
        assertThat(database.conversationsOf(HOTEL, JOANA)).isEmpty();
        assertThat(outbox("state = 'erased' and body is null and person_key is null"))
                .isEqualTo(1);
    }

    @Test
    void what_is_queued_then_and_refused_is_a_dead_letter_like_others_until_the_erasure_ends() throws Exception {
        store.accept(message(TOGETHER, 1, JOANA, "oi"), AT_ONCE, NOW);
        Undecided batch = undecided();
        oneBehindTheOther(
                () -> database.erase(HOTEL, JOANA, NOW),
                () -> store.decide(batch, List.of(plan(batch.events().get(0), "late")), NOW));
        CommandAttempt late = commands(NOW.plus(Duration.ofSeconds(30))).get(0);

        store.completeCommand(late, new CommandResult.Refused("gone"), NOW, 5, NOW);

        assertThat(store.deadLetters(HOTEL, 0, 10))
                .extracting(DeadLetter::command)
                .containsExactly(new AddPrivateNote("late"));
        database.erase(HOTEL, JOANA, NOW);
        assertThat(store.deadLetters(HOTEL, 0, 10)).isEmpty();
    }

    @Test
    void nothing_comes_of_what_was_erased_while_policies_were_asked_about_it() {
        store.accept(message(TOGETHER, 1, JOANA, "oi"), AT_ONCE, NOW);
        store.accept(message(TOGETHER, 2, BRUNO, "e eu?"), AT_ONCE, NOW);
        Undecided batch = undecided();

        database.erase(HOTEL, JOANA, NOW);
        boolean decided = store.decide(
                batch,
                List.of(
                        plan(batch.events().get(0), "Joana wrote"),
                        plan(batch.events().get(1), "Bruno wrote")),
                NOW);

        assertThat(decided).isTrue();
        assertThat(store.stateOf(TOGETHER).commands())
                .extracting(each -> each.command())
                .containsExactly(new AddPrivateNote("Bruno wrote"));
        assertThat(database.eventLog().query(EventQuery.of(HOTEL, 10)).events())
                .filteredOn(event -> event.type().equals("policy.fired"))
                .extracting(Event::personKey)
                .containsExactly(BRUNO);
    }

    @Test
    void a_command_that_an_earlier_version_left_without_its_content_is_passed_over() {
        answered(1, JOANA, "a", "b", "c");
        emptied("state = 'waiting' and id in (select min(id) from outbox)");

        assertThat(claimed(NOW)).containsExactly("b");

        assertThat(outbox("state = 'erased'")).isEqualTo(1);
        assertThat(store.stats(NOW).waitingCommands()).isEqualTo(2);
    }

    @Test
    void a_command_that_an_earlier_version_left_without_its_content_in_between_does_not_keep_the_others() {
        answered(1, JOANA, "a", "b", "c");
        emptied("state = 'waiting' and key like '%-2'");

        assertThat(claimed(NOW)).containsExactly("a");

        assertThat(store.stateOf(TOGETHER).commands())
                .extracting(each -> each.command())
                .containsExactly(new AddPrivateNote("a"), new AddPrivateNote("c"));
    }

    @Test
    void a_dead_letter_that_an_earlier_version_left_without_its_content_is_none() {
        answered(1, JOANA, "a");
        refused();
        answered(2, JOANA, "b");
        refused();
        long empty = store.deadLetters(HOTEL, 0, 10).get(0).commandId();
        emptied("state = 'dead' and id = " + empty);

        assertThat(store.deadLetters(HOTEL, 0, 10))
                .extracting(DeadLetter::command)
                .containsExactly(new AddPrivateNote("b"));
        assertThat(store.stats(NOW).deadLetters()).isEqualTo(1);
        assertThat(store.retryDeadLetter(HOTEL, empty, NOW)).isFalse();
        assertThat(store.discardDeadLetter(HOTEL, empty, NOW)).isFalse();
    }

    /** The first write of the one and the first of the other are in one transaction, in this order. */
    private void oneBehindTheOther(Runnable one, Runnable other) throws InterruptedException, ExecutionException {
        var begun = new CountDownLatch(1);
        var goesOn = new CountDownLatch(1);
        Future<Boolean> before = pool.submit(() -> database.writer().write(tx -> {
            begun.countDown();
            return await(goesOn);
        }));
        begun.await();
        Future<?> first = pool.submit(one);
        awaitWaiting(1);
        Future<?> second = pool.submit(other);
        awaitWaiting(2);
        goesOn.countDown();
        before.get();
        first.get();
        second.get();
    }

    private void awaitWaiting(int writes) {
        while (database.writer().waiting() < writes) {
            Thread.onSpinWait();
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Undecided undecided() {
        List<Undecided> found = store.undecided(10);
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    /** A policy wants a note written. */
    private static PolicyPlan plan(Event about, String text) {
        var fired = new Event(
                Uuid7.at(NOW),
                about.tenant(),
                about.conversation(),
                about.personKey(),
                "policy.fired",
                1,
                Map.of("policy", "p"),
                Event.Source.RULE,
                null,
                about.id(),
                1,
                NOW);
        var firing = new Firing("p", 1, about.id(), Firing.Outcome.FIRED, List.of(), List.of());
        return new PolicyPlan(
                List.of(new PlannedCommand(fired.id(), new AddPrivateNote(text))),
                List.of(fired),
                null,
                List.of(firing));
    }

    private void answered(long message, String person, String... notes) {
        store.accept(message(TOGETHER, message, person, "oi"), AT_ONCE, NOW);
        Turn turn = store.claimTurns(FreeWorkers.of(1), NOW, LEASE).get(0);
        List<OutboundCommand> commands =
                Stream.of(notes).<OutboundCommand>map(AddPrivateNote::new).toList();
        store.completeTurn(turn, new TurnResult(commands, List.of(), null), 2, NOW);
    }

    private void refused() {
        store.completeCommand(commands(NOW).get(0), new CommandResult.Refused("gone"), NOW, 5, NOW);
    }

    private List<CommandAttempt> commands(Instant now) {
        return store.claimCommands(Line.REPLIES, FreeWorkers.of(5), now, LEASE);
    }

    private List<String> claimed(Instant now) {
        return commands(now).stream()
                .map(each -> ((AddPrivateNote) each.command()).text())
                .toList();
    }

    private void emptied(String condition) {
        database.writer().write(tx -> tx.update("update outbox set body = null, person_key = null where " + condition));
    }

    private int outbox(String condition) {
        return database.reader()
                .readAll(session ->
                        session.first("select count(*) from outbox where " + condition, row -> row.getInt(1)))
                .orElseThrow();
    }
}
