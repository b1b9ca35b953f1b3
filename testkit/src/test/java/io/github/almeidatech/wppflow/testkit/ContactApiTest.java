package io.github.almeidatech.wppflow.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContactApiTest {

    private final Receiver receiver = new Receiver();
    private final SimulatedChatwoot chatwoot = SimulatedChatwoot.builder()
            .inbox("WhatsApp", "Channel::Whatsapp")
            .inbox("Twilio", "Channel::TwilioSms")
            .inbox("Ponte", "Channel::Api")
            .start();
    private final Api user = Api.user(chatwoot);

    @AfterEach
    void close() {
        chatwoot.close();
        receiver.close();
    }

    private long create(String json) throws Exception {
        var answer = user.post("/account/contacts", json);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("payload").path("contact").path("id").asLong();
    }

    private Api.Response filter(String json) throws Exception {
        return user.post("/account/contacts/filter", "{\"payload\":[" + json + "]}");
    }

    @Test
    void a_created_contact_is_answered_one_level_deeper() throws Exception {
        var answer = user.post("/account/contacts", """
                {"name":"Bia","phone_number":"+5511990000003","email":"bia@example.com","inbox_id":1,
                 "custom_attributes":{"pet":"Rex"},"additional_attributes":{"city":"Santos"}}""");

        var payload = answer.json().path("payload");
        assertThat(payload.path("contact").path("name").asText()).isEqualTo("Bia");
        assertThat(payload.path("contact").path("custom_attributes").path("pet").asText())
                .isEqualTo("Rex");
        assertThat(payload.path("contact_inbox").path("source_id").asText()).isEqualTo("5511990000003");
        assertThat(payload.path("contact_inbox").path("inbox").path("id").asInt())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"phone_number\":\"5511990000003\"}",
                "{\"phone_number\":\"+0\"}",
                "{\"phone_number\":\"+5511990000009\"}",
                "{\"email\":\"bia@example.com\"}",
                "{\"identifier\":\"bia\"}"
            })
    void a_bad_or_taken_phone_email_or_identifier_is_422(String json) throws Exception {
        create("{\"phone_number\":\"+5511990000009\",\"email\":\"bia@example.com\",\"identifier\":\"bia\"}");

        var answer = user.post("/account/contacts", json);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().path("attributes")).hasSize(1);
        assertThat(answer.json().path("message").asText()).isNotEmpty();
    }

    @Test
    void updating_merges_attributes_and_tells_account_webhooks() throws Exception {
        chatwoot.addAccountWebhook(receiver.url("/account"), "contact_updated");
        long id = create("{\"name\":\"Bia\",\"custom_attributes\":{\"pet\":\"Rex\"}}");

        var answer = user.send(
                "PATCH",
                "/account/contacts/" + id,
                "{\"name\":\"Beatriz\",\"phone_number\":\"+5511990000003\",\"custom_attributes\":{\"porte\":\"g\"},\"blocked\":false}");
        user.send("PUT", "/account/contacts/" + id, "{\"name\":\"Beatriz\"}");

        assertThat(answer.status()).isEqualTo(200);
        var payload = answer.json().path("payload");
        assertThat(payload.path("custom_attributes").toString()).isEqualTo("{\"pet\":\"Rex\",\"porte\":\"g\"}");
        assertThat(payload.path("contact_inboxes").isArray()).isTrue();
        assertThat(chatwoot.awaitIdle(Receiver.limit())).isTrue();
        assertThat(receiver.all()).hasSize(1);
        assertThat(receiver.all().get(0).json().path("changed_attributes")).hasSize(3);
        assertThat(user.send("PATCH", "/account/contacts/" + id, "{\"phone_number\":\"x\"}")
                        .status())
                .isEqualTo(422);
        assertThat(user.send("PATCH", "/account/contacts/1", "{}").status()).isEqualTo(404);
    }

    @Test
    void search_finds_parts_and_filter_exact_values_with_the_plus_added() throws Exception {
        chatwoot.customer("+5511990000003", "Bia Souza").writes("oi");
        create("{\"name\":\"ninguém pode alcançar\"}");

        assertThat(user.get("/account/contacts/search?q=%2B55119900").json().path("payload"))
                .hasSize(1);
        assertThat(user.get("/account/contacts/search?q=souza").json().path("payload"))
                .hasSize(1);
        assertThat(user.get("/account/contacts/search?q=+5511990000003").json().path("payload"))
                .as("a bare plus is a space, which is trimmed")
                .hasSize(1);
        assertThat(user.get("/account/contacts/search?q=ningu").json().path("payload"))
                .isEmpty();
        assertThat(user.get("/account/contacts/search?q=").status()).isEqualTo(422);
        assertThat(filter(
                                "{\"attribute_key\":\"phone_number\",\"filter_operator\":\"equal_to\",\"values\":[\"5511990000003\"]}")
                        .json()
                        .path("payload"))
                .hasSize(1);
        assertThat(filter(
                                "{\"attribute_key\":\"name\",\"filter_operator\":\"not_equal_to\",\"values\":[\"bia souza\"]}")
                        .json()
                        .path("payload"))
                .isEmpty();
        assertThat(filter("{\"attribute_key\":\"shoe\",\"filter_operator\":\"equal_to\",\"values\":[]}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void filters_know_further_operators_and_or() throws Exception {
        long id = create("{\"name\":\"Bia\",\"email\":\"bia@example.com\",\"custom_attributes\":{\"pet\":\"Rex\"}}");
        user.post("/account/contacts/" + id + "/labels", "{\"labels\":[\"vip\"]}");

        for (var condition : new String[] {
            "\"email\",\"filter_operator\":\"contains\",\"values\":[\"example\"]",
            "\"email\",\"filter_operator\":\"does_not_contain\",\"values\":[\"outro\"]",
            "\"identifier\",\"filter_operator\":\"is_not_present\",\"values\":[]",
            "\"labels\",\"filter_operator\":\"equal_to\",\"values\":[\"vip\"]",
            "\"blocked\",\"filter_operator\":\"equal_to\",\"values\":[\"false\"]",
            "\"pet\",\"custom_attribute_type\":\"text\",\"filter_operator\":\"equal_to\",\"values\":[\"rex\"]"
        }) {
            assertThat(filter("{\"attribute_key\":" + condition + "}").json().path("payload"))
                    .as(condition)
                    .hasSize(1);
        }
        assertThat(filter("""
                {"attribute_key":"name","filter_operator":"equal_to","values":["x"],"query_operator":"or"},
                {"attribute_key":"name","filter_operator":"equal_to","values":["bia"]}""").json().path("payload")).hasSize(1);
    }

    @Test
    void lists_have_pages_of_15() throws Exception {
        for (int i = 10; i < 27; i++) {
            chatwoot.customer("+55119900001" + i, "Cliente " + i).writes("oi");
        }

        var first = user.get("/account/contacts").json();
        var second = user.get("/account/contacts?page=2").json();

        assertThat(first.path("payload")).hasSize(15);
        assertThat(first.path("meta").path("has_more").asBoolean()).isTrue();
        assertThat(second.path("payload")).hasSize(2);
        assertThat(second.path("meta").path("count").asInt()).isEqualTo(2);
        assertThat(second.path("meta").path("has_more").asBoolean()).isFalse();
    }

    @Test
    void a_contact_is_found_by_its_source_id_unwrapped() throws Exception {
        chatwoot.customer("+5511990000003", "Bia").writes("oi");

        var found = user.post("/account/contact_inboxes/filter", "{\"inbox_id\":1,\"source_id\":\"5511990000003\"}");
        var none = user.post("/account/contact_inboxes/filter", "{\"inbox_id\":1,\"source_id\":\"1\"}");

        assertThat(found.json().path("name").asText()).isEqualTo("Bia");
        assertThat(none.status()).isEqualTo(404);
        assertThat(none.body()).isEmpty();
    }

    @Test
    void joining_an_inbox_takes_the_source_id_of_the_channel() throws Exception {
        long id = create("{\"name\":\"Bia\",\"phone_number\":\"+5511990000003\"}");
        var path = "/account/contacts/" + id;

        assertThat(user.post(path + "/contact_inboxes", "{\"inbox_id\":1}")
                        .json()
                        .path("source_id")
                        .asText())
                .isEqualTo("5511990000003");
        assertThat(user.post(path + "/contact_inboxes", "{\"inbox_id\":2}")
                        .json()
                        .path("source_id")
                        .asText())
                .isEqualTo("whatsapp:+5511990000003");
        assertThat(user.post(path + "/contact_inboxes", "{\"inbox_id\":3}")
                        .json()
                        .path("source_id")
                        .asText())
                .hasSize(36);
        assertThat(user.post(path + "/contact_inboxes", "{\"inbox_id\":9}").status())
                .isEqualTo(404);
        assertThat(user.get(path + "/contactable_inboxes").json().path("payload"))
                .hasSize(3);
    }

    @Test
    void labels_are_replaced_and_attributes_can_be_destroyed() throws Exception {
        long id = create("{\"name\":\"Bia\",\"custom_attributes\":{\"a\":1,\"b\":2}}");
        user.post("/account/contacts/" + id + "/labels", "{\"labels\":[\"um\"]}");
        user.post("/account/contacts/" + id + "/labels", "{\"labels\":[\"dois\"]}");

        assertThat(user.get("/account/contacts/" + id + "/labels").body()).isEqualTo("{\"payload\":[\"dois\"]}");
        var rest =
                user.post("/account/contacts/" + id + "/destroy_custom_attributes", "{\"custom_attributes\":[\"a\"]}");
        assertThat(rest.json().path("payload").path("custom_attributes").toString())
                .isEqualTo("{\"b\":2}");
    }

    @Test
    void merging_moves_everything_to_the_base_and_deletes_the_other() throws Exception {
        long conversation =
                chatwoot.customer("+5511990000003", "Bia").writes("oi").conversation();
        long other = chatwoot.conversation(conversation).contact();
        long base = create("{\"name\":\"Beatriz\",\"custom_attributes\":{\"a\":1}}");

        var answer = user.post(
                "/account/actions/contact_merge",
                "{\"base_contact_id\":" + base + ",\"mergee_contact_id\":" + other + "}");

        assertThat(answer.json().path("id").asLong()).isEqualTo(base);
        assertThat(chatwoot.conversation(conversation).contact()).isEqualTo(base);
        assertThat(user.get("/account/contacts/" + other).status()).isEqualTo(404);
        assertThat(chatwoot.transcript(conversation)).hasSize(1);
        assertThat(user.post("/account/actions/contact_merge", "{\"base_contact_id\":1}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void only_administrators_delete() throws Exception {
        long id = create("{\"name\":\"Bia\"}");
        var agent = new Api(chatwoot.baseUrl(), "api_access_token", chatwoot.userToken("Ana Atendente"));

        assertThat(agent.send("DELETE", "/account/contacts/" + id, null).status())
                .isEqualTo(401);
        assertThat(user.send("DELETE", "/account/contacts/" + id, null).status())
                .isEqualTo(200);
        assertThat(user.get("/account/contacts/" + id).status()).isEqualTo(404);
    }

    @Test
    void the_ninth_digit_is_searched_for_in_one_direction_only() {
        var long13 = chatwoot.customer("+5511990000003", "Bia").writes("oi");
        var short12 = chatwoot.customer("+551190000003", "Bia").writes("oi");
        var stored12 = chatwoot.customer("+552188887777", "Rui").writes("oi");
        var arriving13 = chatwoot.customer("+5521988887777", "Rui").writes("oi");

        assertThat(short12.conversation()).isEqualTo(long13.conversation());
        assertThat(arriving13.conversation()).isNotEqualTo(stored12.conversation());
    }

    @Test
    void one_person_in_two_inboxes_is_one_contact() {
        var bia = chatwoot.customer("+5511990000003", "Bia");

        long first = bia.writes("oi").conversation();
        long second = bia.in(chatwoot.inboxId("Ponte")).writes("oi").conversation();

        assertThat(first).isNotEqualTo(second);
        assertThat(chatwoot.conversation(first).contact())
                .isEqualTo(chatwoot.conversation(second).contact());
        assertThat(bia.toString()).doesNotContain("Bia");
    }
}
