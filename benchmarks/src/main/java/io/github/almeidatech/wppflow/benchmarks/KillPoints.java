package io.github.almeidatech.wppflow.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Kills the real server at every {@link KillPoint} while customers write, and then compares what they wrote with what they saw.
 * Exit codes: 0 every promise was kept, 1 one was broken or a point was never reached, 2 wrong usage.
 */
@Command(
        name = "kill-points",
        mixinStandardHelpOptions = true,
        description = {
            "Kills the server at named points of a message's way, once followed by a start in peace and once by another kill"
                    + " during recovery; then checks from the outside that nothing was lost, said twice or out of order.",
            "A point at which the server was not killed fails the run."
        })
final class KillPoints implements Callable<Integer> {

    @Mixin
    private final DisturbedRunOptions options = new DisturbedRunOptions();

    @Mixin
    private final StorageOption storage = new StorageOption();

    @Option(names = "--times", defaultValue = "1", description = "how often each point (${DEFAULT-VALUE})")
    private int times;

    @Option(names = "--points", split = ",", description = "only these; all by default: ${COMPLETION-CANDIDATES}")
    private List<KillPoint> points = List.of(KillPoint.values());

    @Option(names = "--list", description = "only tell which there are")
    private boolean list;

    private KillPoints() {}

    /** Runs it and ends the process with its exit code. */
    public static void main(String[] args) {
        RunOptions.run(new KillPoints(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (list) {
            for (KillPoint point : KillPoint.values()) {
                System.out.printf(Locale.ROOT, "%-5s %-58s %s%n", point, point.what(), point.where());
            }
            return 0;
        }
        Path directory = options.directory();
        var settings = new KillPointsRun.Settings(
                points,
                times,
                storage.kind(),
                options.seed(),
                options.rate(),
                options.faults(),
                Duration.ofMinutes(5),
                directory);
        KillPointsRun.Report report = KillPointsRun.run(settings, System.err::println);
        System.out.println(table(report));
        return options.end(directory, isGood(report));
    }

    static boolean isGood(KillPointsRun.Report report) {
        return report.verdict().violations().isEmpty()
                && report.missed().isEmpty()
                && report.verdict().bubbles() > 0;
    }

    static String table(KillPointsRun.Report report) {
        var summary = new Summary()
                .line("seed", report.settings().seed())
                .line("storage", report.settings().storage())
                .took(report.took());
        report.hits().forEach((point, hits) -> {
            boolean missed = report.missed().contains(point);
            summary.line(
                    point + " " + shortened(point.what()),
                    hits.peace() + " in peace, " + hits.again() + " again" + (missed ? "  NOT REACHED" : ""));
        });
        return summary.line("kills", report.kills().number())
                .line("  met work in progress", report.met().work())
                .line("    sent, not yet written down", report.met().unrecorded())
                .faults(report.faults())
                .line("webhooks of customers' messages", report.webhooks())
                .share("  answered 2xx", report.answeredWell(), report.webhooks())
                .customers(report.verdict())
                .line("rows in Baserow", report.rows())
                .line("people who asked to be forgotten", report.forgotten())
                .verdict(report.verdict());
    }

    private static String shortened(String text) {
        return text.length() <= 43 ? text : text.substring(0, 42) + "…";
    }
}
