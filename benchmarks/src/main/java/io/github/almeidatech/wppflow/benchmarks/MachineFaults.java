package io.github.almeidatech.wppflow.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * One real server whose disk, database, network, clock or memory fails while customers write. Exit codes: 0 every promise was
 * kept, 1 one was broken, 2 wrong usage.
 */
@Command(
        name = "machine-faults",
        mixinStandardHelpOptions = true,
        description = {
            "Fills the disk, locks, stops or cuts off the database, cuts off Chatwoot, turns the clock, exhausts the memory,"
                    + " one after the other under load; then checks from the outside that nothing was lost, said twice or"
                    + " out of order, that the server was not ready while it could not store, and that it came back by itself.",
            "Filling the disk needs the right to mount a small file system."
        })
final class MachineFaults implements Callable<Integer> {

    @Mixin
    private final DisturbedRunOptions options = new DisturbedRunOptions();

    @Mixin
    private final StorageOption storage = new StorageOption();

    @Option(names = "--times", defaultValue = "1", description = "how often each (${DEFAULT-VALUE})")
    private int times;

    @Option(names = "--only", split = ",", description = "only these; all by default: ${COMPLETION-CANDIDATES}")
    private List<MachineFault> only = List.of(MachineFault.values());

    private MachineFaults() {}

    /** Runs it and ends the process with its exit code. */
    public static void main(String[] args) {
        RunOptions.run(new MachineFaults(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException, SQLException {
        Path directory = options.directory();
        var settings = new MachineFaultsRun.Settings(
                only,
                times,
                storage.kind(),
                options.seed(),
                options.rate(),
                options.faults(),
                Duration.ofMinutes(5),
                directory);
        MachineFaultsRun.Report report = MachineFaultsRun.run(settings, System.err::println);
        System.out.println(table(report));
        boolean good =
                report.verdict().violations().isEmpty() && report.verdict().bubbles() > 0;
        return options.end(directory, good);
    }

    static String table(MachineFaultsRun.Report report) {
        var summary = new Summary()
                .line("seed", report.settings().seed())
                .line("storage", report.settings().storage())
                .took(report.took());
        if (!report.hasSmallDisk() && report.settings().storage() == Storage.Kind.SQLITE) {
            summary.line("disk full", "not tried: no file system may be mounted here");
        }
        report.courses()
                .forEach(course -> summary.line(
                        course.outage().toString(),
                        String.format(
                                Locale.ROOT,
                                "%3d webhooks, %3d of them 2xx; not ready after %s; ready again after %s; %d log lines",
                                course.attempts(),
                                course.answeredWell(),
                                seconds(course.notReadyAfter()),
                                seconds(course.readyAfter()),
                                course.logLines())));
        return summary.line("outages that met work in progress", report.met().work())
                .line("  sent, not yet written down", report.met().unrecorded())
                .line("webhooks refused for their time", report.staleSignatures())
                .line("waiting at the end for a time of the wrong clock", report.overslept())
                .faults(report.faults())
                .line("webhooks of customers' messages", report.webhooks())
                .share("  answered 2xx", report.answeredWell(), report.webhooks())
                .customers(report.verdict())
                .line("rows in Baserow", report.rows())
                .verdict(report.verdict());
    }

    private static String seconds(@Nullable Duration duration) {
        return duration == null ? "–" : Summary.seconds(duration.toMillis() / 1000.0);
    }
}
