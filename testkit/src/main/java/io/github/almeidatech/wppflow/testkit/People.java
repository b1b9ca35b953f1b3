package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happens to contacts. Called inside a change. */
final class People {

    private final Installation installation;
    private final Events events;

    People(Installation installation, Events events) {
        this.installation = installation;
        this.events = events;
    }

    /** How a channel names somebody who writes. */
    record Writer(
            String sourceId,
            String name,
            @Nullable String phoneNumber,
            @Nullable String identifier) {}

    /** Finds the writer's place in the inbox as Chatwoot does, ninth digit of Brazilian numbers included, or makes it. */
    Rows.ContactInbox arrive(Changes changes, Rows.Inbox inbox, Writer writer) {
        var known = contactInbox(inbox.id, writer.sourceId())
                .or(() -> withNinthDigit(writer.sourceId()).flatMap(source -> contactInbox(inbox.id, source)));
        if (known.isPresent()) {
            return known.get();
        }
        var contact = byPhone(writer.phoneNumber()).orElseGet(() -> {
            var fresh = new Rows.Contact();
            fresh.name = writer.name();
            fresh.phoneNumber = writer.phoneNumber();
            fresh.identifier = writer.identifier();
            return create(changes, fresh);
        });
        return join(changes, contact, inbox, writer.sourceId());
    }

    private static Optional<String> withNinthDigit(String source) {
        return source.startsWith("55") && source.length() != 13 && source.length() > 4
                ? Optional.of(source.substring(0, 4) + "9" + source.substring(4))
                : Optional.empty();
    }

    Optional<Rows.ContactInbox> contactInbox(long inboxId, String sourceId) {
        return installation.contactInboxes.values().stream()
                .filter(row -> row.inboxId == inboxId && row.sourceId.equals(sourceId))
                .findFirst();
    }

    private Optional<Rows.Contact> byPhone(@Nullable String phone) {
        return phone == null
                ? Optional.empty()
                : installation.contacts.values().stream()
                        .filter(contact -> phone.equals(contact.phoneNumber))
                        .findFirst();
    }

    Rows.Contact create(Changes changes, Rows.Contact contact) {
        contact.id = installation.nextId("Contact");
        contact.createdAt = changes.now();
        installation.put(changes.touch(contact));
        events.contactCreated(changes, contact);
        return contact;
    }

    Rows.ContactInbox join(Changes changes, Rows.Contact contact, Rows.Inbox inbox, @Nullable String sourceId) {
        var row = new Rows.ContactInbox();
        row.id = installation.nextId("ContactInbox");
        row.contactId = contact.id;
        row.inboxId = inbox.id;
        row.sourceId = sourceId == null ? defaultSource(contact, inbox) : sourceId;
        row.pubsubToken = Installation.randomToken();
        row.createdAt = changes.now();
        installation.put(changes.touch(row));
        return row;
    }

    private static String defaultSource(Rows.Contact contact, Rows.Inbox inbox) {
        var phone = contact.phoneNumber;
        if (phone != null && inbox.channel.equals("Channel::Whatsapp")) {
            return phone.substring(1);
        }
        return phone != null && inbox.channel.equals("Channel::TwilioSms")
                ? "whatsapp:" + phone
                : UUID.randomUUID().toString();
    }

    /** What every incoming message does to its contact, and what account webhooks hear of it. */
    void active(Changes changes, Rows.Contact contact) {
        var before = contact.lastActivityAt;
        contact.lastActivityAt = changes.now();
        changes.touch(contact);
        events.contactUpdated(
                changes,
                contact,
                RailsJson.array()
                        .add(Conversations.change(
                                "last_activity_at",
                                before == null ? null : EventBodies.iso(before),
                                EventBodies.iso(changes.now()))));
    }

    /** Applies the fields of an API call; attributes are merged, not replaced. */
    void update(Changes changes, Rows.Contact contact, JsonNode fields) {
        var changed = RailsJson.array();
        if (fields.has("name") && !fields.path("name").asText().equals(contact.name)) {
            changed.add(Conversations.change(
                    "name", contact.name, fields.path("name").asText()));
            contact.name = fields.path("name").asText();
        }
        contact.phoneNumber = text(fields, "phone_number", contact.phoneNumber, changed);
        contact.email = text(fields, "email", contact.email, changed);
        contact.identifier = text(fields, "identifier", contact.identifier, changed);
        if (fields.has("blocked")) {
            contact.blocked = fields.path("blocked").asBoolean();
        }
        merge(contact.customAttributes, fields.path("custom_attributes"), "custom_attributes", changed);
        merge(contact.additionalAttributes, fields.path("additional_attributes"), "additional_attributes", changed);
        changes.touch(contact);
        if (!changed.isEmpty()) {
            events.contactUpdated(changes, contact, changed);
        }
    }

    private static @Nullable String text(JsonNode fields, String name, @Nullable String before, ArrayNode changed) {
        if (!fields.has(name)) {
            return before;
        }
        var after = RailsJson.textOf(fields, name);
        if (!Objects.equals(before, after)) {
            changed.add(Conversations.change(name, before, after));
        }
        return after;
    }

    private static void merge(ObjectNode into, JsonNode from, String name, ArrayNode changed) {
        var before = RailsJson.copy(into);
        if (from instanceof ObjectNode object) {
            into.setAll(object);
        }
        if (!before.equals(into)) {
            changed.add(Conversations.change(name, before, into));
        }
    }
}
