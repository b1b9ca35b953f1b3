package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessTest {

    @ParameterizedTest
    @CsvSource({
        "4.2.0, POST, /account/conversations/1/messages, true",
        "4.2.0, POST, /account/conversations/1/toggle_status, true",
        "4.2.0, POST, /account/conversations/1/assignments, true",
        "4.2.0, POST, /account/conversations/1/custom_attributes, true",
        "4.11.0, POST, /account/conversations/1/toggle_typing_status, false",
        "4.12.0, POST, /account/conversations/1/toggle_typing_status, true",
        "4.14.1, GET, /account/conversations/1, false",
        "4.14.2, GET, /account/conversations/1, true",
        "4.14.1, POST, /account/conversations/1/labels, false",
        "4.14.2, POST, /account/conversations/1/labels, true",
        "4.15.1, GET, /account/conversations/1/messages, false",
        "4.15.1, GET, /account/conversations, false",
        "4.15.1, GET, /account/contacts, false",
        "4.15.1, GET, /account/inboxes, false",
        "4.15.1, GET, /account/agents, false",
        "4.15.1, GET, /account/teams, false",
        "4.15.1, POST, /account/conversations/1/update_last_seen, false"
    })
    void a_bot_token_may_what_its_release_allows(String version, String method, String path, boolean allowed)
            throws Exception {
        try (var chatwoot = SimulatedChatwoot.builder().version(version).start()) {
            chatwoot.customer("+5511990000002", "Joao").writes("oi");

            var answer = Api.bot(chatwoot).send(method, path, method.equals("GET") ? null : "{\"content\":\"a\"}");

            if (allowed) {
                assertThat(answer.status()).isEqualTo(200);
            } else {
                assertThat(answer.status()).isEqualTo(401);
                assertThat(answer.json().path("error").asText())
                        .isEqualTo("Access to this endpoint is not authorized for bots");
            }
        }
    }

    @Test
    void refusals_have_the_texts_of_the_real_ones() throws Exception {
        try (var chatwoot = SimulatedChatwoot.start()) {
            var nobody = Api.anybody(chatwoot).get("/account/conversations");
            var wrong = new Api(chatwoot.baseUrl(), "api_access_token", "wrong").get("/account/conversations");
            var elsewhere = Api.user(chatwoot).get("/api/v1/accounts/2/conversations");
            var botElsewhere = Api.bot(chatwoot).post("/api/v1/accounts/2/conversations/1/messages", "{}");
            var agent = new Api(chatwoot.baseUrl(), "api_access_token", chatwoot.userToken("Bruno Atendente"))
                    .get("/account/webhooks");

            assertThat(nobody.status()).isEqualTo(401);
            assertThat(nobody.json().path("errors")).hasSize(1);
            assertThat(wrong.body()).isEqualTo("{\"error\":\"Invalid Access Token\"}");
            assertThat(elsewhere.body()).contains("You are not authorized to access this account");
            assertThat(botElsewhere.body()).contains("Bot is not authorized to access this account");
            assertThat(agent.status()).isEqualTo(401);
            assertThat(agent.body()).contains("You are not authorized to do this action");
            assertThat(Api.user(chatwoot).get("/account/unknown").status()).isEqualTo(404);
        }
    }
}
