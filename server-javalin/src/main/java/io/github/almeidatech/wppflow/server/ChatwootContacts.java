package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Identity;

/** Removes people from their tenant's Chatwoot, with their conversations. */
final class ChatwootContacts implements ErasureTarget {

    private final Tenants tenants;

    ChatwootContacts(Tenants tenants) {
        this.tenants = tenants;
    }

    @Override
    public long erase(Contact person) {
        Tenants.Tenant tenant = tenants.get(person.tenant());
        String ours = tenant.account() + "/";
        return person.identities().stream()
                .filter(identity -> identity.kind() == Identity.Kind.CHATWOOT)
                .map(Identity::value)
                .filter(value -> value.startsWith(ours))
                .map(value -> Long.parseLong(value.substring(ours.length())))
                .filter(tenant.chatwoot().contacts()::delete)
                .count();
    }
}
