package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccountApiTest {

    private final Receiver receiver = new Receiver();
    private final SimulatedChatwoot chatwoot = SimulatedChatwoot.builder()
            .account(1, "Hotel Exemplo")
            .bot("Robô")
            .user("Marta", "administrator")
            .user("Ana", "agent")
            .teams("recepção")
            .inbox("WhatsApp", "Channel::Whatsapp")
            .inbox("Ponte", "Channel::Api")
            .start();
    private final Api admin = Api.user(chatwoot);
    private final Api agent = new Api(chatwoot.baseUrl(), "api_access_token", chatwoot.userToken("Ana"));

    @AfterEach
    void close() {
        chatwoot.close();
        receiver.close();
    }

    @Test
    void the_service_tells_its_version_to_anybody() throws Exception {
        var service = Api.anybody(chatwoot).get("/api").json();

        assertThat(service.path("version").asText()).isEqualTo("4.15.1");
        assertThat(service.path("queue_services").asText()).isEqualTo("ok");
        assertThat(Api.anybody(chatwoot).get("/health").json().path("status").asText())
                .isEqualTo("woot");
    }

    @Test
    void teams_agents_and_bots_are_plain_arrays_and_inboxes_are_wrapped() throws Exception {
        assertThat(admin.get("/account/teams").json().path(0).path("name").asText())
                .isEqualTo("recepção");
        assertThat(admin.get("/account/agents").json()).hasSize(2);
        assertThat(admin.get("/account/assignable_agents?inbox_ids[]=1").json().path("payload"))
                .hasSize(2);
        assertThat(admin.get("/account/inbox_members/1").json().path("payload")).hasSize(2);
        assertThat(admin.get("/account/inboxes").json().path("payload")).hasSize(2);
        assertThat(admin.get("/account/canned_responses").json()).isEmpty();
        assertThat(admin.get("/account/custom_attribute_definitions").json()).isEmpty();
        assertThat(admin.get("/account/inboxes/1").json().path("channel_type").asText())
                .isEqualTo("Channel::Whatsapp");
        assertThat(admin.get("/account/inboxes/9").status()).isEqualTo(404);
    }

    @Test
    void secrets_are_for_administrators() throws Exception {
        assertThat(admin.get("/account/inboxes/2").json().path("secret").asText())
                .hasSize(24);
        assertThat(agent.get("/account/inboxes/2").json().has("secret")).isFalse();
        assertThat(admin.get("/account/agent_bots")
                        .json()
                        .path(0)
                        .path("access_token")
                        .asText())
                .isEqualTo(chatwoot.botToken());
        assertThat(agent.get("/account/agent_bots").json().path(0).has("secret"))
                .isFalse();
    }

    @Test
    void a_bot_can_be_created_connected_renewed_and_disconnected() throws Exception {
        var created = admin.post("/account/agent_bots", "{\"name\":\"Novo\",\"outgoing_url\":\"http://127.0.0.1:1/a\"}")
                .json();
        long id = created.path("id").asLong();
        var bot = "/account/agent_bots/" + id;
        assertThat(admin.get("/account/inboxes/1/agent_bot").json().path("agent_bot"))
                .isEmpty();

        assertThat(admin.post("/account/inboxes/1/set_agent_bot", "{\"agent_bot\":" + id + "}")
                        .status())
                .isEqualTo(200);
        var renamed =
                admin.send("PATCH", bot, "{\"name\":\"Outro\",\"outgoing_url\":\"" + receiver.url("/bot") + "\"}");
        var token = admin.post(bot + "/reset_access_token", "{}")
                .json()
                .path("access_token")
                .asText();
        var secret =
                admin.post(bot + "/reset_secret", "{}").json().path("secret").asText();

        assertThat(renamed.json().path("name").asText()).isEqualTo("Outro");
        assertThat(token).isNotEqualTo(created.path("access_token").asText());
        chatwoot.customer("+5511990000002", "Joao").writes("oi");
        assertThat(chatwoot.awaitIdle(Receiver.limit())).isTrue();
        var delivery = receiver.of("message_created").get(0);
        assertThat(delivery.header("X-Chatwoot-Signature"))
                .contains(Webhooks.sign(
                        secret, delivery.header("X-Chatwoot-Timestamp").orElseThrow(), delivery.bodyBytes()));
        assertThat(admin.get("/account/inboxes/1/agent_bot")
                        .json()
                        .path("agent_bot")
                        .path("name")
                        .asText())
                .isEqualTo("Outro");
        admin.post("/account/inboxes/1/set_agent_bot", "{\"agent_bot\":null}");
        assertThat(admin.get("/account/inboxes/1/agent_bot").json().path("agent_bot"))
                .isEmpty();
        assertThat(admin.post("/account/inboxes/1/set_agent_bot", "{\"agent_bot\":77}")
                        .status())
                .isEqualTo(404);
        assertThat(admin.send("PATCH", "/account/agent_bots/77", "{}").status()).isEqualTo(404);
    }

    @Test
    void only_api_inboxes_have_a_secret_to_renew() throws Exception {
        var before = admin.get("/account/inboxes/2").json().path("secret").asText();

        assertThat(admin.post("/account/inboxes/2/reset_secret", "{}")
                        .json()
                        .path("secret")
                        .asText())
                .isNotEqualTo(before);
        assertThat(admin.post("/account/inboxes/1/reset_secret", "{}").status()).isEqualTo(404);
    }

    @Test
    void webhooks_can_be_created_listed_changed_and_deleted() throws Exception {
        var created = admin.post(
                        "/account/webhooks",
                        "{\"webhook\":{\"url\":\"" + receiver.url("/w")
                                + "\",\"subscriptions\":[\"message_created\"]}}")
                .json()
                .path("payload")
                .path("webhook");
        long id = created.path("id").asLong();

        assertThat(created.path("secret").asText()).hasSize(24);
        var changed = admin.send(
                "PATCH", "/account/webhooks/" + id, "{\"name\":\"nosso\",\"subscriptions\":[\"message_updated\"]}");
        assertThat(changed.json()
                        .path("payload")
                        .path("webhook")
                        .path("subscriptions")
                        .path(0)
                        .asText())
                .isEqualTo("message_updated");
        assertThat(admin.get("/account/webhooks").json().path("payload").path("webhooks"))
                .hasSize(1);
        assertThat(admin.send("DELETE", "/account/webhooks/" + id, null).status())
                .isEqualTo(200);
        assertThat(admin.send("DELETE", "/account/webhooks/" + id, null).status())
                .isEqualTo(404);
        assertThat(admin.send("PATCH", "/account/webhooks/" + id, "{}").status())
                .isEqualTo(404);
        assertThat(admin.get("/account/webhooks").json().path("payload").path("webhooks"))
                .isEmpty();
    }

    @Test
    void a_webhook_with_a_known_address_or_an_unknown_subscription_is_422() throws Exception {
        var plain = "{\"url\":\"http://127.0.0.1:1/w\"}";
        assertThat(admin.post("/account/webhooks", plain)
                        .json()
                        .path("payload")
                        .path("webhook")
                        .path("subscriptions"))
                .hasSize(8);

        assertThat(admin.post("/account/webhooks", plain).status()).isEqualTo(422);
        assertThat(admin.post("/account/webhooks", "{\"url\":\"http://127.0.0.1:1/x\",\"subscriptions\":[\"nope\"]}")
                        .status())
                .isEqualTo(422);
        assertThat(admin.post("/account/webhooks", "{}").status()).isEqualTo(422);
        var other = admin.post("/account/webhooks", "{\"url\":\"http://127.0.0.1:1/y\"}")
                .json()
                .path("payload");
        assertThat(admin.send(
                                "PATCH",
                                "/account/webhooks/"
                                        + other.path("webhook").path("id").asLong(),
                                plain)
                        .status())
                .isEqualTo(422);
    }
}
