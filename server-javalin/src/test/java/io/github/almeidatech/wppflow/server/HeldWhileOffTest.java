package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever is not answered because the bot is off is seen by people. */
class HeldWhileOffTest {

    private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");
    private static final ConversationId CONVERSATION = new ConversationId(new TenantId("pet-hotel"), 1, 60);

    private final List<OutboundCommand> sent = new ArrayList<>();
    private CommandResult opened = new CommandResult.Done(null);

    @ParameterizedTest
    @EnumSource(Purpose.class)
    void whatever_a_message_is_for_its_conversation_is_opened_in_its_stead(Purpose purpose) {
        CommandResult result = send(new OutboundCommand.SendMessage("Até logo!", null, purpose));

        assertThat(sent).containsExactly(new OutboundCommand.SetStatus(ConversationStatus.OPEN));
        assertThat(result)
                .isEqualTo(new CommandResult.HeldBack(new OwnershipSignal(Owner.HUMAN, NOW, null, "bot_off", false)));
    }

    @Test
    void a_conversation_that_cannot_be_opened_is_a_dead_letter_and_not_a_persons() {
        opened = new CommandResult.Refused("forbidden");

        assertThat(send(message())).isEqualTo(opened);
    }

    @Test
    void an_opening_that_may_have_been_done_or_was_not_is_tried_again() {
        opened = new CommandResult.NotDone("unauthorized", Duration.ofSeconds(3));
        assertThat(send(message())).isEqualTo(opened);

        opened = new CommandResult.Unclear("server_error", null);
        assertThat(send(message())).isEqualTo(new CommandResult.NotDone("server_error", null));
    }

    @Test
    void a_follow_up_that_nobody_waits_for_opens_nothing() {
        CommandResult result = send(new OutboundCommand.FollowUp(NOW, "Chegou bem?", null, true));

        assertThat(result).isEqualTo(new CommandResult.Refused("bot_off"));
        assertThat(sent).isEmpty();
    }

    private static OutboundCommand message() {
        return new OutboundCommand.SendMessage("R$ 80", null, Purpose.ANSWER);
    }

    private CommandResult send(OutboundCommand command) {
        var held = new HeldWhileOff(
                attempt -> {
                    sent.add(attempt.command());
                    return opened;
                },
                tenant -> true,
                () -> NOW);
        return held.send(new CommandAttempt(
                1, CONVERSATION, "turn-1", "turn-1/1", command, 1, null, NOW.plusSeconds(60), "token"));
    }
}
