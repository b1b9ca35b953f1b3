package io.github.almeidatech.wppflow.server.app;

import ch.qos.logback.classic.LoggerContext;
import io.github.almeidatech.wppflow.assistant.LateAnswers;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.server.DeadLetters;
import io.github.almeidatech.wppflow.server.HeldWhileOff;
import io.github.almeidatech.wppflow.server.PlanExecution;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.server.explain.Explainer;
import io.github.almeidatech.wppflow.server.http.HttpServer;
import io.github.almeidatech.wppflow.server.knowledge.UnansweredQuestions;
import io.github.almeidatech.wppflow.server.log.Masking;
import io.github.almeidatech.wppflow.server.replay.Replays;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server, put together, started and stopped: {@link SharedParts} is what all of it stands on, {@link MessageFlow} a
 * message's way from webhook to reply, {@link Operations} what keeps it in order, and {@link HttpServer} what it answers.
 */
public final class Application implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Application.class);

    private final SharedParts shared;
    private final MessageFlow flow;
    private final Operations operations;
    private final KnowledgeSources sources;
    private final HttpServer server;
    private int port;

    private Application(ConfigReader.Startable startable, Database database, InstantSource clock) {
        Masking masking = Masking.of((LoggerContext) LoggerFactory.getILoggerFactory());
        this.shared = new SharedParts(startable.config(), database, clock);
        this.flow = new MessageFlow(shared);
        this.operations = new Operations(startable, masking, shared, flow);
        this.sources = new KnowledgeSources(shared);
        this.server = HttpServer.of(startable.config(), routesLeadTo());
    }

    private HttpServer.Parts routesLeadTo() {
        Database database = shared.database;
        EventLog events = shared.events;
        InstantSource clock = shared.clock;
        return new HttpServer.Parts(
                shared.tenants,
                flow.intake,
                flow.webhooks,
                new LateAnswers(events, flow.engine::wakeTurn, clock),
                shared.contacts,
                shared.knowledge,
                shared.upkeep,
                new UnansweredQuestions(events, shared.audit),
                flow.media,
                events,
                database.eventArchive(),
                shared.metrics,
                operations.readiness,
                operations.erasure,
                operations.housekeeping::eraseSoon,
                new PlanExecution(
                        shared.traces.around(HeldWhileOff.postponing(flow.sender, shared.botSwitch::isOff)),
                        events,
                        database::personIn,
                        shared.optOuts,
                        clock,
                        database.shared()),
                flow.policies,
                new DeadLetters(shared.store, flow.engine, events, shared.audit, clock),
                database.apiTokens(),
                operations.backups,
                shared.botSwitch,
                operations.offboarding,
                shared.audit,
                new Explainer(events, shared.store, database::knows, shared.ignored::of, shared.models::spentBy, clock),
                new Replays(new Replays.Parts(
                        shared.tenants,
                        shared.config.llm(),
                        shared.http,
                        database.spendLedger(),
                        shared.metrics,
                        database.documentStore(),
                        database.vectorStore(),
                        flow.policies,
                        shared.contacts,
                        events,
                        clock)),
                database::personIn,
                clock);
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
            application.begin();
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

    private void begin() {
        operations.erasure.repeatFromJournal();
        flow.policies.start();
        flow.catchUp.noteFirstStarts();
        port = server.start();
        operations.changes.note(shared.config); // what arrives is stored meanwhile
        sources.load();
        flow.records.start();
        flow.catchUp.start();
        flow.catchUp.awaitFirstLooks();
        flow.engine.start();
        operations.start();
        shared.ignored.start();
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
        operations.readiness.stop();
        flow.catchUp.close();
        flow.records.close();
        operations.close();
        boolean drained = flow.engine.close(shared.config.server().shutdownTimeout());
        server.close();
        shared.ignored.close();
        flow.policies.close();
        log.info(
                "stopped; {}", drained ? "nothing was left half done" : "what was half done goes on at the next start");
        flow.channels.close();
        flow.mediaThreads.close();
        shared.close();
        return drained;
    }
}
