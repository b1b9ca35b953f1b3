package io.github.almeidatech.wppflow.flow;

import static io.github.almeidatech.wppflow.flow.Given.AT_ONCE;
import static io.github.almeidatech.wppflow.flow.Given.arrival;
import static io.github.almeidatech.wppflow.flow.Given.conversation;
import static io.github.almeidatech.wppflow.flow.Given.saying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A person takes over at the worst moments; with real threads. Once the takeover is known, the bot says nothing more. */
@Timeout(60)
class TakeoverRaceTest {

    private static final ConversationId ANA = conversation(1);
    private static final ConversationId BIA = conversation(2);

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final List<String> sent = new CopyOnWriteArrayList<>();
    private final Semaphore thinking = new Semaphore(0);
    private final Semaphore mayAnswer = new Semaphore(0);
    private final Semaphore sending = new Semaphore(0);
    private final Semaphore maySend = new Semaphore(0);
    private final InMemoryFlowStore store = new InMemoryFlowStore(new WatchedLog(
            event -> events.add(event.type() + " " + event.payload().get("reason"))));
    private final FlowEngine engine = FlowEngine.builder()
            .store(store)
            .handler(new TurnHandler() {
                @Override
                public TurnResult answer(Turn turn) {
                    thinking.release();
                    mayAnswer.acquireUninterruptibly();
                    String to = turn.conversation().equals(ANA) ? "ana" : "bia";
                    return saying(to + " 1", to + " 2");
                }

                @Override
                public TurnResult giveUp(Turn turn, RuntimeException failure) {
                    throw failure;
                }
            })
            .sender(attempt -> {
                sending.release();
                maySend.acquireUninterruptibly();
                sent.add(Given.text(attempt.command()));
                return new CommandResult.Done(null);
            })
            .commandWorkers(1)
            .build();

    @AfterEach
    void close() {
        mayAnswer.release(100);
        maySend.release(100);
        engine.close(Duration.ofSeconds(5));
    }

    @Test
    void while_the_model_is_thinking() {
        engine.start();
        engine.accept(arrival(ANA, 1), AT_ONCE);
        thinking.acquireUninterruptibly();

        personSpeaks();
        mayAnswer.release();
        maySend.release(100);

        await().untilAsserted(() -> assertThat(events).contains("turn.silenced human_agent_message"));
        assertThat(engine.close(Duration.ofSeconds(5))).isTrue();
        assertThat(sent).isEmpty();
        assertThat(store.stats(Instant.now()).waitingCommands()).isZero();
    }

    @Test
    void before_the_finished_answer_is_sent() {
        engine.start();
        mayAnswer.release(2);
        engine.accept(arrival(BIA, 1), AT_ONCE);
        sending.acquireUninterruptibly();
        engine.accept(arrival(ANA, 2), AT_ONCE);
        await().untilAsserted(() -> assertThat(store.stateOf(ANA).commands())
                .as("finished, not sent")
                .hasSize(2));

        personSpeaks();
        maySend.release(100);

        await().untilAsserted(() -> assertThat(events)
                .containsOnlyOnce("ownership.changed human_agent_message")
                .filteredOn("command.held_back human_agent_message"::equals)
                .hasSize(2));
        await().untilAsserted(() -> assertThat(sent).containsExactly("bia 1", "bia 2"));
    }

    @Test
    void between_two_bubbles() {
        engine.start();
        mayAnswer.release();
        engine.accept(arrival(ANA, 1), AT_ONCE);
        sending.acquireUninterruptibly();

        personSpeaks();
        maySend.release(100);

        await().untilAsserted(() -> assertThat(events).contains("command.held_back human_agent_message"));
        assertThat(sent).containsExactly("ana 1");
    }

    private void personSpeaks() {
        var signal = new OwnershipSignal(Owner.HUMAN, Instant.now(), null, "human_agent_message", true);
        engine.accept(
                new InboundEvent(
                        ANA, "message_created", List.of("person"), null, signal, false, null, List.of(), new byte[0]),
                AT_ONCE);
    }
}
