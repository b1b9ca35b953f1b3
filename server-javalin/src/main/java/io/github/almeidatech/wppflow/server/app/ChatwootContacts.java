package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.chatwoot.ChatwootClient;
import io.github.almeidatech.wppflow.chatwoot.ChatwootContact;
import io.github.almeidatech.wppflow.chatwoot.ChatwootConversation;
import io.github.almeidatech.wppflow.chatwoot.Contacts;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.normalizer.PhoneIdentity;
import io.github.almeidatech.wppflow.normalizer.Phones;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.erasure.ErasureTarget;
import io.github.almeidatech.wppflow.server.erasure.PersonalRecords;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * People in their tenant's Chatwoot: the contacts we know of, and those with the person's number in any spelling, for we may
 * have forgotten the person before. Shows what is there of them, or removes them with their conversations.
 */
final class ChatwootContacts implements ErasureTarget, PersonalRecords {

    private static final List<String> SHOWN = List.of(
            "id",
            "name",
            "email",
            "phone_number",
            "identifier",
            "blocked",
            "created_at",
            "last_activity_at",
            "custom_attributes",
            "additional_attributes");

    private final Tenants tenants;

    ChatwootContacts(Tenants tenants) {
        this.tenants = tenants;
    }

    @Override
    public long erase(Contact person) {
        Contacts chatwoot = tenants.get(person.tenant()).chatwoot().contacts();
        return find(person).stream().filter(chatwoot::delete).count();
    }

    /** The person's contacts as Chatwoot shows them, with the numbers of their newest conversations. */
    @Override
    public List<Map<String, Object>> export(Contact person) {
        ChatwootClient chatwoot = tenants.get(person.tenant()).chatwoot();
        return find(person).stream()
                .flatMap(id -> chatwoot.contacts().get(id).stream())
                .map(contact -> plain(contact, chatwoot.conversations().ofContact(contact.id())))
                .toList();
    }

    private static Map<String, Object> plain(ChatwootContact contact, List<ChatwootConversation> conversations) {
        var data = new LinkedHashMap<String, Object>();
        SHOWN.forEach(key -> {
            if (contact.json().hasNonNull(key)) {
                data.put(key, contact.json().path(key));
            }
        });
        data.put(
                "conversations",
                conversations.stream().map(ChatwootConversation::number).toList());
        return data;
    }

    private Set<Long> find(Contact person) {
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
        return found;
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
