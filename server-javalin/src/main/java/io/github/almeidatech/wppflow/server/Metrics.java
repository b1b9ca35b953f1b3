package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.chatwoot.Authenticity;
import io.github.almeidatech.wppflow.chatwoot.CallListener;
import io.github.almeidatech.wppflow.contacts.CopyBacklog;
import io.github.almeidatech.wppflow.eventlog.Firing;
import io.github.almeidatech.wppflow.flow.FlowStats;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.llm.ModelCallListener;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.log.Masking;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.DiskSpaceMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The server's figures. Names begin with {@code wppflow_}; labels are tenants, reasons and systems only, never people
 * (security default G3). Thread-safe.
 */
public final class Metrics {

    /** The owner of what all tenants share. */
    static final String EVERYBODY = "*";

    /** Stands for every tenant that does not exist. */
    private static final String UNKNOWN = "unknown";

    private static final Set<String> NOBODYS = Set.of(EVERYBODY, UNKNOWN);
    private static final Pattern CALLED_WEBHOOK =
            Pattern.compile("wppflow_external_call_seconds[a-z_]*\\{call=\"([^\"]*)\",.*system=\"webhook\".*");

    private static final Pattern TENANT_LABEL = Pattern.compile("[{,]tenant=\"([^\"]*)\"");

    private static final Duration[] ACK_BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(150),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(3)
    };
    private static final Duration[] SLOW_BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofSeconds(60)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    /** Known by what was asked for: the registry sorts the tags and makes a description of each meter before it knows it. */
    private final Map<Series, Counter> counters = new ConcurrentHashMap<>();

    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();
    private final AtomicLong scrapes = new AtomicLong();

    /** @param tags names and values in turn */
    private record Series(String name, List<String> tags) {}

    /** With the JVM's and the process's own figures. */
    @SuppressWarnings("resource") // these binders hold nothing that must be closed
    public Metrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        String version = Metrics.class.getPackage().getImplementationVersion();
        Gauge.builder("wppflow_build", () -> 1)
                .tag("version", version == null ? "not packaged" : version)
                .register(registry);
    }

    /** Everything, as Prometheus reads it. */
    public String scrape() {
        scrapes.incrementAndGet();
        return registry.scrape();
    }

    /**
     * The same without what concerns other tenants.
     *
     * @param webhooks the names of the tenant's own; calls of a webhook are told by its name alone
     */
    public String scrape(TenantId tenant, Set<String> webhooks) {
        return scrape().lines()
                .filter(line -> {
                    Matcher label = TENANT_LABEL.matcher(line);
                    Matcher webhook = CALLED_WEBHOOK.matcher(line);
                    boolean own =
                            !label.find() || label.group(1).equals(tenant.value()) || NOBODYS.contains(label.group(1));
                    return line.startsWith("#") || own && (!webhook.matches() || webhooks.contains(webhook.group(1)));
                })
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** What several gauges show a part of is asked once for a scrape: how much waits is counted row by row. */
    private <T> Supplier<T> oncePerScrape(Supplier<T> asked) {
        var latest = new AtomicReference<@Nullable Scraped<T>>();
        return () -> {
            long now = scrapes.get();
            Scraped<T> known = latest.get();
            if (known == null || known.scrape() != now) {
                known = new Scraped<>(now, asked.get());
                latest.set(known);
            }
            return known.value();
        };
    }

    private record Scraped<T>(long scrape, T value) {}

    /**
     * A request that was answered, by the path of its route and never by what stood in it.
     *
     * @param route such as {@code /api/v1/contacts/{tenant}/{phone}}, or {@code none}
     */
    public void answered(String route, int status, Duration took) {
        timer("wppflow_http_seconds", SLOW_BUCKETS, "route", route, "status", String.valueOf(status))
                .record(took);
    }

    /** A webhook that was not authentic; {@code unknown} stands for every tenant that does not exist. */
    public void refused(Optional<TenantId> tenant, String reason) {
        counter("wppflow_webhook_refused", "tenant", tenant.map(TenantId::value).orElse(UNKNOWN), "reason", reason)
                .increment();
    }

    /** A webhook that was authentic, by the id of the secret that proved it: shows when the one before can go. */
    public void authentic(TenantId tenant, String keyId) {
        counter("wppflow_webhook_authentic", "tenant", tenant.value(), "key", keyId)
                .increment();
    }

    /** Shows how often the last filter of the log found what should not have come so far. */
    public void watchLog(Masking masking) {
        for (String kind : Masking.KINDS) {
            FunctionCounter.builder("wppflow_log_masked", masking, each -> each.hits(kind))
                    .tag("kind", kind)
                    .register(registry);
        }
    }

    /** Shows how many tenants of the configuration were not started. */
    public void notStarted(int tenants) {
        Gauge.builder("wppflow_tenants_not_started", () -> tenants).register(registry);
    }

    /** A person was erased, or it failed and must be repeated. */
    public void erased(TenantId tenant, boolean done) {
        counter("wppflow_erasure", "tenant", tenant.value(), "outcome", done ? "done" : "failed")
                .increment();
    }

    /** What was removed because of its age. */
    public void expired(TenantId tenant, String kind, long count) {
        counter("wppflow_expired", "tenant", tenant.value(), "kind", kind).increment((double) count);
    }

    /** Retention was applied; null when it never was. */
    public void watchRetention(TenantId tenant, Supplier<@Nullable Instant> lastDone, InstantSource clock) {
        Gauge.builder("wppflow_retention_age_seconds", () -> age(lastDone.get(), clock.instant()))
                .tag("tenant", tenant.value())
                .register(registry);
    }

    /** A webhook that was answered 2xx, from its first byte to the answer. */
    public void received(TenantId tenant, Intake.Receipt receipt, Duration took) {
        timer("wppflow_webhook_ack_seconds", ACK_BUCKETS, "tenant", tenant.value())
                .record(took);
        if (receipt.duplicate()) {
            counter("wppflow_webhook_deduplicated", "tenant", tenant.value()).increment();
        } else if (receipt.accepted()) {
            counter("wppflow_webhook_received", "tenant", tenant.value()).increment();
        } else {
            counter("wppflow_webhook_ignored", "tenant", tenant.value(), "reason", receipt.reason())
                    .increment();
        }
    }

    /** A webhook that was authentic and unreadable. */
    public void quarantined(TenantId tenant) {
        counter("wppflow_webhook_quarantined", "tenant", tenant.value()).increment();
    }

    /** A message of the bot's that Chatwoot took and WhatsApp did not deliver. */
    public void undelivered(TenantId tenant) {
        counter("wppflow_messages_failed", "tenant", tenant.value()).increment();
    }

    /** A turn whose answer was found, and how the flow took it. */
    public void turn(TenantId tenant, String outcome, Duration took) {
        timer("wppflow_turn_seconds", SLOW_BUCKETS, "tenant", tenant.value(), "outcome", outcome)
                .record(took);
    }

    /** What the assistant decided, in its own words. */
    public void decided(TenantId tenant, String outcome, String reason) {
        String name = switch (outcome) {
            case "handed_off" -> "wppflow_handoff";
            case "silent" -> "wppflow_no_reply";
            default -> "wppflow_reply";
        };
        counter(name, "tenant", tenant.value(), "reason", reason).increment();
    }

    /** A command's try. */
    public void command(TenantId tenant, String outcome) {
        counter("wppflow_reply_outcome", "tenant", tenant.value(), "outcome", outcome)
                .increment();
    }

    /** Listens to the calls to another system. */
    public CallListener calls(String system) {
        return (call, took, outcome) -> timer(
                        "wppflow_external_call_seconds",
                        SLOW_BUCKETS,
                        "system",
                        system,
                        "call",
                        call,
                        "outcome",
                        outcome)
                .record(took);
    }

    /** An attempt to call a language model. */
    public void modelCalled(ModelCallListener.Call call) {
        calls(call.provider()).called(call.ability().word(), call.took(), call.outcome());
        String tenant = call.tenant().value();
        counter("wppflow_llm_tokens", "tenant", tenant, "model", call.model(), "direction", "in")
                .increment((double) call.inputTokens());
        counter("wppflow_llm_tokens", "tenant", tenant, "model", call.model(), "direction", "out")
                .increment((double) call.outputTokens());
        counter("wppflow_llm_cost_dollars", "tenant", tenant, "model", call.model())
                .increment(call.costMicros() / 1_000_000.0);
    }

    /** Policies that matched an event, by what came of it. */
    public void policiesFired(TenantId tenant, List<Firing> firings) {
        for (Firing firing : firings) {
            String outcome = firing.outcome().name().toLowerCase(Locale.ROOT);
            counter("wppflow_policy_firings", "tenant", tenant.value(), "outcome", outcome)
                    .increment();
        }
    }

    /** A set of policies had mistakes and was not put in force. */
    public void policiesRefused(TenantId tenant) {
        counter("wppflow_policy_sets_refused", "tenant", tenant.value()).increment();
    }

    /** Messages found by catch-up: somebody is losing webhooks. */
    public void caughtUp(TenantId tenant, int messages) {
        counter("wppflow_catch_up_found", "tenant", tenant.value()).increment(messages);
    }

    /**
     * Shows from zero on what alerts watch: Prometheus sees no increase in a counter that begins with one.
     */
    public void begin(TenantId tenant) {
        String name = tenant.value();
        for (Authenticity.Reason reason : Authenticity.Reason.values()) {
            counter("wppflow_webhook_refused", "tenant", name, "reason", reason.word());
        }
        for (String reason : List.of("too_many", "foreign_address")) {
            counter("wppflow_webhook_refused", "tenant", name, "reason", reason);
        }
        counter("wppflow_webhook_quarantined", "tenant", name);
        counter("wppflow_catch_up_found", "tenant", name);
        counter("wppflow_messages_failed", "tenant", name);
        counter("wppflow_policy_sets_refused", "tenant", name);
        counter("wppflow_reply_outcome", "tenant", name, "outcome", "unclear");
        counter("wppflow_handoff", "tenant", name, "reason", "technical_failure");
        counter("wppflow_erasure", "tenant", name, "outcome", "failed");
    }

    /** A table that was looked at for what is new. */
    public void synced(TenantId tenant, String table, String outcome) {
        counter("wppflow_sync", "tenant", tenant.value(), "table", table, "outcome", outcome)
                .increment();
    }

    /** Shows what is wrong with a tenant's tables, and how old is what is known of them. */
    public void watchTables(TenantId tenant, Supplier<TableState> state, InstantSource clock) {
        Gauge.builder("wppflow_schema_problems", () -> state.get().fatal())
                .tag("tenant", tenant.value())
                .register(registry);
        Gauge.builder("wppflow_sync_age_seconds", () -> age(state.get().syncedAt(), clock.instant()))
                .tag("tenant", tenant.value())
                .register(registry);
    }

    /** Shows how many of a tenant's contacts say more than their rows, and since when. */
    public void watchCopies(TenantId tenant, Supplier<CopyBacklog> asked, InstantSource clock) {
        Supplier<CopyBacklog> backlog = oncePerScrape(asked);
        Gauge.builder("wppflow_unwritten_contacts", () -> backlog.get().contacts())
                .tag("tenant", tenant.value())
                .register(registry);
        Gauge.builder(
                        "wppflow_oldest_unwritten_contact_seconds",
                        () -> age(backlog.get().oldest(), clock.instant()))
                .tag("tenant", tenant.value())
                .register(registry);
    }

    /** Shows how much waits. */
    public void watch(Supplier<FlowStats> asked, InstantSource clock) {
        Supplier<FlowStats> stats = oncePerScrape(asked);
        gauge("wppflow_queue_depth", "inbox", () -> stats.get().waitingMessages());
        gauge("wppflow_queue_depth", "outbox", () -> stats.get().waitingCommands());
        gauge("wppflow_queue_depth", "records", () -> stats.get().waitingRecords());
        Gauge.builder("wppflow_dead_letters", () -> stats.get().deadLetters()).register(registry);
        Gauge.builder("wppflow_oldest_pending_seconds", () -> age(stats.get().oldestWaiting(), clock.instant()))
                .register(registry);
        Gauge.builder("wppflow_turns_elsewhere", () -> stats.get().turnsElsewhere())
                .register(registry);
        Gauge.builder("wppflow_oldest_record_seconds", () -> age(stats.get().oldestRecord(), clock.instant()))
                .register(registry);
    }

    /** Shows how much of the connections to the database and of the disk is taken. */
    public void watchStorage(Database database, Path folder) {
        Gauge.builder("wppflow_storage_connections", database::connectionsInUse).register(registry);
        Gauge.builder("wppflow_storage_connections_limit", database::connectionsAtMost)
                .register(registry);
        FunctionCounter.builder("wppflow_storage_writes", database, Database::writes)
                .register(registry);
        FunctionCounter.builder("wppflow_storage_commits", database, Database::commits)
                .register(registry);
        new DiskSpaceMetrics(folder.toFile()).bindTo(registry);
    }

    /** Files of a tenant's knowledge folder that were read, and those that could not be. */
    public void watchFiles(TenantId tenant, Supplier<Number> readable, Supplier<Number> failed) {
        files(tenant, "read", readable);
        files(tenant, "failed", failed);
    }

    private void files(TenantId tenant, String state, Supplier<Number> count) {
        Gauge.builder("wppflow_knowledge_files", count)
                .tag("tenant", tenant.value())
                .tag("state", state)
                .register(registry);
    }

    /** 1 while nothing is said automatically for a tenant. */
    public void watchBot(TenantId tenant, BooleanSupplier isOff) {
        Gauge.builder("wppflow_bot_off", () -> isOff.getAsBoolean() ? 1 : 0)
                .tag("tenant", tenant.value())
                .register(registry);
    }

    /** For how long the oldest secret of a tenant has been the same, in seconds; those of all tenants are {@code *}'s. */
    void watchSecrets(String owner, Supplier<Number> seconds) {
        Gauge.builder("wppflow_oldest_secret_seconds", seconds)
                .tag("tenant", owner)
                .register(registry);
    }

    /** 0 closed, 1 half open, 2 open. */
    public void watchBreaker(TenantId tenant, String system, Supplier<String> state) {
        Gauge.builder("wppflow_breaker_state", () -> switch (state.get()) {
                    case "closed" -> 0;
                    case "half_open" -> 1;
                    default -> 2;
                })
                .tag("tenant", tenant.value())
                .tag("system", system)
                .register(registry);
    }

    /** How a tenant's models are doing, and what they have cost today, in all instances together. */
    void watchModels(TenantId tenant, LanguageModels models) {
        for (LanguageModels.ModelState each : models.states(tenant)) {
            String system = each.provider() + "/" + each.ability().word();
            watchBreaker(
                    tenant,
                    system,
                    () -> models.states(tenant).stream()
                            .filter(now -> now.provider().equals(each.provider()) && now.ability() == each.ability())
                            .map(LanguageModels.ModelState::breaker)
                            .max(Comparator.naturalOrder())
                            .orElse("closed"));
        }
        if (!models.states(tenant).isEmpty()) {
            spentToday(
                    tenant,
                    "wppflow_llm_spent_today_dollars",
                    () -> models.spentToday(tenant).micros() / 1_000_000.0);
            spentToday(
                    tenant,
                    "wppflow_llm_spent_today_tokens",
                    () -> models.spentToday(tenant).tokens());
        }
    }

    private void spentToday(TenantId tenant, String name, Supplier<Number> value) {
        Gauge.builder(name, value).tag("tenant", tenant.value()).register(registry);
    }

    private static double age(@Nullable Instant since, Instant now) {
        return since == null ? 0 : Math.max(0, Duration.between(since, now).toMillis() / 1000.0);
    }

    private void gauge(String name, String queue, Supplier<Number> value) {
        Gauge.builder(name, value).tag("queue", queue).register(registry);
    }

    private Counter counter(String name, String... tags) {
        return counters.computeIfAbsent(
                new Series(name, List.of(tags)),
                key -> Counter.builder(name).tags(tags).register(registry));
    }

    private Timer timer(String name, Duration[] buckets, String... tags) {
        return timers.computeIfAbsent(
                new Series(name, List.of(tags)),
                key -> Timer.builder(name)
                        .tags(tags)
                        .serviceLevelObjectives(buckets)
                        .register(registry));
    }
}
