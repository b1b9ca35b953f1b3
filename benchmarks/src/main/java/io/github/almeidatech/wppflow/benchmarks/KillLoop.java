package io.github.almeidatech.wppflow.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Kills the real server again and again while customers write, and then compares what they wrote with what they saw. Exit
 * codes: 0 every promise was kept, 1 one was broken or the run met no work, 2 wrong usage.
 */
@Command(
        name = "kill-loop",
        mixinStandardHelpOptions = true,
        description = {
            "Starts the server against a simulated Chatwoot, kills it (kill -9) at random moments under load, starts it"
                    + " again, and so on; then checks from the outside that nothing was lost, said twice or out of order."
        })
final class KillLoop implements Callable<Integer> {

    /** A run whose kills met less work than this has shown little. */
    private static final double LEAST_WORK = 0.3;

    /** Ended in peace: by itself, or by the JVM, which followed a stop signal before the server listened to any. */
    static final Set<Integer> STOPPED = Set.of(0, 128 + 15);

    @Option(names = "--kills", defaultValue = "200", description = "how often (${DEFAULT-VALUE})")
    private int kills;

    @Mixin
    private final DisturbedRunOptions options = new DisturbedRunOptions();

    @Mixin
    private final StorageOption storage = new StorageOption();

    @Option(
            names = "--longest-life",
            defaultValue = "PT3S",
            description =
                    "the server is killed this long after it is ready, or has spoken, or earlier (${DEFAULT-VALUE})")
    private Duration longestLife = Duration.ofSeconds(3);

    @Option(
            names = "--while-starting",
            defaultValue = "0.1",
            description = "share of the kills that come before it is ready (${DEFAULT-VALUE})")
    private double whileStarting;

    @Option(
            names = "--after-speaking",
            defaultValue = "0.5",
            description = "share of the other kills that come after it has said something (${DEFAULT-VALUE})")
    private double afterSpeaking;

    private KillLoop() {}

    /** Runs the loop and ends the process with its exit code. */
    public static void main(String[] args) {
        RunOptions.run(new KillLoop(), args);
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path directory = options.directory();
        var settings = new KillRun.Settings(
                kills,
                options.seed(),
                options.rate(),
                longestLife,
                whileStarting,
                afterSpeaking,
                options.faults(),
                storage.kind(),
                Duration.ofSeconds(5),
                Duration.ofMinutes(5),
                directory);
        KillRun.Report report = KillRun.run(settings, System.err::println);
        System.out.println(table(report));
        return options.end(directory, isGood(report));
    }

    static boolean isGood(KillRun.Report report) {
        return report.verdict().violations().isEmpty()
                && report.met().work() >= LEAST_WORK * report.kills().number()
                && report.met().answering() >= LEAST_WORK * report.kills().number()
                && report.verdict().bubbles() > 0
                && STOPPED.contains(report.exitCode());
    }

    static String table(KillRun.Report report) {
        var verdict = report.verdict();
        var met = report.met();
        int kills = report.kills().number();
        return new Summary()
                .line("seed", report.settings().seed())
                .line("storage", report.settings().storage())
                .took(report.took())
                .line("kills", kills)
                .line("  while starting", report.kills().whileStarting())
                .share("  met work in progress", met.work(), kills)
                .line("    accepted, not yet answered for", met.turns())
                .line("    answered for, not yet all sent", met.commands())
                .line("    sent, not yet written down", met.unrecorded())
                .share("  had said something since the kill before", met.answering(), kills)
                .faults(report.faults())
                .line("webhooks of customers' messages", report.webhooks())
                .share("  answered 2xx", report.answeredWell(), report.webhooks())
                .line("  customers' messages acknowledged (2xx)", report.acknowledged())
                .line("  missed by webhooks, found later", verdict.written() - report.acknowledged())
                .line("  written after the last kill", report.afterLastKill())
                .customers(verdict)
                .line("rows in Baserow", report.rows())
                .line("exit code after a stop signal", report.exitCode())
                .verdict(verdict);
    }
}
