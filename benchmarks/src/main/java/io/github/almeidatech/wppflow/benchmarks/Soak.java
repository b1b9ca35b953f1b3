package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Load for a long time. Exit codes: 0 nothing was lost, doubled or out of order and fewer than one request in a thousand
 * failed, 1 otherwise, 2 wrong usage.
 */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the packaged server under an even load for a long time, with restarts, a Chatwoot and a model that fail; then"
                    + " checks from the outside that nothing was lost, said twice or out of order, and how memory went."
        })
final class Soak implements Callable<Integer> {

    private static final double FAILED_AT_MOST = 0.001;

    @Option(names = "--minutes", defaultValue = "60", description = "how long customers write (${DEFAULT-VALUE})")
    private int minutes;

    @Option(
            names = "--instances",
            defaultValue = "1",
            description = "1: on SQLite; more: on one PostgreSQL, restarted one after the other (${DEFAULT-VALUE})")
    private int instances;

    @Option(
            names = "--restarts",
            defaultValue = "4",
            description = "of each, over the first third of the time (${DEFAULT-VALUE})")
    private int restarts;

    @Option(
            names = "--outages",
            defaultValue = "6",
            description = "of Chatwoot and of the model, a twentieth of the time all together (${DEFAULT-VALUE})")
    private int outages;

    @Mixin
    private final RunOptions options = new RunOptions();

    @Option(
            names = "--launcher",
            paramLabel = "FILE",
            defaultValue = "server-javalin/target/wppflow/wppflow",
            description = "of the packaged server (${DEFAULT-VALUE})")
    private Path launcher = Path.of("wppflow");

    private Soak() {}

    /** Runs it and ends the process with its exit code. */
    public static void main(String[] args) {
        RunOptions.run(new Soak(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isExecutable(launcher)) {
            System.err.println("no packaged server at " + launcher + ": build server-javalin first");
            return 2;
        }
        if (instances > 1 && !LocalPostgres.isInstalled()) {
            System.err.println(LocalPostgres.MISSING);
            return 1;
        }
        Path directory = options.directory();
        var settings = new SoakRun.Settings(
                Duration.ofMinutes(minutes),
                options.rate(),
                instances,
                restarts,
                outages,
                options.seed(),
                launcher.toAbsolutePath(),
                directory);
        SoakRun.Report report = SoakRun.run(settings, System.err::println);
        System.out.println(table(report));
        return options.end(directory, isGood(report));
    }

    static boolean isGood(SoakRun.Report report) {
        return report.verdict().violations().isEmpty()
                && report.verdict().bubbles() > 0
                && report.exitCodes().keySet().equals(Set.of(0))
                && failedShare(report) < FAILED_AT_MOST;
    }

    /** Of webhooks and API calls together. */
    private static double failedShare(SoakRun.Report report) {
        return (double) (failed(report.statuses()) + report.apiFailures())
                / Math.max(1, sum(report.statuses()) + report.apiCalls());
    }

    private static int sum(Map<Integer, Integer> statuses) {
        return statuses.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static int failed(Map<Integer, Integer> statuses) {
        return sum(statuses) - statuses.getOrDefault(200, 0);
    }

    static String table(SoakRun.Report report) {
        var verdict = report.verdict();
        var summary = new Summary()
                .line("seed", report.settings().seed())
                .line("instances", report.settings().instances())
                .took(report.took())
                .line("restarts", report.restarts())
                .line(
                        "  from the stop signal to healthy, mean",
                        Summary.seconds(report.restart().toMillis() / 1e3))
                .line("  exit codes", report.exitCodes());
        report.troubles().forEach((what, times) -> summary.line("trouble: " + what, times));
        summary.line("webhooks that left Chatwoot", sum(report.statuses()))
                .line("  not answered 200", failed(report.statuses()) + " " + report.statuses())
                .line("calls of the API, one a second", report.apiCalls())
                .line("  failed", report.apiFailures())
                .line("failed of all", String.format(Locale.ROOT, "%.3f %%", 100 * failedShare(report)))
                .customers(verdict)
                .line("turns by outcome", report.outcomes())
                .line(
                        "waited for the first bubble, with 1 s quiet",
                        "p50 " + waited(report, 0.5) + ", p90 " + waited(report, 0.9) + ", p99 "
                                + waited(report, 0.99));
        for (int i = 0; i < report.settings().instances(); i++) {
            summary.line("memory of instance " + (i + 1) + ", MiB", memory(report, i));
        }
        return summary.verdict(verdict);
    }

    private static String waited(SoakRun.Report report, double quantile) {
        return Summary.seconds(report.waits().seconds(quantile));
    }

    /** The means of each tenth of the time. */
    private static String memory(SoakRun.Report report, int instance) {
        var text = new StringBuilder();
        Duration tenth = report.settings().time().dividedBy(10);
        for (int i = 0; i < 10; i++) {
            Duration from = tenth.multipliedBy(i);
            List<SoakRun.Sample> samples = report.memory().stream()
                    .filter(sample -> sample.instance() == instance
                            && sample.at().compareTo(from) >= 0
                            && sample.at().compareTo(from.plus(tenth)) < 0)
                    .toList();
            double mean =
                    samples.stream().mapToLong(SoakRun.Sample::kib).average().orElse(0);
            text.append(Math.round(mean / 1024)).append(' ');
        }
        long most = report.memory().stream()
                .filter(sample -> sample.instance() == instance)
                .mapToLong(SoakRun.Sample::kib)
                .max()
                .orElse(0);
        return text.append("by tenths of the time, ")
                .append(most / 1024)
                .append(" at most")
                .toString();
    }
}
