package io.github.almeidatech.wppflow.server.replay;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventPage;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.knowledge.Document;
import io.github.almeidatech.wppflow.knowledge.DocumentStore;
import io.github.almeidatech.wppflow.knowledge.InMemoryDocumentStore;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.LuceneKnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.VectorStore;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.SpendLedger;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Models;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.server.config.TenantTrial;
import io.github.almeidatech.wppflow.server.policy.TenantPolicies;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/** Replays of this server's conversations, by its own configuration with parts of it changed. Thread-safe; reads only. */
public final class Replays {

    /** The latest events that are looked at; a conversation has rarely a tenth of it. */
    private static final int MOST_EVENTS = 20_000;

    private static final int PAGE = 1_000;

    private final Parts parts;

    public Replays(Parts parts) {
        this.parts = parts;
    }

    /**
     * What replays are made with.
     *
     * @param llm what all tenants' models share
     * @param ledger where what models cost is counted
     */
    public record Parts(
            Tenants tenants,
            Config.Llm llm,
            OkHttpClient http,
            SpendLedger ledger,
            Metrics metrics,
            DocumentStore documents,
            VectorStore vectors,
            TenantPolicies policies,
            Contacts contacts,
            EventLog events,
            InstantSource clock) {}

    /**
     * What is to be other than it is.
     *
     * @param policies null for those in force
     * @param documents null for those that are stored
     * @param settings changes of the tenant's settings, as {@link TenantTrial} takes them; null for none
     * @param budget what models may cost together; null when none is to be asked and the best passage is quoted
     */
    public record Changes(
            @Nullable Policies policies,
            @Nullable List<Document> documents,
            @Nullable JsonNode settings,
            SpendLedger.@Nullable Amount budget) {}

    /**
     * Replays a conversation, or the turn of one message.
     *
     * @return empty when no such turn was recorded
     * @throws ConfigException when the settings are wrong
     */
    public Optional<ReplayReport> of(ConversationId conversation, @Nullable Long messageId, Changes changes) {
        Tenants.Tenant present = parts.tenants().get(conversation.tenant());
        TenantId id = present.id();
        Config.Tenant settings =
                changes.settings() == null ? present.config() : TenantTrial.of(present.config(), changes.settings());
        Policies reacting =
                changes.policies() == null ? parts.policies().present(id).policies() : changes.policies();
        SpendLedger.Amount most = changes.budget();
        var budget = most == null ? ReplayBudget.NOTHING : new ReplayBudget(parts.ledger(), most);
        try (LanguageModels models = most == null
                        ? LanguageModels.builder().build()
                        : Models.of(
                                parts.llm(), id, settings, ownConnections(), budget, parts.metrics(), parts.clock());
                KnowledgeBase knowledge = knowledge(id, changes, models)) {
            ReplayReport report = new Replay(
                            present.with(settings, models.intentModel(id)),
                            reacting,
                            knowledge,
                            most == null ? AnswerWriter.NONE : models.answerWriter(),
                            key -> parts.contacts().findPerson(id, key),
                            budget)
                    .of(conversation, recorded(conversation), messageId);
            return report.turns().isEmpty() ? Optional.empty() : Optional.of(report);
        }
    }

    /** The stored documents, or those given, in an index of their own; vectors are compared when there is a model for it. */
    private KnowledgeBase knowledge(TenantId tenant, Changes changes, LanguageModels models) {
        var given = new InMemoryDocumentStore();
        DocumentStore documents = changes.documents() == null ? parts.documents() : given;
        KnowledgeBase knowledge = LuceneKnowledgeBase.builder(documents)
                .embedders(models::embedder)
                .vectors(readOnly(parts.vectors()))
                .build();
        if (changes.documents() != null) {
            knowledge.put(tenant, changes.documents());
        }
        return knowledge;
    }

    /** Closing the replay's models must not close what the server's own are about to use again. */
    private OkHttpClient ownConnections() {
        return parts.http().newBuilder().connectionPool(new ConnectionPool()).build();
    }

    private static VectorStore readOnly(VectorStore stored) {
        return new VectorStore() {
            @Override
            public Map<String, float[]> find(TenantId tenant, String model, Collection<String> hashes) {
                return stored.find(tenant, model, hashes);
            }

            @Override
            public void save(TenantId tenant, String model, Map<String, float[]> vectors) {
                // a replay leaves nothing behind
            }

            @Override
            public Map<String, Set<String>> hashes(TenantId tenant) {
                return Map.of(); // what the replay does not need is needed by the server
            }

            @Override
            public void remove(TenantId tenant, String model, Collection<String> hashes) {
                // as above
            }
        };
    }

    private List<Event> recorded(ConversationId conversation) {
        var found = new ArrayList<Event>();
        String cursor = null;
        do {
            EventPage page = parts.events()
                    .query(new EventQuery(conversation.tenant(), conversation, null, null, null, null, PAGE, cursor));
            found.addAll(page.events());
            cursor = page.nextCursor();
        } while (cursor != null && found.size() < MOST_EVENTS);
        Collections.reverse(found);
        return found;
    }
}
