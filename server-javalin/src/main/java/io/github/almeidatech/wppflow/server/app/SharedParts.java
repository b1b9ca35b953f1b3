package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.knowledge.LuceneKnowledgeBase;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.Audit;
import io.github.almeidatech.wppflow.server.BotSwitch;
import io.github.almeidatech.wppflow.server.IgnoredTally;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Models;
import io.github.almeidatech.wppflow.server.OptOuts;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.erasure.ErasedPeople;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeUpkeep;
import io.github.almeidatech.wppflow.server.records.Records;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;

/** What all parts of the server share: storage, clock, the tenants, and what is known of their people, documents and events. */
final class SharedParts implements AutoCloseable {

    private static final int IDLE_CONNECTIONS = 32;

    final Config config;
    final Database database;
    final InstantSource clock;
    final Metrics metrics = new Metrics();
    /** Keeps a connection open for each worker: the five of OkHttp's default are opened and closed all the time under load. */
    final OkHttpClient http = new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
            .build();

    final TurnCosts costs = new TurnCosts();
    final Traces traces;
    final FlowStore store;
    final EventLog events;
    final Audit audit;
    final Pseudonyms pseudonyms;
    /** Whose contacts have rows elsewhere. */
    final Predicate<TenantId> mirrored;

    final Contacts contacts;
    final ErasedPeople erasedPeople;
    final OptOuts optOuts;
    final LanguageModels models;
    final KnowledgeUpkeep upkeep = new KnowledgeUpkeep();
    final LuceneKnowledgeBase knowledge;
    final IgnoredTally ignored;
    final Tenants tenants;
    final BotSwitch botSwitch;

    SharedParts(Config config, Database database, InstantSource clock) {
        this.config = config;
        this.database = database;
        this.clock = clock;
        this.traces = new Traces(GlobalOpenTelemetry.get(), clock);
        this.store = database.flowStore();
        this.events = database.eventLog();
        this.audit = new Audit(events, clock);
        this.pseudonyms = new Pseudonyms(database.secret("pseudonym"));
        this.mirrored = Records.withContactTable(config);
        this.contacts = new Contacts(database.contactStore(mirrored), database.contactLists(), pseudonyms);
        this.erasedPeople = new ErasedPeople(database.erasedConversations(), pseudonyms);
        this.optOuts = new OptOuts(database::personIn, contacts, erasedPeople);
        this.models =
                Models.of(config, http, database.spendLedger(), metrics, List.of(costs, traces::modelCalled), clock);
        this.knowledge = LuceneKnowledgeBase.builder(database.documentStore())
                .embedders(models::embedder)
                .vectors(database.vectorStore())
                .embedding(upkeep.embedding())
                .clock(clock)
                .build();
        this.ignored = new IgnoredTally(database.ignoredDeliveries());
        this.tenants = Tenants.of(config, models, http, metrics, ignored::note, clock);
        this.botSwitch = new BotSwitch(database.botSwitches(), tenants, audit, clock);
    }

    /** Closed last: nothing may work any more. */
    @Override
    public void close() {
        upkeep.close();
        knowledge.close();
        database.close();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
