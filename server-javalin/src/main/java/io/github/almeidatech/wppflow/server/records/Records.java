package io.github.almeidatech.wppflow.server.records;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactPatch;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.PolicyProblem;
import io.github.almeidatech.wppflow.eventlog.PolicyStore;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.UpdateContact;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.server.config.Secret;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is written down outside the chat: contacts and rows, in our own store and in the Baserow tables of the tenants that
 * have some. Nobody who waits for an answer waits for it. Thread-safe.
 */
public final class Records implements CommandSender, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Records.class);

    /** A Baserow that hangs keeps three of them; the other tenants' go on. */
    private static final int THREADS = 12;

    private static final Duration PUSH_EVERY = Duration.ofSeconds(1);

    private final Contacts contacts;
    private final EventLog events;
    private final InstantSource clock;
    private final Map<TenantId, BaserowTables> tables = new LinkedHashMap<>();
    private final Map<TenantId, BaserowSync> syncs = new LinkedHashMap<>();
    private final Map<TenantId, ContactPush> pushes = new LinkedHashMap<>();
    private final Map<TenantId, EventPush> eventPushes = new LinkedHashMap<>();
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS, work -> {
        var thread = new Thread(work, "wppflow-baserow");
        thread.setDaemon(true);
        return thread;
    });

    /** @throws ConfigException naming every key of {@code baserow} that is wrong */
    public Records(
            Tenants tenants,
            BaserowTables.Parts parts,
            EventLog events,
            PolicyStore policies,
            EventPush.Stores stores,
            Duration settleTime,
            InstantSource clock) {
        this.contacts = parts.contacts();
        this.events = events;
        this.clock = clock;
        var problems = new ArrayList<String>();
        for (Tenants.Tenant tenant : tenants.all()) {
            Secret token = tenant.config().baserow().token();
            if (token == null) {
                continue;
            }
            try {
                var its = new BaserowTables(tenant, token::reveal, parts, settleTime, clock);
                var sync = new BaserowSync(tenant.id(), its, policies, parts.metrics(), clock);
                tables.put(tenant.id(), its);
                syncs.put(tenant.id(), sync);
                parts.metrics().watchTables(tenant.id(), sync::state, clock);
                var mirror = its.contacts();
                if (mirror != null) {
                    pushes.put(tenant.id(), new ContactPush(tenant.id(), mirror, parts.metrics()));
                    parts.metrics().watchCopies(tenant.id(), () -> contacts.copyBacklog(tenant.id()), clock);
                }
                if (its.events() != null) {
                    eventPushes.put(
                            tenant.id(),
                            new EventPush(
                                    tenant.id(),
                                    its,
                                    stores,
                                    event -> !isDecision(event) && its.mirrors(event),
                                    settleTime,
                                    parts.metrics(),
                                    clock));
                }
            } catch (IllegalArgumentException e) {
                problems.add("tenants." + tenant.id() + ".baserow." + e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /** The tenants whose contacts have a table, for the store that has to note what changes. */
    public static Predicate<TenantId> withContactTable(Config config) {
        Set<String> tenants = config.tenants().entrySet().stream()
                .filter(tenant -> tenant.getValue().baserow().token() != null
                        && tenant.getValue().baserow().contacts().table() != null)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        return tenant -> tenants.contains(tenant.value());
    }

    /** Begins to look at the tables, at once and then every interval. Does not wait for Baserow. */
    public void start() {
        syncs.forEach((tenant, sync) -> {
            Duration every = tables(tenant).syncEvery();
            if (every.isZero()) {
                log.info("tenant {}: what people write in Baserow is not looked for", tenant);
                threads.execute(sync);
            } else {
                threads.scheduleWithFixedDelay(sync, 0, every.toMillis(), TimeUnit.MILLISECONDS);
            }
        });
        pushes.values()
                .forEach(push -> threads.scheduleWithFixedDelay(push, 0, PUSH_EVERY.toMillis(), TimeUnit.MILLISECONDS));
        eventPushes.values().forEach(push -> {
            push.begin();
            threads.scheduleWithFixedDelay(push, 0, PUSH_EVERY.toMillis(), TimeUnit.MILLISECONDS);
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
    public String wellness(Predicate<TenantId> shown) {
        String trouble = syncs.entrySet().stream()
                .filter(each -> shown.test(each.getKey()))
                .map(each -> each.getKey() + ": " + wellness(each.getKey(), each.getValue()))
                .filter(each -> !each.endsWith(": ok"))
                .collect(Collectors.joining("; "));
        return trouble.isEmpty() ? "ok" : trouble;
    }

    /** What keeps the latest policies of the tenant's table from being in force. */
    public List<PolicyProblem> policyProblems(TenantId tenant) {
        BaserowSync sync = syncs.get(tenant);
        return sync == null ? List.of() : sync.policyProblems();
    }

    private String wellness(TenantId tenant, BaserowSync sync) {
        String reading = sync.state().wellness();
        if (!reading.equals("ok")) {
            return reading;
        }
        ContactPush contactRows = pushes.get(tenant);
        if (contactRows != null && !contactRows.trouble().isEmpty()) {
            return "contacts wait to be written: " + contactRows.trouble();
        }
        EventPush eventRows = eventPushes.get(tenant);
        return eventRows == null || eventRows.trouble().isEmpty()
                ? "ok"
                : "events wait to be written: " + eventRows.trouble();
    }

    @Override
    public CommandResult send(CommandAttempt attempt) {
        TenantId tenant = attempt.conversation().tenant();
        if (attempt.command() instanceof UpdateContact update) {
            return update(attempt, update);
        }
        BaserowTables its = tables.get(tenant);
        return its == null
                ? new CommandResult.Refused("no_tables")
                : its.sender().send(attempt);
    }

    /** Our own contact; its row follows, as after every other change. */
    private CommandResult update(CommandAttempt attempt, UpdateContact update) {
        TenantId tenant = attempt.conversation().tenant();
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
        contacts.findPerson(tenant, update.personKey()).ifPresent(contact -> {
            if (update.optedOut() != null && update.optedOut() != contact.optedOut()) {
                noteConsent(attempt, update.personKey(), update.optedOut());
            }
            contacts.patch(tenant, contact.id(), patch.build(), clock.instant());
        });
        return new CommandResult.Done(null);
    }

    /** Before the change, under the command's own key: what a crash has cut off is repeated, and noted once. */
    private void noteConsent(CommandAttempt attempt, String personKey, boolean optedOut) {
        TenantId tenant = attempt.conversation().tenant();
        events.append(List.of(new Event(
                UUID.nameUUIDFromBytes((attempt.key() + "/consent").getBytes(StandardCharsets.UTF_8))
                        .toString(),
                tenant,
                attempt.conversation(),
                personKey,
                optedOut ? "contact.opted_out" : "contact.opted_in",
                1,
                Map.of("by", "policy"),
                Event.Source.RULE,
                null,
                attempt.turnId(),
                events.find(tenant, attempt.turnId())
                        .map(cause -> cause.depth() + 1)
                        .orElse(1),
                clock.instant())));
    }

    /** The rows that a turn's events make; none when the tenant has no table for them. */
    List<OutboundCommand> rowsOf(Turn turn, List<Event> events) {
        BaserowTables its = tables.get(turn.conversation().tenant());
        var mirror = its == null ? null : its.events();
        return its == null || mirror == null
                ? List.of()
                : events.stream()
                        .filter(event -> isDecision(event) && its.mirrors(event))
                        .map(event -> (OutboundCommand) mirror.row(event))
                        .toList();
    }

    /** What the bot has decided: written down by commands of its turn, everything else by {@link EventPush}. */
    private static boolean isDecision(Event event) {
        return event.source() == Event.Source.BOT && !event.type().startsWith("message.");
    }

    /** Who writes gets a row, if the tenant has a table for contacts. */
    void wantRow(TenantId tenant, String personKey) {
        BaserowTables its = tables.get(tenant);
        if (its == null || its.contacts() == null) {
            return;
        }
        contacts.findPerson(tenant, personKey)
                .filter(contact -> !hasRow(contact, its.contactsTable()))
                .ifPresent(contact -> contacts.wantCopy(tenant, contact.id(), clock.instant()));
    }

    private static boolean hasRow(Contact contact, long table) {
        return contact.identities().stream()
                .anyMatch(identity -> identity.kind() == Identity.Kind.BASEROW
                        && identity.value().startsWith(table + "/"));
    }

    /**
     * Moves everything about a person to Baserow's trash.
     *
     * @param contact the person's; null when there is none (any more)
     * @throws io.github.almeidatech.wppflow.baserow.BaserowException when Baserow does not answer; then it has to be repeated
     */
    public int erase(TenantId tenant, @Nullable Contact contact, String personKey) {
        BaserowTables its = tables.get(tenant);
        return its == null ? 0 : its.erase(contact, personKey);
    }

    /**
     * A person's rows in the table of contacts, with all their columns; none when the tenant has no such table.
     *
     * @throws io.github.almeidatech.wppflow.baserow.BaserowException when Baserow does not answer
     */
    public List<Map<String, Object>> export(Contact person) {
        BaserowTables its = tables.get(person.tenant());
        return its == null ? List.of() : its.export(person);
    }

    /** Whether the tenant has tables. */
    boolean has(TenantId tenant) {
        return tables.containsKey(tenant);
    }

    @Override
    public void close() {
        syncs.values().forEach(BaserowSync::stop);
        pushes.values().forEach(ContactPush::stop);
        eventPushes.values().forEach(EventPush::stop);
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
