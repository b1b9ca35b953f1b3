package io.github.almeidatech.wppflow.server;

import ch.qos.logback.classic.LoggerContext;
import io.github.almeidatech.wppflow.assistant.Assistant;
import io.github.almeidatech.wppflow.assistant.LateAnswers;
import io.github.almeidatech.wppflow.assistant.OverheardWishes;
import io.github.almeidatech.wppflow.assistant.UnsentFiles;
import io.github.almeidatech.wppflow.baserow.BaserowContactMirror;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.flow.FlowEngine;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.Restoration;
import io.github.almeidatech.wppflow.knowledge.LuceneKnowledgeBase;
import io.github.almeidatech.wppflow.llm.Ability;
import io.github.almeidatech.wppflow.llm.LanguageModels;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.server.erasure.ErasedPeople;
import io.github.almeidatech.wppflow.server.erasure.Erasure;
import io.github.almeidatech.wppflow.server.erasure.ErasureJournal;
import io.github.almeidatech.wppflow.server.erasure.ErasureTarget;
import io.github.almeidatech.wppflow.server.erasure.Offboarding;
import io.github.almeidatech.wppflow.server.erasure.PersonalRecords;
import io.github.almeidatech.wppflow.server.explain.Explainer;
import io.github.almeidatech.wppflow.server.http.HttpServer;
import io.github.almeidatech.wppflow.server.knowledge.DocumentFiles;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeFile;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeFolder;
import io.github.almeidatech.wppflow.server.knowledge.KnowledgeUpkeep;
import io.github.almeidatech.wppflow.server.knowledge.UnansweredQuestions;
import io.github.almeidatech.wppflow.server.log.Masking;
import io.github.almeidatech.wppflow.server.policy.PolicyFacts;
import io.github.almeidatech.wppflow.server.policy.TenantPolicies;
import io.github.almeidatech.wppflow.server.records.BaserowTables;
import io.github.almeidatech.wppflow.server.records.EventPush;
import io.github.almeidatech.wppflow.server.records.MirroredTurns;
import io.github.almeidatech.wppflow.server.records.Records;
import io.github.almeidatech.wppflow.server.replay.Replays;
import io.opentelemetry.api.GlobalOpenTelemetry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server, put together: the only place that knows which part is behind which port. What comes in goes from
 * {@link HttpServer} through {@link Intake} into the engine; the engine asks the {@link Assistant} for answers and the
 * {@link Channels} to carry them out; {@link CatchUp} feeds the {@link Intake} what webhooks have missed.
 */
public final class Application implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Application.class);
    private static final int IDLE_CONNECTIONS = 32;

    private final Duration shutdownTimeout;
    private final Readiness readiness = new Readiness();
    private final Metrics metrics = new Metrics();
    /** Keeps a connection open for each worker: the five of OkHttp's default are opened and closed all the time under load. */
    private final OkHttpClient http = new OkHttpClient.Builder()
            .connectionPool(new ConnectionPool(IDLE_CONNECTIONS, 5, TimeUnit.MINUTES))
            .build();

    private final TurnCosts costs = new TurnCosts();
    private final MediaThreads mediaThreads = new MediaThreads(costs::onBehalf);
    private final Database database;
    private final KnowledgeUpkeep upkeep = new KnowledgeUpkeep();
    private final LuceneKnowledgeBase knowledge;
    private final Channels channels;
    private final Records records;
    private final FlowEngine engine;
    private final IgnoredTally ignored;
    private final CatchUp catchUp;
    private final TenantPolicies policies;
    private final Backups backups;
    private final Erasure erasure;
    private final ConfigurationChanges changes;
    private final SecretRotation secrets;
    private final Housekeeping housekeeping;
    private final HttpServer server;
    private final Runnable loadingKnowledge;
    private int port;

    private Application(ConfigReader.Startable startable, Database database, InstantSource clock) {
        Config config = startable.config();
        Masking masking = Masking.of((LoggerContext) LoggerFactory.getILoggerFactory());
        metrics.watchLog(masking);
        metrics.notStarted(startable.notStarted().size());
        this.shutdownTimeout = config.server().shutdownTimeout();
        this.database = database;
        FlowStore store = database.flowStore();
        EventLog events = database.eventLog();
        var pseudonyms = new Pseudonyms(database.secret("pseudonym"));
        Predicate<TenantId> mirrored = Records.withContactTable(config);
        var contacts = new Contacts(database.contactStore(mirrored), database.contactLists(), pseudonyms);
        var traces = new Traces(GlobalOpenTelemetry.get(), clock);
        LanguageModels models =
                Models.of(config, http, database.spendLedger(), metrics, List.of(costs, traces::modelCalled), clock);
        this.knowledge = LuceneKnowledgeBase.builder(database.documentStore())
                .embedders(models::embedder)
                .vectors(database.vectorStore())
                .embedding(upkeep.embedding())
                .clock(clock)
                .build();
        this.ignored = new IgnoredTally(database.ignoredDeliveries());
        Tenants tenants = Tenants.of(config, models, http, metrics, ignored::note, clock);
        var webhooks = new OutgoingWebhooks(tenants, http, events, metrics, clock);
        var erasedPeople = new ErasedPeople(database.erasedConversations(), pseudonyms);
        var optOuts = new OptOuts(database::personIn, contacts, erasedPeople);
        var audit = new Audit(events, clock);
        var botSwitch = new BotSwitch(database.botSwitches(), tenants, audit, clock);
        this.channels =
                new Channels(tenants, http, config.flow().unclearSettle(), optOuts, botSwitch::isOff, webhooks, clock);
        this.records = new Records(
                tenants,
                new BaserowTables.Parts(contacts, knowledge, database.documentStore(), http, metrics),
                events,
                database.policyStore(),
                new EventPush.Stores(database.eventArchive(), database.eventMirrors(), database.jobs()),
                config.flow().unclearSettle(),
                clock);
        Restoration restoration = database.restoration().orElse(null);
        var reconciliation = new Reconciliation(restoration, tenants, events, clock);
        MediaReader media = MediaReader.builder()
                .source(channels.media())
                .transcriber(models.transcriber())
                .describer(models.imageDescriber())
                .texts(database.mediaTexts())
                .language(tenant -> Language.ofTag(tenants.get(tenant).config().language()))
                .executor(mediaThreads)
                .limits(MediaSettings.limits(config.media()))
                .officeFiles(config.media().officeFiles())
                .ffmpeg(config.media().ffmpeg())
                .clock(clock)
                .build();
        Assistant assistant = Assistant.builder()
                .media(media)
                .contacts(contacts)
                .knowledge(knowledge)
                .events(events)
                .settings(tenant -> tenants.get(tenant).assistant())
                .writer(models.answerWriter())
                .workflow(webhooks.workflow())
                .files(channels::fileObstacle)
                .availability(new OnlineAgents(tenants, clock))
                .presence(channels::typing)
                .forgotten(new Restored(restoration, tenants, database::isCommand))
                .switchedOff(botSwitch::isOff)
                .clock(clock)
                .build();
        this.policies = new TenantPolicies(
                tenants,
                database.policyStore(),
                records::policyProblems,
                new PolicyFacts(events, contacts, optOuts),
                metrics,
                clock);
        CommandSender sender = new CommandRouter(channels, records, webhooks);
        this.engine = FlowEngine.builder()
                .store(store)
                .handler(new MirroredTurns(
                        traces.around(costs.of(new MeteredAssistant(assistant, metrics), models::spentBy)), records))
                .sender(traces.around(new HeldWhileOff(sender, botSwitch::isOff, clock)))
                .policies(new OverheardWishes(
                        new UnsentFiles(reconciliation.onceOnly(policies), events, contacts, tenants::assistantOf),
                        events,
                        contacts,
                        tenants::assistantOf))
                .clock(clock)
                .listener(new MeteredFlow(metrics))
                .turnWorkers(config.flow().turnWorkers())
                .commandWorkers(config.flow().commandWorkers())
                .recordWorkers(config.flow().recordWorkers())
                .maxSupersedes(turn -> tenants.get(turn.conversation().tenant())
                        .times()
                        .maxSupersedes(turn, config.flow().maxSupersedes()))
                .turnLease(config.flow().turnLease())
                .commandLease(config.flow().commandLease())
                .build();
        this.backups = new Backups(database, config.storage(), clock);
        Map<String, ErasureTarget> elsewhere = new LinkedHashMap<>();
        elsewhere.put("media_cache", person -> media.forget(person.tenant()));
        elsewhere.put(Erasure.ROWS, person -> erasedRows(records, person));
        var chatwootContacts = new ChatwootContacts(tenants);
        elsewhere.put(Erasure.CHATWOOT, chatwootContacts);
        Map<String, PersonalRecords> shown = new LinkedHashMap<>();
        shown.put("baserow", records::export);
        shown.put(Erasure.CHATWOOT, chatwootContacts);
        this.erasure = new Erasure(
                contacts,
                events,
                database,
                pseudonyms,
                erasedPeople,
                elsewhere,
                shown,
                ErasureJournal.of(config.storage()),
                audit,
                metrics,
                tenant -> mirrored.test(tenant)
                        ? BaserowContactMirror.longestWriting(config.flow().unclearSettle())
                        : Duration.ZERO,
                clock);
        Map<TenantId, Config.Tenant> served = new LinkedHashMap<>();
        config.tenants().forEach((id, tenant) -> served.put(new TenantId(id), tenant));
        Set<TenantId> configured = new LinkedHashSet<>(served.keySet());
        startable.notStarted().keySet().forEach(id -> configured.add(new TenantId(id)));
        var offboarding = new Offboarding(configured, database, audit, metrics, clock);
        this.changes = new ConfigurationChanges(database, audit);
        this.secrets = new SecretRotation(config, masking::conceal, () -> changes.note(config), audit, metrics, clock);
        this.housekeeping = new Housekeeping(
                served,
                configured,
                config.storage().removedTenants(),
                database,
                offboarding,
                erasure,
                audit,
                metrics,
                clock);
        Intake intake = new Intake(engine, events, ignored, reconciliation::isDoubtful, clock);
        channels.listen(intake, engine);
        this.catchUp = new CatchUp(tenants, intake, events, reconciliation, metrics, clock);
        String user = ProcessHandle.current().info().user().orElse("");
        boolean unrestricted = database.isUnrestricted();
        Supplier<List<String>> weak = () -> WeakSettings.of(config, user, unrestricted, clock.instant());
        startable.notStarted().forEach((tenant, why) -> log.error("tenant {} is not started: {}", tenant, why));
        weak.get().forEach(each -> log.info("insecure: {}", each));
        metrics.watch(() -> store.stats(clock.instant()), clock);
        metrics.watchStorage(database, folderOf(config.storage().url()));
        readiness
                .with("storage", database::isWritable)
                .with("engine", engine::isWell)
                .withDetail("policies", policies::wellness)
                .withDetail("baserow", records::wellness)
                .withDetail("retention", housekeeping::lastRetention)
                .withDetail("restore", reconciliation::wellness)
                .withDetail("bot", botSwitch::wellness)
                .withDetail("tenants", told -> notStarted(startable, told))
                .withDetail("secrets", secrets::wellness)
                .withDetail("settings", told -> insecure(weak.get(), tenants, told));
        this.server = HttpServer.of(
                config,
                new HttpServer.Parts(
                        tenants,
                        intake,
                        webhooks,
                        new LateAnswers(events, engine::wakeTurn, clock),
                        contacts,
                        knowledge,
                        upkeep,
                        new UnansweredQuestions(events, audit),
                        media,
                        events,
                        database.eventArchive(),
                        metrics,
                        readiness,
                        erasure,
                        housekeeping::eraseSoon,
                        new PlanExecution(
                                traces.around(HeldWhileOff.postponing(sender, botSwitch::isOff)),
                                events,
                                database::personIn,
                                optOuts,
                                clock,
                                database.shared()),
                        policies,
                        new DeadLetters(store, engine, events, audit, clock),
                        database.apiTokens(),
                        backups,
                        botSwitch,
                        offboarding,
                        audit,
                        new Explainer(events, store, database::knows, ignored::of, models::spentBy, clock),
                        new Replays(new Replays.Parts(
                                tenants,
                                config.llm(),
                                http,
                                database.spendLedger(),
                                metrics,
                                database.documentStore(),
                                database.vectorStore(),
                                policies,
                                contacts,
                                events,
                                clock)),
                        database::personIn,
                        clock));
        tenants.all().forEach(tenant -> metrics.begin(tenant.id()));
        tenants.all().forEach(tenant -> metrics.watchBot(tenant.id(), () -> botSwitch.isOff(tenant.id())));
        this.loadingKnowledge = () -> tenants.all().forEach(tenant -> keepKnowledge(tenant, models, clock));
    }

    /**
     * Opens the store, begins to listen, reads the knowledge, looks once for what was missed, takes up what a crash has left
     * and begins to work.
     *
     * @throws RuntimeException saying what could not be started; nothing is left running
     */
    public static Application start(Config config) {
        return start(new ConfigReader.Startable(config, Map.of()));
    }

    /** The same without the tenants that cannot be started, which are named in the log and by {@code /ready}. */
    public static Application start(ConfigReader.Startable startable) {
        return start(startable, Application::clockOf);
    }

    private static InstantSource clockOf(Database database) {
        return database.clock(InstantSource.system());
    }

    static Application start(Config config, InstantSource clock) {
        return start(new ConfigReader.Startable(config, Map.of()), database -> clock);
    }

    private static Application start(ConfigReader.Startable startable, Function<Database, InstantSource> clock) {
        Config config = startable.config();
        Application application = assembled(startable, clock);
        try {
            application.erasure.repeatFromJournal();
            application.policies.start();
            application.catchUp.noteFirstStarts();
            application.port = application.server.start();
            application.changes.note(config); // what arrives is stored meanwhile
            application.loadingKnowledge.run();
            application.records.start();
            application.catchUp.start();
            application.catchUp.awaitFirstLooks();
            application.engine.start();
            application.secrets.start();
            application.backups.start();
            application.housekeeping.start();
            application.ignored.start();
        } catch (RuntimeException e) {
            application.close();
            throw e;
        }
        log.info(
                "listening on port {} for {} tenants",
                application.port,
                config.tenants().size());
        if (config.tenants().isEmpty()) {
            log.warn("no tenant is configured, so nobody is answered: --config names a file that has some");
        }
        return application;
    }

    private static Application assembled(ConfigReader.Startable startable, Function<Database, InstantSource> clock) {
        Database database = Database.open(startable.config().storage().url());
        try {
            return new Application(startable, database, clock.apply(database));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Everything it answers over HTTP. */
    public List<HttpServer.Route> routes() {
        return server.routes();
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** {@link #stop}, for where it does not matter what was left. */
    @Override
    public void close() {
        stop();
    }

    /**
     * Not ready from now on; begins nothing more, lets work in progress end within the configured time, stops. Until then
     * webhooks are kept for the next start: a proxy that holds requests for a moment loses none in a restart.
     *
     * @return whether all of it ended in time; otherwise the rest goes on at the next start
     */
    public boolean stop() {
        readiness.stop();
        catchUp.close();
        records.close();
        backups.close();
        secrets.close();
        housekeeping.close();
        boolean drained = engine.close(shutdownTimeout);
        server.close();
        ignored.close();
        policies.close();
        log.info(
                "stopped; {}", drained ? "nothing was left half done" : "what was half done goes on at the next start");
        channels.close();
        upkeep.close();
        mediaThreads.close();
        knowledge.close();
        database.close();
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
        return drained;
    }

    private static String notStarted(ConfigReader.Startable startable, Predicate<TenantId> shown) {
        String told = new TreeMap<>(startable.notStarted())
                .entrySet().stream()
                        .filter(tenant -> shown.test(new TenantId(tenant.getKey())))
                        .map(Map.Entry::getValue)
                        .collect(Collectors.joining("; "));
        return told.isEmpty() ? "ok" : "not started: " + told;
    }

    /** Of the tenants that are shown, and of the server itself. */
    private static String insecure(List<String> weak, Tenants tenants, Predicate<TenantId> shown) {
        String told = weak.stream()
                .filter(each -> tenants.all().stream()
                        .noneMatch(tenant -> !shown.test(tenant.id()) && each.startsWith(tenant.id() + ": ")))
                .collect(Collectors.joining("; "));
        return told.isEmpty() ? "ok" : "insecure: " + told;
    }

    private static long erasedRows(Records records, Contact person) {
        return person.identities().stream()
                .filter(identity -> identity.kind() == Identity.Kind.PERSON)
                .mapToLong(identity -> records.erase(person.tenant(), person, identity.value()))
                .sum();
    }

    /** Whose disk fills up first: where the file of SQLite is, else where the server was started. */
    private static Path folderOf(String storageUrl) {
        return storageUrl.startsWith("sqlite:")
                ? Path.of(storageUrl.substring("sqlite:".length()))
                        .toAbsolutePath()
                        .resolveSibling("")
                : Path.of("").toAbsolutePath();
    }

    private void keepKnowledge(Tenants.Tenant tenant, LanguageModels models, InstantSource clock) {
        Config.Knowledge settings = tenant.config().knowledge();
        if (settings.file() != null) {
            loadKnowledge(tenant, Path.of(settings.file()));
        }
        if (settings.folder() != null) {
            var files = new DocumentFiles(tenant.id(), database.mediaTexts());
            var folder = new KnowledgeFolder(tenant.id(), Path.of(settings.folder()), knowledge, files, clock);
            upkeep.watch(folder, settings.folderEvery());
            metrics.watchFiles(
                    tenant.id(), folder::readable, () -> folder.problems().size());
        }
        if (models.can(tenant.id(), Ability.EMBED)) {
            upkeep.completeVectors(tenant.id(), knowledge);
        }
    }

    private void loadKnowledge(Tenants.Tenant tenant, Path file) {
        try {
            var documents = KnowledgeFile.read(file);
            knowledge.put(tenant.id(), documents);
            log.info("{} documents of tenant {} loaded", documents.size(), tenant.id());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
