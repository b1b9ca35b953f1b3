package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.normalizer.PhoneIdentity;
import io.github.almeidatech.wppflow.normalizer.Phones;
import io.github.almeidatech.wppflow.server.Tenants;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Whom a number in a request means, whichever way it is written. */
final class People {

    private People() {}

    /**
     * The person, with a key.
     *
     * @throws ApiException 400 when it is nobody's number
     */
    static PhoneIdentity of(String phone, Tenants.Tenant tenant) {
        return of("phone", phone, tenant);
    }

    /** The same, of a field with another name. */
    static PhoneIdentity of(String field, String phone, Tenants.Tenant tenant) {
        PhoneIdentity identity = Phones.parse(phone, tenant.config().phoneRegion());
        if (identity.personKey() == null) {
            throw ApiException.invalid(field, "not a phone number or WhatsApp address of a person");
        }
        return identity;
    }

    /**
     * All keys of the person with this number: of a contact with several numbers or identities each one, that of the number
     * first.
     */
    static List<String> keysOf(String phone, Tenants.Tenant tenant, Contacts contacts) {
        String key = Objects.requireNonNull(of(phone, tenant).personKey());
        Stream<String> others = contacts.findPerson(tenant.id(), key).stream().flatMap(People::keysOf);
        return Stream.concat(Stream.of(key), others).distinct().toList();
    }

    /** A contact's keys. */
    static Stream<String> keysOf(Contact contact) {
        return contact.identities().stream()
                .filter(identity -> identity.kind() == Identity.Kind.PERSON)
                .map(Identity::value)
                .sorted();
    }
}
