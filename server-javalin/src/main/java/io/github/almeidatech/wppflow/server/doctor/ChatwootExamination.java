package io.github.almeidatech.wppflow.server.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.chatwoot.AccountSetup;
import io.github.almeidatech.wppflow.chatwoot.ChatwootClient;
import io.github.almeidatech.wppflow.chatwoot.ChatwootException;
import io.github.almeidatech.wppflow.chatwoot.ChatwootVersion;
import io.github.almeidatech.wppflow.chatwoot.TokenPowers;
import io.github.almeidatech.wppflow.chatwoot.TokenPowers.Power;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.WeakSettings;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.Secret;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.jspecify.annotations.Nullable;

/** A tenant's Chatwoot, looked at without changing anything. */
final class ChatwootExamination {

    private static final String AREA = "chatwoot";
    private static final String WEBHOOKS = "webhooks";
    /** Deliveries whose timestamp is further away are refused. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final Duration WORTH_A_WORD = Duration.ofSeconds(60);
    private static final Set<String> WHATSAPP = Set.of("Channel::Whatsapp", "Channel::Api", "Channel::TwilioSms");

    private final Tenants.Tenant tenant;
    private final Config.Chatwoot config;
    private final ChatwootClient client;
    private final OkHttpClient http;
    private final InstantSource clock;
    private final List<Finding> findings = new ArrayList<>();

    ChatwootExamination(Tenants.Tenant tenant, OkHttpClient http, InstantSource clock) {
        this.tenant = tenant;
        this.config = tenant.config().chatwoot();
        this.client = tenant.chatwoot();
        this.http = http;
        this.clock = clock;
    }

    List<Finding> findings() {
        try {
            reachable();
            clocks();
            TokenPowers powers = client.setup().powers();
            tokens(powers);
            if (powers.userReads() == Power.GRANTED) {
                whatIsNamed(client.setup());
            }
            if (powers.userAdministers() == Power.GRANTED) {
                secrets(client.setup());
            }
        } catch (ChatwootException e) {
            problem(
                    AREA,
                    "it does not answer as it should: " + e.error().word(),
                    "Is chatwoot.base_url right, and reachable from this machine? Look at Chatwoot's own log.");
        }
        return findings;
    }

    private void reachable() {
        JsonNode status = client.status();
        ChatwootVersion version = client.version();
        ok(AREA, "version " + version + " at " + config.baseUrl());
        for (String service : List.of("queue_services", "data_services")) {
            if (status.path(service).asText("ok").equals("failing")) {
                problem(
                        AREA,
                        service + " are failing",
                        "Chatwoot itself is ill: look at its Sidekiq, Redis, database.");
            }
        }
        Config.Webhooks webhooks = tenant.config().webhooks();
        if (webhooks.mode().equals("path_secret")) {
            note(
                    WEBHOOKS,
                    WeakSettings.pathSecret(webhooks, clock.instant()),
                    version.known() && version.signsBotWebhooks()
                            ? "Chatwoot " + version + " signs: set webhooks.mode: signature and agent_bot_secrets."
                            : "Upgrade Chatwoot to 4.13 or newer, then set webhooks.mode: signature.");
        } else {
            boolean bots = !webhooks.agentBotSecrets().isEmpty()
                    || !webhooks.inboxSecrets().isEmpty();
            if (bots && !version.signsBotWebhooks()) {
                problem(WEBHOOKS, "agent bots are signed from 4.13 on, this is " + version, PATH_SECRET);
            }
            if (!webhooks.accountSecrets().isEmpty() && !version.signsAccountWebhooks()) {
                problem(WEBHOOKS, "account webhooks are signed from 4.12 on, this is " + version, PATH_SECRET);
            }
        }
        if (!version.keepsContentAttributes()) {
            note(AREA, "before 4.9 what was sent is recognised by its text only", "Upgrade Chatwoot when you can.");
        }
    }

    private static final String PATH_SECRET = "Upgrade Chatwoot, or set webhooks.mode: path_secret.";

    /** Chatwoot's answers carry its clock, which its signatures are stamped with. */
    private void clocks() {
        var request = new Request.Builder().url(config.baseUrl().replaceAll("/+$", "") + "/api");
        try (var answer = http.newCall(request.build()).execute()) {
            Date there = answer.headers().getDate("Date");
            if (there == null) {
                note(
                        "clock",
                        "cannot be compared with Chatwoot's: its answer does not say the time (no header Date)",
                        "Synchronise the clocks in any case: at 300 s webhooks are refused.");
            } else {
                compare(Duration.between(there.toInstant(), clock.instant()));
            }
        } catch (IOException e) {
            note("clock", "could not be compared with Chatwoot's", "Synchronise the clocks in any case.");
        }
    }

    private void compare(Duration ahead) {
        String message = "this machine's clock is " + ahead.abs().toSeconds() + " s "
                + (ahead.isNegative() ? "behind" : "ahead of") + " Chatwoot's";
        if (ahead.abs().compareTo(TOLERANCE) >= 0) {
            problem("clock", message + ": every webhook is refused", "Synchronise both clocks.");
        } else if (ahead.abs().compareTo(WORTH_A_WORD) > 0) {
            note("clock", message, "Synchronise both clocks: at 300 s webhooks are refused.");
        } else {
            ok("clock", "agrees with Chatwoot's");
        }
    }

    private void tokens(TokenPowers powers) {
        if (powers.botSpeaks() == Power.GRANTED) {
            ok(AREA, "bot token: may " + ofTheBot(powers, client.version()));
        } else {
            problem(AREA, "bot token: " + words(powers.botSpeaks()), "Copy the agent bot's access token again.");
        }
        if (powers.botReads() != Power.GRANTED && powers.botSpeaks() == Power.GRANTED) {
            note(
                    AREA,
                    "bot token: may not read conversations before Chatwoot 4.14.2",
                    "The user token does it instead.");
        }
        switch (powers.userReads()) {
            case GRANTED ->
                ok(
                        AREA,
                        "user token: may read conversations, messages, contacts, inboxes, teams and people, and change"
                                + " contacts"
                                + (powers.userAdministers() == Power.GRANTED
                                        ? "; an administrator's: also read webhooks and bots, set up bots, delete contacts"
                                        : ""));
            case NO_TOKEN ->
                note(
                        AREA,
                        "no user token: missed webhooks are not looked for, and an unclear message is left to a person",
                        "Set chatwoot.user_token to the access token of a person's profile.");
            default ->
                problem(AREA, "user token: " + words(powers.userReads()), "Copy it again from the person's profile.");
        }
        if (powers.userReads() == Power.GRANTED && powers.userAdministers() != Power.GRANTED) {
            note(
                    WEBHOOKS,
                    "the user token is no administrator's, so addresses and secrets were not compared",
                    "Not needed for the work. For a full check run doctor once with an administrator's token.");
        }
    }

    /** The calls a bot's token has, by Chatwoot's release; whether it may read is what was tried. */
    private static String ofTheBot(TokenPowers powers, ChatwootVersion version) {
        var may = new StringBuilder("write messages, change status, priority, attributes and assignment");
        if (version.botMayType()) {
            may.append(", show that it types");
        }
        if (powers.botReads() == Power.GRANTED) {
            may.append(", read a conversation and its labels, and set these");
        }
        return may.toString();
    }

    private static String words(Power power) {
        return switch (power) {
            case GRANTED -> "granted";
            case NOT_GRANTED -> "right, but this is not its to do";
            case WRONG_TOKEN -> "Chatwoot does not know it";
            case WRONG_ACCOUNT -> "of another account than chatwoot.account_id, or the account is suspended";
            case NO_TOKEN -> "missing";
        };
    }

    /** Ids in the configuration that Chatwoot does not have are found out here instead of at the first handoff. */
    private void whatIsNamed(AccountSetup setup) {
        Config.Tenant all = tenant.config();
        Stream<@Nullable Long> teams = Stream.concat(
                Stream.of(all.handoff().teamId()),
                all.routing().intents().values().stream().map(Config.IntentRoute::teamId));
        Stream<@Nullable Long> agents = Stream.concat(
                Stream.of(all.handoff().agentId()),
                all.routing().intents().values().stream()
                        .flatMap(route -> Stream.concat(Stream.of(route.agentId()), route.agentIds().stream())));
        named("team", teams, ids(setup.teams()), "Correct handoff and routing.intents.");
        named("agent", agents, ids(setup.agents()), "Correct handoff and routing.intents.");
        JsonNode inboxes = setup.inboxes();
        named("inbox", config.inboxes().stream(), ids(inboxes), "Correct chatwoot.inboxes.");
        if (config.ownership().equals("agent-bot")) {
            bots(setup, inboxes);
        }
    }

    private void named(String what, Stream<@Nullable Long> wanted, Set<Long> there, String advice) {
        Set<Long> missing = wanted.filter(Objects::nonNull)
                .filter(id -> !there.contains(id))
                .collect(Collectors.toCollection(TreeSet::new));
        if (!missing.isEmpty()) {
            problem(AREA, "no such " + what + ": " + missing + "; there are " + new TreeSet<>(there), advice);
        }
    }

    private void bots(AccountSetup setup, JsonNode inboxes) {
        for (JsonNode inbox : inboxes) {
            long id = inbox.path("id").asLong();
            boolean served = config.inboxes().isEmpty()
                    ? WHATSAPP.contains(inbox.path("channel_type").asText())
                    : config.inboxes().contains(id);
            if (served && !setup.agentBotOf(id).has("id")) {
                problem(
                        AREA,
                        "no agent bot is connected to inbox " + id,
                        "Connect it: Settings, Inboxes, Bot configuration. Or set chatwoot.ownership: account.");
            }
        }
    }

    private void secrets(AccountSetup setup) {
        Config.Webhooks webhooks = tenant.config().webhooks();
        compare(setup.agentBots(), "outgoing_url", "agent-bot", webhooks.agentBotSecrets(), webhooks);
        compare(setup.webhooks(), "url", "account", webhooks.accountSecrets(), webhooks);
    }

    /** Whether Chatwoot sends to an address of ours, and signs with a secret we know. */
    private void compare(JsonNode senders, String key, String kind, List<Secret> known, Config.Webhooks webhooks) {
        String path = "/webhooks/chatwoot/" + tenant.id() + "/" + kind;
        int found = 0;
        for (JsonNode sender : senders) {
            String address = sender.path(key).asText();
            if (!address.contains(path)) {
                continue;
            }
            found++;
            String secret = sender.path("secret").asText();
            boolean right = webhooks.mode().equals("signature")
                    ? known.stream().anyMatch(each -> each.reveal().equals(secret))
                    : webhooks.pathSecret() != null
                            && address.endsWith("/" + webhooks.pathSecret().reveal());
            if (right) {
                ok(WEBHOOKS, kind + ": Chatwoot sends to " + path + " with a secret that is known here");
            } else {
                problem(
                        WEBHOOKS,
                        kind + ": the secret in Chatwoot is not one of webhooks." + kind.replace('-', '_') + "_secrets",
                        webhooks.mode().equals("signature")
                                ? "Copy it again from Chatwoot; each kind of webhook has its own."
                                : "The address in Chatwoot must end with webhooks.path_secret.");
            }
        }
        if (found == 0
                && (!known.isEmpty()
                        || kind.equals("agent-bot") && config.ownership().equals("agent-bot"))) {
            problem(
                    WEBHOOKS,
                    kind + ": nothing in Chatwoot sends to an address that ends with " + path,
                    "Set the address there: https://your-server" + path);
        }
    }

    private static Set<Long> ids(JsonNode list) {
        var ids = new TreeSet<Long>();
        list.forEach(each -> ids.add(each.path("id").asLong()));
        return ids;
    }

    private void ok(String area, String message) {
        findings.add(Finding.ok(area, message));
    }

    private void note(String area, String message, String advice) {
        findings.add(Finding.note(area, message, advice));
    }

    private void problem(String area, String message, String advice) {
        findings.add(Finding.problem(area, message, advice));
    }
}
