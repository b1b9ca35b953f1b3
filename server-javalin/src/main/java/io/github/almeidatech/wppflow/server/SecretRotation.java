package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.SecretFiles;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes secrets that were replaced in their files, without a restart (security default F-4): noted as {@code
 * operator.secret_replaced} and in the log, by their keys and never by their values. Reminds of those that have been the same for
 * half a year. Thread-safe.
 */
public final class SecretRotation implements AutoCloseable {

    /** How old a secret may become before one is reminded of it. */
    public static final Duration OLD = Duration.ofDays(180);

    private static final Logger log = LoggerFactory.getLogger(SecretRotation.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final Duration REMINDER = Duration.ofDays(1);
    private static final Pattern OF_TENANT = Pattern.compile("tenants\\.([^.]+)\\.(.+)");
    private final SecretFiles files;

    private final Collection<TenantId> tenants;
    private final Consumer<Collection<String>> conceal;
    private final Runnable changed;
    private final Audit audit;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(work -> {
        var daemon = new Thread(work, "wppflow-secrets");
        daemon.setDaemon(true);
        return daemon;
    });
    /** What was taken and could not be written down yet. */
    private final Queue<Replaced> unnoted = new ArrayDeque<>();

    private boolean untold;
    private Map<String, String> told = Map.of();
    private Instant reminded = Instant.MIN;

    /**
     * @param conceal is told the secrets that no log line may show
     * @param changed is called after a secret was replaced
     */
    public SecretRotation(
            Config config,
            Consumer<Collection<String>> conceal,
            Runnable changed,
            Audit audit,
            Metrics metrics,
            InstantSource clock) {
        this.files = new SecretFiles(config);
        this.tenants = config.tenants().keySet().stream().map(TenantId::new).toList();
        this.conceal = conceal;
        this.changed = changed;
        this.audit = audit;
        this.clock = clock;
        conceal.accept(files.values());
        files.ages(clock.instant()).keySet().stream()
                .map(SecretRotation::ownerOf)
                .distinct()
                .forEach(owner -> metrics.watchSecrets(owner, () -> oldest(owner)));
    }

    /** Begins to look, in a thread of its own. */
    public void start() {
        thread.scheduleWithFixedDelay(this::lookSafely, 0, EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookSafely() {
        try {
            look();
        } catch (RuntimeException e) { // the next look must come
            log.warn("what became of the files of secrets could not be written down; it is at the next look", e);
        }
    }

    /** Reads each file once. */
    void look() {
        Instant now = clock.instant();
        List<String> replaced = files.look(now);
        if (!replaced.isEmpty()) {
            conceal.accept(files.values());
            replaced.forEach(this::taken);
            untold = true;
        }
        files.refused().forEach((key, why) -> {
            if (!why.equals(told.get(key))) {
                log.warn("{}: {}; the secret known before stays in use", key, why);
            }
        });
        told = files.refused();
        if (reminded.isBefore(now.minus(REMINDER))) {
            reminded = now;
            old(now).forEach((key, age) -> log.warn("{} has been the same for {} days: replace it", key, age.toDays()));
        }
        writeDown();
    }

    private void taken(String key) {
        log.info("{} was replaced in its file, and counts from now on", key);
        Matcher own = OF_TENANT.matcher(key);
        if (own.matches()) {
            unnoted.add(new Replaced(new TenantId(own.group(1)), own.group(2)));
        } else {
            tenants.forEach(tenant -> unnoted.add(new Replaced(tenant, key)));
        }
    }

    /** While the store fails, it is left to the next look. */
    private void writeDown() {
        for (Replaced next = unnoted.peek(); next != null; next = unnoted.peek()) {
            audit.note(next.tenant(), "secret_replaced", "file", null, Map.of("key", next.key()));
            unnoted.remove();
        }
        if (untold) {
            changed.run();
            untold = false;
        }
    }

    private record Replaced(TenantId tenant, String key) {}

    private Map<String, Duration> old(Instant now) {
        return files.ages(now).entrySet().stream()
                .filter(each -> each.getValue().compareTo(OLD) > 0)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private long oldest(String owner) {
        return files.ages(clock.instant()).entrySet().stream()
                .filter(each -> ownerOf(each.getKey()).equals(owner))
                .mapToLong(each -> each.getValue().toSeconds())
                .max()
                .orElse(0);
    }

    private static String ownerOf(String key) {
        Matcher own = OF_TENANT.matcher(key);
        return own.matches() ? own.group(1) : Metrics.EVERYBODY;
    }

    /** {@code ok}, or which secrets were not taken, and which are old. */
    public String wellness(Predicate<TenantId> shown) {
        var worth = new TreeMap<String, String>();
        old(clock.instant())
                .forEach((key, age) -> worth.put(key, "the same for " + age.toDays() + " days: replace it"));
        worth.putAll(files.refused());
        worth.keySet().removeIf(key -> {
            String owner = ownerOf(key);
            return !owner.equals(Metrics.EVERYBODY) && !shown.test(new TenantId(owner));
        });
        return worth.isEmpty()
                ? "ok"
                : worth.entrySet().stream()
                        .map(each -> each.getKey() + ": " + each.getValue())
                        .collect(Collectors.joining("; "));
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
