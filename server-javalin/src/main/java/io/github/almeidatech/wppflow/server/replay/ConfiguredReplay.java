package io.github.almeidatech.wppflow.server.replay;

import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.knowledge.InMemoryDocumentStore;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.knowledge.LuceneKnowledgeBase;
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
import io.github.almeidatech.wppflow.server.knowledge.DocumentFiles;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeFile;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeFolder;
import io.github.almeidatech.wppflow.server.policy.PolicyFiles;
import io.github.almeidatech.wppflow.server.policy.PolicySource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Replays by another configuration, without its server: with the documents and policies of the files it names. Neither
 * Chatwoot nor a database is touched. Thread-safe.
 */
public final class ConfiguredReplay implements AutoCloseable {

    private final OkHttpClient http = new OkHttpClient();
    private final LanguageModels models;
    private final KnowledgeBase knowledge;
    private final Tenants.Tenant tenant;
    private final Replay replay;

    /**
     * For one tenant of the configuration.
     *
     * @param most what its models may cost together; null when none is to be asked and the best passage is quoted
     * @throws IOException when its documents cannot be read
     * @throws ConfigException when its policies have mistakes
     */
    public ConfiguredReplay(Config config, String tenantId, SpendLedger.@Nullable Amount most, InstantSource clock)
            throws IOException {
        var metrics = new Metrics();
        var budget = most == null ? ReplayBudget.NOTHING : new ReplayBudget(SpendLedger.inMemory(), most);
        this.models = most == null
                ? LanguageModels.builder().clock(clock).build()
                : Models.of(config, http, budget, metrics, List.of(), clock);
        this.tenant = Tenants.of(config, models, http, metrics, clock).get(new TenantId(tenantId));
        Policies policies = policies(tenant);
        this.knowledge = LuceneKnowledgeBase.builder(new InMemoryDocumentStore())
                .embedders(models::embedder)
                .clock(clock)
                .build();
        Config.Knowledge files = tenant.config().knowledge();
        if (files.file() != null) {
            knowledge.put(tenant.id(), KnowledgeFile.read(Path.of(files.file())));
        }
        if (files.folder() != null) {
            new KnowledgeFolder(tenant.id(), Path.of(files.folder()), knowledge, new DocumentFiles(), clock).look();
        }
        this.replay = new Replay(
                tenant,
                policies,
                knowledge,
                most == null ? AnswerWriter.NONE : models.answerWriter(),
                person -> Optional.empty(),
                budget);
    }

    private static Policies policies(Tenants.Tenant tenant) {
        String file = tenant.config().policies().file();
        if (file == null) {
            return Policies.NONE;
        }
        PolicyFiles.Content content = PolicyFiles.read(Path.of(file));
        PolicySource.Read read = PolicySource.read(content.documents(), tenant.sendableFrom()::permits);
        Policies policies = read.policies();
        if (policies == null || !content.problems().isEmpty()) {
            throw new ConfigException((policies == null ? read.problems() : content.problems())
                    .stream().map(Object::toString).toList());
        }
        return policies;
    }

    /** A conversation of the tenant. */
    public ConversationId conversation(long number) {
        return new ConversationId(tenant.id(), tenant.account(), number);
    }

    /**
     * Replays a conversation, or the turn of one message.
     *
     * @param recorded its events, the oldest first
     */
    public ReplayReport of(ConversationId conversation, List<Event> recorded, @Nullable Long messageId) {
        return replay.of(conversation, recorded, messageId);
    }

    @Override
    public void close() {
        knowledge.close();
        models.close();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
