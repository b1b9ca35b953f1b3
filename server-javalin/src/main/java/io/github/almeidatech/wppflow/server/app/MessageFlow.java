package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.assistant.Assistant;
import io.github.almeidatech.wppflow.assistant.OverheardWishes;
import io.github.almeidatech.wppflow.assistant.UnsentFiles;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.flow.FlowEngine;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.Restoration;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.server.HeldWhileOff;
import io.github.almeidatech.wppflow.server.Intake;
import io.github.almeidatech.wppflow.server.MediaSettings;
import io.github.almeidatech.wppflow.server.OutgoingWebhooks;
import io.github.almeidatech.wppflow.server.Reconciliation;
import io.github.almeidatech.wppflow.server.Restored;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.policy.PolicyFacts;
import io.github.almeidatech.wppflow.server.policy.TenantPolicies;
import io.github.almeidatech.wppflow.server.records.BaserowTables;
import io.github.almeidatech.wppflow.server.records.EventPush;
import io.github.almeidatech.wppflow.server.records.MirroredTurns;
import io.github.almeidatech.wppflow.server.records.Records;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * A message's way, put together: {@link Intake} takes what Chatwoot tells and {@link CatchUp} what it has failed to tell into
 * the engine; the engine asks the {@link Assistant} for answers, the policies what else is to be done, and the
 * {@link CommandRouter} to carry both out.
 */
final class MessageFlow {

    final OutgoingWebhooks webhooks;
    final Channels channels;
    final Records records;
    final MediaReader media;
    final TenantPolicies policies;
    /** Carries commands out, whether the bot is switched off or not. */
    final CommandSender sender;

    final FlowEngine engine;
    final Intake intake;
    final CatchUp catchUp;
    final Reconciliation reconciliation;
    final MediaThreads mediaThreads;

    MessageFlow(SharedParts shared) {
        Config.Flow settings = shared.config.flow();
        Tenants tenants = shared.tenants;
        EventLog events = shared.events;
        InstantSource clock = shared.clock;
        Restoration restoration = shared.database.restoration().orElse(null);
        this.webhooks =
                new OutgoingWebhooks(tenants, shared.http, shared.database::personIn, events, shared.metrics, clock);
        this.channels = new Channels(
                tenants,
                shared.http,
                settings.unclearSettle(),
                shared.optOuts,
                shared.botSwitch::isOff,
                webhooks,
                clock);
        this.records = records(shared);
        this.reconciliation = new Reconciliation(restoration, tenants, events, clock);
        this.mediaThreads = new MediaThreads(shared.costs::onBehalf);
        this.media = media(shared);
        this.policies = new TenantPolicies(
                tenants,
                shared.database.policyStore(),
                records::policyProblems,
                new PolicyFacts(events, shared.contacts, shared.optOuts),
                shared.metrics,
                clock);
        this.sender = new CommandRouter(channels, records, webhooks);
        this.engine = FlowEngine.builder()
                .store(shared.store)
                .handler(new MirroredTurns(
                        shared.traces.around(shared.costs.of(
                                new MeteredAssistant(assistant(shared, restoration), shared.metrics),
                                shared.models::spentBy)),
                        records))
                .sender(shared.traces.around(new HeldWhileOff(sender, shared.botSwitch::isOff, clock)))
                .policies(new OverheardWishes(
                        new UnsentFiles(
                                reconciliation.onceOnly(policies), events, shared.contacts, tenants::assistantOf),
                        events,
                        shared.contacts,
                        tenants::assistantOf))
                .clock(clock)
                .listener(new MeteredFlow(shared.metrics))
                .turnWorkers(settings.turnWorkers())
                .commandWorkers(settings.commandWorkers())
                .recordWorkers(settings.recordWorkers())
                .maxSupersedes(turn ->
                        tenants.get(turn.conversation().tenant()).times().maxSupersedes(turn, settings.maxSupersedes()))
                .turnLease(settings.turnLease())
                .commandLease(settings.commandLease())
                .build();
        this.intake = new Intake(
                engine, events, shared.ignored, shared.metrics::undelivered, reconciliation::isDoubtful, clock);
        channels.listen(intake, engine);
        this.catchUp = new CatchUp(tenants, intake, events, reconciliation, shared.metrics, clock);
    }

    private Assistant assistant(SharedParts shared, @Nullable Restoration restoration) {
        return Assistant.builder()
                .media(media)
                .contacts(shared.contacts)
                .knowledge(shared.knowledge)
                .events(shared.events)
                .settings(tenant -> shared.tenants.get(tenant).assistant())
                .writer(shared.models.answerWriter())
                .workflow(webhooks.workflow())
                .files(channels::fileObstacle)
                .availability(new OnlineAgents(shared.tenants, shared.clock))
                .presence(channels::typing)
                .forgotten(new Restored(restoration, shared.tenants, shared.database::isCommand))
                .switchedOff(shared.botSwitch::isOff)
                .clock(shared.clock)
                .build();
    }

    private MediaReader media(SharedParts shared) {
        Config.Media settings = shared.config.media();
        return MediaReader.builder()
                .source(channels.media())
                .transcriber(shared.models.transcriber())
                .describer(shared.models.imageDescriber())
                .texts(shared.database.mediaTexts())
                .language(tenant ->
                        Language.ofTag(shared.tenants.get(tenant).config().language()))
                .executor(mediaThreads)
                .limits(MediaSettings.limits(settings))
                .officeFiles(settings.officeFiles())
                .ffmpeg(settings.ffmpeg())
                .clock(shared.clock)
                .build();
    }

    private static Records records(SharedParts shared) {
        Database database = shared.database;
        return new Records(
                shared.tenants,
                new BaserowTables.Parts(
                        shared.contacts, shared.knowledge, database.documentStore(), shared.http, shared.metrics),
                shared.events,
                database.policyStore(),
                new EventPush.Stores(database.eventArchive(), database.eventMirrors(), database.jobs()),
                shared.config.flow().unclearSettle(),
                shared.clock);
    }
}
