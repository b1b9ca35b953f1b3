package io.github.almeidatech.wppflow.server.config;

import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set. A key in the file is a component's name in snake case ({@code max_wait}); what is left out
 * is taken from {@code defaults.yaml} beside this class, which explains every key. Keys without a default there and
 * marked nullable here are optional; the others must be given.
 *
 * @param server the HTTP side
 * @param storage where things are kept
 * @param flow the engine's workers and leases
 * @param api who may call the API
 * @param llm what all tenants' language models share
 * @param media how much of files is read, and with what
 * @param tenants by tenant id
 */
public record Config(
        @Valid Server server,
        @Valid Storage storage,
        @Valid Flow flow,
        @Valid Api api,
        @Valid Llm llm,
        @Valid Media media,
        Map<@Pattern(regexp = TENANT_ID, message = "a tenant id is 1 to 63 of a-z 0-9 _ -") String, @Valid Tenant>
                tenants) {

    static final String TENANT_ID = "[a-z0-9][a-z0-9_-]{0,62}";

    public Config {
        tenants = Map.copyOf(tenants);
    }

    /** The HTTP side. */
    public record Server(
            @NotBlank String host,
            @Min(0) @Max(65_535) int port,
            Duration shutdownTimeout,
            @Min(1_024) @Max(16_777_216) int webhookMaxBytes,
            @Min(1_024) @Max(16_777_216) int apiMaxBytes,
            @Min(1) @Max(100_000) int webhooksPerSecond,
            @Min(1) @Max(100_000) int apiCallsPerSecond,
            @Min(1) @Max(100_000) int refusedPerMinute,
            @Min(1) @Max(100_000) int maxConnections,
            @Min(1) @Max(100_000) int maxConnectionsPerAddress,
            @Min(1) @Max(1_000_000) int maxRequestsPerConnection,
            @Min(4_194_304) @Max(1_073_741_824) int bodiesMaxBytes,
            List<String> trustedProxies,

            @Pattern(regexp = "nobody|local|everybody", message = "nobody, local or everybody wanted")
            String pages) {
        public Server {
            trustedProxies = List.copyOf(trustedProxies);
        }
    }

    /** Where things are kept. */
    public record Storage(
            @Pattern(
                    regexp = "(sqlite:|postgresql://).+",
                    message = "such as sqlite:data/wppflow.db or postgresql://user:password@host/db")
            String url,

            Duration backupEvery,
            @NotBlank String backupFolder,
            @Min(1) @Max(1_000) int backupsKept,
            @Nullable Secret backupKey,
            @Nullable String erasureJournal,
            Duration removedTenants) {}

    /** The engine's workers and leases. */
    public record Flow(
            @Min(1) @Max(256) int turnWorkers,
            @Min(1) @Max(256) int commandWorkers,
            @Min(1) @Max(256) int recordWorkers,

            @Min(0) @Max(20) int maxSupersedes,
            @DurationMin(seconds = 1) Duration turnLease,
            @DurationMin(seconds = 1) Duration commandLease,
            Duration unclearSettle) {}

    /** What all tenants' language models share. */
    public record Llm(@Nullable String priceTable) {}

    /** How much of files is read, and with what. */
    public record Media(
            @NotBlank String ffmpeg,
            @Min(1_024) @Max(67_108_864) int maxBytes,
            @Min(1_000_000) @Max(1_000_000_000) long maxPixels,
            boolean officeFiles,
            @Min(1) @Max(10_000) int maxPages,
            @Min(1) @Max(20) int maxScannedPages,
            @Min(100) @Max(200_000) int maxCharacters,
            @Min(1) @Max(100) int maxFiles,
            Duration maxSound,
            Duration perFile,
            Duration perTurn) {}

    /** Who may call the API. */
    public record Api(List<@Valid Token> tokens) {
        public Api {
            tokens = List.copyOf(tokens);
        }
    }

    /**
     * A bearer token: what it may do, for which tenant; a token without a tenant is an operator's.
     *
     * @param expires from when on it is refused, as an instant; null for never
     */
    public record Token(
            @NotBlank String name,
            @Nullable String tenant,
            Secret token,
            List<@Pattern(regexp = "read|write|admin") String> scopes,
            @Nullable String expires) {
        public Token {
            scopes = List.copyOf(scopes);
        }
    }

    /** One business. */
    public record Tenant(
            @NotBlank @Size(max = 100) String name,
            @Pattern(regexp = "pt-BR|en|es") String language,
            @NotBlank String timeZone,
            @Pattern(regexp = "[A-Z]{2}") String phoneRegion,
            @Valid Chatwoot chatwoot,
            @Valid Webhooks webhooks,
            @Valid Turns turns,
            @Valid Retention retention,
            @Valid Routing routing,
            @Valid Hours hours,
            @Valid Policies policies,
            @Valid Handoff handoff,
            @Valid Knowledge knowledge,
            @Valid Baserow baserow,
            @Valid Models models,
            @Valid Replies replies,
            Map<
                            @Pattern(regexp = "[a-z0-9][a-z0-9_-]{0,39}", message = "1 to 40 of a-z 0-9 _ -") String,
                            @Valid OutgoingWebhook>
                    outgoingWebhooks) {
        public Tenant {
            outgoingWebhooks = Map.copyOf(outgoingWebhooks);
        }
    }

    /** A webhook outside, such as an n8n workflow; a left-out part falls back to the general rule. */
    public record OutgoingWebhook(
            @Pattern(regexp = "https?://[^\\s?#@]+", message = "an http(s) address without user, query or fragment")
            String url,

            @Nullable Secret secret,
            @Nullable Secret token,
            @Nullable Duration timeout,
            @Nullable Boolean allowPrivateNetwork,
            @Nullable @Pattern(regexp = "ignore|event") String answer,
            @Nullable Duration answerWithin,
            @Nullable @Pattern(regexp = "knowledge|handoff") String fallback) {

        public OutgoingWebhook {
            timeout = timeout == null ? Duration.ofSeconds(10) : timeout;
            allowPrivateNetwork = allowPrivateNetwork != null && allowPrivateNetwork;
            answer = answer == null ? "ignore" : answer;
            answerWithin = answerWithin == null ? Duration.ofMinutes(2) : answerWithin;
            fallback = fallback == null ? "knowledge" : fallback;
        }

        @Override
        public Duration timeout() {
            return Objects.requireNonNull(timeout);
        }

        @Override
        public Boolean allowPrivateNetwork() {
            return Objects.requireNonNull(allowPrivateNetwork);
        }

        @Override
        public String answer() {
            return Objects.requireNonNull(answer);
        }

        @Override
        public Duration answerWithin() {
            return Objects.requireNonNull(answerWithin);
        }

        @Override
        public String fallback() {
            return Objects.requireNonNull(fallback);
        }
    }

    /** The tenant's Chatwoot. */
    public record Chatwoot(
            @Pattern(regexp = "https?://[^\\s?#@]+", message = "an http(s) address without user, query or fragment")
            String baseUrl,

            @Min(1) long accountId,
            Secret botToken,
            @Nullable Secret userToken,
            @Pattern(regexp = "agent-bot|account") String ownership,
            boolean checkOwnershipBeforeSend,
            List<Long> inboxes,
            List<Long> extraWhatsappInboxes,
            List<String> storageOrigins,
            List<String> fileOrigins,
            boolean allowPrivateNetwork,
            @Min(1) @Max(1_000) int maxCallsPerSecond,
            Duration catchUpEvery,
            Duration catchUpReach,
            Duration catchUpGrace,

            @Pattern(regexp = "refuse|note|handoff|template")
            String outsideWindow,

            @Nullable @Valid WindowTemplate outsideWindowTemplate) {
        public Chatwoot {
            inboxes = List.copyOf(inboxes);
            extraWhatsappInboxes = List.copyOf(extraWhatsappInboxes);
            storageOrigins = List.copyOf(storageOrigins);
            fileOrigins = List.copyOf(fileOrigins);
        }
    }

    /**
     * An approved template. Where a value of its body or the text says {@code {reply}}, what could not be sent stands.
     *
     * @param header the parameters of its header: texts by their place, or {@code media_url} with {@code media_type}
     *     ({@code image}, {@code video} or {@code document}, this one also with {@code media_name}); null without any
     * @param buttons the parameters of its buttons, in their order; null without any
     * @param text as people see it in Chatwoot
     */
    public record WindowTemplate(
            @NotBlank String name,
            @NotBlank String language,
            @Nullable String category,
            @Nullable Map<String, String> header,
            Map<String, String> body,
            @Nullable List<@Valid TemplateButton> buttons,
            @NotBlank String text) {
        public WindowTemplate {
            header = header == null ? null : Map.copyOf(header);
            body = Map.copyOf(body);
            buttons = buttons == null ? null : List.copyOf(buttons);
        }
    }

    /**
     * What an approved template's button is given.
     *
     * @param parameter the end of its address, or the code to be copied
     */
    public record TemplateButton(
            @Pattern(regexp = "url|copy_code") String type,
            @NotBlank @Size(max = 1000) String parameter) {}

    /**
     * How webhooks prove where they come from.
     *
     * @param addresses from where they may come: addresses and networks; empty for anywhere
     * @param previousUntil when the second secret of each list is no longer accepted, as an instant; null for never
     * @param pathSecretUntil when the path secret should have been replaced by signatures, as an instant: a reminder
     */
    public record Webhooks(
            @Pattern(regexp = "signature|path_secret") String mode,
            List<Secret> agentBotSecrets,
            List<Secret> accountSecrets,
            List<Secret> inboxSecrets,
            List<String> addresses,
            @Nullable String previousUntil,
            @Nullable Secret pathSecret,
            @Nullable String pathSecretUntil) {
        public Webhooks {
            agentBotSecrets = List.copyOf(agentBotSecrets);
            accountSecrets = List.copyOf(accountSecrets);
            inboxSecrets = List.copyOf(inboxSecrets);
            addresses = List.copyOf(addresses);
        }
    }

    /** How long what is kept; longer than by default wants a reason. */
    public record Retention(
            @Pattern(regexp = "([01]\\d|2[0-3]):[0-5]\\d", message = "a time of day such as 03:30 wanted")
            String at,

            Duration deliveries,
            Duration messages,
            Duration deadLetters,
            Duration media,
            Duration keys,
            Duration events,
            Duration audit,
            @Nullable @Size(min = 10, max = 500) String reason) {}

    /** When a burst is answered. */
    public record Turns(
            Duration quiet,
            Duration voiceQuiet,
            Duration maxWait,
            @Min(1) @Max(1_000) int maxMessages,
            @Nullable @Min(0) @Max(20) Integer maxSupersedes,
            @Size(max = 100) List<@NotBlank @Size(max = 60) String> urgentWords,
            Duration staleAfter,
            Map<@Pattern(regexp = "[1-9]\\d{0,15}", message = "an inbox's number wanted") String, @Valid TurnTime>
                    inboxes,
            Map<String, @Valid TurnTime> intents) {
        public Turns {
            urgentWords = List.copyOf(urgentWords);
            inboxes = Map.copyOf(inboxes);
            intents = Map.copyOf(intents);
        }
    }

    /** What is different for an inbox or an intent; a left-out part falls back to the general rule. */
    public record TurnTime(
            @Nullable Duration quiet,
            @Nullable Duration voiceQuiet,
            @Nullable Duration maxWait,
            @Nullable @Min(1) @Max(1_000) Integer maxMessages,
            @Nullable @Min(0) @Max(20) Integer maxSupersedes,
            @Nullable @Size(max = 100) List<@NotBlank @Size(max = 60) String> urgentWords) {}

    /** Which intent is answered by whom. */
    public record Routing(
            @Pattern(regexp = "[a-z][a-z0-9_]{0,39}") String defaultIntent,

            @DecimalMin(value = "0.0", message = "0 to 1 wanted") @DecimalMax(value = "1.0", message = "0 to 1 wanted")
            double minConfidence,

            boolean autoAssign,
            String workflow,
            Map<String, @Valid IntentRoute> intents,
            Map<String, @Valid Bot> bots) {
        public Routing {
            intents = Map.copyOf(intents);
            bots = Map.copyOf(bots);
        }
    }

    /** A persona: how it calls itself, and how it is to sound. */
    public record Bot(
            @Nullable @Size(max = 60) String name,
            @Nullable @Size(max = 500) String tone) {}

    /** When people are there, and when the bot answers by itself. */
    public record Hours(
            Map<String, List<String>> open,
            boolean nationalHolidays,
            @Nullable String holidaysFile,
            @Pattern(regexp = "always|open|closed") String bot) {
        public Hours {
            open = Map.copyOf(open);
        }
    }

    /** What an intent leads to; a left-out part falls back to the general rule. */
    public record IntentRoute(
            @Nullable @Pattern(regexp = "off|draft|auto") String mode,
            @Nullable String bot,
            @Nullable String workflow,
            @Nullable Long teamId,
            @Nullable Long agentId,
            @Nullable List<Long> agentIds,
            @Nullable List<String> labels,
            @Nullable @Size(max = 400) String description,
            @Nullable List<String> words,
            @Nullable List<String> examples) {

        public IntentRoute {
            agentIds = agentIds == null ? List.of() : List.copyOf(agentIds);
            labels = labels == null ? List.of() : List.copyOf(labels);
            words = words == null ? List.of() : List.copyOf(words);
            examples = examples == null ? List.of() : List.copyOf(examples);
        }

        @Override
        public List<Long> agentIds() {
            return Objects.requireNonNull(agentIds);
        }

        @Override
        public List<String> labels() {
            return Objects.requireNonNull(labels);
        }

        @Override
        public List<String> words() {
            return Objects.requireNonNull(words);
        }

        @Override
        public List<String> examples() {
            return Objects.requireNonNull(examples);
        }
    }

    /** How a person is called. */
    public record Handoff(
            @Pattern(regexp = "[a-z0-9_-]{1,60}") String label,
            @Nullable Long teamId,
            @Nullable Long agentId,
            Duration humanPause) {}

    /** What is to be done when something happens; a file, or a folder of files. */
    public record Policies(
            @Nullable String file,
            @DurationMin(millis = 100) Duration reloadEvery) {}

    /** What may be answered from. */
    public record Knowledge(
            @Nullable String file,
            @Nullable String folder,
            @DurationMin(millis = 100) Duration folderEvery,
            @Nullable String domain) {}

    /** The tenant's tables in Baserow. Without a token nothing is read or written there. */
    public record Baserow(
            @Pattern(regexp = "https?://[^\\s?#@]+", message = "an http(s) address without user, query or fragment")
            String url,

            @Nullable Secret token,
            @Valid BaserowTable contacts,
            @Valid BaserowTable events,
            @Valid BaserowTable knowledge,
            @Valid BaserowTable policies,
            Map<@Pattern(regexp = "[a-z][a-z0-9_]{0,39}") String, @Valid BaserowRows> tables,
            Map<String, String> contactFields,
            List<String> eventTypes,
            boolean mergeDuplicates,
            Duration syncEvery,
            Duration fullEvery,
            @Min(1) @Max(64) int maxConcurrent,
            @Min(1) @Max(1_000) int maxPerSecond) {
        public Baserow {
            tables = Map.copyOf(tables);
            contactFields = Map.copyOf(contactFields);
            eventTypes = List.copyOf(eventTypes);
        }
    }

    /** A table with columns of a known meaning; columns that are left out have their usual names. */
    public record BaserowTable(@Nullable @Min(1) Long table, Map<String, String> columns) {
        public BaserowTable {
            columns = Map.copyOf(columns);
        }
    }

    /** A table that policies write rows to. */
    public record BaserowRows(@Min(1) long table, @Nullable String keyColumn) {}

    /** Language models and what they may cost. Without providers everything works offline. */
    public record Models(
            List<@Valid ModelProvider> providers,
            boolean classify,

            @DecimalMin(value = "0.0", message = "0 to 1 wanted") @DecimalMax(value = "1.0", message = "0 to 1 wanted")
            double classifyBelow,

            boolean maskPersonalNumbers,
            @Min(0) long tokensPerDay,
            @Min(0) long tokensPerConversation,
            @Min(0) long tokensPerTurn,

            @DecimalMin(value = "0", message = "at least 0 wanted")
            double dollarsPerDay,

            @DecimalMin(value = "0", message = "at least 0 wanted")
            double dollarsPerConversation,

            @DecimalMin(value = "0", message = "at least 0 wanted")
            double mediaDollarsPerTurn,

            Duration timeLimit,
            Duration intentTimeLimit,
            @Min(1) @Max(64) int maxConcurrent,
            @Min(1) @Max(100_000) int maxPerMinute) {
        public Models {
            providers = List.copyOf(providers);
        }
    }

    /** One account at one provider, and which of its models does what. */
    public record ModelProvider(
            @Pattern(
                    regexp = "openai|azure|openrouter|groq|gemini|ollama|compatible|anthropic",
                    message = "openai, azure, openrouter, groq, gemini, ollama, compatible or anthropic wanted")
            String provider,

            @Nullable Secret apiKey,
            @Nullable String baseUrl,
            @Nullable String chatModel,
            @Nullable String intentModel,
            @Nullable String visionModel,
            @Nullable String transcriptionModel,
            @Nullable String embeddingModel,
            @Nullable Double temperature,

            @Nullable @Pattern(regexp = "max_tokens|max_completion_tokens")
            String tokenLimit,

            @Nullable @Pattern(regexp = "schema|object|prompt|tool")
            String jsonMode,

            @Nullable @Valid Price price,
            @Nullable Boolean plainHttp) {}

    /** US dollars for a million tokens in and out, and for a minute of sound. */
    public record Price(
            @DecimalMin(value = "0", message = "at least 0 wanted")
            double input,

            @DecimalMin(value = "0", message = "at least 0 wanted")
            double output,

            @Nullable @DecimalMin(value = "0", message = "at least 0 wanted")
            Double minute) {}

    /** How it is said. */
    public record Replies(
            @Nullable @Size(max = 500) String tone,
            boolean lists,
            @Min(100) @Max(1_500) int maxWritten,
            boolean introduce,
            boolean showSources,
            boolean noteTranscripts,
            @Min(100) @Max(4_000) int maxBubble,
            @Min(1) @Max(200) int maxPerMinute,
            @Min(1) @Max(900) int maxPerHour,
            Map<String, String> phrases) {
        public Replies {
            phrases = Map.copyOf(phrases);
        }
    }
}
