package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.InstancesRun.Disturbance;
import io.github.almeidatech.wppflow.benchmarks.Verdict.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Several servers on one PostgreSQL, disturbed again and again while customers write. Exit codes: 0 every promise was kept,
 * 1 one was broken or there is no PostgreSQL, 2 wrong usage.
 */
@Command(
        name = "instances",
        mixinStandardHelpOptions = true,
        description = {
            "Starts servers on one PostgreSQL behind a load balancer, against a simulated Chatwoot; kills one, lets one stand"
                    + " still beyond its leases, cuts their connections, kills the database, restarts one in peace, at"
                    + " random; then checks from the outside that nothing was lost, said twice or out of order."
        })
final class Instances implements Callable<Integer> {

    private static final int SHOWN_VIOLATIONS = 10;

    @Option(names = "--instances", defaultValue = "2", description = "how many servers (${DEFAULT-VALUE})")
    private int instances;

    @Option(
            names = "--rounds",
            defaultValue = "10",
            description = "each has every kind of disturbance once, in random order (${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--seed", description = "of all random choices; drawn when not given")
    private @Nullable Long seed;

    @Option(names = "--rate", defaultValue = "6", description = "customers' messages per second (${DEFAULT-VALUE})")
    private double rate;

    @Option(names = "--faults", description = "Chatwoot misbehaves too")
    private boolean faults;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "where the logs are kept; a temporary directory, deleted when all went well, by default")
    private @Nullable Path data;

    private Instances() {}

    /** Runs it and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Instances()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Postgres.isInstalled()) {
            System.err.println(Postgres.MISSING);
            return 1;
        }
        Path given = data;
        Path directory = given == null ? Files.createTempDirectory("instances") : Files.createDirectories(given);
        Long wanted = seed;
        long drawn = wanted == null ? new Random().nextInt(1_000_000) : wanted;
        System.err.println("seed " + drawn + ", logs in " + directory);
        var settings = new InstancesRun.Settings(
                instances,
                shuffled(rounds, new Random(drawn)),
                drawn,
                rate,
                Duration.ofSeconds(4),
                faults,
                Duration.ofMinutes(5),
                directory);
        InstancesRun.Report report = InstancesRun.run(settings, System.err::println);
        System.out.println(table(report));
        boolean good = report.verdict().violations().isEmpty()
                && report.verdict().bubbles() > 0
                && report.met().work() > 0;
        if (good && given == null) {
            Scratch.delete(directory);
        }
        return good ? 0 : 1;
    }

    private static List<Disturbance> shuffled(int rounds, Random random) {
        var all = new ArrayList<Disturbance>();
        for (int i = 0; i < rounds; i++) {
            var round = new ArrayList<>(Arrays.asList(Disturbance.values()));
            Collections.shuffle(round, random);
            all.addAll(round);
        }
        return all;
    }

    static String table(InstancesRun.Report report) {
        var verdict = report.verdict();
        var text = new StringBuilder();
        line(text, "seed", report.settings().seed());
        line(text, "took", report.took().toMinutes() + " min " + report.took().toSecondsPart() + " s");
        line(text, "instances", report.settings().instances());
        for (Disturbance each : Disturbance.values()) {
            line(
                    text,
                    each.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    report.done().getOrDefault(each, 0));
        }
        line(text, "ended while starting without the database", report.endedByItself());
        line(text, "disturbances that met work in progress", report.met().work());
        line(text, "  sent, not yet written down", report.met().unrecorded());
        report.faults().forEach((fault, times) -> line(text, "fault: " + fault, times));
        line(text, "webhooks of customers' messages", report.webhooks());
        line(text, "  answered 2xx", report.answeredWell());
        line(text, "customers' messages", verdict.written() + " in " + verdict.conversations() + " conversations");
        line(text, "  answered for in a turn", verdict.inTurns());
        line(text, "  left to a person, with the reason", verdict.withReason());
        line(text, "  younger ones answered first", verdict.late());
        line(text, "turns", verdict.turns());
        line(text, "bubbles seen by customers", verdict.bubbles());
        line(text, "dropped because a person came", verdict.heldBack());
        line(text, "crossed with a person's arrival", verdict.crossed());
        line(text, "rows stored for each customer's message", report.stored().rows() / Math.max(1, verdict.written()));
        line(text, "bytes stored for each, with indexes", report.stored().bytes() / Math.max(1, verdict.written()));
        text.append('\n');
        verdict.violations().stream()
                .limit(SHOWN_VIOLATIONS)
                .forEach(violation -> text.append(violation).append('\n'));
        text.append(String.format(
                Locale.ROOT,
                "%d lost, %d seen twice, %d out of order, %d over a person, %d unexplained",
                verdict.count(Promise.LOST),
                verdict.count(Promise.TWICE),
                verdict.count(Promise.OUT_OF_ORDER),
                verdict.count(Promise.OVER_A_PERSON),
                verdict.count(Promise.UNEXPLAINED)));
        return text.toString();
    }

    private static void line(StringBuilder text, String what, Object value) {
        text.append(String.format(Locale.ROOT, "%-50s%s%n", what, value));
    }
}
