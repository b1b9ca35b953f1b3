package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.stream.StreamSupport;
import okhttp3.HttpUrl;
import okhttp3.RequestBody;

/**
 * What is set up in the account, as Chatwoot tells it: always an array, whatever is around it there. For checks and
 * set-up tools. Needs the user token; webhooks need an administrator's. Inboxes, bots and webhooks carry credentials when
 * an administrator asks: do not log them. Thread-safe; blocks. Begin with {@link ChatwootClient#setup()}.
 */
public final class AccountSetup {

    private final ChatwootClient client;

    AccountSetup(ChatwootClient client) {
        this.client = client;
    }

    /**
     * What the tokens may do. Asks in ways that cannot change anything: for a conversation number 0, which never exists.
     *
     * @throws ChatwootException when Chatwoot does not answer properly
     */
    public TokenPowers powers() {
        HttpUrl.Builder noConversation = client.url("conversations", 0);
        RequestBody open =
                ChatwootClient.json(JsonNodeFactory.instance.objectNode().put("status", "open"));
        return new TokenPowers(
                power(() -> client.asBot("probe", "POST", client.url("conversations", 0, "toggle_status"), open, null)),
                power(() -> client.asBot("probe", "GET", noConversation, null, null)),
                power(() -> client.asUser("probe", "GET", client.url("teams"), null)),
                power(() -> client.asUser("probe", "GET", client.url("webhooks"), null)));
    }

    private static TokenPowers.Power power(Runnable call) {
        try {
            call.run();
            return TokenPowers.Power.GRANTED;
        } catch (ChatwootException e) {
            return TokenPowers.Power.of(e);
        }
    }

    /** The people: {@code id}, {@code name}, {@code role}, {@code availability_status} and more. */
    public JsonNode agents() {
        return list("list_agents", client.url("agents"));
    }

    /** The teams: {@code id}, {@code name} and more. */
    public JsonNode teams() {
        return list("list_teams", client.url("teams"));
    }

    /** The inboxes this user sees: {@code id}, {@code name}, {@code channel_type}, {@code message_templates} and more. */
    public JsonNode inboxes() {
        return list("list_inboxes", client.url("inboxes"));
    }

    /** The account's labels: {@code title}, {@code color} and more. */
    public JsonNode labels() {
        return list("list_account_labels", client.url("labels"));
    }

    /** The agent bots, those of the installation included. */
    public JsonNode agentBots() {
        return list("list_agent_bots", client.url("agent_bots"));
    }

    /** The bot of an inbox; without {@code id} when there is none. */
    public JsonNode agentBotOf(long inboxId) {
        return client.asUser("get_inbox_bot", "GET", client.url("inboxes", inboxId, "agent_bot"), null)
                .path("agent_bot");
    }

    /**
     * Makes an agent bot that calls this address, unless there is one, and makes it the bot of an inbox. Repeating it
     * changes nothing. Needs an administrator's token.
     *
     * @throws ChatwootException when Chatwoot refuses, as it does to a token that is no administrator's
     */
    public ConnectedBot connectBot(String name, URI outgoingUrl, long inboxId) {
        ObjectNode wanted = JsonNodeFactory.instance
                .objectNode()
                .put("name", name)
                .put("outgoing_url", outgoingUrl.toString())
                .put("bot_type", "webhook");
        JsonNode bot = StreamSupport.stream(agentBots().spliterator(), false)
                .filter(each ->
                        outgoingUrl.toString().equals(each.path("outgoing_url").asText()))
                .findFirst()
                .orElseGet(() -> client.asUser(
                        "create_agent_bot", "POST", client.url("agent_bots"), ChatwootClient.json(wanted)));
        JsonNode token = bot.path("access_token");
        if (!token.isTextual()) {
            throw new ChatwootException(ChatwootError.UNREADABLE_ANSWER, "create_agent_bot", null);
        }
        ObjectNode chosen = JsonNodeFactory.instance
                .objectNode()
                .put("agent_bot", bot.path("id").asLong());
        client.asUser(
                "set_agent_bot", "POST", client.url("inboxes", inboxId, "set_agent_bot"), ChatwootClient.json(chosen));
        return new ConnectedBot(
                bot.path("id").asLong(), token.asText(), bot.path("secret").asText(""));
    }

    /** The account webhooks, with their secrets. Needs an administrator's token. */
    public JsonNode webhooks() {
        return list("list_webhooks", client.url("webhooks"));
    }

    /** Definitions of custom attributes: of contacts or of conversations. */
    public JsonNode attributeDefinitions(boolean ofContacts) {
        return list(
                "list_attribute_definitions",
                client.url("custom_attribute_definitions")
                        .addQueryParameter("attribute_model", ofContacts ? "1" : "0"));
    }

    private JsonNode list(String call, HttpUrl.Builder url) {
        JsonNode answer = client.asUser(call, "GET", url, null);
        JsonNode payload = answer.path("payload");
        JsonNode list = answer.isArray() ? answer : payload.isArray() ? payload : payload.path("webhooks");
        if (!list.isArray()) {
            throw new ChatwootException(ChatwootError.UNREADABLE_ANSWER, call, null);
        }
        return list;
    }
}
