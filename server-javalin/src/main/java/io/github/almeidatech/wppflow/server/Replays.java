package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventPage;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.DocumentStore;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.LuceneKnowledgeBase;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Replays of this server's conversations, by its own configuration with parts of it changed. Thread-safe; reads only. */
public final class Replays {

    /** The latest events that are looked at; a conversation has rarely a tenth of it. */
    private static final int MOST_EVENTS = 20_000;

    private static final int PAGE = 1_000;

    private final Tenants tenants;
    private final LanguageModels models;
    private final KnowledgeBase knowledge;
    private final DocumentStore documents;
    private final TenantPolicies policies;
    private final Contacts contacts;
    private final EventLog events;

    Replays(
            Tenants tenants,
            LanguageModels models,
            KnowledgeBase knowledge,
            DocumentStore documents,
            TenantPolicies policies,
            Contacts contacts,
            EventLog events) {
        this.tenants = tenants;
        this.models = models;
        this.knowledge = knowledge;
        this.documents = documents;
        this.policies = policies;
        this.contacts = contacts;
        this.events = events;
    }

    /**
     * What is to be other than it is.
     *
     * @param policies null for those in force
     * @param documents null for those that are stored
     * @param models whether models are asked, which costs what they cost; else the best passage is quoted
     */
    public record Changes(
            @Nullable Policies policies, @Nullable List<Document> documents, boolean models) {}

    /**
     * Replays a conversation, or the turn of one message.
     *
     * @return empty when no such turn was recorded
     */
    public Optional<ReplayReport> of(ConversationId conversation, @Nullable Long messageId, Changes changes) {
        TenantId id = conversation.tenant();
        Policies reacting = changes.policies() == null ? policies.present(id).policies() : changes.policies();
        List<Event> recorded = recorded(conversation);
        ReplayReport report;
        if (changes.models() && changes.documents() == null) {
            report = replay(tenants.get(id), reacting, knowledge, models.answerWriter())
                    .of(conversation, recorded, messageId);
        } else {
            try (KnowledgeBase own = knowledge(id, changes)) {
                report = (changes.models()
                                ? replay(tenants.get(id), reacting, own, models.answerWriter())
                                : replay(tenants.get(id).withoutModels(), reacting, own, AnswerWriter.NONE))
                        .of(conversation, recorded, messageId);
            }
        }
        return report.turns().isEmpty() ? Optional.empty() : Optional.of(report);
    }

    private Replay replay(Tenants.Tenant tenant, Policies reacting, KnowledgeBase asked, AnswerWriter writer) {
        return new Replay(tenant, reacting, asked, writer, key -> contacts.findPerson(tenant.id(), key));
    }

    /** The stored documents without their vectors, which only a model can compare; or those given. */
    private KnowledgeBase knowledge(TenantId tenant, Changes changes) {
        if (changes.documents() == null) {
            return LuceneKnowledgeBase.on(documents);
        }
        KnowledgeBase given = KnowledgeBase.inMemory();
        given.put(tenant, changes.documents());
        return given;
    }

    private List<Event> recorded(ConversationId conversation) {
        var found = new ArrayList<Event>();
        String cursor = null;
        do {
            EventPage page = events.query(
                    new EventQuery(conversation.tenant(), conversation, null, null, null, null, PAGE, cursor));
            found.addAll(page.events());
            cursor = page.nextCursor();
        } while (cursor != null && found.size() < MOST_EVENTS);
        Collections.reverse(found);
        return found;
    }
}
