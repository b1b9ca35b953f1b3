package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether who writes in a conversation wants no automatic messages any more. That outlives the person's data: a
 * conversation whose person was erased is known by keyed hashes of both, until somebody writes in it, and follows what holds
 * of the person: opting in by number ends it at once. Thread-safe.
 */
public final class OptOuts implements Predicate<ConversationId> {

    private final Function<ConversationId, Optional<String>> people;
    private final Contacts contacts;
    private final Function<ConversationId, List<Identity>> erased;

    /**
     * Opt-outs of the people in conversations.
     *
     * @param people the key of who writes in a conversation, as far as it is known
     * @param erased the pseudonyms of who wrote in a conversation and was erased
     */
    public OptOuts(
            Function<ConversationId, Optional<String>> people,
            Contacts contacts,
            Function<ConversationId, List<Identity>> erased) {
        this.people = people;
        this.contacts = contacts;
        this.erased = erased;
    }

    /** Who writes in a conversation; empty when that is not known, or not any more. */
    public Optional<String> personIn(@Nullable ConversationId conversation) {
        return conversation == null ? Optional.empty() : people.apply(conversation);
    }

    @Override
    public boolean test(ConversationId conversation) {
        return personIn(conversation)
                .map(person -> optedOut(conversation.tenant(), person))
                .orElseGet(() -> erased.apply(conversation).stream()
                        .anyMatch(person -> isListed(conversation.tenant(), person)));
    }

    /** Whether a person has opted out, also one who was erased since. */
    public boolean optedOut(TenantId tenant, String personKey) {
        return isListed(tenant, Identity.person(personKey));
    }

    private boolean isListed(TenantId tenant, Identity identity) {
        return contacts.isListed(tenant, ContactList.OPTED_OUT, identity);
    }
}
