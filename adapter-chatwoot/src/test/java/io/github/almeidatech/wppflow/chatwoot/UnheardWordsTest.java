package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.CREATING;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.LISTING;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.SHOWING;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.answer;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.handoff;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.HeldBack;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.normalizer.NormalizerError;
import io.github.almeidatech.wppflow.testkit.ChatMessage;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.HumanAgent;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Promise 5, where the webhook of a person's message is lost and the customer has written after it. */
class UnheardWordsTest {

    private final Engine engine = new Engine();
    private final SenderFixture bot = new SenderFixture(chatwoot -> {}, sender -> sender.words(engine), true);
    private final HumanAgent agent = bot.chatwoot.agent();

    /** Knows what it was told; a person's word that was new silences what is under way. */
    private final class Engine implements PersonsWords {
        final List<Long> taken = new ArrayList<>();
        final List<String> texts = new ArrayList<>();
        final Set<Long> known = new HashSet<>();
        boolean broken;
        Optional<OwnershipSignal> owner = Optional.empty();
        Runnable afterAsking = () -> {};

        @Override
        public void take(JsonNode conversation, JsonNode message) {
            if (broken) {
                throw new ChatwootException(ChatwootError.BUSY, "the database is locked", null);
            }
            assertThat(conversation.path("id").asLong()).isEqualTo(bot.conversation);
            taken.add(message.path("id").asLong());
            texts.add(message.path("content").asText());
            if (known.add(message.path("id").asLong())) {
                owner = Optional.of(new OwnershipSignal(Owner.HUMAN, bot.clock.instant(), null, "a_person", true));
            }
        }

        @Override
        public Optional<OwnershipSignal> holdsBack(CommandAttempt attempt) {
            Optional<OwnershipSignal> known = owner;
            afterAsking.run();
            return known;
        }
    }

    @AfterEach
    void stop() {
        bot.close();
    }

    private long listed() {
        return bot.chatwoot.requests().stream().filter(LISTING).count();
    }

    @Test
    void a_persons_word_before_the_customers_last_message_is_taken_in_and_not_talked_over() {
        ChatMessage word = agent.writes(bot.conversation, "Deixa comigo");
        bot.customer.writes("e o banho?");

        CommandResult result = bot.send(answer("O banho custa R$ 40"));

        assertThat(result).isEqualTo(new HeldBack(engine.owner.orElseThrow(), true));
        assertThat(engine.taken).containsExactly(word.id());
        assertThat(bot.chatwoot.createdThroughApi()).isZero();
    }

    @Test
    void so_is_one_typed_on_the_paired_phone() {
        ChatMessage word = bot.chatwoot.typeOnPairedPhone(bot.conversation, "Deixa comigo");
        bot.customer.writes("e o banho?");

        assertThat(bot.send(handoff("Vou chamar alguém"))).isInstanceOf(HeldBack.class);
        assertThat(engine.taken).containsExactly(word.id());
    }

    @Test
    void so_is_a_command_in_a_note_and_no_other_note() {
        ChatMessage off = agent.notes(bot.conversation, "#bot off");
        agent.notes(bot.conversation, "cliente antiga");
        bot.customer.writes("e o banho?");

        assertThat(bot.send(answer("R$ 40"))).isInstanceOf(HeldBack.class);
        assertThat(engine.taken).containsExactly(off.id());
    }

    @Test
    void automations_greetings_and_our_own_words_are_nobodys() {
        bot.chatwoot.writeByAutomation(bot.conversation, "Recebemos");
        bot.chatwoot.greet(bot.conversation, "Bem-vinda");
        bot.customer.writes("e o banho?");

        assertThat(bot.send(answer("R$ 40"))).isInstanceOf(Done.class);
        assertThat(bot.send(answer("Posso marcar?"))).isInstanceOf(Done.class);
        assertThat(engine.taken).isEmpty();
    }

    @Test
    void it_is_seen_between_two_bubbles_also_behind_what_the_customer_wrote_then() {
        assertThat(bot.send(answer("O banho custa R$ 40"))).isInstanceOf(Done.class);
        agent.writes(bot.conversation, "Oi, é a Ana");
        bot.customer.writes("oi Ana");

        assertThat(bot.send(answer("Posso marcar?"))).isInstanceOf(HeldBack.class);
        assertThat(engine.texts).containsExactly("Oi, é a Ana");
    }

    @Test
    void several_are_taken_in_in_the_order_of_their_ids() {
        agent.writes(bot.conversation, "um");
        bot.customer.writes("a");
        agent.notes(bot.conversation, "#bot on");
        bot.customer.writes("b");
        agent.writes(bot.conversation, "dois");

        bot.send(answer("R$ 40"));

        assertThat(engine.taken).hasSize(3).isSorted();
    }

    @Test
    void what_the_engine_knows_does_not_silence_the_bot_by_itself() {
        ChatMessage word = agent.writes(bot.conversation, "Deixa comigo");
        engine.known.add(word.id());
        agent.notes(bot.conversation, "pode responder");
        bot.customer.writes("e o banho?");

        assertThat(bot.send(answer("R$ 40"))).isInstanceOf(Done.class);
    }

    @Test
    void what_the_engine_learned_since_the_claim_silences_the_bot_without_anything_new_to_read() {
        engine.owner = Optional.of(new OwnershipSignal(Owner.PAUSED, bot.clock.instant(), null, "paused", false));

        assertThat(bot.send(answer("R$ 40"))).isEqualTo(new HeldBack(engine.owner.get(), true));
    }

    @Test
    void a_word_whose_pause_is_over_is_left_alone() {
        agent.writes(bot.conversation, "Até logo");
        bot.clock.advance(Duration.ofHours(13));
        bot.customer.writes("oi de novo");

        assertThat(bot.send(answer("Oi"))).isInstanceOf(Done.class);
        assertThat(engine.taken).isEmpty();
    }

    @Test
    void after_the_customers_last_message_even_an_older_word_counts() {
        agent.writes(bot.conversation, "Até logo");
        bot.clock.advance(Duration.ofHours(13));

        assertThat(bot.send(answer("Oi"))).isInstanceOf(HeldBack.class);
    }

    @Test
    void one_call_more_is_made_and_reads_only_what_is_new() {
        for (int i = 0; i < 45; i++) {
            bot.customer.writes("mensagem " + i);
            bot.clock.advance(Duration.ofSeconds(1));
        }
        bot.clock.advance(Duration.ofMinutes(1));
        bot.customer.writes("e o banho?");

        bot.send(answer("O banho custa R$ 40"));
        assertThat(listed()).as("the first time: back to where no word counts").isEqualTo(3);
        bot.send(answer("Posso marcar?"));
        bot.send(answer("Às 10h?"));

        assertThat(listed()).isEqualTo(5);
        assertThat(bot.chatwoot.requests().stream().filter(SHOWING).count()).isEqualTo(3);
        assertThat(bot.chatwoot.requests())
                .filteredOn(LISTING::test)
                .last()
                .satisfies(request -> assertThat(request.query("after")).isPresent());
    }

    @Test
    void a_word_that_becomes_visible_after_younger_messages_is_found() throws Exception {
        bot.chatwoot.faults().next(1, CREATING, Fault.hidden(Duration.ofSeconds(4)));
        writeByApi("Deixa comigo");
        for (int i = 0; i < 2; i++) {
            bot.clock.advance(Duration.ofSeconds(1));
            bot.customer.writes("oi?");
        }
        assertThat(bot.send(answer("Oi"))).as("nobody can see it yet").isInstanceOf(Done.class);
        bot.clock.advance(Duration.ofSeconds(4));
        bot.customer.writes("e o banho?");

        assertThat(bot.send(answer("R$ 40"))).isInstanceOf(HeldBack.class);
        assertThat(engine.texts).containsExactly("Deixa comigo");
    }

    /** As a person, with their own token. */
    private void writeByApi(String text) throws IOException {
        var request = new Request.Builder()
                .url(bot.chatwoot.baseUrl() + "/api/v1/accounts/" + bot.chatwoot.accountId() + "/conversations/"
                        + bot.conversation + "/messages")
                .header("Api-Access-Token", bot.chatwoot.userToken())
                .post(RequestBody.create("{\"content\":\"" + text + "\"}", MediaType.get("application/json")))
                .build();
        try (var answered = new OkHttpClient().newCall(request).execute()) {
            assertThat(answered.code()).isEqualTo(200);
        }
    }

    @Test
    void another_instance_reads_for_itself() {
        var other = ChatwootCommandSender.builder(bot.client(true, Duration.ofSeconds(15)))
                .clock(bot.clock)
                .words(engine)
                .build();
        assertThat(bot.send(answer("um"))).isInstanceOf(Done.class);
        bot.clock.advance(Duration.ofMinutes(1));
        agent.writes(bot.conversation, "Deixa comigo");
        bot.customer.writes("ok");

        assertThat(other.send(bot.attempt(answer("dois")))).isInstanceOf(HeldBack.class);
        assertThat(bot.send(answer("três"))).isInstanceOf(HeldBack.class);
    }

    @Test
    void what_cannot_be_read_is_not_spoken_over() {
        agent.writes(bot.conversation, "Deixa comigo");
        bot.customer.writes("e o banho?");
        bot.chatwoot.faults().next(1, LISTING, Fault.status(503));

        assertThat(bot.send(answer("R$ 40"))).isInstanceOf(NotDone.class);
        assertThat(bot.chatwoot.createdThroughApi()).isZero();
        bot.clock.advance(Duration.ofSeconds(1));
        assertThat(bot.send(answer("R$ 40"))).isInstanceOf(HeldBack.class);
    }

    @Test
    void what_cannot_be_taken_in_is_read_again() {
        agent.writes(bot.conversation, "Deixa comigo");
        bot.clock.advance(Duration.ofMinutes(1));
        bot.customer.writes("e o banho?");
        engine.broken = true;

        assertThat(bot.send(answer("R$ 40"))).isInstanceOf(NotDone.class);
        engine.broken = false;
        assertThat(bot.send(answer("R$ 40"))).isInstanceOf(HeldBack.class);
        assertThat(bot.chatwoot.createdThroughApi()).isZero();
    }

    @Test
    void without_a_users_token_the_last_word_and_the_engine_have_to_do() {
        try (var fixture = new SenderFixture(chatwoot -> {}, sender -> sender.words(engine), false)) {
            fixture.chatwoot.agent().writes(fixture.conversation, "Deixa comigo");
            assertThat(fixture.send(answer("Oi"))).isInstanceOf(HeldBack.class);

            fixture.customer.writes("oi");
            assertThat(fixture.send(answer("Oi"))).isInstanceOf(Done.class);
            engine.owner = Optional.of(new OwnershipSignal(Owner.HUMAN, fixture.clock.instant(), null, "x", false));
            assertThat(fixture.send(answer("Oi"))).isInstanceOf(HeldBack.class);
            assertThat(fixture.chatwoot.requests()).noneMatch(LISTING::test);
        }
    }

    @Test
    void a_person_who_is_known_to_speak_while_a_file_is_fetched_is_not_talked_over_though_chatwoot_cannot_be_read() {
        try (var fixture = new SenderFixture(
                chatwoot -> chatwoot.version("4.14.0"),
                sender -> sender.words(engine).files((tenant, file, max, limit) -> {
                    engine.owner = Optional.of(aPerson());
                    return new byte[] {1};
                }),
                false)) {
            var file = new OutboundCommand.SendAttachment(
                    "https://files.example/a.pdf", "A tabela", OutboundCommand.Purpose.ANSWER);

            assertThat(fixture.send(file)).isEqualTo(new HeldBack(aPerson(), true));
            assertThat(fixture.chatwoot.createdThroughApi()).isZero();
        }
    }

    @Test
    void what_the_engine_learns_while_the_message_waits_for_other_calls_silences_it() {
        engine.afterAsking = () -> engine.owner = Optional.of(aPerson());

        assertThat(bot.send(answer("R$ 40"))).isEqualTo(new HeldBack(aPerson(), true));
        assertThat(bot.chatwoot.createdThroughApi()).isZero();
        assertThat(bot.client.breakerState()).isEqualTo("closed");
    }

    @Test
    void when_the_engine_cannot_be_asked_any_more_nothing_is_said() {
        engine.afterAsking = () -> engine.afterAsking = () -> {
            throw new FlowException(NormalizerError.NOT_JSON, "the database is locked", null);
        };

        assertThat(bot.send(answer("R$ 40"))).isInstanceOf(NotDone.class);
        assertThat(bot.chatwoot.createdThroughApi()).isZero();
    }

    private OwnershipSignal aPerson() {
        return new OwnershipSignal(Owner.HUMAN, bot.clock.instant(), null, "human_agent_message", true);
    }

    @Test
    void a_conversation_of_a_person_by_its_state_is_not_read() {
        agent.opens(bot.conversation);

        assertThat(bot.send(answer("Oi"))).isInstanceOf(HeldBack.class);
        assertThat(listed()).isZero();
    }
}
