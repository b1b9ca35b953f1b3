package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.jdbc.Reads.PersonRef;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.OutboundCommand.Line;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Removing personal data, because somebody asked for it or because of its age: in small transactions beside the others. */
final class PersonalData {

    private static final int BATCH = 200;
    /** Types of events that are kept as long as the audit: who did what by hand, who consented or opted out. */
    private static final List<String> AUDIT = List.of("operator.*", "contact.*");

    private static final String QUARANTINED = "webhook.quarantined";
    /** All spellings of a number end in the same digits. */
    private static final int SAME_DIGITS = 8;

    private final Writer writer;
    private final Reader reader;
    private final JdbcEventLog events;

    PersonalData(Writer writer, Reader reader, JdbcEventLog events) {
        this.writer = writer;
        this.reader = reader;
        this.events = events;
    }

    /**
     * First what could still be sent, last what tells where to look: when interrupted, repeating does the rest. So it does with
     * what was queued meanwhile: a command that may still be carried out keeps its content.
     */
    Erased erase(TenantId tenant, String personKey, Instant now) {
        List<ConversationId> conversations = conversationsOf(tenant, personKey);
        long messages = 0;
        for (ConversationId conversation : conversations) {
            stop(conversation, personKey, now);
            messages += repeat("""
                    update inbox set body = null, raw = null where id in (select id from inbox
                      where tenant = ? and conversation = ? and person_key is null
                      and (body is not null or raw is not null) limit ?)
                    """, tenant.value(), conversation.key());
        }
        long commands = repeat("""
                update outbox set body = null, person_key = null where id in (select id from outbox
                  where tenant = ? and person_key = ? and state not in ('waiting', 'dead') limit ?)
                """, tenant.value(), personKey);
        long contacts = eraseContact(tenant, personKey) ? 1 : 0;
        long emptied = events.erase(tenant, personKey) + eraseQuarantined(tenant, personKey);
        messages += repeat("""
                update inbox set body = null, raw = null, person_key = null where id in (select id from inbox
                  where tenant = ? and person_key = ? limit ?)
                """, tenant.value(), personKey);
        writer.write(tx -> tx.update(
                "update conversation set person_key = null where tenant = ? and person_key = ?",
                tenant.value(),
                personKey));
        return new Erased(messages, commands, emptied, contacts);
    }

    /** What could not be read, and so belongs to nobody, but holds the person's number. */
    private long eraseQuarantined(TenantId tenant, String personKey) {
        String digits = personKey.replaceAll("\\D", "");
        return digits.length() < SAME_DIGITS
                ? 0
                : events.eraseHolding(tenant, QUARANTINED, digits.substring(digits.length() - SAME_DIGITS));
    }

    /** What arrived from a person and what was to be sent to them, as plain data, oldest first. */
    Map<String, Object> export(TenantId tenant, String personKey) {
        List<Map<String, Object>> messages = reader.read(
                tenant,
                session -> session.list(
                        "select conversation, event, received_at, body from inbox where tenant = ? and person_key = ?"
                                + " order by id",
                        row -> Json.fields(
                                "conversation", row.getString("conversation"),
                                "event", row.getString("event"),
                                "at", Session.instant(row, "received_at").toString(),
                                "message", body(row.getString("body"))),
                        tenant.value(),
                        personKey));
        List<Map<String, Object>> commands = reader.read(
                tenant,
                session -> session.list(
                        "select conversation, type, state, created_at, body from outbox where tenant = ? and person_key = ?"
                                + " order by id",
                        row -> Json.fields(
                                "conversation", row.getString("conversation"),
                                "command", row.getString("type"),
                                "state", row.getString("state"),
                                "at", Session.instant(row, "created_at").toString(),
                                "content", body(row.getString("body"))),
                        tenant.value(),
                        personKey));
        return Map.of("messages", messages, "commands", commands);
    }

    private static @Nullable Map<String, Object> body(@Nullable String json) {
        return json == null ? null : Json.map(json);
    }

    List<String> people(TenantId tenant) {
        String name = tenant.value();
        return reader.read(
                tenant, session -> session.list("""
                        select person_key from inbox where tenant = ? and person_key is not null
                        union select person_key from outbox where tenant = ? and person_key is not null
                        union select person_key from conversation where tenant = ? and person_key is not null
                        union select person_key from event where tenant = ? and person_key is not null
                        union select value from contact_identity where tenant = ? and kind = 'person'
                        union select value from contact_list where tenant = ? and kind = 'person'
                        """, row -> row.getString(1), name, name, name, name, name, name));
    }

    Optional<String> personIn(ConversationId conversation) {
        return reader
                .read(
                        conversation.tenant(),
                        session -> session.list(
                                "select person_key from conversation where tenant = ? and conversation = ?"
                                        + " and person_key is not null",
                                row -> row.getString(1),
                                conversation.tenant().value(),
                                conversation.key()))
                .stream()
                .findFirst();
    }

    /** Whether a command in a conversation has this key, done or waiting. */
    boolean isCommand(ConversationId conversation, String key) {
        return reader.read(
                        conversation.tenant(),
                        session -> session.first(
                                "select 1 from outbox where tenant = ? and conversation = ? and key = ?",
                                row -> row.getInt(1),
                                conversation.tenant().value(),
                                conversation.key(),
                                key))
                .isPresent();
    }

    /** Its row is emptied, never removed. */
    boolean knows(ConversationId conversation) {
        return reader.read(
                        conversation.tenant(),
                        session -> session.first(
                                "select 1 from conversation where tenant = ? and conversation = ?",
                                row -> row.getInt(1),
                                conversation.tenant().value(),
                                conversation.key()))
                .isPresent();
    }

    List<ConversationId> conversationsOf(TenantId tenant, String personKey) {
        String sql = """
                select conversation from inbox where tenant = ? and person_key = ?
                union select conversation from outbox where tenant = ? and person_key = ?
                union select conversation from conversation where tenant = ? and person_key = ?
                """;
        String name = tenant.value();
        return reader.read(
                tenant,
                session -> session.list(
                        sql,
                        row -> ConversationId.of(tenant, row.getString(1)),
                        name,
                        personKey,
                        name,
                        personKey,
                        name,
                        personKey));
    }

    /** Nothing of the person waits any more, and an answer in the making is dropped. */
    private void stop(ConversationId conversation, String personKey, Instant now) {
        writer.write(Reads.of(conversation).withCommands(Line.values()), tx -> {
            ConversationRow row = tx.conversation(conversation);
            List<Long> ended = tx.list(
                    """
                    select id from outbox where tenant = ? and conversation = ? and person_key = ?
                      and state in ('waiting', 'dead')
                    """, found -> found.getLong(1), conversation.tenant().value(), conversation.key(), personKey);
            for (Long id : ended) {
                tx.update(
                        "update outbox set state = 'erased', ended_at = ? where tenant = ? and id = ?",
                        now,
                        conversation.tenant().value(),
                        id);
            }
            for (Line name : Line.values()) {
                tx.readCommands(List.of(row), name);
                row.line(name).commands.removeIf(command -> ended.contains(command.id));
                row.line(name).schedule();
            }
            return new TurnWork(tx, now).forget(row, personKey);
        });
    }

    private boolean eraseContact(TenantId tenant, String personKey) {
        return writer.write(tx -> {
            Optional<String> id = tx.owner(PersonRef.of(tenant, Identity.person(personKey)));
            return id.isPresent() && JdbcContactStore.erase(tx, tenant, id.get());
        });
    }

    /** By jumping through an index of each table from one tenant to the next. */
    Set<TenantId> tenants() {
        var found = new TreeSet<String>();
        for (Table table : Table.values()) {
            String sql = "select tenant from " + table.sqlName() + " where tenant > ? order by tenant limit 1";
            Optional<String> next = Optional.of("");
            while (next.isPresent()) {
                String last = next.get();
                next = reader.readAll(session -> session.first(sql, row -> row.getString(1), last));
                next.ifPresent(found::add);
            }
        }
        found.remove(Table.NOBODY);
        return found.stream().map(TenantId::new).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    Map<String, Long> eraseTenant(TenantId tenant, BiConsumer<String, Long> each) {
        events.forgetEmptied(tenant);
        var rows = new LinkedHashMap<String, Long>();
        for (Table table : Table.values()) {
            long erased = 0;
            for (String part : partsOf(table)) {
                String sql = "delete from %1$s where (%2$s) in (select %2$s from %1$s where tenant = ?%3$s limit ?)"
                        .formatted(table.sqlName(), table.key(), part);
                erased += repeat(sql, tenant.value());
            }
            if (erased > 0) {
                rows.put(table.sqlName(), erased);
                each.accept(table.sqlName(), erased);
            }
        }
        return rows;
    }

    /** No index has all commands of a tenant, but one has those that wait, and one those that ended. */
    private static List<String> partsOf(Table table) {
        return table == Table.OUTBOX ? List.of(" and state = 'waiting'", " and ended_at is not null") : List.of("");
    }

    Expired expire(TenantId tenant, Retention retention, Instant now) {
        long deliveries = olderThan("""
                update inbox set raw = null where id in (select id from inbox
                  where tenant = ? and received_at < ? and raw is not null limit ?)
                """, tenant, now, retention.deliveries());
        deliveries += olderThan("""
                delete from ignored where (tenant, conversation, event, reason) in
                  (select tenant, conversation, event, reason from ignored where tenant = ? and last_at < ? limit ?)
                """, tenant, now, retention.deliveries());
        long messages = olderThan("""
                delete from inbox where id in (select i.id from inbox i
                  join conversation c on c.tenant = i.tenant and c.conversation = i.conversation
                  where i.tenant = ? and i.received_at < ? and (i.number is null or i.number <= c.answered) limit ?)
                """, tenant, now, retention.messages());
        long commands = olderThan("""
                delete from outbox where id in (select id from outbox
                  where tenant = ? and ended_at < ? and state <> 'dead' limit ?)
                """, tenant, now, retention.messages());
        long dead = olderThan("""
                delete from outbox where id in (select id from outbox
                  where tenant = ? and ended_at < ? and state = 'dead' limit ?)
                """, tenant, now, retention.deadLetters());
        long media = olderThan("""
                delete from media_text where (tenant, hash) in (select tenant, hash from media_text
                  where tenant = ? and read_at < ? limit ?)
                """, tenant, now, retention.media());
        media += olderThan("""
                delete from media_claim where (tenant, hash) in (select tenant, hash from media_claim
                  where tenant = ? and held_until < ? limit ?)
                """, tenant, now, retention.media()); // of readers that died
        long keys = olderThan("""
                delete from seen where (tenant, high, low) in (select tenant, high, low from seen
                  where tenant = ? and at < ? limit ?)
                """, tenant, now, retention.keys());
        long emptied = events.expireBut(AUDIT, tenant, now.minus(retention.events()))
                + events.expire(tenant, QUARANTINED, now.minus(retention.deadLetters()));
        for (String kept : AUDIT) {
            emptied += events.expire(tenant, kept, now.minus(retention.audit()));
        }
        return new Expired(deliveries, messages, commands + dead, media, keys, emptied);
    }

    private long olderThan(String sql, TenantId tenant, Instant now, Duration age) {
        return repeat(sql, tenant.value(), now.minus(age));
    }

    /** A statement whose last argument bounds how much it does, until nothing is left. */
    private long repeat(String sql, @Nullable Object... arguments) {
        @Nullable Object[] bounded = Arrays.copyOf(arguments, arguments.length + 1);
        bounded[arguments.length] = BATCH;
        long all = 0;
        while (true) {
            int done = writer.writeGently(tx -> {
                tx.planByArguments();
                return tx.update(sql, bounded);
            });
            all += done;
            if (done < BATCH) {
                return all;
            }
        }
    }
}
