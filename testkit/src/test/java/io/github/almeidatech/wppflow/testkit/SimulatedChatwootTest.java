package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedChatwootTest {

    private final Receiver receiver = new Receiver();
    private final SimulatedChatwoot chatwoot = SimulatedChatwoot.builder()
            .clock(SettableClock.at("2026-09-01T12:00:00.412Z"))
            .start();
    private final WebhookEndpoint bot = chatwoot.connectAgentBot(receiver.url("/webhooks/agent-bot"));
    private final Customer joao = chatwoot.customer("+5511990000002", "Joao Exemplo");

    @AfterEach
    void close() {
        chatwoot.close();
        receiver.close();
    }

    @Test
    void a_customer_writes_and_the_bot_hears_it_signed() throws Exception {
        var message = joao.writes("preço < 50 & frete > 3?");

        assertThat(chatwoot.awaitIdle(Receiver.limit())).isTrue();
        var delivery = receiver.of("message_created").get(0);
        assertThat(delivery.body())
                .contains("\"content\":\"preço \\u003c 50 \\u0026 frete \\u003e 3?\"")
                .contains("\"updated_at\":1788264000.412000");
        assertThat(delivery.header("X-Chatwoot-Timestamp")).contains("1788264000");
        assertThat(delivery.header("X-Chatwoot-Signature"))
                .contains(Webhooks.sign(bot.secret(), "1788264000", delivery.bodyBytes()));
        assertThat(delivery.json().path("id").asLong()).isEqualTo(message.id());
        assertThat(delivery.json().path("conversation").path("status").asText()).isEqualTo("pending");
    }

    @Test
    void the_bot_replies_and_the_customer_sees_it() throws Exception {
        long conversation = joao.writes("oi").conversation();

        var answer = Api.bot(chatwoot).post("/account/conversations/" + conversation + "/messages", """
                        {"content":"Olá!","content_attributes":{"flow_key":"1-1"}}""");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("message_type").asInt()).isEqualTo(1);
        assertThat(answer.json().path("sender").path("type").asText()).isEqualTo("agent_bot");
        assertThat(chatwoot.messagesIn(conversation)).containsExactly("Olá!");
        assertThat(chatwoot.awaitIdle(Receiver.limit())).isTrue();
        assertThat(receiver.events())
                .containsSubsequence("message_created", "message_created", "conversation_updated", "message_updated");
    }
}
