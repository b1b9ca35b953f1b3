package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.OutsideFault.Misbehaviour;
import io.github.almeidatech.wppflow.benchmarks.OutsideFault.Neighbour;
import io.github.almeidatech.wppflow.benchmarks.OutsideFaultsRun.Row;
import io.github.almeidatech.wppflow.benchmarks.Verdict.Promise;
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
 * One real server beside which Chatwoot, the model and Baserow fail in each way while customers write. Exit codes: 0 every
 * promise was kept, 1 one was broken or a fault never happened, 2 wrong usage.
 */
@Command(
        name = "outside-faults",
        mixinStandardHelpOptions = true,
        description = {
            "Lets Chatwoot, the model and Baserow hang, break off, refuse, lie and be slow, one after the other under load;"
                    + " then checks from the outside that nothing was lost, said twice or out of order, and prints a table.",
            "A fault that never happened fails the run."
        })
final class OutsideFaults implements Callable<Integer> {

    @Mixin
    private final RunOptions options = new RunOptions();

    @Mixin
    private final StorageOption storage = new StorageOption();

    @Option(names = "--systems", split = ",", description = "only these; all by default: ${COMPLETION-CANDIDATES}")
    private List<Neighbour> systems = List.of(Neighbour.values());

    @Option(names = "--faults", split = ",", description = "only these; all by default: ${COMPLETION-CANDIDATES}")
    private List<Misbehaviour> faults = List.of(Misbehaviour.values());

    @Option(names = "--each", defaultValue = "PT10S", description = "how long each lasts (${DEFAULT-VALUE})")
    private Duration each = Duration.ofSeconds(10);

    @Option(names = "--between", defaultValue = "PT8S", description = "how long all is well then (${DEFAULT-VALUE})")
    private Duration between = Duration.ofSeconds(8);

    private OutsideFaults() {}

    /** Runs it and ends the process with its exit code. */
    public static void main(String[] args) {
        RunOptions.run(new OutsideFaults(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = options.directory();
        var settings = new OutsideFaultsRun.Settings(
                OutsideFault.of(systems, faults),
                storage.kind(),
                options.seed(),
                options.rate(),
                each,
                between,
                Duration.ofMinutes(5),
                directory);
        OutsideFaultsRun.Report report = OutsideFaultsRun.run(settings, System.err::println);
        System.out.println(table(report));
        return options.end(directory, isGood(report));
    }

    static boolean isGood(OutsideFaultsRun.Report report) {
        return report.verdict().violations().isEmpty()
                && report.verdict().bubbles() > 0
                && report.rows().stream().allMatch(row -> row.struck() > 0);
    }

    static String table(OutsideFaultsRun.Report report) {
        var rows = new StringBuilder(
                "| system | trouble | requests | in trouble | messages | answered | left to a person |"
                        + " answered after, p50 | at the latest | lost | twice | out of order |\n"
                        + "|---|---|---|---|---|---|---|---|---|---|---|---|\n");
        report.rows().forEach(row -> rows.append(line(row)));
        return rows
                + new Summary()
                        .line("seed", report.settings().seed())
                        .line("storage", report.settings().storage())
                        .took(report.took())
                        .customers(report.verdict())
                        .line("rows in Baserow", report.rowsInBaserow())
                        .verdict(report.verdict());
    }

    private static String line(Row row) {
        Verdict verdict = row.verdict();
        return String.format(
                Locale.ROOT,
                "| %s | %s%s | %d | %d | %d | %d | %d | %s | %s | %d | %d | %d |%n",
                row.fault().system().name().toLowerCase(Locale.ROOT),
                row.fault().what(),
                row.struck() == 0 ? " NEVER HAPPENED" : "",
                row.requests(),
                row.struck(),
                verdict.written(),
                verdict.inTurns(),
                verdict.withReason(),
                Summary.seconds(row.waits().seconds(0.5)),
                Summary.seconds(row.waits().seconds(1)),
                verdict.count(Promise.LOST),
                verdict.count(Promise.TWICE),
                verdict.count(Promise.OUT_OF_ORDER));
    }
}
