package io.github.almeidatech.wppflow.server.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.FreeWorkers;
import io.github.almeidatech.wppflow.flow.InboundEvent;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnOutcome;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.flow.TurnTiming;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.IgnoredDelivery;
import io.github.almeidatech.wppflow.jdbc.Retention;
import io.github.almeidatech.wppflow.model.ContentType;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.Sender;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.explain.Verdict.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A message is explained however long ago it came. */
class ExplainerTest {

    private static final TenantId HOTEL = new TenantId("hotel");
    private static final ConversationId HERE = new ConversationId(HOTEL, 1, 88);
    private static final ConversationId ELSEWHERE = new ConversationId(HOTEL, 1, 89);
    private static final String JOANA = "p:5511990000002";
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path folder;

    private Database database;
    private EventLog log;
    private Explainer explainer;

    @BeforeEach
    void open() {
        database = Database.open("sqlite:" + folder.resolve("w.db"));
        log = database.eventLog();
        explainer = new Explainer(
                log,
                database.flowStore(),
                database::knows,
                database.ignoredDeliveries()::of,
                payer -> SpendLedger.Amount.ZERO,
                InstantSource.fixed(Instant.MAX));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_message_with_more_than_ten_thousand_later_ones_is_found_and_explained() {
        log.append(List.of(
                FlowEvents.ownershipChanged(HERE, null, Owner.HUMAN, "human_agent_message", null, NOW.minusSeconds(9)),
                arrived("e7", HERE, 7),
                FlowEvents.turnSilenced(
                        HERE, null, "human_agent_message", Owner.HUMAN, List.of(7L), "7", NOW.plusSeconds(1))));
        muchMoreIn(HERE, 200_000);

        assertThat(explainer.conversationOf(HOTEL, 7)).contains(HERE);
        assertThat(explainer.conversationOf(HOTEL, 200_000)).contains(HERE);
        Explanation why = explainer.ofMessage(HERE, 7).orElseThrow();

        assertThat(why.verdict().code()).isEqualTo(Code.HUMAN_OWNED);
        assertThat(why.timeline())
                .extracting(Event::type)
                .containsExactly("ownership.changed", "message.received", "turn.silenced");
        assertThat(why.complete()).as("the conversation goes on for too long").isFalse();
        assertThat(explainer.ofMessage(HERE, 211_999).orElseThrow().complete()).isTrue();
    }

    @Test
    void a_message_of_another_conversation_or_tenant_is_not_known_here() {
        log.append(List.of(arrived("e7", HERE, 7)));

        assertThat(explainer.ofMessage(ELSEWHERE, 7)).isEmpty();
        assertThat(explainer.conversationOf(new TenantId("clinic"), 7)).isEmpty();
        assertThat(explainer.conversationOf(HOTEL, 8)).isEmpty();
    }

    @Test
    void a_message_whose_arrival_is_not_kept_is_explained_by_its_turn() {
        log.append(List.of(FlowEvents.turnSilenced(
                HERE, null, "human_agent_message", Owner.HUMAN, List.of(7L), null, NOW.plusSeconds(1))));

        assertThat(explainer.ofMessage(HERE, 7).orElseThrow().timeline())
                .extracting(Event::type)
                .containsExactly("turn.silenced");
    }

    @Test
    void what_came_of_a_policys_command_names_the_policy_also_when_it_acted_long_before() {
        var fired = new Event(
                "fired",
                HOTEL,
                HERE,
                null,
                "policy.fired",
                1,
                Map.of("policy", "lead"),
                Event.Source.RULE,
                null,
                "e",
                1,
                NOW);
        log.append(List.of(
                fired,
                FlowEvents.commandDeadLettered(
                        HERE,
                        null,
                        "fired",
                        "fired/0",
                        new OutboundCommand.AddPrivateNote("Olá"),
                        "unreachable",
                        NOW.plusSeconds(9))));

        Explanation why = explainer.ofConversation(HERE, 1);

        assertThat(why.timeline()).extracting(Event::type).containsExactly("command.dead_lettered");
        assertThat(why.policies()).isEqualTo(Map.of("fired", "lead"));
        assertThat(new Words(Language.EN, ZoneOffset.UTC).of(why.timeline().get(0), "lead"))
                .startsWith("Gave up add_private_note: ")
                .endsWith("(policy lead)");
    }

    @Test
    void an_erased_conversation_is_no_missing_webhook() {
        receive(7);
        assertThat(code()).isEqualTo(Code.WAITING);

        database.erase(HOTEL, JOANA, NOW);

        assertThat(log.query(EventQuery.of(HERE, 10)).events()).isEmpty();
        assertThat(code()).isEqualTo(Code.HISTORY_CUT);
    }

    @Test
    void an_expired_conversation_is_no_missing_webhook() {
        receive(7);

        database.expire(HOTEL, Retention.DEFAULT, NOW.plus(Duration.ofDays(91)));

        assertThat(log.query(EventQuery.of(HERE, 10)).events()).isEmpty();
        assertThat(code()).isEqualTo(Code.HISTORY_CUT);
    }

    @Test
    void a_conversation_of_which_only_something_ignored_came_is_no_missing_webhook() {
        assertThat(code()).isEqualTo(Code.NOTHING_ARRIVED);

        database.ignoredDeliveries()
                .add(List.of(new IgnoredDelivery(HERE, "message_created", "activity_message", 1, NOW, NOW, null)));

        assertThat(code()).isEqualTo(Code.HISTORY_CUT);
        assertThat(explainer.ofConversation(ELSEWHERE, 10).verdict().code()).isEqualTo(Code.NOTHING_ARRIVED);
    }

    @Test
    void after_our_own_handoff_it_is_told_that_we_called_and_why_not_that_somebody_opened_it() {
        receive(7);
        handOff("customer_asked");
        signal("conversation_opened", false, 2);
        signal("person_assigned", false, 3);

        Explanation why = explainer.ofConversation(HERE, 10);

        assertThat(why.state().ownership().reason()).isEqualTo("handoff");
        assertThat(owner(why))
                .isEqualTo("The conversation is a person's: the bot called them at 2026-03-01 12:00:01,"
                        + " because the customer asked for a person.");
    }

    @Test
    void once_that_person_has_spoken_it_is_theirs_for_that() {
        receive(7);
        handOff("customer_asked");
        signal("human_agent_message", true, 2);

        assertThat(owner(explainer.ofConversation(HERE, 10)))
                .isEqualTo("The conversation is a person's: a person wrote to the customer.");
    }

    @Test
    void a_policy_that_called_a_person_is_named() {
        signal("policy_handoff", false, 1);
        assertThat(owner(explainer.ofConversation(HERE, 10)))
                .as("nothing more is known of it")
                .isEqualTo("The conversation is a person's: a policy called a person.");
        signal("human_agent_message", true, 1);
        log.append(List.of(
                new Event(
                        "fired",
                        HOTEL,
                        HERE,
                        null,
                        "policy.fired",
                        1,
                        Map.of("policy", "vip"),
                        Event.Source.RULE,
                        null,
                        "7",
                        1,
                        NOW.plusSeconds(2)),
                FlowEvents.ownershipChanged(HERE, null, Owner.HUMAN, "policy_handoff", "fired", NOW.plusSeconds(2))));
        signal("policy_handoff", false, 2);

        assertThat(owner(explainer.ofConversation(HERE, 10)))
                .isEqualTo("The conversation is a person's: the policy vip called them at 2026-03-01 12:00:02.");
    }

    private static String owner(Explanation why) {
        return new Words(Language.EN, ZoneOffset.UTC)
                .owner("human", why.state().ownership().reason(), why.called(), null);
    }

    private void handOff(String reason) {
        FlowStore store = database.flowStore();
        Turn turn = store.claimTurns(FreeWorkers.of(1), NOW.plusSeconds(60), Duration.ofMinutes(1))
                .get(0);
        Instant at = NOW.plusSeconds(1);
        var decided = new Event(
                "decided",
                HOTEL,
                HERE,
                JOANA,
                "turn.completed",
                1,
                Map.of("outcome", "handed_off", "reason", reason, "message_ids", List.of(7L)),
                Event.Source.BOT,
                null,
                turn.id(),
                0,
                at);
        var ours = new OwnershipSignal(Owner.HUMAN, at, null, "handoff", false);
        assertThat(store.completeTurn(turn, new TurnResult(List.of(), List.of(decided), ours), 2, at))
                .isEqualTo(TurnOutcome.COMPLETED);
    }

    private void signal(String reason, boolean spoken, int second) {
        database.flowStore()
                .accept(
                        new InboundEvent(
                                HERE,
                                "conversation_updated",
                                List.of(reason + second),
                                null,
                                new OwnershipSignal(Owner.HUMAN, NOW.plusSeconds(second), null, reason, spoken),
                                false,
                                JOANA,
                                List.of(),
                                new byte[0]),
                        TurnTiming.DEFAULT,
                        NOW.plusSeconds(second));
    }

    private Code code() {
        return explainer.ofConversation(HERE, 10).verdict().code();
    }

    /** As a webhook brings it. */
    private void receive(long message) {
        var sender = new Sender(27L, "Joana Exemplo", "5511990000002", "+5511990000002", JOANA);
        database.flowStore()
                .accept(
                        new InboundEvent(
                                HERE,
                                "message_created",
                                List.of("message/" + message),
                                new InboundMessage(
                                        HERE, message, 4L, NOW, ContentType.TEXT, "oi", List.of(), sender, null),
                                null,
                                false,
                                JOANA,
                                List.of(arrived("e" + message, HERE, JOANA, message)),
                                new byte[0]),
                        TurnTiming.DEFAULT,
                        NOW);
    }

    private void muchMoreIn(ConversationId conversation, long firstMessage) {
        for (int page = 0; page < 12; page++) {
            var events = new ArrayList<Event>();
            for (int i = 0; i < 1_000; i++) {
                long message = firstMessage + page * 1_000 + i;
                events.add(arrived("e" + message, conversation, message));
            }
            log.append(events);
        }
    }

    private static Event arrived(String id, ConversationId conversation, long message) {
        return arrived(id, conversation, null, message);
    }

    private static Event arrived(String id, ConversationId conversation, @Nullable String personKey, long message) {
        return new Event(
                id,
                HOTEL,
                conversation,
                personKey,
                "message.received",
                1,
                Map.of("message_id", message),
                Event.Source.CUSTOMER,
                null,
                String.valueOf(message),
                0,
                NOW);
    }
}
