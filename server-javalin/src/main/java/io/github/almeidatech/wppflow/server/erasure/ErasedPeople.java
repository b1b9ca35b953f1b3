package io.github.almeidatech.wppflow.server.erasure;

import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.jdbc.ErasedConversations;
import io.github.almeidatech.wppflow.model.ConversationId;
import java.util.List;
import java.util.function.Function;

/** Who wrote in a conversation before they were erased: known by keyed hashes of both, and nothing else. Thread-safe. */
public final class ErasedPeople implements Function<ConversationId, List<Identity>> {

    private final ErasedConversations stored;
    private final Pseudonyms pseudonyms;

    public ErasedPeople(ErasedConversations stored, Pseudonyms pseudonyms) {
        this.stored = stored;
        this.pseudonyms = pseudonyms;
    }

    /** For before a person is erased. */
    void keep(ConversationId conversation, String personKey) {
        Identity person = pseudonyms.of(conversation.tenant(), Identity.person(personKey));
        stored.keep(conversation.tenant(), pseudonym(conversation), person);
    }

    @Override
    public List<Identity> apply(ConversationId conversation) {
        return stored.people(conversation.tenant(), pseudonym(conversation));
    }

    private Identity pseudonym(ConversationId conversation) {
        return pseudonyms.of(conversation.tenant(), Identity.address("conversation/" + conversation.key()));
    }
}
