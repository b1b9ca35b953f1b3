package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookDeliveryTest {

    private final Receiver receiver = new Receiver();
    private SimulatedChatwoot chatwoot = quick().start();
    private final Customer joao = chatwoot.customer("+5511990000002", "Joao");

    private static ChatwootBuilder quick() {
        return SimulatedChatwoot.builder()
                .retryPause(Duration.ofMillis(20))
                .webhookTimeout(Duration.ofMillis(500))
                .receipts(false);
    }

    @AfterEach
    void close() {
        chatwoot.close();
        receiver.close();
    }

    private void idle() throws InterruptedException {
        assertThat(chatwoot.awaitIdle(Receiver.limit())).isTrue();
    }

    private List<String> heardTexts() {
        return receiver.of("message_created").stream()
                .map(seen -> seen.json().path("content").asText())
                .toList();
    }

    @Test
    void the_signature_is_that_of_the_published_example() {
        var body = "{\"event\":\"message_created\",\"id\":9001,\"content\":\"preço \\u003c 50 \\u0026 frete\"}";

        assertThat(Webhooks.sign("segredo-de-exemplo-000001", "1788264001", body.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("sha256=05faf15a4250dd16d9887fb1952e827df660448c7fa6c703f5d5ca80fd9566b5");
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500})
    void a_bot_that_asks_for_it_gets_the_delivery_three_times_with_one_id_and_fresh_signatures(int status)
            throws Exception {
        chatwoot.connectAgentBot(receiver.url("/bot"));
        receiver.answering(status);

        long conversation = joao.writes("oi").conversation();

        idle();
        var attempts = receiver.of("message_created");
        assertThat(attempts).hasSize(3);
        assertThat(attempts.stream()
                        .map(seen -> seen.header("X-Chatwoot-Delivery"))
                        .distinct())
                .hasSize(1);
        assertThat(attempts.get(2).header("X-Chatwoot-Signature")).isPresent();
        assertThat(chatwoot.conversation(conversation).status()).isEqualTo("open");
        assertThat(chatwoot.transcript(conversation))
                .anySatisfy(message -> assertThat(message.type()).isEqualTo("activity"));
    }

    @Test
    void a_bot_that_recovers_keeps_its_conversation() throws Exception {
        chatwoot.connectAgentBot(receiver.url("/bot"));
        var calls = new AtomicInteger();
        receiver.answering(request -> Answer.empty(calls.incrementAndGet() < 3 ? 500 : 202));

        long conversation = joao.writes("oi").conversation();

        idle();
        assertThat(chatwoot.conversation(conversation).status()).isEqualTo("pending");
        assertThat(chatwoot.webhooks().attempts())
                .extracting(Delivery::attempt, Delivery::status)
                .startsWith(tuple(1, 500), tuple(2, 500), tuple(3, 202));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 401, 404, 502, 503, 504})
    void other_answers_of_a_bot_fail_at_once_and_open_the_conversation(int status) throws Exception {
        chatwoot.connectAgentBot(receiver.url("/bot"));
        receiver.answering(request -> Answer.empty(status).header("Location", "/elsewhere"));

        long conversation = joao.writes("oi").conversation();

        idle();
        assertThat(receiver.of("message_created")).hasSize(1);
        assertThat(chatwoot.conversation(conversation).status()).isEqualTo("open");
    }

    @ParameterizedTest
    @CsvSource({
        "4.6.0, false, pending, 1",
        "4.7.0, false, open, 1",
        "4.11.0, true, pending, 1",
        "4.12.0, false, open, 3"
    })
    void what_a_failing_bot_does_to_the_conversation_depends_on_release_and_option(
            String version, boolean keep, String status, int attempts) throws Exception {
        chatwoot.close();
        chatwoot = quick().version(version).keepPendingWhenBotFails(keep).start();
        chatwoot.connectAgentBot(receiver.url("/bot"));
        receiver.answering(500);

        long conversation =
                chatwoot.customer("+5511990000002", "Joao").writes("oi").conversation();

        idle();
        assertThat(chatwoot.conversation(conversation).status()).isEqualTo(status);
        assertThat(receiver.of("message_created")).hasSize(attempts);
    }

    @Test
    void a_bot_that_cannot_be_reached_or_hangs_opens_the_conversation_too() throws Exception {
        chatwoot.connectAgentBot(URI.create("http://127.0.0.1:1/closed"));
        long unreachable = joao.writes("oi").conversation();
        idle();
        var released = new CountDownLatch(1);
        receiver.answering(request -> {
            awaitOrFail(released);
            return Answer.empty(200);
        });
        chatwoot.connectAgentBot(receiver.url("/bot"));
        long hanging = chatwoot.customer("+5511990000003", "Bia").writes("oi").conversation();

        idle();
        released.countDown();

        assertThat(chatwoot.conversation(unreachable).status()).isEqualTo("open");
        assertThat(chatwoot.conversation(hanging).status()).isEqualTo("open");
        assertThat(chatwoot.webhooks().attempts()).extracting(Delivery::status).contains(0);
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void account_webhooks_are_sent_once_and_lost() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"), "message_created");
        receiver.answering(500);

        long conversation = joao.writes("oi").conversation();

        idle();
        assertThat(receiver.all()).hasSize(1);
        assertThat(chatwoot.conversation(conversation).status()).isEqualTo("open");
        assertThat(chatwoot.transcript(conversation)).hasSize(1);
    }

    @Test
    void an_api_inbox_marks_messages_failed_that_its_callback_refuses() throws Exception {
        chatwoot.close();
        chatwoot = quick().inbox("Ponte", "Channel::Api").start();
        chatwoot.setInboxCallback(chatwoot.inboxId(), receiver.url("/inbox"));
        long conversation = chatwoot.customer("ponte-1", "Joao", null, "5511990000002@s.whatsapp.net")
                .writes("oi")
                .conversation();
        idle();
        receiver.answering(502);

        chatwoot.agent().writes(conversation, "olá");

        idle();
        var message = chatwoot.transcript(conversation).stream()
                .filter(m -> m.type().equals("outgoing"))
                .findFirst()
                .orElseThrow();
        assertThat(message.status()).isEqualTo("failed");
        assertThat(message.contentAttributes().path("external_error").asText()).contains("502");
        assertThat(chatwoot.messagesIn(conversation)).isEmpty();
        assertThat(receiver.all())
                .allSatisfy(
                        seen -> assertThat(seen.header("X-Chatwoot-Signature")).isPresent());
    }

    @ParameterizedTest
    @CsvSource({"4.11.0, false, false", "4.12.0, true, false", "4.13.0, true, true"})
    void what_is_signed_depends_on_the_release(String version, boolean account, boolean bot) throws Exception {
        chatwoot.close();
        chatwoot = quick().version(version).start();
        chatwoot.addAccountWebhook(receiver.url("/account"), "message_created");
        chatwoot.connectAgentBot(receiver.url("/bot"));

        chatwoot.customer("+5511990000002", "Joao").writes("oi");

        idle();
        assertThat(receiver.of("message_created")).hasSize(2).allSatisfy(seen -> {
            var signed = seen.path().equals("/account") ? account : bot;
            assertThat(seen.header("X-Chatwoot-Signature").isPresent()).isEqualTo(signed);
            assertThat(seen.header("X-Chatwoot-Delivery").isPresent()).isEqualTo(signed);
        });
    }

    @Test
    void credentials_in_the_address_become_a_header() throws Exception {
        var url = receiver.url("/account").toString().replace("http://", "http://ana:segredo@");
        chatwoot.addAccountWebhook(URI.create(url), "message_created");

        joao.writes("oi");

        idle();
        assertThat(receiver.all().get(0).header("Authorization")).contains("Basic YW5hOnNlZ3JlZG8=");
    }

    @Test
    void the_bot_hears_its_own_reply_and_everything_that_follows() throws Exception {
        chatwoot.close();
        chatwoot = quick().receipts(true).start();
        chatwoot.connectAgentBot(receiver.url("/bot"));
        long conversation =
                chatwoot.customer("+5511990000002", "Joao").writes("oi").conversation();
        idle();

        Api.bot(chatwoot).post("/account/conversations/" + conversation + "/messages", "{\"content\":\"Olá\"}");

        idle();
        assertThat(receiver.events())
                .containsExactly(
                        "message_created",
                        "message_created",
                        "conversation_updated",
                        "message_updated",
                        "message_updated",
                        "message_updated");
        assertThat(receiver.all().get(1).json().path("sender").path("type").asText())
                .isEqualTo("agent_bot");
    }

    @Test
    void a_bot_assigned_to_the_conversation_hears_of_it_once() throws Exception {
        chatwoot.connectAgentBot(receiver.url("/bot"));
        long conversation = joao.writes("oi").conversation();

        Api.user(chatwoot)
                .post(
                        "/account/conversations/" + conversation + "/assignments",
                        "{\"assignee_type\":\"AgentBot\",\"assignee_id\":" + chatwoot.botId() + "}");
        joao.writes("e aí?");

        idle();
        assertThat(heardTexts()).containsExactly("oi", "e aí?");
        assertThat(chatwoot.conversation(conversation).assignee()).isEqualTo("wpp-flow-core");
    }

    @Test
    void opening_and_resolving_have_events_of_their_own_for_bots() throws Exception {
        chatwoot.connectAgentBot(receiver.url("/bot"));
        long conversation = joao.writes("oi").conversation();

        chatwoot.agent().opens(conversation);
        chatwoot.agent().resolves(conversation);
        chatwoot.agent().returnsToBot(conversation);
        chatwoot.agent().snoozes(conversation);

        idle();
        assertThat(receiver.events().filter(event -> event.equals("conversation_opened")))
                .hasSize(1);
        assertThat(receiver.events().filter(event -> event.equals("conversation_resolved")))
                .hasSize(1);
        assertThat(receiver.of("conversation_status_changed")).hasSize(4);
    }

    @Test
    void deliveries_can_be_dropped_repeated_and_delayed() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"), "message_created");
        chatwoot.webhooks()
                .next(1, delivery -> delivery.event().equals("message_created"), DeliveryFault.drop())
                .next(1, delivery -> true, DeliveryFault.repeated(2))
                .next(1, delivery -> true, DeliveryFault.repeatedAsOther(1))
                .next(1, delivery -> true, DeliveryFault.delayed(Duration.ofMillis(300)));

        for (var text : List.of("dropped", "repeated", "as other", "delayed", "healthy")) {
            joao.writes(text);
        }

        idle();
        assertThat(heardTexts())
                .containsExactly("repeated", "repeated", "repeated", "as other", "as other", "healthy", "delayed");
        var ids = receiver.of("message_created").stream()
                .map(seen -> seen.header("X-Chatwoot-Delivery").orElseThrow())
                .toList();
        assertThat(ids.subList(0, 3)).containsOnly(ids.get(0));
        assertThat(ids.get(3)).isNotEqualTo(ids.get(4));
        assertThat(chatwoot.webhooks().attempts())
                .anySatisfy(d -> assertThat(d.attempt()).isZero());
    }

    @Test
    void faults_of_deliveries_can_be_taken_back() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"), "message_created");
        chatwoot.webhooks().next(5, delivery -> true, DeliveryFault.drop()).healthy();

        joao.writes("oi");

        idle();
        assertThat(heardTexts()).containsExactly("oi");
    }

    @Test
    void deliveries_held_back_leave_in_the_order_asked_for() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"), "message_created");
        chatwoot.webhooks().hold();
        for (int i = 1; i <= 5; i++) {
            joao.writes("m" + i);
        }
        assertThat(chatwoot.awaitIdle(Duration.ZERO)).isTrue();
        assertThat(receiver.all()).isEmpty();

        chatwoot.webhooks().releaseReversed();

        idle();
        assertThat(heardTexts()).containsExactly("m5", "m4", "m3", "m2", "m1");
        chatwoot.webhooks().hold();
        joao.writes("n1");
        joao.writes("n2");
        joao.writes("n3");
        chatwoot.webhooks().releaseShuffled(new Random(7));
        idle();
        var expected = new ArrayList<>(List.of("n1", "n2", "n3"));
        Collections.shuffle(expected, new Random(7));
        assertThat(heardTexts().subList(5, 8))
                .containsExactlyElementsOf(expected)
                .isNotEqualTo(List.of("n1", "n2", "n3"));
    }

    @Test
    void a_lagging_account_webhook_tells_the_later_state_and_a_bot_does_not() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"), "message_created", "conversation_updated");
        chatwoot.connectAgentBot(receiver.url("/bot"));
        chatwoot.webhooks().lagging(true);
        chatwoot.webhooks().hold();
        long conversation = joao.writes("oi").conversation();
        chatwoot.agent().opens(conversation);

        chatwoot.webhooks().release();

        idle();
        assertThat(receiver.of("message_created"))
                .hasSize(2)
                .allSatisfy(seen -> assertThat(
                                seen.json().path("conversation").path("status").asText())
                        .isEqualTo(seen.path().equals("/bot") ? "pending" : "open"));
        assertThat(receiver.of("conversation_updated"))
                .allSatisfy(seen -> assertThat(
                                seen.json().path("changed_attributes").isArray())
                        .isTrue());
    }

    @Test
    void an_old_delivery_can_be_sent_once_more_byte_for_byte() throws Exception {
        chatwoot.connectAgentBot(receiver.url("/bot"));
        joao.writes("oi");
        idle();
        var delivery = chatwoot.webhooks().attempts().get(0);

        int status = chatwoot.webhooks().redeliver(delivery);

        assertThat(status).isEqualTo(200);
        assertThat(receiver.all().get(1).body()).isEqualTo(receiver.all().get(0).body());
        assertThat(receiver.all().get(1).header("X-Chatwoot-Delivery")).contains(delivery.deliveryId());
        assertThat(delivery.json().path("event").asText()).isEqualTo("message_created");
        assertThat(delivery.toString()).doesNotContain("oi\"");
    }

    @Test
    void who_floods_waits_for_the_queue() throws Exception {
        chatwoot.close();
        chatwoot = quick().maxWaitingDeliveries(3)
                .webhookTimeout(Duration.ofSeconds(5))
                .start();
        chatwoot.addAccountWebhook(receiver.url("/account"), "message_created");
        var gate = new CountDownLatch(1);
        receiver.answering(request -> {
            awaitOrFail(gate);
            return Answer.empty(200);
        });
        var written = new AtomicInteger();
        var flood = new Thread(() -> {
            for (int i = 0; i < 10; i++) {
                chatwoot.customer("+551199000010" + i, "Cliente").writes("oi");
                written.incrementAndGet();
            }
        });

        flood.start();

        await().until(() -> written.get() == 3 && flood.getState() == Thread.State.TIMED_WAITING);
        gate.countDown();
        flood.join(5000);
        idle();
        assertThat(receiver.all()).hasSize(10);
    }

    @Test
    void a_disconnected_bot_hears_nothing_and_new_conversations_are_open() throws Exception {
        chatwoot.connectAgentBot(receiver.url("/bot"));
        chatwoot.disconnectAgentBot();

        long conversation = joao.writes("oi").conversation();

        idle();
        assertThat(receiver.all()).isEmpty();
        assertThat(chatwoot.conversation(conversation).status()).isEqualTo("open");
    }

    @Test
    void an_address_registered_twice_keeps_its_secret() {
        var first = chatwoot.addAccountWebhook(receiver.url("/account"));
        var second = chatwoot.addAccountWebhook(receiver.url("/account"), "message_created");

        assertThat(second).isEqualTo(first);
        assertThat(first.toString()).doesNotContain(first.secret());
        assertThatThrownBy(() -> chatwoot.inboxId("nenhuma")).isInstanceOf(IllegalArgumentException.class);
    }
}
