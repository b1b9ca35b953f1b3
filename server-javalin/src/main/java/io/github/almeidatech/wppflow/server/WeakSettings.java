package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.server.config.Config;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What was set weaker than it is by default, so that nobody forgets it: named at the start and by {@code /ready}. */
public final class WeakSettings {

    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "::1", "[::1]", "localhost");

    private static final Pattern TLS = Pattern.compile("(^|&)sslmode=(require|verify-ca|verify-full)(&|$)");

    /** How long a secret may go on beside the one that replaces it (security default A4). */
    private static final Duration OVERLAP = Duration.ofDays(7);
    /** Security default A9, with a leap day. */
    private static final Duration TOKEN_LIFE = Duration.ofDays(366);

    /** Security defaults B9 and E2. */
    private static final int WEBHOOKS_PER_SECOND = 50;

    private static final int API_CALLS_PER_SECOND = 10;
    private static final long MAX_PIXELS = 40_000_000;

    private WeakSettings() {}

    /**
     * A few words each; empty when all is as by default.
     *
     * @param user whom the server runs as
     * @param unrestricted whether row-level security does not bind the user of the database
     */
    public static List<String> of(Config config, String user, boolean unrestricted, Instant now) {
        var weak = new ArrayList<String>();
        if (!THIS_MACHINE.contains(config.server().host())) {
            weak.add("server.host listens beyond this machine, without TLS of its own");
        }
        if (config.server().pages().equals("everybody")) {
            weak.add("server.pages shows the console to everybody");
        }
        if (config.server().trustedProxies().stream().anyMatch(network -> network.endsWith("/0"))) {
            weak.add("server.trusted_proxies believes everybody");
        }
        if (config.media().officeFiles()) {
            weak.add("media.office_files: Word documents of strangers are parsed");
        }
        if (config.media().maxPixels() > MAX_PIXELS) {
            weak.add("media.max_pixels is more than 40 million");
        }
        if (config.server().webhooksPerSecond() > WEBHOOKS_PER_SECOND) {
            weak.add("server.webhooks_per_second is more than " + WEBHOOKS_PER_SECOND);
        }
        if (config.server().apiCallsPerSecond() > API_CALLS_PER_SECOND) {
            weak.add("server.api_calls_per_second is more than " + API_CALLS_PER_SECOND);
        }
        if (crossesANetworkInTheOpen(config.storage().url())) {
            weak.add(
                    "storage.url reaches PostgreSQL on another machine without sslmode=verify-full, verify-ca or require");
        }
        if (unrestricted) {
            weak.add("storage.url: its user is a superuser or has bypassrls: row-level security does not bind it");
        }
        if (user.equals("root")) {
            weak.add("the server runs as root");
        }
        Map<String, String> bots = new HashMap<>();
        for (Config.Token token : config.api().tokens()) {
            String name = (token.tenant() == null ? "" : token.tenant() + ": ") + "api.tokens: " + token.name();
            if (token.expires() == null) {
                weak.add(name + " never expires");
            } else if (now.plus(TOKEN_LIFE).isBefore(Instant.parse(token.expires()))) {
                weak.add(name + " expires in more than a year");
            }
        }
        config.tenants().forEach((id, tenant) -> {
            String other = bots.putIfAbsent(tenant.chatwoot().botToken().reveal(), id);
            if (other != null) {
                weak.add(id + ": chatwoot.bot_token is that of " + other + " too");
            }
            if (tenant.webhooks().mode().equals("path_secret")) {
                weak.add(id + ": " + pathSecret(tenant.webhooks(), now));
            }
            if (twoAtATime(tenant.webhooks()) && tenant.webhooks().previousUntil() == null) {
                weak.add(id + ": webhooks: two secrets at a time without previous_until");
            } else if (twoAtATime(tenant.webhooks())
                    && now.plus(OVERLAP)
                            .isBefore(Instant.parse(tenant.webhooks().previousUntil()))) {
                weak.add(id + ": webhooks.previous_until is more than 7 days away");
            }
            if (tenant.chatwoot().allowPrivateNetwork()) {
                weak.add(id + ": chatwoot.allow_private_network");
            }
            if (tenant.chatwoot().baseUrl().startsWith("http:")) {
                weak.add(id + ": chatwoot.base_url without TLS");
            }
            if (!tenant.models().maskPersonalNumbers()) {
                weak.add(id + ": models.mask_personal_numbers is off");
            }
        });
        return List.copyOf(weak);
    }

    /** The driver would take TLS when it is offered, and go on without it when it is not. */
    private static boolean crossesANetworkInTheOpen(String storage) {
        if (!storage.startsWith("postgresql:")) {
            return false;
        }
        URI url = URI.create(storage);
        String parameters = url.getQuery() == null ? "" : url.getQuery();
        String host = url.getHost() == null ? "" : url.getHost();
        return !THIS_MACHINE.contains(host) && !TLS.matcher(parameters).find();
    }

    /** What is weak about a path secret, and until when: an exception that ends, and is not forgotten (security default A6). */
    public static String pathSecret(Config.Webhooks webhooks, Instant now) {
        String until = webhooks.pathSecretUntil();
        if (until == null) {
            return "webhooks.mode path_secret proves the sender only, without an end (path_secret_until)";
        }
        return Instant.parse(until).isAfter(now)
                ? "webhooks.mode path_secret proves the sender only, until " + until
                : "webhooks.mode path_secret was to end " + until + ": change to signatures";
    }

    private static boolean twoAtATime(Config.Webhooks webhooks) {
        return Stream.of(webhooks.agentBotSecrets(), webhooks.accountSecrets(), webhooks.inboxSecrets())
                .anyMatch(secrets -> secrets.size() > 1);
    }
}
