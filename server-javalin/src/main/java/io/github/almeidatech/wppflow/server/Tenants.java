package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.assistant.AssistantSettings;
import io.github.almeidatech.wppflow.assistant.Duty;
import io.github.almeidatech.wppflow.assistant.Persona;
import io.github.almeidatech.wppflow.assistant.Phrases;
import io.github.almeidatech.wppflow.assistant.WorkflowBot;
import io.github.almeidatech.wppflow.chatwoot.ChatwootClient;
import io.github.almeidatech.wppflow.chatwoot.FetchPolicy;
import io.github.almeidatech.wppflow.chatwoot.NewMessage;
import io.github.almeidatech.wppflow.chatwoot.WebhookAuthenticator;
import io.github.almeidatech.wppflow.chatwoot.WebhookKind;
import io.github.almeidatech.wppflow.chatwoot.WebhookSecret;
import io.github.almeidatech.wppflow.jdbc.IgnoredDelivery;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.normalizer.Normalizer;
import io.github.almeidatech.wppflow.normalizer.OwnershipMode;
import io.github.almeidatech.wppflow.router.BusinessHours;
import io.github.almeidatech.wppflow.router.Intent;
import io.github.almeidatech.wppflow.router.IntentModel;
import io.github.almeidatech.wppflow.router.Mode;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.server.config.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Consumer;
import okhttp3.OkHttpClient;

/** The businesses that are served, each with the parts that are its own. Immutable, thread-safe. */
public final class Tenants {

    /** How long a webhook secret is taken beside the one that has replaced it in its file. */
    static final Duration REPLACED_COUNTS = Duration.ofDays(1);

    private final Map<String, Tenant> byId;

    private Tenants(Map<String, Tenant> byId) {
        this.byId = byId;
    }

    /**
     * One business.
     *
     * @param id its name in addresses and keys
     * @param config as configured
     * @param authenticator judges its webhooks
     * @param normalizer reads them
     * @param router tells what its customers want
     * @param assistant how it answers
     * @param times when it answers
     * @param chatwoot its Chatwoot
     */
    public record Tenant(
            TenantId id,
            Config.Tenant config,
            WebhookAuthenticator authenticator,
            Normalizer normalizer,
            Router router,
            AssistantSettings assistant,
            TurnTimes times,
            ChatwootClient chatwoot) {

        /** Chatwoot's account. */
        public long account() {
            return config.chatwoot().accountId();
        }

        /** How long the bot is silent after a person wrote. */
        public Duration humanPause() {
            return config.handoff().humanPause();
        }

        /** Where what customers send lies. */
        public FetchPolicy storage() {
            return Tenants.storage(config.chatwoot(), List.of());
        }

        /** Where files to be sent may come from. */
        public FetchPolicy sendableFrom() {
            return Tenants.sendableFrom(config.chatwoot());
        }

        /** Whether people are there. */
        public boolean isOpen(Instant at) {
            BusinessHours hours = assistant.hours();
            return hours == null || hours.isOpen(at);
        }

        /**
         * The same business with other settings, for trying them.
         *
         * @param model understands what its own rules are not sure of
         * @throws ConfigException when they do not fit
         */
        public Tenant with(Config.Tenant settings, Optional<IntentModel> model) {
            try {
                Router own = Tenants.router(settings, model);
                return new Tenant(
                        id,
                        settings,
                        authenticator,
                        normalizer,
                        own,
                        Tenants.assistant(settings, own),
                        new TurnTimes(settings.turns(), own),
                        chatwoot);
            } catch (IllegalArgumentException e) {
                throw new ConfigException(List.of("settings: " + e.getMessage()));
            }
        }

        @Override
        public String toString() {
            return "Tenant[" + id + "]";
        }
    }

    public static Tenants of(
            Config config, LanguageModels models, OkHttpClient http, Metrics metrics, InstantSource clock) {
        return of(config, models, http, metrics, ignored -> {}, clock);
    }

    /**
     * Makes the tenants that the configuration names.
     *
     * @param ignored is told of messages that could not be read
     */
    public static Tenants of(
            Config config,
            LanguageModels models,
            OkHttpClient http,
            Metrics metrics,
            Consumer<IgnoredDelivery> ignored,
            InstantSource clock) {
        Map<String, Tenant> tenants = new LinkedHashMap<>();
        var problems = new ArrayList<String>();
        config.tenants().forEach((id, tenant) -> {
            try {
                tenants.put(id, tenant(id, tenant, models, http, metrics, ignored, clock));
            } catch (IllegalArgumentException e) {
                problems.add("tenants." + id + ": " + e.getMessage());
            }
        });
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return new Tenants(tenants);
    }

    /** The tenant of that name, whoever wrote it. */
    public Optional<Tenant> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** How a tenant is answered; empty when it is not served. */
    public Optional<AssistantSettings> assistantOf(TenantId id) {
        return find(id.value()).map(Tenant::assistant);
    }

    /** A tenant that is known to be served. */
    public Tenant get(TenantId id) {
        return find(id.value()).orElseThrow(() -> new NoSuchElementException("tenant " + id + " is not configured"));
    }

    /** All of them. */
    public Collection<Tenant> all() {
        return byId.values();
    }

    /** Where files to be sent may come from, by a tenant's configuration. */
    public static FetchPolicy sendableFrom(Config.Chatwoot chatwoot) {
        return storage(chatwoot, chatwoot.fileOrigins());
    }

    private static FetchPolicy storage(Config.Chatwoot chatwoot, List<String> more) {
        var origins = new ArrayList<>(chatwoot.storageOrigins());
        origins.add(chatwoot.baseUrl());
        origins.addAll(more);
        return new FetchPolicy(origins, chatwoot.allowPrivateNetwork());
    }

    private static IgnoredDelivery tooLarge(ConversationId conversation, long message, Instant now) {
        return new IgnoredDelivery(conversation, "message_created", "too_large", 1, now, now, message);
    }

    private static Tenant tenant(
            String id,
            Config.Tenant config,
            LanguageModels models,
            OkHttpClient http,
            Metrics metrics,
            Consumer<IgnoredDelivery> ignored,
            InstantSource clock) {
        var tenantId = new TenantId(id);
        Router router = router(config, models.intentModel(tenantId));
        Config.Chatwoot chatwoot = config.chatwoot();
        ChatwootClient.Builder settings = ChatwootClient.builder(
                        http, URI.create(chatwoot.baseUrl()), chatwoot.accountId(), chatwoot.botToken()::reveal)
                .maxPerSecond(chatwoot.maxCallsPerSecond())
                .clock(clock)
                .listener(metrics.calls("chatwoot"))
                .leftOut((conversation, message) -> ignored.accept(tooLarge(
                        new ConversationId(tenantId, chatwoot.accountId(), conversation), message, clock.instant())));
        Secret userToken = chatwoot.userToken();
        ChatwootClient client = (userToken == null ? settings : settings.userToken(userToken::reveal)).build();
        metrics.watchBreaker(tenantId, "chatwoot", client::breakerState);
        return new Tenant(
                tenantId,
                config,
                authenticator(config.webhooks(), clock),
                Normalizer.builder()
                        .phoneRegion(config.phoneRegion())
                        .inboxes(chatwoot.inboxes())
                        .extraWhatsappInboxes(chatwoot.extraWhatsappInboxes())
                        .ownership(OwnershipMode.of(chatwoot.ownership()))
                        .account(chatwoot.accountId())
                        .ownMessageKey(NewMessage.KEY)
                        .clock(clock)
                        .build(),
                router,
                assistant(config, router),
                new TurnTimes(config.turns(), router),
                client);
    }

    private static WebhookAuthenticator authenticator(Config.Webhooks webhooks, InstantSource clock) {
        Secret path = webhooks.pathSecret();
        return webhooks.mode().equals("path_secret") && path != null
                ? WebhookAuthenticator.byPathSecrets(() -> secrets(List.of(path), webhooks), clock)
                : WebhookAuthenticator.bySignature(() -> secrets(webhooks), clock);
    }

    private static Map<WebhookKind, List<WebhookSecret>> secrets(Config.Webhooks webhooks) {
        return Map.of(
                WebhookKind.AGENT_BOT, secrets(webhooks.agentBotSecrets(), webhooks),
                WebhookKind.ACCOUNT, secrets(webhooks.accountSecrets(), webhooks),
                WebhookKind.INBOX, secrets(webhooks.inboxSecrets(), webhooks));
    }

    /** The first is the present one; one behind it is being replaced. One alone that was replaced in its file counts for a day more. */
    private static List<WebhookSecret> secrets(List<Secret> secrets, Config.Webhooks webhooks) {
        String end = webhooks.previousUntil();
        var active = new ArrayList<WebhookSecret>();
        for (Secret each : secrets) {
            var secret = WebhookSecret.of(each.reveal());
            active.add(active.isEmpty() || end == null ? secret : secret.until(Instant.parse(end)));
        }
        if (secrets.size() == 1) {
            secrets.get(0)
                    .former()
                    .ifPresent(former -> active.add(WebhookSecret.of(former.value())
                            .until(former.replacedAt().plus(REPLACED_COUNTS))));
        }
        return active;
    }

    /** How a tenant's messages are told apart, by its own intents; it asks no model unless one is given. */
    public static Router router(Config.Tenant config, Optional<IntentModel> model) {
        Config.Routing routing = config.routing();
        Router.Builder router = Router.builder()
                .language(Language.ofTag(config.language()))
                .minConfidence(routing.minConfidence())
                .autoAssign(routing.autoAssign());
        routing.intents().forEach((name, intent) -> {
            router.intent(intent(name, intent));
            router.route(
                    name,
                    new Router.RouteSettings(
                            intent.mode() == null
                                    ? Mode.AUTO
                                    : Mode.valueOf(intent.mode().toUpperCase(Locale.ROOT)),
                            intent.bot(),
                            intent.teamId(),
                            people(intent),
                            intent.labels()));
        });
        if (config.models().classify()) {
            model.ifPresent(router::model);
        }
        return router.askModelBelow(config.models().classifyBelow())
                .defaultIntent(routing.defaultIntent())
                .build();
    }

    /** What is left out of a standard intent stays as it is. */
    private static Intent intent(String name, Config.IntentRoute config) {
        String known = Intent.STANDARD.stream()
                .filter(each -> each.name().equals(name))
                .map(Intent::description)
                .findFirst()
                .orElseGet(() -> name.replace('_', ' '));
        return new Intent(
                name, config.description() == null ? known : config.description(), config.words(), config.examples());
    }

    private static List<Long> people(Config.IntentRoute intent) {
        return intent.agentId() == null ? intent.agentIds() : List.of(intent.agentId());
    }

    private static Map<String, Persona> personas(Map<String, Config.Bot> bots) {
        var personas = new LinkedHashMap<String, Persona>();
        bots.forEach((bot, config) -> personas.put(
                bot,
                new Persona(config.name() == null ? "" : config.name(), config.tone() == null ? "" : config.tone())));
        return personas;
    }

    private static Map<String, Optional<WorkflowBot>> workflows(Config.Tenant config) {
        Map<String, Optional<WorkflowBot>> workflows = new LinkedHashMap<>();
        config.routing().intents().forEach((intent, route) -> {
            if (route.workflow() != null) {
                workflows.put(intent, workflow(config, route.workflow()));
            }
        });
        return workflows;
    }

    /** The workflow of that name; empty for {@code none}. */
    private static Optional<WorkflowBot> workflow(Config.Tenant config, String name) {
        return Optional.ofNullable(config.outgoingWebhooks().get(name))
                .map(webhook -> new WorkflowBot(
                        name,
                        webhook.answerWithin(),
                        WorkflowBot.Fallback.valueOf(webhook.fallback().toUpperCase(Locale.ROOT))));
    }

    private static AssistantSettings assistant(Config.Tenant config, Router router) {
        Config.Replies replies = config.replies();
        return AssistantSettings.builder(new Phrases(config.name(), replies.phrases()), router)
                .language(Language.ofTag(config.language()))
                .knowledgeDomain(config.knowledge().domain())
                .handoffLabel(config.handoff().label())
                .handoffTo(config.handoff().teamId(), config.handoff().agentId())
                .style(new AnswerWriter.Style(
                        config.name(),
                        replies.tone() == null ? "" : replies.tone(),
                        replies.lists(),
                        replies.maxWritten()))
                .personas(personas(config.routing().bots()))
                .hours(OpeningHours.of(config.hours(), ZoneId.of(config.timeZone()))
                        .orElse(null))
                .duty(Duty.valueOf(config.hours().bot().toUpperCase(Locale.ROOT)))
                .introduce(replies.introduce())
                .showSources(replies.showSources())
                .noteTranscripts(replies.noteTranscripts())
                .maxBubble(replies.maxBubble())
                .maxReplies(replies.maxPerMinute(), replies.maxPerHour())
                .staleAfter(config.turns().staleAfter())
                .workflows(workflow(config, config.routing().workflow()).orElse(null), workflows(config))
                .build();
    }
}
