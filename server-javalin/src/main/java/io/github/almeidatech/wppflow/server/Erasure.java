package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.LinkedHashMap;
import java.util.Map;

/** A person's rights over what is stored of them (LGPD art. 18): to see it, and to have it erased. */
public final class Erasure {

    private final Contacts contacts;
    private final Database database;

    Erasure(Contacts contacts, Database database) {
        this.contacts = contacts;
        this.database = database;
    }

    /** Everything stored of a contact, as plain data. */
    public Map<String, Object> export(Contact contact) {
        return contacts.export(contact.tenant(), contact.id()).orElse(Map.of());
    }

    /** Erases the person everywhere; repeating it does what an interruption has left. Returns the receipt. */
    public Map<String, Object> erase(TenantId tenant, String personKey) {
        Map<String, Object> receipt = new LinkedHashMap<>();
        boolean contact = contacts.findPerson(tenant, personKey)
                .map(known -> contacts.erase(tenant, known.id()))
                .orElse(false);
        receipt.put("contacts", contact ? 1 : 0);
        receipt.put("events", database.eventArchive().erase(tenant, personKey));
        return receipt;
    }
}
