package io.github.almeidatech.wppflow.server.policy;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.FiringHistory;
import io.github.almeidatech.wppflow.eventlog.PolicyContext;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.server.OptOuts;
import io.github.almeidatech.wppflow.server.Tenants;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What policies may know beyond an event: its person, its conversation, the tenant's clock, and what led to it. */
public final class PolicyFacts {

    private final FiringHistory history;
    private final Contacts contacts;
    private final OptOuts optOuts;

    public PolicyFacts(EventLog events, Contacts contacts, OptOuts optOuts) {
        this.history = new FiringHistory(events);
        this.contacts = contacts;
        this.optOuts = optOuts;
    }

    /** For deciding about an event now. */
    public PolicyContext of(Tenants.Tenant tenant, Event event, Instant now) {
        Optional<Contact> contact = contact(event);
        return new PolicyContext(
                facts(tenant, event, contact, now),
                contact.map(known -> chatwootId(known, event)).orElse(null),
                contact.map(Contact::optedOut).orElseGet(() -> optedOut(event)),
                history.behind(event),
                history.lately(event, now),
                now);
    }

    /** For a rehearsal about an event of the past: with what is known of the person today, at the event's own time. */
    PolicyContext rehearsed(Tenants.Tenant tenant, Event event, Map<String, Optional<Contact>> known) {
        String person = event.personKey();
        Optional<Contact> contact =
                person == null ? Optional.empty() : known.computeIfAbsent(person, key -> contact(event));
        return new PolicyContext(
                facts(tenant, event, contact, event.at()),
                contact.map(found -> chatwootId(found, event)).orElse(null),
                contact.map(Contact::optedOut).orElse(false),
                event.at());
    }

    private static Map<String, Object> facts(
            Tenants.Tenant tenant, Event event, Optional<Contact> contact, Instant now) {
        var facts = new LinkedHashMap<String, Object>();
        contact.ifPresent(known -> facts.put("contact", contactFacts(known)));
        ConversationId conversation = event.conversation();
        if (conversation != null) {
            facts.put("conversation", Map.of("id", conversation.number(), "account_id", conversation.account()));
        }
        facts.put(
                "tenant",
                Map.of("id", tenant.id().value(), "name", tenant.config().name()));
        facts.put("local", local(tenant, now));
        return facts;
    }

    private static Map<String, Object> contactFacts(Contact contact) {
        var facts = new LinkedHashMap<String, Object>();
        facts.put("id", contact.id());
        put(facts, "phone", contact.phone());
        put(facts, "name", contact.name());
        put(facts, "first_name", contact.name() == null ? null : contact.name().split("\\s", 2)[0]);
        put(facts, "email", contact.email());
        facts.put("custom_fields", contact.customFields());
        return facts;
    }

    private static Map<String, Object> local(Tenants.Tenant tenant, Instant now) {
        ZonedDateTime local = now.atZone(ZoneId.of(tenant.config().timeZone()));
        var facts = new LinkedHashMap<String, Object>();
        facts.put("date", local.toLocalDate().toString());
        facts.put("hour", local.getHour());
        facts.put("minute", local.getMinute());
        facts.put("weekday", local.getDayOfWeek().name().substring(0, 3).toLowerCase(Locale.ROOT));
        facts.put("open", tenant.isOpen(now));
        return facts;
    }

    private static void put(Map<String, Object> facts, String name, @Nullable String value) {
        if (value != null) {
            facts.put(name, value);
        }
    }

    private Optional<Contact> contact(Event event) {
        if (event.personKey() != null) {
            return contacts.findPerson(event.tenant(), event.personKey());
        }
        return event.payload().get("contact_id") instanceof String id
                ? contacts.findById(event.tenant(), id)
                : optOuts.personIn(event.conversation()).flatMap(person -> contacts.findPerson(event.tenant(), person));
    }

    /** Of somebody of whom there is no contact. */
    private boolean optedOut(Event event) {
        ConversationId conversation = event.conversation();
        return event.personKey() != null
                ? optOuts.optedOut(event.tenant(), event.personKey())
                : conversation != null && optOuts.test(conversation);
    }

    private static @Nullable Long chatwootId(Contact contact, Event event) {
        ConversationId conversation = event.conversation();
        String account = conversation == null ? "" : conversation.account() + "/";
        return contact.identities().stream()
                .filter(each ->
                        each.kind() == Identity.Kind.CHATWOOT && each.value().startsWith(account))
                .map(each -> Long.valueOf(each.value().substring(each.value().indexOf('/') + 1)))
                .max(Long::compare)
                .orElse(null);
    }
}
