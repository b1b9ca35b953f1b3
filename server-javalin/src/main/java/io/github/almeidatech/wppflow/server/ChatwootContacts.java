package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.chatwoot.ChatwootContact;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.normalizer.PhoneIdentity;
import io.github.almeidatech.wppflow.normalizer.Phones;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Removes people from their tenant's Chatwoot, with their conversations: the contacts we know of, and those with the
 * person's number in any spelling, for we may have forgotten the person before.
 */
final class ChatwootContacts implements ErasureTarget {

    private final Tenants tenants;

    ChatwootContacts(Tenants tenants) {
        this.tenants = tenants;
    }

    @Override
    public long erase(Contact person) {
        Tenants.Tenant tenant = tenants.get(person.tenant());
        String ours = tenant.account() + "/";
        Set<Long> found = new LinkedHashSet<>();
        person.identities().stream()
                .filter(identity -> identity.kind() == Identity.Kind.CHATWOOT)
                .map(Identity::value)
                .filter(value -> value.startsWith(ours))
                .map(value -> Long.valueOf(value.substring(ours.length())))
                .forEach(found::add);
        spellings(person, tenant.config().phoneRegion())
                .flatMap(spelling -> tenant.chatwoot().contacts().byPhone(spelling).stream())
                .map(ChatwootContact::id)
                .forEach(found::add);
        return found.stream().filter(tenant.chatwoot().contacts()::delete).count();
    }

    private static Stream<String> spellings(Contact person, String region) {
        Stream<String> numbers = person.identities().stream()
                .filter(identity -> identity.kind() == Identity.Kind.PERSON)
                .map(Identity::value)
                .filter(key -> key.startsWith("+"));
        return Stream.concat(Stream.ofNullable(person.phone()), numbers)
                .map(number -> Phones.parse(number, region))
                .filter(identity -> identity.e164() != null)
                .map(PhoneIdentity::equivalents)
                .flatMap(Set::stream)
                .distinct();
    }
}
