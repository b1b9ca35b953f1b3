package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Events as rows of a table, for people who look at them there, each once whatever happens: by commands for the outbox,
 * which {@link BaserowCommandSender} carries out, or many at once. Thread-safe; immutable.
 */
public final class BaserowEventMirror {

    private static final int MOST_AT_ONCE = 100;
    private static final List<EventColumn> USUAL = List.of(
            EventColumn.ID,
            EventColumn.TENANT,
            EventColumn.PERSON,
            EventColumn.TYPE,
            EventColumn.PAYLOAD,
            EventColumn.TIME);

    private final TableSettings table;
    private final Map<EventColumn, String> columns;

    /**
     * A mirror in a table.
     *
     * @param table as the sender knows it
     * @param columns the names of the columns there are; {@link EventColumn#ID} at least
     */
    public BaserowEventMirror(TableSettings table, Map<EventColumn, String> columns) {
        if (!columns.containsKey(EventColumn.ID)) {
            throw new IllegalArgumentException(
                    "the event id's column wanted: without it an event could be there twice");
        }
        this.table = table;
        this.columns = new EnumMap<>(columns);
    }

    /** With the usual names for id, tenant, contact, type, payload and time. */
    public static BaserowEventMirror standard(TableSettings table) {
        return new BaserowEventMirror(
                table, USUAL.stream().collect(Collectors.toMap(column -> column, EventColumn::usualName)));
    }

    /** The command that writes an event down. */
    public OutboundCommand.WriteRow row(Event event) {
        var fields = new LinkedHashMap<String, Object>();
        put(fields, EventColumn.TENANT, event.tenant().value());
        put(fields, EventColumn.PERSON, event.personKey());
        put(fields, EventColumn.TYPE, event.type());
        put(fields, EventColumn.PAYLOAD, PlainJson.text(event.payload()));
        put(fields, EventColumn.TIME, event.at().toString());
        put(
                fields,
                EventColumn.CONVERSATION,
                event.conversation() == null ? null : event.conversation().key());
        put(fields, EventColumn.SOURCE, event.source().name().toLowerCase(Locale.ROOT));
        put(fields, EventColumn.CONFIDENCE, event.confidence());
        put(fields, EventColumn.CAUSE, event.causeId());
        put(fields, EventColumn.DEPTH, event.depth());
        return new OutboundCommand.WriteRow(table.name(), Map.of(name(EventColumn.ID), event.id()), fields);
    }

    /**
     * Writes events down without the outbox, many with one call. Some may have their rows already, so repeating it is
     * harmless; after a failure that is {@linkplain BaserowError#unclear() unclear}, once what was sent has had time to
     * arrive.
     *
     * @param events 1 to 100
     * @return the ids of events that the table cannot take, and why, as a stable word; all others have a row
     * @throws BaserowException when Baserow does not answer; some may have been written
     */
    public Map<String, String> write(BaserowClient client, List<Event> events) {
        if (events.isEmpty() || events.size() > MOST_AT_ONCE) {
            throw new IllegalArgumentException("1 to " + MOST_AT_ONCE + " events wanted, got " + events.size());
        }
        return new EventRows(client, table, name(EventColumn.ID))
                .write(events.stream().map(this::row).toList());
    }

    /**
     * Moves the rows of events to Baserow's trash, as far as there are any. Repeating it is harmless.
     *
     * @return how many there were
     * @throws BaserowException when Baserow does not answer; then it has to be repeated
     */
    public int remove(BaserowClient client, List<String> eventIds) {
        return new EventRows(client, table, name(EventColumn.ID)).remove(eventIds);
    }

    private void put(Map<String, Object> fields, EventColumn column, @Nullable Object value) {
        String name = columns.get(column);
        if (name != null && value != null) {
            fields.put(name, value);
        }
    }

    private String name(EventColumn column) {
        return columns.getOrDefault(column, column.usualName());
    }

    /** What the table must have, for {@link SchemaCheck}. */
    public TableExpectation expectation() {
        TableExpectation expected =
                TableExpectation.of(table.id(), table.name()).key(columns.get(EventColumn.ID));
        for (EventColumn column : EventColumn.values()) {
            Set<String> types = switch (column) {
                case ID -> Set.of();
                case TENANT, PERSON, PAYLOAD, CONVERSATION, CAUSE -> TableExpectation.TEXT;
                case TYPE, SOURCE -> TableExpectation.WORD;
                case TIME -> TableExpectation.TIME;
                case CONFIDENCE, DEPTH -> TableExpectation.NUMBER;
            };
            if (column != EventColumn.ID) {
                expected = expected.writable(columns.get(column), types);
            }
        }
        return expected;
    }

    /**
     * Moves all rows about a person to Baserow's trash. Needs a column for {@link EventColumn#PERSON}; with one for
     * {@link EventColumn#TENANT} only that tenant's rows are touched. Repeating it is harmless.
     *
     * @return how many rows there were
     * @throws BaserowException when Baserow does not answer; then it has to be repeated
     */
    public int erase(BaserowClient client, TenantId tenant, String personKey) {
        String person = columns.get(EventColumn.PERSON);
        if (person == null) {
            return 0;
        }
        var match = new LinkedHashMap<String, Object>(Map.of(person, personKey));
        String tenants = columns.get(EventColumn.TENANT);
        if (tenants != null) {
            match.put(tenants, tenant.value());
        }
        RowMatch rows = RowMatch.of(client.columns(table.id(), match.keySet()), match);
        // What proves a row, and not what happened, which may be large.
        RowPages pages = RowPages.of(client, table.id(), rows.filter(), List.copyOf(match.keySet()));
        int gone = 0;
        while (true) {
            var found = new ArrayList<Long>();
            int tooLarge = pages.read(page -> {
                page.rows().stream().filter(rows::proves).map(BaserowRow::id).forEach(found::add);
                return found.size() < RowQuery.MAX_SIZE;
            });
            if (found.isEmpty() && tooLarge > 0) {
                throw new BaserowException(BaserowError.TOO_LARGE, "list_rows", null);
            }
            if (found.isEmpty()) {
                return gone;
            }
            Set<Long> batch = found.stream().limit(RowQuery.MAX_SIZE).collect(Collectors.toSet());
            client.deleteAll(table.id(), batch);
            gone += batch.size();
        }
    }
}
