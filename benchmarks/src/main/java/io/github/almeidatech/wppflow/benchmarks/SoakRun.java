package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import io.github.almeidatech.wppflow.testkit.WebhookEndpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The packaged server, or several on one PostgreSQL, behind a proxy that holds requests for a moment as our Caddyfile does;
 * an even load for a long time, with restarts in the first third and failures of Chatwoot and of the model all the time. Used
 * once.
 */
final class SoakRun implements AutoCloseable {

    private static final Duration FIRST_LIFE = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    /** Both as in {@code deploy/caddy/Caddyfile}. */
    private static final Duration ANSWER_TIME = Duration.ofSeconds(30);

    private static final Duration HOLDING = Duration.ofSeconds(4);

    private final Settings settings;
    private final Consumer<String> progress;
    private final @Nullable LocalPostgres postgres;
    private final SimulatedChatwoot chatwoot;
    private final ScriptedModel model;
    private final Balancer balancer;
    private final List<Map<String, String>> environments = new ArrayList<>();
    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<Trouble> troubles;
    private final Outages chatwootOutages;
    private final Outages modelOutages;
    private final Observation observation;
    private final EventReader api;
    private final List<Sample> memory = new ArrayList<>();
    private int restarts;
    private long restartMillis;
    private int apiCalls;
    private int apiFailures;

    /**
     * What is to be done.
     *
     * @param time how long customers write
     * @param messagesPerSecond of the customers
     * @param instances 1 on SQLite, more on PostgreSQL
     * @param restarts how often each is restarted, evenly over the first third of the time
     * @param outages how often Chatwoot and the model are away, evenly over the time, each at its own moments
     * @param launcher of the packaged server
     * @param data an empty directory
     */
    record Settings(
            Duration time,
            double messagesPerSecond,
            int instances,
            int restarts,
            int outages,
            long seed,
            Path launcher,
            Path data) {

        Duration outage() {
            return time.dividedBy(outages).dividedBy(20);
        }
    }

    /** What an instance had in memory at some time after the beginning. */
    record Sample(Duration at, int instance, long kib) {}

    /**
     * How it ended.
     *
     * @param statuses of all deliveries of webhooks that left Chatwoot, 0 for none
     * @param exitCodes of all stop signals
     * @param troubles how often what went wrong outside
     */
    record Report(
            Settings settings,
            Duration took,
            int restarts,
            Duration restart,
            Map<Integer, Integer> statuses,
            int apiCalls,
            int apiFailures,
            Map<Integer, Integer> exitCodes,
            Map<String, Integer> troubles,
            Map<String, Integer> outcomes,
            Waits waits,
            List<Sample> memory,
            Verdict verdict) {}

    private final Map<Integer, Integer> exitCodes = new TreeMap<>();

    private SoakRun(Settings settings, Consumer<String> progress) throws IOException {
        this.settings = settings;
        this.progress = progress;
        this.postgres = settings.instances() > 1 ? LocalPostgres.start() : null;
        String storage = postgres == null ? "sqlite:" + settings.data().resolve("wppflow.db") : postgres.newDatabase();
        List<URI> addresses = new ArrayList<>();
        for (int i = 0; i < settings.instances(); i++) {
            addresses.add(URI.create("http://127.0.0.1:" + ServerProcess.freePort()));
        }
        this.balancer = Balancer.before(addresses, ANSWER_TIME, HOLDING);
        this.chatwoot =
                SimulatedChatwoot.builder().keepPendingWhenBotFails(true).start();
        this.model = QuotingModel.start();
        WebhookEndpoint webhook = chatwoot.connectAgentBot(balancer.address().resolve(HotelSettings.WEBHOOK));
        for (URI address : addresses) {
            environments.add(environment(webhook, address.getPort(), storage));
        }
        var wiretap = Wiretap.on(chatwoot);
        Duration every = settings.time().dividedBy(settings.outages());
        this.chatwootOutages = Outages.of(chatwoot.faults(), every, settings.outage());
        this.modelOutages = Outages.of(model.faults(), every.multipliedBy(3).dividedBy(4), settings.outage());
        this.troubles = List.of(
                Trouble.with(chatwoot, new Random(settings.seed() + 1)),
                Trouble.with(model, new Random(settings.seed() + 3)));
        var crowd = new Crowd(chatwoot, new Random(settings.seed() + 2), settings.messagesPerSecond());
        this.observation = new Observation(chatwoot, crowd, new Receipts(chatwoot), wiretap);
        this.api = new EventReader(balancer.address(), HotelSettings.API_TOKEN);
    }

    /** As shipped, but for what a day's load in an hour, on one tenant, wants. */
    private Map<String, String> environment(WebhookEndpoint webhook, int port, String storage) throws IOException {
        Map<String, String> values = HotelSettings.of(chatwoot, webhook, port, storage, settings.data());
        values.remove("WPPFLOW_FLOW__UNCLEAR_SETTLE");
        values.remove(HotelSettings.TENANT_KEYS + "REPLIES__MAX_BUBBLE");
        values.put(HotelSettings.TENANT_KEYS + "CHATWOOT__MAX_CALLS_PER_SECOND", "50"); // Chatwoot's own limit
        values.put(HotelSettings.TENANT_KEYS + "CHATWOOT__CATCH_UP_EVERY", "PT1M");
        values.remove(HotelSettings.TENANT_KEYS + "CHATWOOT__CATCH_UP_GRACE");
        values.remove(HotelSettings.TENANT_KEYS + "CHATWOOT__CATCH_UP_REACH");
        values.put(HotelSettings.TENANT_KEYS + "TURNS__QUIET", "PT1S");
        values.put("MODEL_KEY", ScriptedModel.KEY);
        values.put(
                HotelSettings.TENANT_KEYS + "MODELS__PROVIDERS",
                "[{provider: compatible, base_url: '" + model.openAiUrl()
                        + "', api_key: '${env:MODEL_KEY}', chat_model: m, price: {input: 0.1, output: 0.4}}]");
        values.put(HotelSettings.TENANT_KEYS + "MODELS__TOKENS_PER_DAY", "1000000000");
        values.put(HotelSettings.TENANT_KEYS + "MODELS__DOLLARS_PER_DAY", "1000");
        values.put(HotelSettings.TENANT_KEYS + "MODELS__MAX_PER_MINUTE", "3000");
        return values;
    }

    /**
     * Runs it; blocks for the whole time.
     *
     * @throws IllegalStateException when there is no PostgreSQL for several instances
     */
    static Report run(Settings settings, Consumer<String> progress) throws IOException, InterruptedException {
        try (var run = new SoakRun(settings, progress)) {
            return run.run();
        }
    }

    private Report run() throws InterruptedException {
        Instant begin = Instant.now();
        for (int i = 0; i < settings.instances(); i++) {
            servers.add(launch(i));
        }
        for (ServerProcess server : servers) {
            server.awaitHealthy();
        }
        TimeUnit.NANOSECONDS.sleep(FIRST_LIFE.toNanos());
        observation.crowd().begin();
        load();
        troubles.forEach(Trouble::end);
        chatwootOutages.end();
        modelOutages.end();
        observation.crowd().end();
        progress.accept("waiting for the rest");
        Evidence evidence = observation.drained(
                new EventReader(address(0), HotelSettings.API_TOKEN), PATIENCE, BETWEEN_LOOKS, this::pass);
        servers.forEach(this::stop);
        var struck = new LinkedHashMap<String, Integer>();
        troubles.forEach(trouble -> struck.putAll(trouble.struck()));
        struck.put("Chatwoot away, requests", chatwootOutages.struck());
        struck.put("model away, requests", modelOutages.struck());
        var outcomes = new TreeMap<String, Integer>();
        evidence.events().stream()
                .filter(event -> event.type().equals("turn.completed"))
                .forEach(event -> outcomes.merge(event.payload().path("reason").asText(), 1, Integer::sum));
        return new Report(
                settings,
                Duration.between(begin, Instant.now()),
                restarts,
                Duration.ofMillis(restartMillis / Math.max(1, restarts)),
                observation.receipts().statuses(),
                apiCalls,
                apiFailures,
                exitCodes,
                struck,
                outcomes,
                Waits.of(evidence),
                List.copyOf(memory),
                Checker.check(evidence));
    }

    private void load() throws InterruptedException {
        long begin = System.nanoTime();
        int rounds = 0;
        for (long second = 0; second < settings.time().toSeconds(); second++) {
            long due = begin + TimeUnit.SECONDS.toNanos(second);
            TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
            Duration at = Duration.ofNanos(System.nanoTime() - begin);
            if (rounds < settings.restarts() && at.compareTo(restartDue(rounds)) >= 0) {
                rounds++;
                for (int i = 0; i < servers.size(); i++) {
                    restart(i);
                }
            }
            look(at, second);
        }
    }

    private Duration restartDue(int round) {
        return settings.time().dividedBy(3L * settings.restarts()).multipliedBy(round + 1L);
    }

    private void look(Duration at, long second) throws InterruptedException {
        apiCalls++;
        if (!api.answers()) {
            apiFailures++;
        }
        if (second % BETWEEN_LOOKS.toSeconds() == 0) {
            observation.receipts().collect(Instant.now());
            for (int i = 0; i < servers.size(); i++) {
                memory.add(new Sample(at, i, servers.get(i).memoryKib()));
            }
        }
        if (second % 300 == 0) {
            progress.accept(
                    at.toMinutes() + " min: " + memory.get(memory.size() - 1).kib() / 1024 + " MiB, "
                            + observation.receipts().statuses());
        }
    }

    private void restart(int which) throws InterruptedException {
        long begin = System.nanoTime();
        stop(servers.get(which));
        servers.set(which, launch(which));
        servers.get(which).awaitHealthy();
        restarts++;
        restartMillis += TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    private void stop(ServerProcess server) {
        try {
            exitCodes.merge(server.stop(), 1, Integer::sum);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pass(Duration time) throws InterruptedException {
        servers.get(0).live(time);
    }

    private URI address(int which) {
        return URI.create("http://127.0.0.1:" + servers.get(which).port());
    }

    private ServerProcess launch(int which) {
        return ServerProcess.packaged(
                settings.launcher(), environments.get(which), settings.data().resolve("server-" + which + ".log"));
    }

    @Override
    public void close() {
        observation.crowd().close();
        servers.forEach(ServerProcess::close);
        balancer.close();
        chatwoot.close();
        model.close();
        if (postgres != null) {
            postgres.close();
        }
    }
}
