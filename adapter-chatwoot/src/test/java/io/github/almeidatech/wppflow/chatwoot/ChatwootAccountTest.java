package io.github.almeidatech.wppflow.chatwoot;

import static io.github.almeidatech.wppflow.chatwoot.TokenPowers.Power.GRANTED;
import static io.github.almeidatech.wppflow.chatwoot.TokenPowers.Power.NOT_GRANTED;
import static io.github.almeidatech.wppflow.chatwoot.TokenPowers.Power.NO_TOKEN;
import static io.github.almeidatech.wppflow.chatwoot.TokenPowers.Power.WRONG_ACCOUNT;
import static io.github.almeidatech.wppflow.chatwoot.TokenPowers.Power.WRONG_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.SeenRequest;
import io.github.almeidatech.wppflow.testkit.SettableClock;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Contacts, set-up, tokens and versions, against a Chatwoot that behaves like the real one. */
class ChatwootAccountTest {

    private static final OkHttpClient HTTP = new OkHttpClient();

    private final SettableClock clock = SettableClock.at("2026-09-01T12:00:00Z");
    private SimulatedChatwoot chatwoot =
            SimulatedChatwoot.builder().clock(clock).start();
    private ChatwootClient client = client(true);

    @AfterEach
    void stop() {
        chatwoot.close();
    }

    private ChatwootClient client(boolean withUser) {
        return ChatwootClient.builder(HTTP, chatwoot.baseUrl(), chatwoot.accountId(), chatwoot.botToken())
                .userToken(withUser ? chatwoot.userToken() : null)
                .clock(clock)
                .maxPerSecond(1_000)
                .build();
    }

    private void restart(String version) {
        chatwoot.close();
        chatwoot = SimulatedChatwoot.builder().clock(clock).version(version).start();
        client = client(true);
    }

    private long newConversation() {
        return chatwoot.customer("+5511900000001", "Ana").writes("oi").conversation();
    }

    private SeenRequest lastRequest() {
        List<SeenRequest> all = chatwoot.requests();
        return all.get(all.size() - 1);
    }

    private static ChatwootError errorOf(Runnable call) {
        var failure = catchThrowableOfType(ChatwootException.class, call::run);
        assertThat(failure).as("a failure").isNotNull();
        return failure.error();
    }

    @ParameterizedTest
    @CsvSource({"4.11.0, user, user", "4.12.0, bot, user", "4.14.1, bot, user", "4.14.2, bot, bot", "4.15.1, bot, bot"})
    void the_bot_does_what_its_release_lets_it_do(String version, String typing, String labels) {
        restart(version);
        long number = newConversation();
        Map<String, String> names = Map.of(chatwoot.botToken(), "bot", chatwoot.userToken(), "user");

        client.conversations().typing(number, true);
        assertThat(names.get(lastRequest().header("Api-Access-Token").orElseThrow()))
                .isEqualTo(typing);
        client.conversations().changeLabels(number, List.of("a"), List.of());
        assertThat(names.get(lastRequest().header("Api-Access-Token").orElseThrow()))
                .isEqualTo(labels);
        client.conversations().show(number);
        assertThat(names.get(lastRequest().header("Api-Access-Token").orElseThrow()))
                .isEqualTo("user");
    }

    @Test
    void without_a_user_a_recent_bot_reads_conversations_and_nothing_else() {
        long number = newConversation();
        var alone = client(false);

        assertThat(alone.hasUserToken()).isFalse();
        assertThat(alone.canReadConversations()).isTrue();
        assertThat(alone.conversations().show(number).number()).isEqualTo(number);
        alone.conversations().changeLabels(number, List.of("a"), List.of());
        alone.conversations().typing(number, true);
        assertThat(errorOf(() -> alone.messages().newest(number))).isEqualTo(ChatwootError.NO_TOKEN);
        assertThat(errorOf(() -> alone.contacts().get(1))).isEqualTo(ChatwootError.NO_TOKEN);
        assertThat(errorOf(() -> alone.contacts().search("a"))).isEqualTo(ChatwootError.NO_TOKEN);
        assertThat(errorOf(() -> alone.setup().teams())).isEqualTo(ChatwootError.NO_TOKEN);
    }

    @Test
    void without_a_user_an_old_bot_reads_nothing() {
        restart("4.11.0");
        long number = newConversation();
        var alone = client(false);

        assertThat(alone.canReadConversations()).isFalse();
        assertThat(errorOf(() -> alone.conversations().show(number))).isEqualTo(ChatwootError.NO_TOKEN);
        assertThat(errorOf(() -> alone.conversations().labels(number))).isEqualTo(ChatwootError.NO_TOKEN);
        assertThat(errorOf(() -> alone.conversations().typing(number, true))).isEqualTo(ChatwootError.NO_TOKEN);
    }

    @Test
    void contacts_are_found_in_every_way() {
        long number = newConversation();
        long id = chatwoot.conversation(number).contact();

        assertThat(client.contacts().get(id)).hasValueSatisfying(contact -> {
            assertThat(contact.name()).isEqualTo("Ana");
            assertThat(contact.phone()).isEqualTo("+5511900000001");
            assertThat(contact.identifier()).isNull();
            assertThat(contact.toString()).doesNotContain("Ana", "9000");
        });
        assertThat(client.contacts().get(999)).isEmpty();
        assertThat(client.contacts().byPhone("+5511900000001"))
                .extracting(ChatwootContact::id)
                .containsExactly(id);
        assertThat(client.contacts().byPhone("+5511900000009")).isEmpty();
        assertThat(client.contacts().search("+55119000"))
                .extracting(ChatwootContact::id)
                .containsExactly(id);
        assertThat(client.contacts().bySource(chatwoot.inboxId(), "5511900000001"))
                .map(ChatwootContact::id)
                .contains(id);
        assertThat(client.contacts().bySource(chatwoot.inboxId(), "551100")).isEmpty();
    }

    @Test
    void contacts_are_made_once_and_changed_by_merging() {
        var fields = Map.<String, Object>of("name", "Bia", "phone_number", "+5511900000002");
        long id = client.contacts().create(fields).id();

        assertThat(errorOf(() -> client.contacts().create(fields))).isEqualTo(ChatwootError.INVALID_REQUEST);
        client.contacts().mergeAttributes(id, Map.of("plano", "mensal"));
        client.contacts().mergeAttributes(id, Map.of("pets", List.of("Rex")));
        var contact = client.contacts().update(id, Map.of("name", "Bia Souza"));

        assertThat(contact.name()).isEqualTo("Bia Souza");
        assertThat(client.contacts()
                        .get(id)
                        .orElseThrow()
                        .json()
                        .path("custom_attributes")
                        .toString())
                .contains("mensal", "Rex");
    }

    @Test
    void failures_of_looking_up_are_not_taken_for_absence() {
        chatwoot.faults().always(request -> true, Fault.status(500));

        assertThat(errorOf(() -> client.contacts().get(1))).isEqualTo(ChatwootError.SERVER_ERROR);
        assertThat(errorOf(() -> client.contacts().bySource(1, "x"))).isEqualTo(ChatwootError.SERVER_ERROR);
    }

    @Test
    void searching_too_much_pauses_searching_only() {
        long number = newConversation();
        chatwoot.faults().next(1, SeenRequest.matching("GET", "/contacts/search"), Fault.rateLimited("60"));

        assertThat(errorOf(() -> client.contacts().search("a"))).isEqualTo(ChatwootError.RATE_LIMITED);
        assertThat(errorOf(() -> client.contacts().search("a"))).isEqualTo(ChatwootError.RATE_LIMITED);

        assertThat(client.contacts().byPhone("+551100000")).isEmpty();
        assertThat(client.messages().newest(number)).hasSize(1);
        assertThat(chatwoot.faults().struck()).isEqualTo(1);
    }

    @Test
    void the_set_up_is_listed_whatever_is_around_it() {
        chatwoot.addAccountWebhook(URI.create("http://127.0.0.1:1/nobody"), "message_created");
        var bot = chatwoot.connectAgentBot(URI.create("http://127.0.0.1:1/nobody"));

        assertThat(bot).isNotNull();
        assertThat(client.setup().agents()).hasSizeGreaterThanOrEqualTo(3);
        assertThat(client.setup().teams()).hasSize(2);
        assertThat(client.setup().inboxes()).hasSize(1);
        assertThat(client.setup().labels()).isNotNull();
        assertThat(client.setup().agentBots()).isNotEmpty();
        assertThat(client.setup().agentBotOf(chatwoot.inboxId()).path("id").asLong())
                .isEqualTo(chatwoot.botId());
        assertThat(client.setup().webhooks()).hasSize(1);
        assertThat(client.setup().attributeDefinitions(true)).isNotNull();
    }

    @Test
    void the_powers_of_the_tokens_are_found_out_without_changing_anything() {
        newConversation();
        String agent = chatwoot.userToken(chatwoot.agent().name());
        var asAgent = ChatwootClient.builder(HTTP, chatwoot.baseUrl(), chatwoot.accountId(), chatwoot.botToken())
                .userToken(agent)
                .build();
        var wrong = ChatwootClient.builder(HTTP, chatwoot.baseUrl(), chatwoot.accountId(), "nonsense")
                .userToken("nonsense")
                .build();
        var elsewhere = ChatwootClient.builder(HTTP, chatwoot.baseUrl(), 77, chatwoot.botToken())
                .userToken(chatwoot.userToken())
                .build();

        assertThat(client.setup().powers()).isEqualTo(new TokenPowers(GRANTED, GRANTED, GRANTED, GRANTED));
        assertThat(asAgent.setup().powers()).isEqualTo(new TokenPowers(GRANTED, GRANTED, GRANTED, NOT_GRANTED));
        assertThat(client(false).setup().powers()).isEqualTo(new TokenPowers(GRANTED, GRANTED, NO_TOKEN, NO_TOKEN));
        assertThat(wrong.setup().powers())
                .isEqualTo(new TokenPowers(WRONG_TOKEN, WRONG_TOKEN, WRONG_TOKEN, WRONG_TOKEN));
        assertThat(elsewhere.setup().powers())
                .isEqualTo(new TokenPowers(WRONG_ACCOUNT, WRONG_ACCOUNT, WRONG_ACCOUNT, WRONG_ACCOUNT));
        assertThat(chatwoot.createdThroughApi()).isZero();

        restart("4.14.1");
        assertThat(client.setup().powers()).isEqualTo(new TokenPowers(GRANTED, NOT_GRANTED, GRANTED, GRANTED));
        assertThat(GRANTED.word()).isEqualTo("granted");
        chatwoot.faults().always(request -> true, Fault.status(500));
        assertThat(errorOf(() -> client.setup().powers())).isEqualTo(ChatwootError.SERVER_ERROR);
    }

    @Test
    void a_list_that_is_none_is_not_taken_for_an_empty_one() {
        chatwoot.faults().always(request -> true, Fault.answer(200, "application/json", "{\"payload\":\"none\"}"));

        assertThat(errorOf(() -> client.messages().newest(1))).isEqualTo(ChatwootError.UNREADABLE_ANSWER);
        assertThat(errorOf(() -> client.conversations().latest(1))).isEqualTo(ChatwootError.UNREADABLE_ANSWER);
        assertThat(errorOf(() -> client.conversations().labels(1))).isEqualTo(ChatwootError.UNREADABLE_ANSWER);
        assertThat(errorOf(() -> client.conversations().show(1))).isEqualTo(ChatwootError.UNREADABLE_ANSWER);
    }

    @Test
    void what_was_written_must_be_confirmed() {
        chatwoot.faults().always(request -> true, Fault.answer(200, "application/json", "{\"payload\":\"none\"}"));

        assertThat(errorOf(() -> client.conversations().setStatus(1, ConversationStatus.OPEN)))
                .isEqualTo(ChatwootError.UNREADABLE_ANSWER);
        assertThat(errorOf(() -> client.contacts().search("a"))).isEqualTo(ChatwootError.UNREADABLE_ANSWER);
        assertThat(errorOf(() -> client.contacts().update(1, Map.of()))).isEqualTo(ChatwootError.UNREADABLE_ANSWER);
        assertThat(errorOf(() -> client.setup().teams())).isEqualTo(ChatwootError.UNREADABLE_ANSWER);
    }

    @Test
    void the_version_is_asked_for_seldom_and_kept_while_nothing_answers() {
        assertThat(client.version()).hasToString("4.15.1");
        client.version();
        assertThat(chatwoot.requests()).hasSize(1);

        chatwoot.faults().always(request -> true, Fault.status(500));
        clock.advance(Duration.ofMinutes(31));

        assertThat(client.version()).hasToString("4.15.1");
        assertThat(chatwoot.requests()).hasSize(2);
    }

    @Test
    void a_version_not_told_is_asked_for_again_after_a_minute() {
        chatwoot.faults().next(1, request -> true, Fault.garbage());
        assertThat(client.version()).isEqualTo(ChatwootVersion.UNKNOWN);
        assertThat(client.version()).isEqualTo(ChatwootVersion.UNKNOWN);
        assertThat(chatwoot.requests()).hasSize(1);

        clock.advance(Duration.ofMinutes(1));

        assertThat(client.version()).hasToString("4.15.1");
    }

    @Test
    void settings_that_cannot_work_are_refused_at_once() {
        URI url = chatwoot.baseUrl();

        assertThatThrownBy(() -> ChatwootClient.builder(HTTP, URI.create("https://u:p@x.example"), 1, "t"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("u:p");
        assertThatThrownBy(() -> ChatwootClient.builder(HTTP, URI.create("ftp://x.example"), 1, "t"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChatwootClient.builder(HTTP, url, 0, "t"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ChatwootClient.builder(HTTP, url, 1, "a b"))
                .isInstanceOf(IllegalArgumentException.class);
        var builder = ChatwootClient.builder(HTTP, url, 1, "t");
        assertThatThrownBy(() -> builder.userToken("")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxConcurrent(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.maxPerSecond(1_001)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.timeLimit(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.connectTimeout(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(client.toString()).doesNotContain("token").contains("account 1");
    }

    @Test
    void a_bot_is_made_and_connected_once_however_often_that_is_asked_for() {
        URI address = URI.create("https://flow.example.com/webhooks/chatwoot/hotel/agent-bot");
        long inbox = chatwoot.inboxId();

        ConnectedBot bot = client.setup().connectBot("Assistente", address, inbox);
        ConnectedBot again = client.setup().connectBot("Assistente", address, inbox);

        assertThat(again).isEqualTo(bot);
        assertThat(bot.accessToken()).isNotEmpty();
        assertThat(bot.toString()).doesNotContain(bot.accessToken());
        assertThat(client.setup().agentBotOf(inbox).path("id").asLong()).isEqualTo(bot.id());
    }
}
