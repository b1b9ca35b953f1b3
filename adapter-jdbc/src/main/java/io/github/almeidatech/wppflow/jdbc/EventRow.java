package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.eventlog.ChainedEvent;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An event as a row. */
final class EventRow {

    static final String SELECT = """
            select tenant, position, event_id, conversation, person_key, type, version, payload, source, confidence,
              cause_id, depth, at, salt, digest, hash from event
            """;

    /** What {@link ChainedEvent#emptied()} does to a row. */
    static final String EMPTY = """
            update event set conversation = null, person_key = null, payload = null, confidence = null, cause_id = null,
              salt = null where tenant = ? and position = ?
            """;

    private static final String INSERT = """
            insert into event (tenant, position, event_id, conversation, person_key, type, version, payload, source,
              confidence, cause_id, depth, at, latest_at, salt, digest, hash, decided)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """;
    private static final HexFormat HEX = HexFormat.of();

    private EventRow() {}

    /** The event as it can be stored and will be read: what the chain covers must not change on the way. */
    static Event storable(Event event) {
        String id = Session.storable(event.id());
        String person = event.personKey() == null ? null : Session.storable(event.personKey());
        String type = Session.storable(event.type());
        String cause = event.causeId() == null ? null : Session.storable(event.causeId());
        boolean same = id.equals(event.id())
                && type.equals(event.type())
                && Objects.equals(person, event.personKey())
                && Objects.equals(cause, event.causeId());
        return same
                ? event
                : new Event(
                        id,
                        event.tenant(),
                        event.conversation(),
                        person,
                        type,
                        event.version(),
                        event.payload(),
                        event.source(),
                        event.confidence(),
                        cause,
                        event.depth(),
                        event.at());
    }

    static void insert(Tx tx, ChainedEvent link, String payload, long latestAt, boolean decided) {
        Event event = link.event();
        ConversationId conversation = event.conversation();
        String salt = link.salt();
        tx.later(
                INSERT,
                event.tenant().value(),
                link.position(),
                event.id(),
                conversation == null ? null : conversation.key(),
                event.personKey(),
                event.type(),
                event.version(),
                payload,
                event.source().name().toLowerCase(Locale.ROOT),
                event.confidence(),
                event.causeId(),
                event.depth(),
                event.at(),
                latestAt,
                salt == null ? null : HEX.parseHex(salt),
                HEX.parseHex(link.digest()),
                HEX.parseHex(link.hash()),
                decided);
    }

    static ChainedEvent read(ResultSet row) throws SQLException {
        byte[] salt = row.getBytes("salt");
        return new ChainedEvent(
                row.getLong("position"),
                event(row),
                salt == null ? null : HEX.formatHex(salt),
                HEX.formatHex(row.getBytes("digest")),
                HEX.formatHex(row.getBytes("hash")));
    }

    private static Event event(ResultSet row) throws SQLException {
        var tenant = new TenantId(row.getString("tenant"));
        String conversation = row.getString("conversation");
        String payload = row.getString("payload");
        return new Event(
                row.getString("event_id"),
                tenant,
                conversation == null ? null : ConversationId.of(tenant, conversation),
                row.getString("person_key"),
                row.getString("type"),
                row.getInt("version"),
                payload == null ? Map.of() : Json.map(payload),
                Event.Source.valueOf(row.getString("source").toUpperCase(Locale.ROOT)),
                confidence(row),
                row.getString("cause_id"),
                row.getInt("depth"),
                Session.instant(row, "at"));
    }

    private static @Nullable Double confidence(ResultSet row) throws SQLException {
        return Session.nullableDouble(row, "confidence");
    }
}
