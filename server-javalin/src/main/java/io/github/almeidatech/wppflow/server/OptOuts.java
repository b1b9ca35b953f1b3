package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether who writes in a conversation wants no automatic messages any more. That outlives the person's data: of a
 * conversation whose person was erased, a keyed hash says so until somebody writes in it. Thread-safe.
 */
final class OptOuts implements Predicate<ConversationId> {

    private final Function<ConversationId, Optional<String>> people;
    private final Contacts contacts;

    /** @param people the key of who writes in a conversation, as far as it is known */
    OptOuts(Function<ConversationId, Optional<String>> people, Contacts contacts) {
        this.people = people;
        this.contacts = contacts;
    }

    /** Who writes in a conversation; empty when that is not known, or not any more. */
    Optional<String> personIn(@Nullable ConversationId conversation) {
        return conversation == null ? Optional.empty() : people.apply(conversation);
    }

    @Override
    public boolean test(ConversationId conversation) {
        return personIn(conversation)
                .map(person -> optedOut(conversation.tenant(), person))
                .orElseGet(() -> isListed(conversation.tenant(), erased(conversation)));
    }

    /** Whether a person has opted out, also one who was erased since. */
    boolean optedOut(TenantId tenant, String personKey) {
        return isListed(tenant, Identity.person(personKey));
    }

    /** For before a person who has opted out is erased: keeps it for a conversation that nobody is known of then. */
    static void keep(Contacts contacts, ConversationId conversation, Instant now) {
        contacts.enlist(conversation.tenant(), ContactList.OPTED_OUT, erased(conversation), now);
    }

    private boolean isListed(TenantId tenant, Identity identity) {
        return contacts.isListed(tenant, ContactList.OPTED_OUT, identity);
    }

    private static Identity erased(ConversationId conversation) {
        return Identity.address("conversation/" + conversation.key());
    }
}
