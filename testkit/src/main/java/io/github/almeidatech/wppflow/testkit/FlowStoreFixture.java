package io.github.almeidatech.wppflow.testkit;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.Acceptance;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.FlowStats;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.CallWebhook;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.OutboundCommand.UpdateContact;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The words in which the rules of a flow store are told. */
abstract class FlowStoreFixture {

    static final Instant T0 = Instant.parse("2026-09-01T12:00:00Z");
    static final TenantId TENANT = new TenantId("hotel");
    static final TenantId OTHER = new TenantId("clinic");
    static final ConversationId CONVERSATION = new ConversationId(TENANT, 7, 1);
    static final Duration LEASE = Duration.ofSeconds(60);
    static final TurnTiming AT_ONCE = new TurnTiming(Duration.ZERO, Duration.ofSeconds(30), 20);
    static final String PERSON = "person-1";

    FlowStore store;
    EventLog events;

    /** A new, empty store. */
    protected abstract FlowStoreContract.Opened open();

    /**
     * The same data in a new store, as after a restart; the one before is closed by this method if need be. Nothing is
     * recovered yet.
     */
    protected abstract FlowStoreContract.Opened reopen(FlowStoreContract.Opened before);

    @BeforeEach
    void openStore() {
        use(open());
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    void restart() {
        use(reopen(new FlowStoreContract.Opened(store, events)));
    }

    private void use(FlowStoreContract.Opened opened) {
        store = opened.store();
        events = opened.events();
    }

    static Instant at(double seconds) {
        return T0.plusMillis(Math.round(seconds * 1000));
    }

    static ConversationId conversation(int number) {
        return new ConversationId(TENANT, 7, number);
    }

    static InboundMessage message(ConversationId conversation, long id, Instant sentAt) {
        var sender = new Sender(5L, "Ana", "5561999990000", "+5561999990000", PERSON);
        return new InboundMessage(
                conversation, id, 3L, sentAt, ContentType.TEXT, "message " + id, List.of(), sender, null);
    }

    static InboundEvent arrival(ConversationId conversation, long id, Instant now, boolean urgent, String... keys) {
        List<String> all = keys.length == 0 ? List.of("message_created:" + id) : List.of(keys);
        return new InboundEvent(
                conversation,
                "message_created",
                all,
                message(conversation, id, now),
                null,
                urgent,
                PERSON,
                List.of(),
                ("{\"id\":" + id + "}").getBytes(StandardCharsets.UTF_8));
    }

    static InboundEvent signal(ConversationId conversation, OwnershipSignal signal, Event... events) {
        return new InboundEvent(
                conversation,
                "conversation_updated",
                List.of(),
                null,
                signal,
                false,
                null,
                List.of(events),
                new byte[0]);
    }

    static OwnershipSignal owns(Owner owner, Instant at) {
        return new OwnershipSignal(owner, at, null, owner.name().toLowerCase(java.util.Locale.ROOT) + "_sign", false);
    }

    static OwnershipSignal spoke(Instant at) {
        return new OwnershipSignal(Owner.HUMAN, at, null, "human_agent_message", true);
    }

    static Event note(ConversationId conversation, String type, Instant at) {
        return new Event(
                Uuid7.at(at),
                conversation.tenant(),
                conversation,
                null,
                type,
                1,
                Map.of("n", 1),
                Event.Source.BOT,
                null,
                null,
                0,
                at);
    }

    static SendMessage say(String text) {
        return new SendMessage(text, null, Purpose.ANSWER);
    }

    static SendMessage sayHandoff(String text) {
        return new SendMessage(text, null, Purpose.HANDOFF);
    }

    static ChangeLabels label(String name) {
        return new ChangeLabels(List.of(name), List.of());
    }

    static CallWebhook webhook(String target) {
        return new CallWebhook(target, Map.of());
    }

    static UpdateContact named(String name) {
        return new UpdateContact(PERSON, name, null, Map.of(), null);
    }

    /** Without anything in the records' line. */
    static FlowStats waitsElsewhere(long turns) {
        return new FlowStats(turns, 0, 0, null, 0, null, turns);
    }

    static FlowStats waits(long messages, long commands, long deadLetters, @Nullable Instant oldest) {
        return new FlowStats(messages, commands, deadLetters, oldest, 0, null, 0);
    }

    static TurnResult result(OutboundCommand... commands) {
        return new TurnResult(List.of(commands), List.of(), null);
    }

    Acceptance write(ConversationId conversation, long id, double seconds) {
        return store.accept(arrival(conversation, id, at(seconds), false), AT_ONCE, at(seconds));
    }

    Acceptance write(long id, double seconds) {
        return write(CONVERSATION, id, seconds);
    }

    Acceptance signal(OwnershipSignal signal, double seconds) {
        return store.accept(signal(CONVERSATION, signal), AT_ONCE, at(seconds));
    }

    List<Turn> turns(double seconds) {
        return store.claimTurns(FreeWorkers.of(100), at(seconds), LEASE);
    }

    Turn turn(double seconds) {
        return only(turns(seconds));
    }

    List<CommandAttempt> records(double seconds) {
        return store.claimCommands(Line.RECORDS, FreeWorkers.of(100), at(seconds), LEASE);
    }

    CommandAttempt record(double seconds) {
        return only(records(seconds));
    }

    List<CommandAttempt> commands(double seconds) {
        return store.claimCommands(Line.REPLIES, FreeWorkers.of(100), at(seconds), LEASE);
    }

    CommandAttempt command(double seconds) {
        return only(commands(seconds));
    }

    TurnOutcome complete(Turn turn, double seconds, OutboundCommand... commands) {
        return store.completeTurn(turn, result(commands), 2, at(seconds));
    }

    boolean finish(CommandAttempt attempt, CommandResult result, double seconds) {
        return store.completeCommand(attempt, result, at(seconds), 5, at(seconds));
    }

    boolean done(CommandAttempt attempt, double seconds) {
        return finish(attempt, new CommandResult.Done("x" + attempt.commandId()), seconds);
    }

    /** A message that came, was answered with these commands, all in one second. */
    void answered(long id, double seconds, OutboundCommand... commands) {
        write(id, seconds);
        complete(turn(seconds), seconds, commands);
    }

    static <T> T only(List<T> list) {
        if (list.size() != 1) {
            throw new AssertionError("exactly one wanted: " + list);
        }
        return list.get(0);
    }

    static List<Long> ids(Turn turn) {
        return turn.messages().stream().map(InboundMessage::messageId).toList();
    }

    /** All events of the tenant, oldest first. */
    List<Event> log(TenantId tenant) {
        var all = new ArrayList<Event>();
        @Nullable String cursor = null;
        do {
            var page = events.query(new EventQuery(tenant, null, null, null, null, null, 1000, cursor));
            all.addAll(page.events());
            cursor = page.nextCursor();
        } while (cursor != null);
        Collections.reverse(all);
        return all;
    }

    /** The events of that type, oldest first. */
    List<Event> log(String type) {
        return log(TENANT).stream().filter(event -> event.type().equals(type)).toList();
    }

    List<String> logTypes() {
        return log(TENANT).stream().map(Event::type).toList();
    }
}
