package io.github.almeidatech.wppflow.normalizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnershipTest {

    private static final Duration PAUSE = Duration.ofHours(2);
    private static final Instant SENT = Instant.parse("2026-09-01T12:00:00.412Z");
    private static final Instant CHANGED = Instant.parse("2026-09-01T12:00:00.482917Z");

    private static Optional<OwnershipSignal> signal(Payload payload) {
        return payload.read().ownership(PAUSE);
    }

    private static Optional<OwnershipSignal> accountSignal(Payload payload) {
        return payload.read(DeliverySource.ACCOUNT).ownership(PAUSE);
    }

    private static String changed(String attribute, String from, String to) {
        return "[{'" + attribute + "': {'previous_value': " + from + ", 'current_value': " + to + "}},"
                + " {'updated_at': {'previous_value': 'a', 'current_value': 'b'}}]";
    }

    @Test
    void a_person_who_writes_owns_the_conversation_for_the_pause_after_it() {
        assertThat(signal(Payload.outgoing(Payload.agent())))
                .contains(new OwnershipSignal(Owner.HUMAN, SENT, SENT.plus(PAUSE), "human_agent_message", true));
        assertThat(signal(Payload.outgoing("null").set("content_attributes", "{'external_echo': true}")))
                .contains(new OwnershipSignal(Owner.HUMAN, SENT, SENT.plus(PAUSE), "human_agent_message", true));
    }

    @Test
    void bots_rules_templates_and_customers_change_nothing() {
        assertThat(signal(Payload.message())).isEmpty();
        assertThat(signal(Payload.outgoing("{'id': 2, 'type': 'agent_bot'}"))).isEmpty();
        assertThat(signal(Payload.outgoing("null").set("content_attributes", "{'automation_rule_id': 3}")))
                .isEmpty();
        assertThat(signal(Payload.outgoing("null").set("message_type", "'template'")))
                .isEmpty();
        assertThat(signal(Payload.outgoing(Payload.agent()).set("event", "'message_updated'")))
                .isEmpty();
    }

    @Test
    void a_customers_message_in_an_owned_conversation_repeats_that_it_is_owned_from_now_on() {
        Payload owned = Payload.message().set("conversation.status", "'open'");

        assertThat(signal(owned))
                .contains(new OwnershipSignal(Owner.HUMAN, CHANGED, Payload.ARRIVAL.plus(PAUSE), "human_owned", false));
    }

    @Test
    void read_late_it_is_still_owned_when_it_is_stored() {
        Instant muchLater = SENT.plus(Duration.ofDays(3));

        Normalized normalized = Payload.message()
                .set("conversation.status", "'open'")
                .read(Payload.normalizer().clock(() -> muchLater).build(), DeliverySource.AGENT_BOT);

        assertThat(normalized.ownership(Duration.ZERO).orElseThrow().until())
                .isEqualTo(muchLater.plus(Duration.ofMinutes(1)));
    }

    @Test
    void a_pending_conversation_in_which_a_person_wrote_is_not_given_back_by_the_customers_next_message() {
        assertThat(signal(Payload.message().set("conversation.status", "'pending'")))
                .isEmpty();
        assertThat(signal(Payload.conversation("conversation_updated")
                        .set("changed_attributes", changed("waiting_since", "null", "'x'"))))
                .isEmpty();
        assertThat(signal(Payload.conversation("conversation_created"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "agent-bot, pending, BOT, conversation_pending",
                "agent-bot, resolved, CLOSED, conversation_resolved",
                "agent-bot, open, HUMAN, conversation_opened_unattended",
                "agent-bot, snoozed, HUMAN, conversation_snoozed",
                "account, pending, BOT, conversation_pending",
                "account, resolved, CLOSED, conversation_resolved",
                "account, open, -, -",
                "account, snoozed, -, -"
            })
    void a_change_of_status_says_whose_it_is(String source, String status, Owner owner, String reason) {
        Optional<OwnershipSignal> signal = Payload.conversation("conversation_status_changed")
                .set("status", "'" + status + "'")
                .set("changed_attributes", "null")
                .read(DeliverySource.of(source))
                .ownership(PAUSE);

        assertThat(signal.map(OwnershipSignal::owner)).isEqualTo(Optional.ofNullable(owner));
        assertThat(signal.map(OwnershipSignal::reason)).isEqualTo(Optional.ofNullable(reason));
        assertThat(signal.map(OwnershipSignal::at)).isEqualTo(signal.map(any -> CHANGED));
        assertThat(signal.map(OwnershipSignal::spoken)).isEqualTo(signal.map(any -> false));
    }

    @Test
    void opened_and_resolved_have_events_of_their_own_for_bots() {
        assertThat(signal(Payload.conversation("conversation_resolved").set("status", "'resolved'"))
                        .map(OwnershipSignal::owner))
                .contains(Owner.CLOSED);
        assertThat(signal(Payload.conversation("conversation_opened").set("status", "'open'"))
                        .map(OwnershipSignal::owner))
                .contains(Owner.HUMAN);
    }

    @Test
    void a_status_is_also_read_from_the_list_of_changes() {
        assertThat(accountSignal(Payload.conversation("conversation_updated")
                                .set("changed_attributes", changed("status", "'open'", "'pending'")))
                        .map(OwnershipSignal::reason))
                .contains("conversation_pending");
    }

    @Test
    void opened_because_our_webhook_failed_is_told_from_opened_by_a_person() {
        Payload opened = Payload.conversation("conversation_opened").set("status", "'open'");
        assertThat(signal(opened).orElseThrow().reason()).isEqualTo("conversation_opened_unattended");

        assertThat(signal(opened.set("meta.team", "{'id': 3, 'name': 'Recepção'}"))
                        .orElseThrow()
                        .reason())
                .isEqualTo("conversation_opened");
        opened.set("meta.team", "null").set("messages.0.message_type", "1");
        assertThat(signal(opened).orElseThrow().reason()).as("we handed over").isEqualTo("conversation_opened");
        opened.set("messages", "[]").set("meta.assignee", "{'id': 6, 'type': 'user'}");
        assertThat(signal(opened).orElseThrow().reason()).isEqualTo("person_assigned");
    }

    @Test
    void what_was_not_pending_before_was_not_opened_by_a_failure() {
        assertThat(signal(Payload.conversation("conversation_updated")
                                .set("status", "'open'")
                                .set("changed_attributes", changed("status", "'snoozed'", "'open'")))
                        .map(OwnershipSignal::reason))
                .contains("conversation_opened");
    }

    @Test
    void assigning_a_person_gives_it_to_them_in_every_mode() {
        Payload assigned = Payload.conversation("conversation_updated")
                .set("meta.assignee", "{'id': 6, 'type': 'user'}")
                .set("changed_attributes", changed("assignee_id", "null", "6"));

        assertThat(signal(assigned).map(OwnershipSignal::reason)).contains("person_assigned");
        assertThat(accountSignal(assigned).orElseThrow().until()).isEqualTo(Payload.ARRIVAL.plus(PAUSE));
        assertThat(signal(assigned.set("status", "'resolved'"))).isEmpty();
        assertThat(signal(assigned.set("status", "'open'").set("meta.assignee", "null")))
                .as("nobody any more: says nothing, the pause ends it")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"account, open, true", "account, resolved, false", "agent-bot, pending, true", "agent-bot, open, false"
    })
    void assigning_a_bot_gives_it_back_where_the_status_allows(String source, String status, boolean given) {
        Optional<OwnershipSignal> signal = Payload.conversation("conversation_updated")
                .set("status", "'" + status + "'")
                .set("meta.assignee", "{'id': 2, 'type': 'agent_bot'}")
                .set("changed_attributes", changed("assignee_agent_bot_id", "null", "2"))
                .read(DeliverySource.of(source))
                .ownership(PAUSE);

        assertThat(signal.map(OwnershipSignal::reason))
                .isEqualTo(given ? Optional.of("bot_assigned") : Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "#bot off",
                "  #BOT   OFF \\nporque o cliente pediu",
                "\\\\#bot off",
                "#bot off até segunda",
                "#bot off 0h",
                "#bot off 1000d",
                "#bot off 2 semanas"
            })
    void a_persons_note_can_send_the_bot_away(String note) {
        Optional<OwnershipSignal> signal =
                signal(Payload.outgoing(Payload.agent()).set("private", "true").set("content", "'" + note + "'"));

        assertThat(signal).contains(new OwnershipSignal(Owner.PAUSED, SENT, null, "bot_off_command", false));
    }

    @ParameterizedTest
    @CsvSource({
        "#bot off 30m, PT30M",
        "#bot off 45 min, PT45M",
        "#bot off 2h, PT2H",
        "#BOT OFF 2 Horas, PT2H",
        "\\\\#bot off 1d, P1D",
        "#bot off 15 dias, P15D"
    })
    void it_may_say_for_how_long(String note, Duration pause) {
        Optional<OwnershipSignal> signal =
                signal(Payload.outgoing(Payload.agent()).set("private", "true").set("content", "'" + note + "'"));

        assertThat(signal)
                .contains(new OwnershipSignal(Owner.PAUSED, SENT, SENT.plus(pause), "bot_off_command", false));
    }

    @ParameterizedTest
    @CsvSource({"0, false", "59, false", "61, true", "86400, true"})
    void a_note_that_is_found_later_is_a_sign_of_a_person_which_shortens_no_pause(long secondsLater, boolean late) {
        Instant sent = Instant.parse("2026-09-01T12:00:00Z");
        ObjectNode note = Payload.apiMessage();
        note.put("message_type", 1).put("private", true).put("content", "#bot off");
        note.set("sender", Payload.of(Payload.agent()));
        Normalizer normalizer =
                Payload.normalizer().clock(() -> sent.plusSeconds(secondsLater)).build();

        assertThat(normalizer
                        .fromApi(Payload.TENANT, Payload.apiConversation(), note)
                        .ownership(PAUSE))
                .contains(
                        late
                                ? new OwnershipSignal(Owner.HUMAN, sent, sent.plus(PAUSE), "bot_off_command", false)
                                : new OwnershipSignal(Owner.PAUSED, sent, null, "bot_off_command", false));
    }

    @Test
    void one_that_is_found_later_ends_when_it_says() {
        Instant sent = Instant.parse("2026-09-01T12:00:00Z");
        ObjectNode note = Payload.apiMessage();
        note.put("message_type", 1).put("private", true).put("content", "#bot off 2h");
        note.set("sender", Payload.of(Payload.agent()));
        Normalizer normalizer =
                Payload.normalizer().clock(() -> sent.plusSeconds(600)).build();

        assertThat(normalizer
                        .fromApi(Payload.TENANT, Payload.apiConversation(), note)
                        .ownership(PAUSE))
                .contains(new OwnershipSignal(
                        Owner.PAUSED, sent, sent.plus(Duration.ofHours(2)), "bot_off_command", false));
    }

    @Test
    void and_call_it_back() {
        assertThat(signal(
                        Payload.outgoing(Payload.agent()).set("private", "true").set("content", "'#bot on'")))
                .contains(new OwnershipSignal(Owner.BOT, SENT, null, "bot_on_command", false));
    }

    @Test
    void commands_count_only_as_a_line_of_their_own_in_a_persons_private_note() {
        assertThat(signal(Payload.outgoing(Payload.agent())
                        .set("private", "true")
                        .set("content", "'use #bot off se precisar'")))
                .isEmpty();
        assertThat(signal(
                        Payload.outgoing(Payload.agent()).set("private", "true").set("content", "'#bot offline'")))
                .isEmpty();
        assertThat(signal(Payload.outgoing("{'id': 2, 'type': 'agent_bot'}")
                        .set("private", "true")
                        .set("content", "'#bot off'")))
                .isEmpty();
        assertThat(signal(Payload.message().set("content", "'#bot off'").set("conversation.messages", "[]")))
                .isEmpty();
        assertThat(signal(Payload.outgoing(Payload.agent()).set("content", "'#bot on'"))
                        .orElseThrow()
                        .owner())
                .as("said to the customer by mistake: a person spoke")
                .isEqualTo(Owner.HUMAN);
    }

    @Test
    void inboxes_that_are_not_served_change_nothing() {
        Normalizer others = Payload.normalizer().inboxes(java.util.List.of(5L)).build();

        assertThat(Payload.outgoing(Payload.agent())
                        .read(others, DeliverySource.ACCOUNT)
                        .ownership(PAUSE))
                .isEmpty();
        assertThat(Payload.conversation("conversation_resolved")
                        .read(others, DeliverySource.ACCOUNT)
                        .ownership(PAUSE))
                .isEmpty();
    }

    @Test
    void without_a_time_of_its_own_a_change_is_of_now_and_without_a_status_it_says_nothing() {
        Payload resolved = Payload.conversation("conversation_resolved").set("status", "'resolved'");

        assertThat(signal(resolved.remove("updated_at")).orElseThrow().at()).isEqualTo(Payload.ARRIVAL);
        assertThat(signal(resolved.remove("status"))).isEmpty();
    }

    @Test
    void a_negative_pause_is_a_mistake() {
        assertThatThrownBy(() -> Payload.outgoing(Payload.agent()).read().ownership(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
