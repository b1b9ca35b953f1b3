package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.CREATING;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.SHOWING;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.Assign;
import io.github.almeidatech.wppflow.model.OutboundCommand.CallWebhook;
import io.github.almeidatech.wppflow.model.OutboundCommand.ChangeLabels;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetContactAttributes;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetConversationAttributes;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetStatus;
import io.github.almeidatech.wppflow.model.OutboundCommand.UpdateContact;
import io.github.almeidatech.wppflow.model.OutboundCommand.WriteRow;
import io.github.almeidatech.wppflow.normalizer.OwnershipMode;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatwootCommandSenderTest {

    private final SenderFixture with = new SenderFixture();

    @AfterEach
    void stop() {
        with.close();
    }

    // One try

    @Test
    void a_message_is_done_with_its_id_and_carries_our_key() {
        CommandResult result = with.send(answer("A **diária** custa R$ 80."));

        var stored = with.chatwoot.transcript(with.conversation).get(1);
        assertThat(result).isEqualTo(new Done(String.valueOf(stored.id())));
        assertThat(stored.contentAttributes().path("flow_key").asText()).isEqualTo("turn-1/0");
        assertThat(stored.text()).isEqualTo("A **diária** custa R$ 80.");
        assertThat(stored.seen()).isEqualTo("A *diária* custa R$ 80.");
        assertThat(stored.author()).isEqualTo("AgentBot");
    }

    @Test
    void a_reply_quotes_what_it_answers() {
        var quoted = with.customer.writes("quanto?");

        with.send(new OutboundCommand.SendMessage("R$ 80", quoted.id(), OutboundCommand.Purpose.ANSWER));

        assertThat(with.chatwoot
                        .transcript(with.conversation)
                        .get(2)
                        .contentAttributes()
                        .path("in_reply_to")
                        .asLong())
                .isEqualTo(quoted.id());
    }

    @Test
    void notes_labels_attributes_status_and_assignment_are_done() {
        long contact = with.chatwoot.conversation(with.conversation).contact();
        long agent = with.chatwoot.agent().id();
        long team = with.chatwoot.teamId("financeiro");

        for (OutboundCommand command : List.of(
                new ChangeLabels(List.of("humano"), List.of("novo")),
                new AddPrivateNote("Cliente: {{contact.name}} quer desconto"),
                new SetConversationAttributes(Map.of("assunto", "preço")),
                new SetContactAttributes(contact, Map.of("pet", "Rex")),
                new Assign(agent, team),
                new SetStatus(ConversationStatus.OPEN))) {
            assertThat(with.send(command)).as("%s", command).isInstanceOf(Done.class);
        }

        var conversation = with.chatwoot.conversation(with.conversation);
        assertThat(conversation.labels()).containsExactly("humano");
        assertThat(conversation.customAttributes().path("assunto").asText()).isEqualTo("preço");
        assertThat(conversation.assignee()).isEqualTo(with.chatwoot.agent().name());
        assertThat(conversation.team()).isEqualTo("financeiro");
        assertThat(conversation.status()).isEqualTo("open");
        assertThat(with.chatwoot.notesIn(with.conversation))
                .as("Liquid in a customer's words is not run")
                .containsExactly("Cliente: { {contact.name}} quer desconto");
        assertThat(with.client
                        .contacts()
                        .get(contact)
                        .orElseThrow()
                        .json()
                        .path("custom_attributes")
                        .path("pet")
                        .asText())
                .isEqualTo("Rex");
    }

    @Test
    void assigning_who_does_not_exist_is_refused_instead_of_silently_unassigning() {
        assertThat(with.send(new Assign(999L, null))).isEqualTo(new Refused("no_such_agent"));
        assertThat(with.send(new Assign(null, 999L))).isEqualTo(new Refused("no_such_team"));
        assertThat(with.send(new Assign(null, null))).isEqualTo(new Done(null));
    }

    @Test
    void who_exists_of_a_team_and_a_person_is_assigned() {
        assertThat(with.send(new Assign(with.chatwoot.agent().id(), 999L))).isEqualTo(new Refused("no_such_team"));
        assertThat(with.chatwoot.conversation(with.conversation).assignee())
                .isEqualTo(with.chatwoot.agent().name());

        assertThat(with.send(new Assign(999L, with.chatwoot.teamId("financeiro"))))
                .isEqualTo(new Refused("no_such_agent"));
        assertThat(with.chatwoot.conversation(with.conversation).team()).isEqualTo("financeiro");
    }

    @Test
    void when_nobody_of_a_command_exists_others_are_assigned_and_the_mistake_is_told() {
        var everybody = new Assign(with.chatwoot.agent().id(), with.chatwoot.teamId("atendimento"));
        try (var fixture = new SenderFixture(chatwoot -> {}, sender -> sender.assignOtherwise(everybody), true)) {
            assertThat(fixture.send(new Assign(999L, 998L))).isEqualTo(new Refused("no_such_team"));

            var conversation = fixture.chatwoot.conversation(fixture.conversation);
            assertThat(conversation.team()).isEqualTo("atendimento");
            assertThat(conversation.assignee())
                    .isEqualTo(fixture.chatwoot.agent().name());
        }
    }

    @Test
    void a_status_that_does_not_come_is_not_done() {
        with.chatwoot
                .faults()
                .next(
                        1,
                        SeenRequest.matching("POST", "/toggle_status"),
                        Fault.answer(200, "application/json", "{\"payload\":{\"current_status\":\"pending\"}}"));

        assertThat(with.send(new SetStatus(ConversationStatus.OPEN))).isEqualTo(new NotDone("status_is_pending", null));
    }

    @Test
    void what_is_not_chatwoots_goes_to_others() {
        var seen = new CopyOnWriteArrayList<OutboundCommand>();
        try (var fixture = new SenderFixture(
                chatwoot -> {},
                sender -> sender.others(attempt -> {
                    seen.add(attempt.command());
                    return new Done("elsewhere");
                }),
                true)) {
            var commands = List.of(
                    new CallWebhook("n8n", Map.of()),
                    new WriteRow("leads", Map.of(), Map.of("a", 1)),
                    new UpdateContact("p", null, null, Map.of(), null));

            for (OutboundCommand command : commands) {
                assertThat(fixture.send(command)).isEqualTo(new Done("elsewhere"));
                assertThat(with.send(command)).isEqualTo(new Refused("not_for_chatwoot"));
            }
            assertThat(seen).isEqualTo(commands);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, Refused, invalid_request",
        "403, Refused, forbidden",
        "404, Refused, not_found",
        "422, Refused, invalid_request",
        "401, NotDone, unauthorized",
        "429, NotDone, rate_limited",
        "500, Unclear, server_error",
        "502, Unclear, server_error",
    })
    void an_answer_decides_what_becomes_of_the_command(int status, String result, String reason) {
        for (OutboundCommand command : List.of(answer("Oi"), new AddPrivateNote("Oi"))) {
            with.chatwoot.faults().next(1, CREATING, Fault.status(status));

            CommandResult given = with.send(command);

            assertThat(given.getClass().getSimpleName()).isEqualTo(result);
            assertThat(given.toString()).contains(reason);
            with.clock.advance(Duration.ofMinutes(2));
        }
        assertThat(with.chatwoot.createdThroughApi()).isZero();
    }

    @Test
    void a_pause_asked_for_is_passed_on() {
        with.chatwoot.faults().next(1, CREATING, Fault.rateLimited("40"));

        assertThat(with.send(answer("Oi"))).isEqualTo(new NotDone("rate_limited", Duration.ofSeconds(40)));
    }

    @Test
    void a_chatwoot_that_is_not_there_has_certainly_done_nothing() {
        with.chatwoot.close();

        assertThat(with.send(answer("Oi"))).isEqualTo(new NotDone("unreachable", null));
        assertThat(with.send(new AddPrivateNote("Oi"))).isEqualTo(new NotDone("unreachable", null));
        assertThat(with.send(new SetStatus(ConversationStatus.OPEN))).isEqualTo(new NotDone("unreachable", null));
    }

    @Test
    void failures_while_only_looking_leave_nothing_unclear() {
        with.chatwoot.faults().next(1, SHOWING, Fault.status(502));
        assertThat(with.send(answer("Oi"))).isEqualTo(new NotDone("server_error", null));

        with.chatwoot.faults().always(SHOWING, Fault.drop());
        assertThat(with.send(answer("Oi"))).isEqualTo(new NotDone("broken", null));
        with.chatwoot.faults().clear();

        with.chatwoot.faults().next(1, SHOWING, Fault.status(404));
        assertThat(with.send(answer("Oi"))).isEqualTo(new Refused("not_found"));

        assertThat(with.chatwoot.createdThroughApi()).isZero();
    }

    @Test
    void nothing_is_sent_once_the_lease_is_over() {
        CommandAttempt attempt = with.attempt(answer("Oi"));
        with.clock.set(attempt.leaseUntil());

        assertThat(with.sender.send(attempt)).isEqualTo(new NotDone("lease_over", null));
        assertThat(with.chatwoot.createdThroughApi()).isZero();
    }

    @Test
    void a_lease_that_ends_while_looking_stops_the_message_before_the_wire() {
        var fixture = new SenderFixture(chatwoot -> {}, sender -> {}, true);
        try (fixture) {
            // The clock jumps between the look and the message, as after a long pause of the process.
            CommandAttempt attempt = fixture.attempt(answer("Oi"));
            var jumping = ChatwootCommandSender.builder(fixture.client)
                    .clock(() -> {
                        Instant now = fixture.clock.instant();
                        fixture.clock.advance(Duration.ofSeconds(31));
                        return now;
                    })
                    .build();

            assertThat(jumping.send(attempt)).isEqualTo(new NotDone("busy", null));
            assertThat(fixture.chatwoot.createdThroughApi()).isZero();
        }
    }

    @Test
    void a_text_beyond_chatwoots_limit_is_refused() {
        assertThat(with.send(answer("x".repeat(150_001)))).isEqualTo(new Refused("unsendable_text"));
        assertThat(with.send(new AddPrivateNote("x".repeat(150_001))))
                .as("a note is cut")
                .isInstanceOf(Done.class);
    }

    @Test
    void a_conversation_of_another_account_is_refused() {
        CommandAttempt attempt = with.attempt(answer("Oi"));
        var elsewhere = new CommandAttempt(
                1,
                new ConversationId(SenderFixture.TENANT, 77, with.conversation),
                "t",
                "k",
                attempt.command(),
                1,
                null,
                attempt.leaseUntil(),
                "token");

        assertThat(with.sender.send(elsewhere)).isEqualTo(new Refused("other_account"));
    }

    // Set-up

    @Test
    void typing_is_a_courtesy_that_never_fails() {
        var id = new ConversationId(SenderFixture.TENANT, with.chatwoot.accountId(), with.conversation);

        with.sender.typing(id, true);
        with.chatwoot.faults().always(request -> true, Fault.status(500));
        with.sender.typing(id, false);
        with.chatwoot.close();
        with.sender.typing(id, false);

        assertThat(with.chatwoot.requests()).anyMatch(request -> request.path().endsWith("/toggle_typing_status"));
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        var builder = ChatwootCommandSender.builder(with.client);

        assertThatThrownBy(() -> builder.ownership(OwnershipMode.BY_SOURCE))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.settleTime(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.humanPause(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
