package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.testkit.Router.Access;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Contract sections 3.7 to 3.13: inboxes, teams, agents, bots, labels, webhooks, state of the service. */
final class AccountRoutes {

    private static final String PATH = "/api/v1/accounts/{account}";
    private static final Set<String> SUBSCRIPTIONS = Set.of(
            "conversation_status_changed",
            "conversation_updated",
            "conversation_created",
            "contact_created",
            "contact_updated",
            "message_created",
            "message_updated",
            "webwidget_triggered",
            "inbox_created",
            "inbox_updated",
            "conversation_typing_on",
            "conversation_typing_off");

    private final Installation installation;
    private final ApiBodies bodies;

    AccountRoutes(Installation installation, ApiBodies bodies) {
        this.installation = installation;
        this.bodies = bodies;
    }

    void register(Router router) {
        router.on("GET", "/api", Access.ANYBODY, call -> service())
                .on(
                        "GET",
                        "/health",
                        Access.ANYBODY,
                        call -> Answer.json(RailsJson.object().put("status", "woot")))
                .on("GET", PATH + "/inboxes", Access.USERS, this::inboxes)
                .on("GET", PATH + "/inboxes/{inbox}", Access.USERS, inbox(this::showInbox))
                .on("GET", PATH + "/inboxes/{inbox}/agent_bot", Access.USERS, inbox(this::botOfInbox))
                .on("POST", PATH + "/inboxes/{inbox}/set_agent_bot", Access.ADMINISTRATORS, inbox(this::setBot))
                .on("POST", PATH + "/inboxes/{inbox}/reset_secret", Access.ADMINISTRATORS, inbox(this::resetSecret))
                .on("GET", PATH + "/inbox_members/{inbox}", Access.USERS, call -> assignable())
                .on("GET", PATH + "/assignable_agents", Access.USERS, call -> assignable())
                .on("GET", PATH + "/teams", Access.USERS, call -> teams())
                .on("GET", PATH + "/agents", Access.USERS, call -> agents())
                .on("GET", PATH + "/labels", Access.USERS, call -> labels())
                .on("GET", PATH + "/canned_responses", Access.USERS, call -> Answer.json(RailsJson.array()))
                .on("GET", PATH + "/custom_attribute_definitions", Access.USERS, call -> Answer.json(RailsJson.array()))
                .on("GET", PATH + "/agent_bots", Access.USERS, this::bots)
                .on("POST", PATH + "/agent_bots", Access.ADMINISTRATORS, this::createBot)
                .on("PATCH", PATH + "/agent_bots/{bot}", Access.ADMINISTRATORS, bot(this::updateBot))
                .on("POST", PATH + "/agent_bots/{bot}/reset_access_token", Access.ADMINISTRATORS, bot(this::resetToken))
                .on("POST", PATH + "/agent_bots/{bot}/reset_secret", Access.ADMINISTRATORS, bot(this::resetBotSecret))
                .on("GET", PATH + "/webhooks", Access.ADMINISTRATORS, call -> webhooks())
                .on("POST", PATH + "/webhooks", Access.ADMINISTRATORS, this::createWebhook)
                .on("PATCH", PATH + "/webhooks/{webhook}", Access.ADMINISTRATORS, this::updateWebhook)
                .on("DELETE", PATH + "/webhooks/{webhook}", Access.ADMINISTRATORS, this::deleteWebhook);
    }

    private Answer service() {
        return Answer.json(RailsJson.object()
                .put("version", installation.settings().version().text())
                .put(
                        "timestamp",
                        EventBodies.iso(installation.clock().instant())
                                .replace('T', ' ')
                                .substring(0, 19))
                .put("queue_services", "ok")
                .put("data_services", "ok"));
    }

    private static boolean administrator(Call call) {
        return call.user().filter(user -> user.role.equals("administrator")).isPresent();
    }

    private static Answer notFound() {
        return Answer.error(404, "Resource could not be found");
    }

    private Router.Handler inbox(BiFunction<Call, Rows.Inbox, Answer> work) {
        return call -> installation.read(() -> {
            var inbox = installation.inboxes.get(call.id("inbox"));
            return inbox == null ? notFound() : work.apply(call, inbox);
        });
    }

    private Router.Handler bot(BiFunction<Call, Rows.Bot, Answer> work) {
        return call -> installation.read(() -> {
            var bot = installation.bots.get(call.id("bot"));
            return bot == null ? notFound() : work.apply(call, bot);
        });
    }

    private Answer inboxes(Call call) {
        return installation.read(() -> {
            var body = RailsJson.object();
            var payload = body.putArray("payload");
            installation.inboxes.values().forEach(inbox -> payload.add(bodies.inbox(inbox, administrator(call))));
            return Answer.json(body);
        });
    }

    private Answer showInbox(Call call, Rows.Inbox inbox) {
        return Answer.json(bodies.inbox(inbox, administrator(call)));
    }

    private Answer botOfInbox(Call call, Rows.Inbox inbox) {
        var bot = inbox.botId == null ? null : installation.bots.get(inbox.botId);
        var body = RailsJson.object();
        body.set("agent_bot", bot == null ? RailsJson.object() : bodies.bot(bot, administrator(call)));
        return Answer.json(body);
    }

    private Answer setBot(Call call, Rows.Inbox inbox) {
        var id = call.integer("agent_bot");
        if (id.isPresent() && !installation.bots.containsKey(id.get())) {
            return notFound();
        }
        installation.changing(changes -> changes.touch(inbox).botId = id.orElse(null));
        return Answer.empty(200);
    }

    private Answer resetSecret(Call call, Rows.Inbox inbox) {
        if (!inbox.channel.equals("Channel::Api")) {
            return notFound();
        }
        installation.changing(changes -> changes.touch(inbox).secret = Installation.randomToken());
        return showInbox(call, inbox);
    }

    private Answer assignable() {
        var body = RailsJson.object();
        body.set("payload", agentList());
        return Answer.json(body);
    }

    private Answer agents() {
        return Answer.json(agentList());
    }

    private JsonNode agentList() {
        return installation.read(() -> {
            var array = RailsJson.array();
            installation.users.values().forEach(user -> array.add(bodies.agent(user)));
            return array;
        });
    }

    private Answer teams() {
        return installation.read(() -> {
            var array = RailsJson.array();
            installation.teams.values().forEach(team -> array.add(bodies.team(team)));
            return Answer.json(array);
        });
    }

    private Answer labels() {
        return installation.read(() -> {
            var body = RailsJson.object();
            var payload = body.putArray("payload");
            installation.conversations.values().stream()
                    .flatMap(conversation -> conversation.labels.stream())
                    .distinct()
                    .forEach(label -> payload.addObject()
                            .put("id", payload.size())
                            .put("title", label)
                            .putNull("description")
                            .put("color", "#1f93ff")
                            .put("show_on_sidebar", true));
            return Answer.json(body);
        });
    }

    private Answer bots(Call call) {
        return installation.read(() -> {
            var array = RailsJson.array();
            installation.bots.values().forEach(bot -> array.add(bodies.bot(bot, administrator(call))));
            return Answer.json(array);
        });
    }

    private Answer createBot(Call call) {
        return installation.change(changes -> {
            var bot = new Rows.Bot();
            bot.id = installation.nextId("Bot");
            bot.name = call.text("name", "");
            bot.outgoingUrl = call.text("outgoing_url");
            bot.token = Installation.randomToken();
            bot.secret = Installation.randomToken();
            installation.put(changes.touch(bot));
            return Answer.json(bodies.bot(bot, true));
        });
    }

    private Answer updateBot(Call call, Rows.Bot bot) {
        installation.changing(changes -> {
            changes.touch(bot).name = call.text("name", bot.name);
            if (call.params().has("outgoing_url")) {
                bot.outgoingUrl = call.text("outgoing_url");
            }
        });
        return Answer.json(bodies.bot(bot, true));
    }

    private Answer resetToken(Call call, Rows.Bot bot) {
        installation.changing(changes -> changes.touch(bot).token = Installation.randomToken());
        return Answer.json(bodies.bot(bot, true));
    }

    private Answer resetBotSecret(Call call, Rows.Bot bot) {
        installation.changing(changes -> changes.touch(bot).secret = Installation.randomToken());
        return Answer.json(bodies.bot(bot, true));
    }

    private Answer webhooks() {
        return installation.read(() -> {
            var body = RailsJson.object();
            var array = body.putObject("payload").putArray("webhooks");
            installation.webhooks.values().forEach(webhook -> array.add(bodies.webhook(webhook)));
            return Answer.json(body);
        });
    }

    private static JsonNode fields(Call call) {
        return call.params().has("webhook") ? call.param("webhook") : call.params();
    }

    private @Nullable Answer invalid(JsonNode fields, long self) {
        var url = RailsJson.textOf(fields, "url");
        boolean taken = installation.webhooks.values().stream()
                .anyMatch(webhook -> webhook.id != self && webhook.url.equals(url));
        var body = RailsJson.object();
        if (taken) {
            body.put("message", "Url has already been taken")
                    .putArray("attributes")
                    .add("url");
            return Answer.json(422, body);
        }
        for (var subscription : fields.path("subscriptions")) {
            if (!SUBSCRIPTIONS.contains(subscription.asText())) {
                body.put("message", "Subscriptions Invalid events")
                        .putArray("attributes")
                        .add("subscriptions");
                return Answer.json(422, body);
            }
        }
        return null;
    }

    private Answer createWebhook(Call call) {
        return installation.change(changes -> {
            var fields = fields(call);
            var invalid = invalid(fields, -1);
            var url = RailsJson.textOf(fields, "url");
            if (invalid != null || url == null) {
                return invalid == null ? Answer.error(422, "param is missing: url") : invalid;
            }
            var webhook = new Rows.Webhook();
            webhook.id = installation.nextId("Webhook");
            webhook.secret = Installation.randomToken();
            webhook.url = url;
            webhook.subscriptions.addAll(SimulatedChatwoot.DEFAULT_SUBSCRIPTIONS);
            apply(webhook, fields);
            installation.put(changes.touch(webhook));
            return one(webhook);
        });
    }

    private static void apply(Rows.Webhook webhook, JsonNode fields) {
        var url = RailsJson.textOf(fields, "url");
        webhook.url = url == null ? webhook.url : url;
        webhook.name = RailsJson.textOf(fields, "name");
        if (fields.path("subscriptions").isArray()) {
            webhook.subscriptions.clear();
            fields.path("subscriptions").forEach(event -> webhook.subscriptions.add(event.asText()));
        }
    }

    private Answer one(Rows.Webhook webhook) {
        var body = RailsJson.object();
        body.putObject("payload").set("webhook", bodies.webhook(webhook));
        return Answer.json(body);
    }

    private Answer updateWebhook(Call call) {
        return installation.change(changes -> {
            var webhook = installation.webhooks.get(call.id("webhook"));
            if (webhook == null) {
                return notFound();
            }
            var invalid = invalid(fields(call), webhook.id);
            if (invalid != null) {
                return invalid;
            }
            apply(changes.touch(webhook), fields(call));
            return one(webhook);
        });
    }

    private Answer deleteWebhook(Call call) {
        if (!installation.read(() -> installation.webhooks.containsKey(call.id("webhook")))) {
            return notFound();
        }
        installation.removeWebhook(call.id("webhook"));
        return Answer.empty(200);
    }
}
