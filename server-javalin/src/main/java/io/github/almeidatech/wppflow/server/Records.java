package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactPatch;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.eventlog.PolicyStore;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.UpdateContact;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.server.config.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is written down outside the chat: contacts and rows, in our own store and in the Baserow tables of the tenants that
 * have some. Nobody who waits for an answer waits for it. Thread-safe.
 */
final class Records implements CommandSender, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Records.class);

    private final Contacts contacts;
    private final InstantSource clock;
    private final Map<TenantId, BaserowTables> tables = new LinkedHashMap<>();
    private final Map<TenantId, BaserowSync> syncs = new LinkedHashMap<>();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2, work -> {
        var thread = new Thread(work, "wppflow-baserow");
        thread.setDaemon(true);
        return thread;
    });

    /** @throws ConfigException naming every key of {@code baserow} that is wrong */
    Records(
            Tenants tenants,
            BaserowTables.Parts parts,
            PolicyStore policies,
            Duration settleTime,
            InstantSource clock) {
        this.contacts = parts.contacts();
        this.clock = clock;
        var problems = new ArrayList<String>();
        for (Tenants.Tenant tenant : tenants.all()) {
            Secret token = tenant.config().baserow().token();
            if (token == null) {
                continue;
            }
            try {
                var its = new BaserowTables(tenant, token.reveal(), parts, settleTime, clock);
                var sync = new BaserowSync(tenant.id(), its, policies, parts.metrics(), clock);
                tables.put(tenant.id(), its);
                syncs.put(tenant.id(), sync);
                parts.metrics().watchTables(tenant.id(), sync::state, clock);
            } catch (IllegalArgumentException e) {
                problems.add("tenants." + tenant.id() + ".baserow." + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /** Begins to look at the tables, at once and then every interval. Does not wait for Baserow. */
    void start() {
        syncs.forEach((tenant, sync) -> {
            Duration every = tables(tenant).syncEvery();
            if (every.isZero()) {
                log.info("tenant {}: what people write in Baserow is not looked for", tenant);
                threads.execute(sync);
            } else {
                threads.scheduleWithFixedDelay(sync, 0, every.toMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    private BaserowTables tables(TenantId tenant) {
        BaserowTables its = tables.get(tenant);
        if (its == null) {
            throw new IllegalStateException("tenant " + tenant + " has no tables");
        }
        return its;
    }

    /** {@code ok}, or what is wrong at which tenant. */
    String wellness() {
        String trouble = syncs.entrySet().stream()
                .map(each -> each.getKey() + ": " + each.getValue().state().wellness())
                .filter(each -> !each.endsWith(": ok"))
                .collect(Collectors.joining("; "));
        return trouble.isEmpty() ? "ok" : trouble;
    }

    @Override
    public CommandResult send(CommandAttempt attempt) {
        BaserowTables its = tables.get(attempt.conversation().tenant());
        if (attempt.command() instanceof UpdateContact update && (its == null || its.contacts() == null)) {
            return updateHere(attempt.conversation().tenant(), update);
        }
        return its == null
                ? new CommandResult.Refused("no_tables")
                : its.sender().send(attempt);
    }

    private CommandResult updateHere(TenantId tenant, UpdateContact update) {
        ContactPatch.Builder patch = ContactPatch.builder();
        if (update.name() != null) {
            patch.name(update.name());
        }
        if (update.email() != null) {
            patch.email(update.email());
        }
        if (update.optedOut() != null) {
            patch.optedOut(update.optedOut());
        }
        update.customFields().forEach(patch::customField);
        contacts.findPerson(tenant, update.personKey())
                .ifPresent(contact -> contacts.patch(tenant, contact.id(), patch.build(), clock.instant()));
        return new CommandResult.Done(null);
    }

    /** The rows that a turn's events make; none when the tenant has no table for them. */
    List<OutboundCommand> rowsOf(Turn turn, List<Event> events) {
        BaserowTables its = tables.get(turn.conversation().tenant());
        var mirror = its == null ? null : its.events();
        return its == null || mirror == null
                ? List.of()
                : events.stream()
                        .filter(event -> its.eventTypes().contains(event.type()))
                        .map(event -> (OutboundCommand) mirror.row(event))
                        .toList();
    }

    /** Whether the tenant's contacts have a table. */
    boolean mirrorsContacts(TenantId tenant) {
        BaserowTables its = tables.get(tenant);
        return its != null && its.contacts() != null;
    }

    /** Whether the contact's row is known. */
    boolean hasRow(Contact contact) {
        BaserowTables its = tables.get(contact.tenant());
        return its != null
                && contact.identities().stream()
                        .anyMatch(identity -> identity.kind() == Identity.Kind.BASEROW
                                && identity.value().startsWith(its.contactsTable() + "/"));
    }

    /**
     * Moves everything about a person to Baserow's trash.
     *
     * @param contact the person's; null when there is none (any more)
     * @throws io.github.almeidatech.wppflow.baserow.BaserowException when Baserow does not answer; then it has to be repeated
     */
    int erase(TenantId tenant, @Nullable Contact contact, String personKey) {
        BaserowTables its = tables.get(tenant);
        return its == null ? 0 : its.erase(contact, personKey);
    }

    /** Whether the tenant has tables. */
    boolean has(TenantId tenant) {
        return tables.containsKey(tenant);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
                log.warn("looking at Baserow did not stop in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
