package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.Collection;
import java.util.List;

/**
 * Answers questions from a tenant's own documents. Thread-safe. Changes are visible to queries that begin after the
 * method returned.
 */
public interface KnowledgeBase extends AutoCloseable {

    /** The best evidence, and whether it is good enough. Never another tenant's. Blocks for a few milliseconds. */
    KnowledgeAnswer query(TenantId tenant, Question question);

    /**
     * The questions that a burst of messages asks, in their order and in its own words; the text itself when it asks one or
     * none. What only makes sense with its neighbour is one question with it. Takes microseconds.
     *
     * @param text the messages, a line each
     */
    default List<String> questions(TenantId tenant, String text) {
        return List.of(text);
    }

    /** Adds or replaces documents; of those that are there just so, nothing changes. */
    void put(TenantId tenant, Collection<Document> documents);

    /** Removes documents; returns how many were there. */
    int remove(TenantId tenant, Collection<String> ids);

    /** How many documents the tenant has. */
    int size(TenantId tenant);

    /** The documents with their versions, ordered by id. */
    List<StoredDocument> documents(TenantId tenant);

    /**
     * Pairs of documents that say nearly the same, most alike first: of such, one is usually out of date. Takes time in
     * proportion to the documents; meant for an owner's page, not for each message.
     */
    List<NearDuplicate> nearDuplicates(TenantId tenant);

    /** Releases the index; the documents stay where they are kept. Queries after it fail. */
    @Override
    void close();

    /** One whose documents live as long as the process. */
    static KnowledgeBase inMemory() {
        return LuceneKnowledgeBase.on(new InMemoryDocumentStore());
    }
}
