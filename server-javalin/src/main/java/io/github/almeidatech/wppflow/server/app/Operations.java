package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.baserow.BaserowContactMirror;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Backups;
import io.github.almeidatech.wppflow.server.ConfigurationChanges;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Readiness;
import io.github.almeidatech.wppflow.server.SecretRotation;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.WeakSettings;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.server.erasure.Erasure;
import io.github.almeidatech.wppflow.server.erasure.ErasureJournal;
import io.github.almeidatech.wppflow.server.erasure.ErasureTarget;
import io.github.almeidatech.wppflow.server.erasure.Offboarding;
import io.github.almeidatech.wppflow.server.erasure.PersonalRecords;
import io.github.almeidatech.wppflow.server.log.Masking;
import io.github.almeidatech.wppflow.server.records.Records;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps the server in order beside the messages: erasing, retention, backups, secrets, and telling how all of it is. */
final class Operations implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Operations.class);

    final Readiness readiness = new Readiness();
    final Backups backups;
    final Erasure erasure;
    final Offboarding offboarding;
    final ConfigurationChanges changes;
    final Housekeeping housekeeping;
    private final SecretRotation secrets;

    Operations(ConfigReader.Startable startable, Masking masking, SharedParts shared, MessageFlow flow) {
        Config config = shared.config;
        Database database = shared.database;
        Metrics metrics = shared.metrics;
        InstantSource clock = shared.clock;
        this.backups = new Backups(database, config.storage(), clock);
        this.erasure = erasure(shared, flow);
        Map<TenantId, Config.Tenant> served = new LinkedHashMap<>();
        config.tenants().forEach((id, tenant) -> served.put(new TenantId(id), tenant));
        Set<TenantId> configured = new LinkedHashSet<>(served.keySet());
        startable.notStarted().keySet().forEach(id -> configured.add(new TenantId(id)));
        this.offboarding = new Offboarding(configured, database, shared.audit, metrics, clock);
        this.changes = new ConfigurationChanges(database, shared.audit);
        this.secrets =
                new SecretRotation(config, masking::conceal, () -> changes.note(config), shared.audit, metrics, clock);
        this.housekeeping = new Housekeeping(
                served,
                configured,
                config.storage().removedTenants(),
                database,
                offboarding,
                erasure,
                shared.audit,
                metrics,
                clock);
        String user = ProcessHandle.current().info().user().orElse("");
        boolean unrestricted = database.isUnrestricted();
        Supplier<List<String>> weak = () -> WeakSettings.of(config, user, unrestricted, clock.instant());
        startable.notStarted().forEach((tenant, why) -> log.error("tenant {} is not started: {}", tenant, why));
        weak.get().forEach(each -> log.info("insecure: {}", each));
        metrics.watchLog(masking);
        metrics.notStarted(startable.notStarted().size());
        metrics.watch(() -> shared.store.stats(clock.instant()), clock);
        metrics.watchStorage(database, folderOf(config.storage().url()));
        shared.tenants.all().forEach(tenant -> {
            metrics.begin(tenant.id());
            metrics.watchBot(tenant.id(), () -> shared.botSwitch.isOff(tenant.id()));
        });
        readiness
                .with("storage", database::isWritable)
                .with("engine", flow.engine::isWell)
                .withDetail("policies", flow.policies::wellness)
                .withDetail("baserow", flow.records::wellness)
                .withDetail("retention", housekeeping::lastRetention)
                .withDetail("restore", flow.reconciliation::wellness)
                .withDetail("bot", shared.botSwitch::wellness)
                .withDetail("tenants", told -> notStarted(startable, told))
                .withDetail("secrets", secrets::wellness)
                .withDetail("settings", told -> insecure(weak.get(), shared.tenants, told));
    }

    void start() {
        secrets.start();
        backups.start();
        housekeeping.start();
    }

    @Override
    public void close() {
        backups.close();
        secrets.close();
        housekeeping.close();
    }

    private static Erasure erasure(SharedParts shared, MessageFlow flow) {
        var chatwootContacts = new ChatwootContacts(shared.tenants);
        Map<String, ErasureTarget> elsewhere = new LinkedHashMap<>();
        elsewhere.put("media_cache", person -> flow.media.forget(person.tenant()));
        elsewhere.put(Erasure.ROWS, person -> erasedRows(flow.records, person));
        elsewhere.put(Erasure.CHATWOOT, chatwootContacts);
        Map<String, PersonalRecords> shown = new LinkedHashMap<>();
        shown.put("baserow", flow.records::export);
        shown.put(Erasure.CHATWOOT, chatwootContacts);
        return new Erasure(
                shared.contacts,
                shared.events,
                shared.database,
                shared.pseudonyms,
                shared.erasedPeople,
                elsewhere,
                shown,
                ErasureJournal.of(shared.config.storage()),
                shared.audit,
                shared.metrics,
                tenant -> shared.mirrored.test(tenant)
                        ? BaserowContactMirror.longestWriting(
                                shared.config.flow().unclearSettle())
                        : Duration.ZERO,
                shared.clock);
    }

    private static String notStarted(ConfigReader.Startable startable, Predicate<TenantId> shown) {
        String told = new TreeMap<>(startable.notStarted())
                .entrySet().stream()
                        .filter(tenant -> shown.test(new TenantId(tenant.getKey())))
                        .map(Map.Entry::getValue)
                        .collect(Collectors.joining("; "));
        return told.isEmpty() ? "ok" : "not started: " + told;
    }

    /** Of the tenants that are shown, and of the server itself. */
    private static String insecure(List<String> weak, Tenants tenants, Predicate<TenantId> shown) {
        String told = weak.stream()
                .filter(each -> tenants.all().stream()
                        .noneMatch(tenant -> !shown.test(tenant.id()) && each.startsWith(tenant.id() + ": ")))
                .collect(Collectors.joining("; "));
        return told.isEmpty() ? "ok" : "insecure: " + told;
    }

    private static long erasedRows(Records records, Contact person) {
        return person.identities().stream()
                .filter(identity -> identity.kind() == Identity.Kind.PERSON)
                .mapToLong(identity -> records.erase(person.tenant(), person, identity.value()))
                .sum();
    }

    /** Whose disk fills up first: where the file of SQLite is, else where the server was started. */
    private static Path folderOf(String storageUrl) {
        return storageUrl.startsWith("sqlite:")
                ? Path.of(storageUrl.substring("sqlite:".length()))
                        .toAbsolutePath()
                        .resolveSibling("")
                : Path.of("").toAbsolutePath();
    }
}
