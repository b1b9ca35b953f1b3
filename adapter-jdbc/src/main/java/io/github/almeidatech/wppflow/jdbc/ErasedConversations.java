package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;

/**
 * Who wrote in which conversation before they were erased, both as pseudonyms only. Thread-safe; blocks on storage only;
 * each call is one transaction.
 */
public final class ErasedConversations {

    private final Writer writer;
    private final Reader reader;

    ErasedConversations(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /** Keeps one; repeating it changes nothing. */
    public void keep(TenantId tenant, Identity conversation, Identity person) {
        mustBePseudonym(conversation);
        mustBePseudonym(person);
        writer.write(tx -> tx.update(
                "insert into erased_conversation (tenant, conversation, person) values (?, ?, ?) on conflict do nothing",
                tenant.value(),
                conversation.value(),
                person.value()));
    }

    /** Those who wrote in a conversation. */
    public List<Identity> people(TenantId tenant, Identity conversation) {
        mustBePseudonym(conversation);
        return reader.read(
                tenant,
                session -> session.list(
                        "select person from erased_conversation where tenant = ? and conversation = ?",
                        row -> new Identity(Identity.Kind.PSEUDONYM, row.getString(1)),
                        tenant.value(),
                        conversation.value()));
    }

    private static void mustBePseudonym(Identity identity) {
        if (identity.kind() != Identity.Kind.PSEUDONYM) {
            throw new IllegalArgumentException("a pseudonym wanted, got " + identity);
        }
    }
}
