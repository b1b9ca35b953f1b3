package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.InstancesRun.Disturbance;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Option(names = "--instances", defaultValue = "2", description = "how many servers (${DEFAULT-VALUE})")
    private int instances;

    @Option(
            names = "--rounds",
            defaultValue = "10",
            description = "each has every kind of disturbance once, in random order (${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--only", split = ",", description = "only these; all by default: ${COMPLETION-CANDIDATES}")
    private List<Disturbance> only = List.of(Disturbance.values());

    @Option(
            names = "--older",
            paramLabel = "DIR",
            description = "folder with the libraries of an older version: every second server runs it, and each rolled"
                    + " one changes to the other version")
    private @Nullable Path older;

    @Mixin
    private final DisturbedRunOptions options = new DisturbedRunOptions();

    private Instances() {}

    /** Runs it and ends the process with its exit code. */
    public static void main(String[] args) {
        RunOptions.run(new Instances(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!LocalPostgres.isInstalled()) {
            System.err.println(LocalPostgres.MISSING);
            return 1;
        }
        Path directory = options.directory();
        var settings = new InstancesRun.Settings(
                instances,
                shuffled(new Random(options.seed())),
                options.seed(),
                options.rate(),
                Duration.ofSeconds(4),
                options.faults(),
                older == null ? null : older.resolve("*").toString(),
                Duration.ofMinutes(5),
                directory);
        InstancesRun.Report report = InstancesRun.run(settings, System.err::println);
        System.out.println(table(report));
        boolean good = report.verdict().violations().isEmpty()
                && report.verdict().bubbles() > 0
                && report.met().work() > 0;
        return options.end(directory, good);
    }

    private List<Disturbance> shuffled(Random random) {
        var all = new ArrayList<Disturbance>();
        for (int i = 0; i < rounds; i++) {
            var round = new ArrayList<>(only);
            Collections.shuffle(round, random);
            all.addAll(round);
        }
        return all;
    }

    static String table(InstancesRun.Report report) {
        var verdict = report.verdict();
        var summary = new Summary()
                .line("seed", report.settings().seed())
                .took(report.took())
                .line("instances", report.settings().instances());
        for (Disturbance each : Disturbance.values()) {
            summary.line(
                    each.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    report.done().getOrDefault(each, 0));
        }
        return summary.line("ended while starting without the database", report.endedByItself())
                .line("waiting at the end for a time of the wrong clock", report.overslept())
                .line("disturbances that met work in progress", report.met().work())
                .line("  sent, not yet written down", report.met().unrecorded())
                .faults(report.faults())
                .line("webhooks of customers' messages", report.webhooks())
                .line("  answered 2xx", report.answeredWell())
                .customers(verdict)
                .line(
                        "rows stored for each customer's message",
                        report.stored().rows() / Math.max(1, verdict.written()))
                .line("bytes stored for each, with indexes", report.stored().bytes() / Math.max(1, verdict.written()))
                .verdict(verdict);
    }
}
