package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventPage;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.Erased;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A person's rights over what is stored of them (LGPD art. 18): to see it, and to have it erased. */
public final class Erasure {

    private static final int PAGE = 1_000;

    private final Contacts contacts;
    private final Records records;
    private final EventLog events;
    private final Database database;
    private final Metrics metrics;
    private final InstantSource clock;

    Erasure(
            Contacts contacts,
            Records records,
            EventLog events,
            Database database,
            Metrics metrics,
            InstantSource clock) {
        this.contacts = contacts;
        this.records = records;
        this.events = events;
        this.database = database;
        this.metrics = metrics;
        this.clock = clock;
    }

    /** Everything stored of a contact, as plain data: who it is, and every event about the person, newest first. */
    public Map<String, Object> export(Contact contact, String personKey) {
        Map<String, Object> export = new LinkedHashMap<>(
                contacts.export(contact.tenant(), contact.id()).orElse(Map.of()));
        var about = new ArrayList<Map<String, Object>>();
        String cursor = null;
        do {
            EventPage page =
                    events.query(new EventQuery(contact.tenant(), null, personKey, null, null, null, PAGE, cursor));
            for (Event event : page.events()) {
                about.add(Map.of(
                        "id", event.id(),
                        "type", event.type(),
                        "at", event.at().toString(),
                        "payload", event.payload()));
            }
            cursor = page.nextCursor();
        } while (cursor != null);
        export.put("events", about);
        return export;
    }

    /**
     * Erases the person here: messages, raw bodies, waiting commands, the content of events, the contact. That they opted
     * out stays as a keyed hash. The person's rows in Baserow are erased first; when Baserow does not answer, nothing is
     * erased, and it has to be repeated. Repeating it does what an interruption has left. Chatwoot keeps its own copy, and so
     * do backups.
     */
    public Map<String, Object> erase(TenantId tenant, String personKey) {
        boolean done = false;
        try {
            Map<String, Object> receipt = eraseHere(tenant, personKey);
            done = true;
            return receipt;
        } finally {
            metrics.erased(tenant, done);
        }
    }

    private Map<String, Object> eraseHere(TenantId tenant, String personKey) {
        Contact known = contacts.findPerson(tenant, personKey).orElse(null);
        int rows = records.erase(tenant, known, personKey);
        boolean contact = known != null && contacts.erase(tenant, known.id());
        Erased erased = database.erase(tenant, personKey, clock.instant());
        database.checkpoint();
        rows += records.erase(tenant, known, personKey); // what was being written meanwhile
        Map<String, Object> receipt = new LinkedHashMap<>();
        receipt.put("contacts", erased.contacts() + (contact ? 1 : 0));
        receipt.put("messages", erased.messages());
        receipt.put("commands", erased.commands());
        receipt.put("events", erased.events());
        receipt.put("rows", rows);
        receipt.put("at", clock.instant().toString());
        receipt.put("not_erased", List.of("chatwoot", "backups"));
        return receipt;
    }
}
