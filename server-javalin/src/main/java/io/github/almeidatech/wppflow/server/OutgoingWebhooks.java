package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.assistant.Workflow;
import io.github.almeidatech.wppflow.chatwoot.GuardedHttp;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.Secret;
import io.github.almeidatech.wppflow.webhook.WebhookClient;
import io.github.almeidatech.wppflow.webhook.WebhookCommandSender;
import io.github.almeidatech.wppflow.webhook.WebhookSignature;
import io.github.almeidatech.wppflow.webhook.WebhookTarget;
import io.github.almeidatech.wppflow.webhook.WebhookWorkflow;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** The tenants' webhooks outside, such as n8n workflows: called as commands and as bots, and known by their signatures. */
public final class OutgoingWebhooks implements CommandSender {

    private final Map<TenantId, Map<String, Config.OutgoingWebhook>> targets = new HashMap<>();
    private final WebhookCommandSender sender;
    private final WebhookWorkflow workflow;
    private final InstantSource clock;

    /** @param people the person key of who writes in a conversation */
    public OutgoingWebhooks(
            Tenants tenants,
            OkHttpClient http,
            Function<ConversationId, Optional<String>> people,
            EventLog events,
            Metrics metrics,
            InstantSource clock) {
        this.clock = clock;
        for (Tenants.Tenant tenant : tenants.all()) {
            targets.put(tenant.id(), Map.copyOf(tenant.config().outgoingWebhooks()));
        }
        OkHttpClient everywhere = GuardedHttp.of(http, true);
        OkHttpClient publicly = GuardedHttp.of(http, false);
        var client = new WebhookClient(
                target -> target.privateNetwork() ? everywhere : publicly,
                GuardedHttp::isRefusal,
                clock,
                metrics.calls("webhook")::called);
        this.sender = new WebhookCommandSender(client, this::find, people, events::append, clock);
        this.workflow = new WebhookWorkflow(
                client,
                this::find,
                (tenant, url) -> tenants.get(tenant).sendableFrom().permits(url));
    }

    private static WebhookTarget target(String name, Config.OutgoingWebhook config) {
        return new WebhookTarget(
                name,
                URI.create(config.url()),
                reveal(config.secret()),
                reveal(config.token()),
                config.timeout(),
                config.answer().equals("event"),
                config.allowPrivateNetwork());
    }

    private static @Nullable String reveal(@Nullable Secret secret) {
        return secret == null ? null : secret.reveal();
    }

    private Optional<WebhookTarget> find(TenantId tenant, String name) {
        return Optional.ofNullable(targets.getOrDefault(tenant, Map.of()).get(name))
                .map(config -> target(name, config));
    }

    @Override
    public CommandResult send(CommandAttempt attempt) {
        return targets.containsKey(attempt.conversation().tenant())
                ? sender.send(attempt)
                : new CommandResult.NotDone("tenant_not_configured", Duration.ofMinutes(1));
    }

    /** The same, as whom turns are handed over to. */
    public Workflow workflow() {
        return workflow;
    }

    /** Whether one of the tenant's webhooks has signed this body lately. */
    public boolean signed(TenantId tenant, @Nullable String timestamp, @Nullable String signature, byte[] body) {
        boolean holds = false;
        Instant now = clock.instant();
        for (Config.OutgoingWebhook target :
                targets.getOrDefault(tenant, Map.of()).values()) {
            Secret secret = target.secret();
            holds |= secret != null
                    && Stream.concat(Stream.of(secret.reveal()), formerOf(secret, now))
                            .anyMatch(each -> WebhookSignature.holds(each, timestamp, signature, body, now));
        }
        return holds;
    }

    /** The secret before, which the other side may not have replaced yet. */
    private static Stream<String> formerOf(Secret secret, Instant now) {
        return secret
                .former()
                .filter(former -> now.isBefore(former.replacedAt().plus(Tenants.REPLACED_COUNTS)))
                .map(Secret.Former::value)
                .stream();
    }
}
