package io.github.almeidatech.wppflow.server.records;

import io.github.almeidatech.wppflow.baserow.BaserowClient;
import io.github.almeidatech.wppflow.baserow.BaserowCommandSender;
import io.github.almeidatech.wppflow.baserow.BaserowContactMirror;
import io.github.almeidatech.wppflow.baserow.BaserowEventMirror;
import io.github.almeidatech.wppflow.baserow.BaserowKnowledgeSync;
import io.github.almeidatech.wppflow.baserow.BaserowPolicies;
import io.github.almeidatech.wppflow.baserow.ContactColumn;
import io.github.almeidatech.wppflow.baserow.ContactPhone;
import io.github.almeidatech.wppflow.baserow.ContactTable;
import io.github.almeidatech.wppflow.baserow.EventColumn;
import io.github.almeidatech.wppflow.baserow.KnowledgeColumn;
import io.github.almeidatech.wppflow.baserow.KnowledgeTable;
import io.github.almeidatech.wppflow.baserow.PolicyTable;
import io.github.almeidatech.wppflow.baserow.RowRight;
import io.github.almeidatech.wppflow.baserow.SchemaCheck;
import io.github.almeidatech.wppflow.baserow.SchemaProblem;
import io.github.almeidatech.wppflow.baserow.TableExpectation;
import io.github.almeidatech.wppflow.baserow.TableSettings;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.knowledge.DocumentStore;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.normalizer.PhoneIdentity;
import io.github.almeidatech.wppflow.normalizer.Phones;
import io.github.almeidatech.wppflow.server.Intake;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** One tenant's tables in Baserow, as configured: which there are, and who reads and writes them. Thread-safe. */
public final class BaserowTables {

    private static final String EVENTS = "events";

    private final TenantId tenant;
    private final Config.Baserow config;
    private final BaserowClient client;
    private final BaserowCommandSender sender;
    private final @Nullable BaserowContactMirror contacts;
    private final @Nullable BaserowEventMirror events;
    private final @Nullable BaserowKnowledgeSync knowledge;
    private final @Nullable BaserowPolicies policies;

    /** What the tables are kept in step with. */
    public record Parts(
            Contacts contacts, KnowledgeBase knowledge, DocumentStore documents, OkHttpClient http, Metrics metrics) {}

    /** @throws IllegalArgumentException saying which key is wrong */
    public BaserowTables(
            Tenants.Tenant tenant, Supplier<String> token, Parts parts, Duration settleTime, InstantSource clock) {
        this.tenant = tenant.id();
        this.config = tenant.config().baserow();
        this.client = BaserowClient.builder(parts.http(), URI.create(config.url()), token)
                .maxConcurrent(config.maxConcurrent())
                .maxPerSecond(config.maxPerSecond())
                .listener(parts.metrics().calls("baserow")::called)
                .clock(clock)
                .build();
        parts.metrics().watchBreaker(this.tenant, "baserow", client::breakerState);
        this.contacts = contactMirror(tenant, parts.contacts(), settleTime, clock);
        this.knowledge = knowledgeSync(parts, clock);
        this.policies = policies(tenant);
        BaserowCommandSender.Builder senders =
                BaserowCommandSender.builder(client).settleTime(settleTime).clock(clock);
        config.tables()
                .forEach((name, rows) ->
                        senders.table(TableSettings.of(name, rows.table()).withKeyColumn(rows.keyColumn())));
        this.events = eventMirror(senders);
        this.sender = senders.build();
    }

    private @Nullable BaserowContactMirror contactMirror(
            Tenants.Tenant of, Contacts store, Duration settleTime, InstantSource clock) {
        Long table = config.contacts().table();
        if (table == null) {
            return null;
        }
        Map<ContactColumn, String> standard = ContactTable.standard(table).columns();
        var columns = named(ContactColumn.class, standard, config.contacts(), "contacts");
        return BaserowContactMirror.builder(
                        client,
                        tenant,
                        new ContactTable(table, columns, config.contactFields()),
                        store,
                        written -> phone(written, of.config().phoneRegion()))
                .mergeDuplicates(config.mergeDuplicates())
                .settleTime(settleTime)
                .fullEvery(config.fullEvery())
                .clock(clock)
                .build();
    }

    private static Optional<ContactPhone> phone(String written, String region) {
        PhoneIdentity identity = Phones.parse(written, region);
        return identity.e164() == null || identity.personKey() == null
                ? Optional.empty()
                : Optional.of(new ContactPhone(identity.e164(), identity.personKey(), identity.equivalents()));
    }

    private @Nullable BaserowKnowledgeSync knowledgeSync(Parts parts, InstantSource clock) {
        Long table = config.knowledge().table();
        if (table == null) {
            return null;
        }
        Map<KnowledgeColumn, String> standard = KnowledgeTable.standard(table).columns();
        var columns = named(KnowledgeColumn.class, standard, config.knowledge(), "knowledge");
        return BaserowKnowledgeSync.builder(client, tenant, new KnowledgeTable(table, columns), parts.knowledge())
                .documents(parts.documents())
                .fullEvery(config.fullEvery())
                .clock(clock)
                .build();
    }

    private @Nullable BaserowPolicies policies(Tenants.Tenant of) {
        Long table = config.policies().table();
        if (table == null) {
            return null;
        }
        var columns = new LinkedHashMap<>(PolicyTable.standard(table).columns());
        config.policies().columns().forEach((key, name) -> {
            if (name.isBlank()) {
                columns.remove(key);
            } else {
                columns.put(key, name);
            }
        });
        String tenantColumn = columns.remove("tenant");
        return new BaserowPolicies(
                client, tenant, new PolicyTable(table, columns, tenantColumn), of.sendableFrom()::permits);
    }

    private @Nullable BaserowEventMirror eventMirror(BaserowCommandSender.Builder senders) {
        Long table = config.events().table();
        if (table == null) {
            return null;
        }
        var standard = new EnumMap<EventColumn, String>(EventColumn.class);
        for (EventColumn column : Set.of(
                EventColumn.ID,
                EventColumn.TENANT,
                EventColumn.PERSON,
                EventColumn.TYPE,
                EventColumn.PAYLOAD,
                EventColumn.TIME)) {
            standard.put(column, column.usualName());
        }
        TableSettings settings = TableSettings.of(EVENTS, table);
        senders.table(settings);
        return new BaserowEventMirror(settings, named(EventColumn.class, standard, config.events(), EVENTS));
    }

    /** The usual columns, with other names for some, without those that are given no name. */
    private static <C extends Enum<C>> Map<C, String> named(
            Class<C> type, Map<C, String> usual, Config.BaserowTable given, String table) {
        var columns = new EnumMap<C, String>(type);
        columns.putAll(usual);
        given.columns().forEach((key, name) -> {
            C column = column(type, key, table);
            if (name.isBlank()) {
                columns.remove(column);
            } else {
                columns.put(column, name);
            }
        });
        return columns;
    }

    private static <C extends Enum<C>> C column(Class<C> type, String key, String table) {
        for (C column : type.getEnumConstants()) {
            if (column.name().toLowerCase(Locale.ROOT).equals(key)) {
                return column;
            }
        }
        String known = String.join(
                ", ",
                List.of(type.getEnumConstants()).stream()
                        .map(column -> column.name().toLowerCase(Locale.ROOT))
                        .toList());
        throw new IllegalArgumentException(table + ".columns." + key + ": unknown; there are " + known);
    }

    BaserowCommandSender sender() {
        return sender;
    }

    /** Who keeps contacts and their table alike; null without a table. */
    @Nullable
    BaserowContactMirror contacts() {
        return contacts;
    }

    @Nullable
    BaserowKnowledgeSync knowledge() {
        return knowledge;
    }

    @Nullable
    BaserowPolicies readPolicies() {
        return policies;
    }

    /** Who makes rows of events; null without a table. */
    @Nullable
    BaserowEventMirror events() {
        return events;
    }

    /**
     * Writes events down, each once. Blocks.
     *
     * @return why which events have no row, by their ids
     * @throws io.github.almeidatech.wppflow.baserow.BaserowException when Baserow does not answer; then it has to be repeated
     */
    Map<String, String> write(List<Event> happened) {
        return Objects.requireNonNull(events).write(client, happened);
    }

    /**
     * Takes rows of events away. Blocks; repeating it is harmless.
     *
     * @throws io.github.almeidatech.wppflow.baserow.BaserowException when Baserow does not answer; then it has to be repeated
     */
    void remove(List<String> eventIds) {
        Objects.requireNonNull(events).remove(client, eventIds);
    }

    /**
     * Whether a row is wanted of an event. Never of one that holds a delivery which could not be read: nobody knows whose it
     * is, so nobody could have the row erased.
     */
    boolean mirrors(Event event) {
        return events != null
                && !event.type().equals(Intake.QUARANTINED)
                && config.eventTypes().stream()
                        .anyMatch(pattern -> pattern.equals("*")
                                || pattern.equals(event.type())
                                || pattern.endsWith(".*")
                                        && event.type().startsWith(pattern.substring(0, pattern.length() - 1)));
    }

    Duration syncEvery() {
        return config.syncEvery();
    }

    /** The contacts' table; 0 for none. */
    long contactsTable() {
        Long table = config.contacts().table();
        return table == null ? 0 : table;
    }

    /**
     * Whether Baserow knows the token; what it may read and write is not said by this. Blocks.
     *
     * @throws io.github.almeidatech.wppflow.baserow.BaserowException when Baserow does not answer
     */
    public boolean tokenWorks() {
        return client.tokenWorks();
    }

    /** Everything about the tables that is not as it should be. Blocks; never throws for Baserow. */
    public List<SchemaProblem> check() {
        var expected = new ArrayList<TableExpectation>();
        if (contacts != null) {
            expected.add(contacts.expectation());
        }
        if (events != null) {
            expected.add(events.expectation());
        }
        if (knowledge != null) {
            expected.add(knowledge.expectation());
        }
        if (policies != null) {
            expected.add(policies.expectation());
        }
        sender.expectations().stream()
                .filter(table -> !table.purpose().equals(EVENTS))
                .forEach(expected::add);
        return SchemaCheck.of(client, expected);
    }

    /**
     * What the token may not do with the rows of tables that are written to, in words; asked without changing a row. Blocks.
     *
     * @throws io.github.almeidatech.wppflow.baserow.BaserowException when Baserow does not answer
     */
    public List<String> missingRights() {
        var missing = new ArrayList<String>();
        Long contactTable = config.contacts().table();
        if (contactTable != null) {
            missing.addAll(missingRights(contactTable, "contacts", RowRight.values()));
        }
        Long eventTable = config.events().table();
        if (eventTable != null) {
            missing.addAll(missingRights(eventTable, EVENTS, RowRight.values()));
        }
        config.tables()
                .forEach((name, rows) ->
                        missing.addAll(missingRights(rows.table(), name, RowRight.CREATE, RowRight.UPDATE)));
        return missing;
    }

    private List<String> missingRights(long table, String purpose, RowRight... wanted) {
        String missing = Stream.of(wanted)
                .filter(right -> !client.may(table, right))
                .map(RowRight::word)
                .collect(Collectors.joining(", "));
        return missing.isEmpty()
                ? List.of()
                : List.of("table " + table + " (" + purpose + "): the token may not " + missing + " rows");
    }

    /**
     * A person's rows in the table of contacts, with their numbers. Blocks.
     *
     * @throws io.github.almeidatech.wppflow.baserow.BaserowException when Baserow does not answer
     */
    List<Map<String, Object>> export(Contact person) {
        return contacts == null
                ? List.of()
                : contacts.rowsOf(person).stream()
                        .map(row ->
                                Map.<String, Object>of("table", contactsTable(), "row", row.id(), "cells", row.cells()))
                        .toList();
    }

    /**
     * Moves everything about a person to Baserow's trash. Repeating it is harmless.
     *
     * @param contact the person's; null when there is none (any more)
     * @return how many rows there were
     * @throws io.github.almeidatech.wppflow.baserow.BaserowException when Baserow does not answer; then it has to be repeated
     */
    int erase(@Nullable Contact contact, String personKey) {
        int rows = contacts == null || contact == null ? 0 : contacts.erase(contact);
        return rows + (events == null ? 0 : events.erase(client, tenant, personKey));
    }
}
