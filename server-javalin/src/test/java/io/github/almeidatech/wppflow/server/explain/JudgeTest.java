package io.github.almeidatech.wppflow.server.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.ConversationState;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.flow.Ownership;
import io.github.almeidatech.wppflow.flow.WaitingCommand;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.explain.Verdict.Code;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is said to have become of a message, for every way it can go. */
class JudgeTest {

    private static final ConversationId HERE = new ConversationId(new TenantId("t"), 1, 88);
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final SendMessage ANSWER = new SendMessage("R$ 75", null, Purpose.ANSWER);
    private static final OutboundCommand TEAM = new OutboundCommand.Assign(null, 3L);

    private final List<Event> timeline = new ArrayList<>();
    private boolean complete = true;
    private boolean known;
    private ConversationState state = ConversationState.UNSEEN;

    @Test
    void a_history_that_is_cut_is_no_missing_webhook() {
        complete = false;
        assertThat(verdict().code()).isEqualTo(Code.HISTORY_CUT);

        complete = true;
        timeline.add(FlowEvents.commandDone(HERE, null, "turn", "turn/0", ANSWER, "1", NOW));
        assertThat(verdict().code()).isEqualTo(Code.HISTORY_CUT);
    }

    @Test
    void silenced_first_and_answered_after_all() {
        arrived(7);
        timeline.add(FlowEvents.turnSilenced(
                HERE, null, "conversation_opened_unattended", Owner.HUMAN, List.of(7L), "7", NOW.minusSeconds(60)));
        decided("answered", "knowledge", 7);
        timeline.add(FlowEvents.commandDone(HERE, null, "turn", "turn/0", ANSWER, "1", NOW));

        assertThat(verdict()).isEqualTo(Verdict.of(Code.ANSWERED, 7L, "knowledge", NOW));
    }

    @Test
    void nothing_arrived_unless_the_conversation_is_known() {
        assertThat(verdict().code()).isEqualTo(Code.NOTHING_ARRIVED);

        known = true;
        assertThat(verdict()).isEqualTo(Verdict.of(Code.HISTORY_CUT, null, null, null));
    }

    @Test
    void a_message_that_is_not_to_be_answered() {
        happened("message.ignored", "7", Map.of("message_id", 7, "reason", "group_chat"));

        assertThat(verdict()).isEqualTo(Verdict.of(Code.IGNORED, 7L, "group_chat", NOW));
    }

    @Test
    void a_message_whose_turn_has_not_come() {
        arrived(7);
        state = state(List.of(7L), NOW.plusSeconds(4), null, 0, List.of());
        assertThat(verdict()).isEqualTo(Verdict.of(Code.WAITING, 7L, null, NOW.plusSeconds(4)));

        state = state(List.of(7L), NOW.plusSeconds(60), NOW.plusSeconds(60), 1, List.of());
        assertThat(verdict().code()).isEqualTo(Code.ANSWERING);

        state = state(List.of(7L), NOW.plusSeconds(8), null, 2, List.of());
        assertThat(verdict()).extracting(Verdict::code, Verdict::attempts).containsExactly(Code.FAILING, 2);
    }

    @Test
    void a_person_has_the_conversation() {
        arrived(7);
        timeline.add(FlowEvents.turnSilenced(HERE, null, "human_owned", Owner.HUMAN, List.of(7L), "7", NOW));

        assertThat(verdict()).isEqualTo(Verdict.of(Code.HUMAN_OWNED, 7L, "human_owned", NOW));
    }

    @Test
    void a_person_took_over_while_the_answer_was_found() {
        arrived(7);
        decided("answered", "knowledge", 7);
        timeline.add(FlowEvents.turnSilenced(HERE, null, "human_agent_message", Owner.HUMAN, List.of(7L), "turn", NOW));

        assertThat(verdict()).isEqualTo(Verdict.of(Code.HELD_BACK, 7L, "human_agent_message", NOW));
    }

    @Test
    void a_person_took_over_between_two_bubbles() {
        arrived(7);
        decided("answered", "knowledge", 7);
        timeline.add(FlowEvents.commandDone(HERE, null, "turn", "turn/0", ANSWER, "1", NOW));
        timeline.add(FlowEvents.commandHeldBack(HERE, null, "turn", "turn/1", ANSWER, "human_agent_message", NOW));

        assertThat(verdict()).isEqualTo(Verdict.of(Code.HELD_BACK, 7L, "human_agent_message", NOW));
    }

    @Test
    void the_decision_and_its_reason() {
        arrived(7);
        decided("answered", "knowledge", 7);
        timeline.add(FlowEvents.commandDone(HERE, null, "turn", "turn/0", ANSWER, "1", NOW));
        assertThat(verdict()).isEqualTo(Verdict.of(Code.ANSWERED, 7L, "knowledge", NOW));

        timeline.clear();
        arrived(7);
        decided("silent", "thanks_only", 7);
        assertThat(verdict()).isEqualTo(Verdict.of(Code.SILENT, 7L, "thanks_only", NOW));

        timeline.clear();
        arrived(7);
        decided("drafted", "draft", 7);
        assertThat(verdict().code()).isEqualTo(Code.DRAFTED);
    }

    @Test
    void an_answer_that_is_on_its_way() {
        arrived(7);
        decided("answered", "knowledge", 7);
        state = state(List.of(), null, null, 0, List.of(waiting(3, null)));
        assertThat(verdict()).isEqualTo(new Verdict(Code.SENDING, 7L, null, NOW.plusSeconds(9), 3, List.of()));

        state = state(List.of(), null, null, 0, List.of(waiting(3, NOW)));
        assertThat(verdict().code()).isEqualTo(Code.UNCLEAR);
    }

    @Test
    void an_answer_that_was_given_up_or_thrown_away() {
        arrived(7);
        decided("answered", "knowledge", 7);
        timeline.add(FlowEvents.commandDeadLettered(HERE, null, "turn", "turn/0", ANSWER, "outside_window", NOW));
        assertThat(verdict())
                .isEqualTo(new Verdict(
                        Code.NOT_SENT, 7L, "outside_window", NOW, 0, List.of("send_message: outside_window")));

        timeline.add(FlowEvents.commandRetried(HERE, null, "turn", "turn/0", ANSWER, NOW));
        assertThat(verdict().code()).isEqualTo(Code.SENDING);

        timeline.add(FlowEvents.commandDiscarded(HERE, null, "turn", "turn/0", ANSWER, NOW));
        assertThat(verdict().code()).isEqualTo(Code.DISCARDED);
    }

    @Test
    void an_answer_that_chatwoot_took_and_whatsapp_did_not_deliver() {
        arrived(7);
        decided("answered", "knowledge", 7);
        timeline.add(FlowEvents.commandDone(HERE, null, "turn", "turn-1", ANSWER, "8", NOW));
        happened("message.failed", "another", Map.of("message_id", 6, "reason", "delivery_failed"));
        assertThat(verdict().code()).isEqualTo(Code.ANSWERED);

        happened("message.failed", "turn", Map.of("message_id", 8, "reason", "delivery_failed"));
        assertThat(verdict()).isEqualTo(Verdict.of(Code.UNDELIVERED, 7L, "delivery_failed", NOW));

        timeline.remove(timeline.size() - 1);
        happened("message.failed", "turn", Map.of("message_id", 8, "error", "131026: Undeliverable"));
        assertThat(verdict()).isEqualTo(Verdict.of(Code.UNDELIVERED, 7L, "131026: Undeliverable", NOW));
        assertThat(Consequences.of(7, timeline)).last().isEqualTo(timeline.get(timeline.size() - 1));
    }

    @Test
    void a_handoff_whose_words_were_not_delivered_is_a_handoff() {
        arrived(7);
        decided("handed_off", "urgent", 7);
        happened("message.failed", "turn", Map.of("message_id", 8, "reason", "delivery_failed"));

        assertThat(verdict().code()).isEqualTo(Code.HANDED_OFF);
    }

    @Test
    void a_handoff_of_which_a_part_failed() {
        arrived(7);
        decided("handed_off", "urgent", 7);
        timeline.add(FlowEvents.commandDeadLettered(HERE, null, "turn", "turn/0", TEAM, "no_such_team", NOW));
        timeline.add(FlowEvents.commandHeldBack(HERE, null, "turn", "turn/1", ANSWER, "human_agent_message", NOW));

        assertThat(verdict())
                .isEqualTo(new Verdict(Code.HANDED_OFF, 7L, "urgent", NOW, 0, List.of("assign: no_such_team")));
    }

    @Test
    void giving_up_failed_too_or_nothing_is_left_of_it() {
        arrived(7);
        assertThat(verdict().code()).isEqualTo(Code.FORGOTTEN);

        happened(FlowEvents.TURN_ABANDONED, "turn", Map.of("message_ids", List.of(7), "error", "ERR_INTERNAL"));
        assertThat(verdict()).isEqualTo(Verdict.of(Code.ABANDONED, 7L, "ERR_INTERNAL", NOW));
    }

    @Test
    void the_latest_message_is_meant_unless_one_is_named() {
        arrived(7);
        decided("silent", "thanks_only", 7);
        happened("message.ignored", "8", Map.of("message_id", 8, "reason", "reaction"));

        assertThat(verdict().code()).isEqualTo(Code.IGNORED);
        assertThat(judge().about(7L).code()).isEqualTo(Code.SILENT);
    }

    @Test
    void policies_are_told_with_the_turn_however_far_down_they_acted_and_with_what_came_of_their_commands() {
        arrived(7);
        happened("policy.fired", "message.received", Map.of("policy", "on-arrival"));
        decided("answered", "knowledge", 7);
        event("p1", "policy.fired", "turn.completed", Map.of("policy", "write"));
        event("p0", "policy.fired", "of another turn", Map.of("policy", "elsewhere"));
        timeline.add(FlowEvents.commandDeadLettered(HERE, null, "p1", "p1/0", ANSWER, "outside_window", NOW));
        event("p2", "policy.fired", timeline.get(timeline.size() - 1).id(), Map.of("policy", "alert"));
        event("e", "alert.raised", "p2", Map.of());
        event("p3", "policy.fired", "e", Map.of("policy", "tell"));
        timeline.add(FlowEvents.commandDone(HERE, null, "p3", "p3/0", TEAM, null, NOW));

        List<TurnStory.PolicyStory> policies =
                TurnStory.all(timeline, state).get(0).policies();

        assertThat(policies)
                .extracting(policy -> policy.event().payload().get("policy"))
                .containsExactly("on-arrival", "write", "alert", "tell");
        assertThat(policies.get(1).results()).singleElement().satisfies(result -> {
            assertThat(result.command()).isEqualTo("send_message");
            assertThat(result.fate()).isEqualTo(TurnStory.Fate.DEAD_LETTER);
            assertThat(result.reason()).isEqualTo("outside_window");
            assertThat(result.at()).isEqualTo(NOW);
        });
        assertThat(policies.get(3).results())
                .extracting(TurnStory.CommandStory::fate)
                .containsExactly(TurnStory.Fate.DONE);
        assertThat(verdict().code())
                .as("what a policy wanted to send is no part of the answer")
                .isEqualTo(Code.ANSWERED);
    }

    private void event(String id, String type, String cause, Map<String, Object> payload) {
        timeline.add(
                new Event(id, HERE.tenant(), HERE, null, type, 1, payload, Event.Source.RULE, null, cause, 1, NOW));
    }

    private Verdict verdict() {
        return judge().about(null);
    }

    private Judge judge() {
        return new Judge(timeline, TurnStory.all(timeline, state), state, complete, known, NOW);
    }

    private void arrived(long message) {
        happened("message.received", "" + message, Map.of("message_id", message, "reason", "customer_message"));
    }

    private void decided(String outcome, String reason, long message) {
        happened(
                "turn.completed",
                "turn",
                Map.of("outcome", outcome, "reason", reason, "message_ids", List.of(message)));
    }

    private void happened(String type, String cause, Map<String, Object> payload) {
        timeline.add(
                new Event(type, HERE.tenant(), HERE, null, type, 1, payload, Event.Source.SYSTEM, null, cause, 0, NOW));
    }

    private static WaitingCommand waiting(int attempts, @Nullable Instant unclearSince) {
        return new WaitingCommand(1, "turn", "turn/0", ANSWER, attempts, NOW.plusSeconds(9), unclearSince);
    }

    private static ConversationState state(
            List<Long> messages,
            @Nullable Instant due,
            @Nullable Instant claimedUntil,
            int attempts,
            List<WaitingCommand> commands) {
        return new ConversationState(Ownership.INITIAL, messages, due, claimedUntil, attempts, 0, commands, null, null);
    }
}
