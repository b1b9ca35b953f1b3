package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.LISTING;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.SHOWING;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.answer;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.handoff;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.HeldBack;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.OutboundCommand.AddPrivateNote;
import io.github.almeidatech.wppflow.model.OutboundCommand.SetStatus;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.normalizer.OwnershipMode;
import io.github.almeidatech.wppflow.testkit.HumanAgent;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Promise 5: the bot never talks over a person. */
class OwnershipBeforeSendTest {

    private final SenderFixture bot = new SenderFixture();
    private final SenderFixture account =
            new SenderFixture(chatwoot -> {}, sender -> sender.ownership(OwnershipMode.ACCOUNT), true);

    @AfterEach
    void stop() {
        bot.close();
        account.close();
    }

    private static OwnershipSignal heldBack(CommandResult result) {
        assertThat(result).isInstanceOf(HeldBack.class);
        return ((HeldBack) result).ownership();
    }

    @Test
    void a_pending_conversation_is_the_bots() {
        assertThat(bot.send(answer("Oi"))).isInstanceOf(Done.class);
    }

    @Test
    void an_opened_conversation_is_a_persons_until_their_pause_is_over() {
        bot.chatwoot.agent().opens(bot.conversation);

        OwnershipSignal signal = heldBack(bot.send(answer("Oi")));

        Instant now = bot.clock.instant();
        assertThat(signal)
                .isEqualTo(new OwnershipSignal(
                        Owner.HUMAN, now, now.plus(Duration.ofHours(12)), "conversation_opened", false));
        assertThat(bot.chatwoot.createdThroughApi()).isZero();
    }

    @Test
    void an_assigned_and_opened_conversation_says_so() {
        HumanAgent agent = bot.chatwoot.agent();
        agent.takes(bot.conversation);
        agent.opens(bot.conversation);

        assertThat(heldBack(bot.send(answer("Oi"))).reason()).isEqualTo("person_assigned");
    }

    @Test
    void a_snoozed_conversation_is_a_persons() {
        bot.chatwoot.agent().snoozes(bot.conversation);

        assertThat(heldBack(bot.send(answer("Oi"))).reason()).isEqualTo("conversation_snoozed");
    }

    @Test
    void a_resolved_conversation_is_closed() {
        bot.chatwoot.agent().resolves(bot.conversation);

        OwnershipSignal signal = heldBack(bot.send(answer("Oi")));

        assertThat(signal.owner()).isEqualTo(Owner.CLOSED);
        assertThat(signal.reason()).isEqualTo("conversation_resolved");
        assertThat(signal.until()).isNull();
    }

    @Test
    void our_own_handoff_may_still_be_announced_until_the_person_speaks() {
        bot.send(new AddPrivateNote("Resumo"));
        bot.send(new SetStatus(ConversationStatus.OPEN));

        assertThat(bot.send(handoff("Já chamei alguém"))).isInstanceOf(Done.class);
        bot.chatwoot.agent().writes(bot.conversation, "Oi, aqui é a Ana");

        OwnershipSignal signal = heldBack(bot.send(handoff("Aguarde")));
        assertThat(signal.reason()).isEqualTo("human_agent_message");
        assertThat(signal.spoken()).isTrue();
        assertThat(signal.at()).isEqualTo(bot.clock.instant());
        assertThat(signal.until()).isEqualTo(bot.clock.instant().plus(Duration.ofHours(12)));
    }

    @Test
    void a_person_who_spoke_in_a_pending_conversation_is_not_talked_over() {
        bot.chatwoot.agent().writes(bot.conversation, "Deixa comigo");

        assertThat(heldBack(bot.send(answer("Oi"))).spoken()).isTrue();
    }

    @Test
    void words_typed_on_the_paired_phone_are_a_persons() {
        bot.chatwoot.typeOnPairedPhone(bot.conversation, "Deixa comigo");

        assertThat(heldBack(bot.send(answer("Oi"))).reason()).isEqualTo("human_agent_message");
    }

    @Test
    void automations_and_greetings_are_nobodys_words() {
        bot.chatwoot.writeByAutomation(bot.conversation, "Recebemos sua mensagem");
        assertThat(bot.send(answer("Oi"))).isInstanceOf(Done.class);

        bot.chatwoot.greet(bot.conversation, "Bem-vinda");
        assertThat(bot.send(answer("Oi"))).isInstanceOf(Done.class);
    }

    @Test
    void words_hidden_behind_a_note_are_found() {
        HumanAgent agent = bot.chatwoot.agent();
        agent.writes(bot.conversation, "Deixa comigo");
        agent.notes(bot.conversation, "cliente antiga");

        assertThat(heldBack(bot.send(answer("Oi"))).spoken()).isTrue();
    }

    @Test
    void a_note_alone_takes_nothing_over() {
        bot.chatwoot.agent().notes(bot.conversation, "cliente antiga");

        assertThat(bot.send(answer("Oi"))).isInstanceOf(Done.class);
    }

    @Test
    void a_person_who_spoke_before_the_customers_last_message_is_the_engines_affair() {
        HumanAgent agent = bot.chatwoot.agent();
        agent.writes(bot.conversation, "Até logo");
        bot.clock.advance(Duration.ofHours(13));
        bot.customer.writes("oi de novo");
        agent.notes(bot.conversation, "voltou");

        assertThat(bot.send(answer("Oi"))).isInstanceOf(Done.class);
    }

    @Test
    void with_account_webhooks_an_open_conversation_is_the_bots_until_somebody_is_assigned() {
        account.chatwoot.agent().opens(account.conversation);
        assertThat(account.send(answer("Oi"))).isInstanceOf(Done.class);

        account.chatwoot.agent().takes(account.conversation);

        assertThat(heldBack(account.send(answer("Oi"))).reason()).isEqualTo("person_assigned");
    }

    @Test
    void a_short_pause_still_holds_until_it_is_stored() {
        try (var fixture = new SenderFixture(chatwoot -> {}, sender -> sender.humanPause(Duration.ZERO), true)) {
            fixture.chatwoot.agent().opens(fixture.conversation);

            assertThat(heldBack(fixture.send(answer("Oi"))).until())
                    .isEqualTo(fixture.clock.instant().plus(Duration.ofMinutes(1)));
        }
    }

    @Test
    void normally_one_look_is_enough() {
        bot.send(answer("Oi"));
        bot.send(answer("Tudo bem?"));

        assertThat(bot.chatwoot.requests().stream().filter(SHOWING).count()).isEqualTo(2);
        assertThat(bot.chatwoot.requests().stream().filter(LISTING).count()).isZero();
    }

    @Test
    void a_recent_bot_looks_with_its_own_token() {
        try (var fixture = new SenderFixture(chatwoot -> {}, sender -> {}, false)) {
            fixture.chatwoot.agent().opens(fixture.conversation);

            assertThat(heldBack(fixture.send(answer("Oi"))).owner()).isEqualTo(Owner.HUMAN);
        }
    }

    @Test
    void without_any_token_to_look_with_the_engines_fence_has_to_do() {
        try (var fixture = new SenderFixture(chatwoot -> chatwoot.version("4.14.0"), sender -> {}, false)) {
            fixture.chatwoot.agent().opens(fixture.conversation);

            assertThat(fixture.send(answer("**Oi**"))).isInstanceOf(Done.class);
            assertThat(fixture.chatwoot.messagesIn(fixture.conversation))
                    .as("and without knowing the channel no marks are written")
                    .containsExactly("Oi");
        }
    }

    @Test
    void whoever_does_not_want_it_is_not_looked_for_but_the_channel_once() {
        try (var fixture = new SenderFixture(chatwoot -> {}, sender -> sender.checkOwnershipBeforeSend(false), true)) {
            fixture.chatwoot.agent().opens(fixture.conversation);

            assertThat(fixture.send(answer("**Oi**"))).isInstanceOf(Done.class);
            assertThat(fixture.send(answer("**Oi**"))).isInstanceOf(Done.class);

            assertThat(fixture.chatwoot.requests().stream().filter(SHOWING).count())
                    .isEqualTo(1);
            assertThat(fixture.chatwoot.messagesIn(fixture.conversation)).containsExactly("*Oi*", "*Oi*");
        }
    }
}
