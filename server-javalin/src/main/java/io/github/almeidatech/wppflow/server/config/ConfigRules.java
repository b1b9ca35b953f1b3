package io.github.almeidatech.wppflow.server.config;

import io.github.almeidatech.wppflow.chatwoot.FetchPolicy;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import org.eclipse.jetty.util.InetAddressSet;
import org.jspecify.annotations.Nullable;

/** What no single key can tell: rules between keys. */
final class ConfigRules {

    /** Security default A2: shorter webhook secrets are refused. */
    static final int MIN_SECRET = 24;
    /** Less than the time an answer may take with all it needs. */
    private static final Duration LONGEST_CALL = Duration.ofSeconds(60);
    /** Less than the age at which messages are left to people. */
    private static final Duration LONGEST_ANSWER = Duration.ofMinutes(10);

    private static final Duration SHORTEST_BACKUP_PAUSE = Duration.ofMinutes(1);
    /** Chatwoot repeats within minutes, and catch-up looks back a day. */
    private static final Duration SHORTEST_KEPT = Duration.ofDays(2);
    /** How long each kind of data is kept without a reason. */
    private static final Map<String, Integer> KEPT_DAYS = Map.of(
            "deliveries", 7, "messages", 90, "dead_letters", 30, "media", 30, "keys", 30, "events", 90, "audit", 365);

    private ConfigRules() {}

    static List<String> problemsOf(Config config) {
        var problems = new ArrayList<String>();
        checkLimit("media.per_file", config.media().perFile(), LONGEST_ANSWER, problems);
        checkLimit("media.max_sound", config.media().maxSound(), LONGEST_ANSWER, problems);
        if (config.media().perTurn().isZero()
                || config.media().perTurn().compareTo(config.flow().turnLease()) >= 0) {
            problems.add("media.per_turn: more than nothing and less than flow.turn_lease wanted");
        }
        Duration backups = config.storage().backupEvery();
        if (!backups.isZero() && backups.compareTo(SHORTEST_BACKUP_PAUSE) < 0) {
            problems.add("storage.backup_every: at least " + SHORTEST_BACKUP_PAUSE + " wanted, or PT0S");
        }
        checkNetworks("server.trusted_proxies", config.server().trustedProxies(), problems);
        Map<String, String> owners = new HashMap<>();
        config.tenants().forEach((id, tenant) -> {
            String path = "tenants." + id;
            checkWebhooks(path + ".webhooks", tenant.webhooks(), problems);
            checkTimeZone(path, tenant, problems);
            checkOrigins(path + ".chatwoot.storage_origins", tenant.chatwoot().storageOrigins(), problems);
            checkOrigins(path + ".chatwoot.file_origins", tenant.chatwoot().fileOrigins(), problems);
            checkAddress(path + ".chatwoot.base_url", tenant.chatwoot().baseUrl(), problems);
            checkAddress(path + ".baserow.url", tenant.baserow().url(), problems);
            checkOutgoing(path, tenant, problems);
            checkBaserow(path + ".baserow", tenant.baserow(), problems);
            if (tenant.chatwoot().outsideWindow().equals("template")
                    && tenant.chatwoot().outsideWindowTemplate() == null) {
                problems.add(path + ".chatwoot.outside_window_template: missing, wanted by outside_window template");
            }
            WindowTemplateRules.check(
                    path + ".chatwoot.outside_window_template",
                    tenant.chatwoot().outsideWindowTemplate(),
                    problems);
            checkRetention(path + ".retention", tenant.retention(), problems);
            secretsOf(tenant).forEach(secret -> {
                String other = owners.putIfAbsent(secret.reveal(), id);
                if (other != null && !other.equals(id)) {
                    problems.add(path + ": shares a secret with tenant " + other);
                }
            });
        });
        Secret backupKey = config.storage().backupKey();
        if (backupKey != null && backupKey.length() < MIN_SECRET) {
            problems.add("storage.backup_key: at least " + MIN_SECRET + " characters wanted");
        }
        for (int i = 0; i < config.api().tokens().size(); i++) {
            Config.Token token = config.api().tokens().get(i);
            String path = "api.tokens[" + i + "]";
            if (token.token().length() < MIN_SECRET) {
                problems.add(path + ".token: at least " + MIN_SECRET + " characters wanted");
            }
            if (token.expires() != null && !isInstant(token.expires())) {
                problems.add(path + ".expires: an instant such as 2027-06-01T00:00:00Z wanted");
            }
            if (token.tenant() != null && !config.tenants().containsKey(token.tenant())) {
                problems.add(path + ".tenant: no such tenant"
                        + DidYouMean.hint(
                                token.tenant(), List.copyOf(config.tenants().keySet())));
            }
        }
        return problems;
    }

    private static void checkWebhooks(String path, Config.Webhooks webhooks, List<String> problems) {
        checkNetworks(path + ".addresses", webhooks.addresses(), problems);
        if (webhooks.pathSecretUntil() != null && !isInstant(webhooks.pathSecretUntil())) {
            problems.add(path + ".path_secret_until: an instant such as 2027-06-01T00:00:00Z wanted");
        }
        if (webhooks.mode().equals("path_secret")) {
            if (webhooks.pathSecret() == null) {
                problems.add(path + ".path_secret: missing, wanted by mode path_secret");
            } else if (webhooks.pathSecret().length() < MIN_SECRET) {
                problems.add(path + ".path_secret: at least " + MIN_SECRET + " characters wanted");
            }
            return;
        }
        var all = new HashMap<String, List<Secret>>();
        all.put("agent_bot_secrets", webhooks.agentBotSecrets());
        all.put("account_secrets", webhooks.accountSecrets());
        all.put("inbox_secrets", webhooks.inboxSecrets());
        if (all.values().stream().allMatch(List::isEmpty)) {
            problems.add(path + ": mode signature wants agent_bot_secrets, account_secrets or inbox_secrets");
        }
        if (webhooks.previousUntil() != null && !isInstant(webhooks.previousUntil())) {
            problems.add(path + ".previous_until: an instant such as 2026-12-03T00:00:00Z wanted");
        }
        all.forEach((key, secrets) -> {
            if (secrets.size() > 2) {
                problems.add(path + "." + key + ": at most two active secrets");
            }
            if (secrets.stream().anyMatch(secret -> secret.length() < MIN_SECRET)) {
                problems.add(path + "." + key + ": at least " + MIN_SECRET + " characters each wanted");
            }
        });
    }

    private static void checkNetworks(String path, List<String> networks, List<String> problems) {
        for (int i = 0; i < networks.size(); i++) {
            try {
                if (networks.get(i).isBlank()) {
                    throw new IllegalArgumentException("blank");
                }
                new InetAddressSet().add(networks.get(i));
            } catch (IllegalArgumentException e) {
                problems.add(
                        path + "[" + i + "]: an address such as 203.0.113.7, or a network such as 10.0.0.0/8, wanted");
            }
        }
    }

    /** What is no http(s) address at all is named by the pattern of its key. */
    private static void checkAddress(String path, String text, List<String> problems) {
        boolean address;
        try {
            address = HttpUrl.get(new URI(text)) != null;
        } catch (URISyntaxException e) {
            address = false;
        }
        if (!address && text.startsWith("http")) {
            problems.add(path + ": an address such as https://www.example.com wanted");
        }
    }

    private static boolean isInstant(String text) {
        try {
            return !Instant.parse(text).equals(Instant.MAX);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static void checkOrigins(String path, List<String> origins, List<String> problems) {
        for (int i = 0; i < origins.size(); i++) {
            if (!FetchPolicy.isOrigin(origins.get(i))) {
                problems.add(
                        path + "[" + i + "]: scheme, host and maybe port wanted, such as https://files.example.com");
            }
        }
    }

    private static void checkOutgoing(String path, Config.Tenant tenant, List<String> problems) {
        tenant.outgoingWebhooks().forEach((name, webhook) -> {
            String at = path + ".outgoing_webhooks." + name;
            List<Secret> proofs = Stream.of(webhook.secret(), webhook.token())
                    .filter(Objects::nonNull)
                    .toList();
            if (proofs.isEmpty()) {
                problems.add(at + ": secret or token wanted, or anybody could pretend to be this server");
            }
            if (proofs.stream().anyMatch(secret -> secret.length() < MIN_SECRET)) {
                problems.add(at + ": at least " + MIN_SECRET + " characters wanted in secret and token");
            }
            checkAddress(at + ".url", webhook.url(), problems);
            if (webhook.url().startsWith("http:") && !webhook.allowPrivateNetwork()) {
                problems.add(at + ".url: https wanted; http only with allow_private_network");
            }
            checkLimit(at + ".timeout", webhook.timeout(), LONGEST_CALL, problems);
            checkLimit(at + ".answer_within", webhook.answerWithin(), LONGEST_ANSWER, problems);
        });
        checkWorkflows(path, tenant, problems);
    }

    /** Of what decides how the tenant talks. */
    static List<String> problemsOfTalk(String path, Config.Tenant tenant) {
        var problems = new ArrayList<String>();
        checkTimeZone(path, tenant, problems);
        checkWorkflows(path, tenant, problems);
        return problems;
    }

    private static void checkWorkflows(String path, Config.Tenant tenant, List<String> problems) {
        checkWorkflow(path + ".routing.workflow", tenant.routing().workflow(), tenant, problems);
        tenant.routing()
                .intents()
                .forEach((intent, route) -> checkWorkflow(
                        path + ".routing.intents." + intent + ".workflow", route.workflow(), tenant, problems));
    }

    private static void checkLimit(String path, Duration value, Duration longest, List<String> problems) {
        if (value.isZero() || value.compareTo(longest) > 0) {
            problems.add(path + ": more than nothing and at most " + longest + " wanted");
        }
    }

    private static void checkWorkflow(String path, @Nullable String name, Config.Tenant tenant, List<String> problems) {
        if (name != null && !name.equals("none") && !tenant.outgoingWebhooks().containsKey(name)) {
            problems.add(path + ": none, or one of outgoing_webhooks, wanted"
                    + DidYouMean.hint(
                            name, List.copyOf(tenant.outgoingWebhooks().keySet())));
        }
    }

    private static void checkBaserow(String path, Config.Baserow baserow, List<String> problems) {
        boolean tables = baserow.contacts().table() != null
                || baserow.events().table() != null
                || baserow.knowledge().table() != null
                || baserow.policies().table() != null
                || !baserow.tables().isEmpty();
        if (tables && baserow.token() == null) {
            problems.add(path + ".token: missing, wanted by its tables");
        }
        if (baserow.tables().containsKey("events")) {
            problems.add(path + ".tables.events: this name is taken by " + path + ".events");
        }
        if (!baserow.syncEvery().isZero() && baserow.syncEvery().toMillis() < 100) {
            problems.add(path + ".sync_every: at least PT0.1S wanted, or PT0S");
        }
    }

    private static void checkTimeZone(String path, Config.Tenant tenant, List<String> problems) {
        try {
            ZoneId.of(tenant.timeZone());
        } catch (DateTimeException e) {
            problems.add(path + ".time_zone: such as America/Sao_Paulo wanted");
        }
    }

    /** Keeping personal data longer has to be justified (security default G4). */
    private static void checkRetention(String path, Config.Retention retention, List<String> problems) {
        Map<String, Duration> kept = new LinkedHashMap<>();
        kept.put("deliveries", retention.deliveries());
        kept.put("messages", retention.messages());
        kept.put("dead_letters", retention.deadLetters());
        kept.put("media", retention.media());
        kept.put("keys", retention.keys());
        kept.put("events", retention.events());
        kept.put("audit", retention.audit());
        kept.forEach((key, time) -> {
            if (time.compareTo(SHORTEST_KEPT) < 0) {
                problems.add(path + "." + key + ": at least " + SHORTEST_KEPT + " wanted");
            }
            int days = KEPT_DAYS.getOrDefault(key, 0);
            if (retention.reason() == null && time.compareTo(Duration.ofDays(days)) > 0) {
                problems.add(path + "." + key + ": longer than " + days + " days wants retention.reason");
            }
        });
    }

    private static List<Secret> secretsOf(Config.Tenant tenant) {
        var secrets = new ArrayList<Secret>();
        secrets.addAll(tenant.webhooks().agentBotSecrets());
        secrets.addAll(tenant.webhooks().accountSecrets());
        secrets.addAll(tenant.webhooks().inboxSecrets());
        if (tenant.webhooks().pathSecret() != null) {
            secrets.add(tenant.webhooks().pathSecret());
        }
        tenant.outgoingWebhooks()
                .values()
                .forEach(webhook -> Stream.of(webhook.secret(), webhook.token())
                        .filter(Objects::nonNull)
                        .forEach(secrets::add));
        return secrets;
    }
}
