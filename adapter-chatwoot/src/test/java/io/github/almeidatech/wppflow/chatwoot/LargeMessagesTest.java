package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.LISTING;
import static io.github.almeidatech.wppflow.chatwoot.SenderFixture.answer;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.chatwoot.ChatwootMessage.Type;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.HeldBack;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages of a conversation that do not fit into one answer of Chatwoot's. */
class LargeMessagesTest {

    private static final String LARGE = "muito ".repeat(20_000);
    private static final String TOO_LARGE = "demais ".repeat(200_000);

    private final Engine engine = new Engine();
    private final SenderFixture bot = new SenderFixture(chatwoot -> {}, sender -> sender.words(engine), true);
    private final Messages messages = bot.client.messages();

    /** Lets a person's word silence what is under way. */
    private final class Engine implements PersonsWords {
        final List<String> texts = new ArrayList<>();

        @Override
        public void take(JsonNode conversation, JsonNode message) {
            texts.add(message.path("content").asText());
        }

        @Override
        public Optional<OwnershipSignal> holdsBack(CommandAttempt attempt) {
            return texts.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new OwnershipSignal(Owner.HUMAN, bot.clock.instant(), null, "a_person", true));
        }
    }

    @AfterEach
    void stop() {
        bot.close();
    }

    /** A burst, and more in other conversations between them: ids count over the whole installation. */
    private void write(int number, String text) {
        for (int i = 0; i < number; i++) {
            bot.chatwoot.customer("+551190000010" + i % 10, "Bia").writes("oi");
            bot.customer.writes(text);
            bot.clock.advance(Duration.ofSeconds(1));
        }
    }

    private List<Long> ids() {
        return bot.chatwoot.transcript(bot.conversation).stream()
                .map(message -> message.id())
                .toList();
    }

    private static List<Long> idsOf(List<ChatwootMessage> messages) {
        return messages.stream().map(ChatwootMessage::id).toList();
    }

    @Test
    void pages_hold_the_same_as_if_they_were_small() {
        write(45, LARGE);
        List<Long> ids = ids();

        assertThat(idsOf(messages.newest(bot.conversation))).isEqualTo(ids.subList(26, 46));
        assertThat(idsOf(messages.before(bot.conversation, ids.get(26)))).isEqualTo(ids.subList(6, 26));
        assertThat(idsOf(messages.before(bot.conversation, ids.get(6)))).isEqualTo(ids.subList(0, 6));
        assertThat(idsOf(messages.after(bot.conversation, ids.get(3)))).isEqualTo(ids.subList(4, 46));
    }

    @Test
    void the_calls_they_cost_are_bounded() {
        write(25, LARGE);
        long before = bot.chatwoot.requests().stream().filter(LISTING).count();

        messages.newest(bot.conversation);

        assertThat(bot.chatwoot.requests().stream().filter(LISTING).count() - before)
                .isLessThan(40);
    }

    @Test
    void however_many_are_too_large_by_themselves_the_newest_are_read_and_the_calls_end() {
        for (int i = 0; i < 40; i++) {
            bot.customer.writes(TOO_LARGE);
        }
        bot.customer.writes("e o banho?");
        List<Long> ids = ids();
        long before = bot.chatwoot.requests().stream().filter(LISTING).count();

        assertThat(idsOf(messages.newest(bot.conversation))).containsExactly(ids.get(41));
        assertThat(bot.chatwoot.requests().stream().filter(LISTING).count() - before)
                .isLessThan(50);
    }

    @Test
    void which_message_is_too_large_by_itself_is_told() {
        bot.customer.writes(TOO_LARGE);
        long left = ids().get(1);
        bot.customer.writes("e o banho?");
        var told = new ArrayList<String>();
        var client = ChatwootClient.builder(
                        new OkHttpClient(), bot.chatwoot.baseUrl(), bot.chatwoot.accountId(), bot.chatwoot.botToken())
                .userToken(bot.chatwoot.userToken())
                .clock(bot.clock)
                .leftOut((conversation, message) -> told.add(conversation + "/" + message))
                .build();

        client.messages().newest(bot.conversation);

        assertThat(told).containsExactly(bot.conversation + "/" + left);
    }

    @Test
    void the_newest_page_ends_with_what_chatwoot_remarked_last() {
        write(12, LARGE);
        bot.chatwoot.agent().opens(bot.conversation);

        List<ChatwootMessage> newest = messages.newest(bot.conversation);

        assertThat(newest.get(newest.size() - 1).type()).isEqualTo(Type.ACTIVITY);
        assertThat(newest.get(newest.size() - 2).content()).isEqualTo(LARGE);
    }

    @Test
    void one_that_is_too_large_by_itself_is_left_out() {
        bot.customer.writes(TOO_LARGE);
        bot.customer.writes("e o banho?");
        List<Long> ids = ids();

        assertThat(idsOf(messages.newest(bot.conversation))).containsExactly(ids.get(0), ids.get(2));
        assertThat(idsOf(messages.after(bot.conversation, ids.get(0)))).containsExactly(ids.get(2));
    }

    @Test
    void the_bot_goes_on_speaking_and_the_breaker_stays_closed() {
        write(12, LARGE);
        bot.customer.writes("e o banho?");

        assertThat(bot.send(answer("R$ 40"))).as("the first look").isInstanceOf(Done.class);
        bot.clock.advance(Duration.ofMinutes(1));
        write(12, LARGE);
        for (int i = 0; i < 6; i++) {
            assertThat(bot.send(answer("R$ 40"))).as("what is new").isInstanceOf(Done.class);
        }
        assertThat(bot.client.breakerState()).isEqualTo("closed");
    }

    @Test
    void a_persons_word_among_them_is_not_talked_over() {
        write(6, LARGE);
        bot.chatwoot.agent().writes(bot.conversation, "Deixa comigo");
        write(12, LARGE);

        assertThat(bot.send(answer("R$ 40"))).isInstanceOf(HeldBack.class);
        assertThat(engine.texts).containsExactly("Deixa comigo");
    }
}
