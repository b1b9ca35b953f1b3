package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.Verdict.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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

    private static final int SHOWN_VIOLATIONS = 10;

    /** Ended in peace: by itself, or by the JVM, which followed a stop signal before the server listened to any. */
    static final Set<Integer> STOPPED = Set.of(0, 128 + 15);

    @Option(names = "--kills", defaultValue = "200", description = "how often (${DEFAULT-VALUE})")
    private int kills;

    @Option(names = "--seed", description = "of all random choices; drawn when not given")
    private @Nullable Long seed;

    @Option(names = "--rate", defaultValue = "6", description = "customers' messages per second (${DEFAULT-VALUE})")
    private double rate;

    @Option(
            names = "--longest-life",
            defaultValue = "PT3S",
            description = "the server is killed this long after it is ready, or earlier (${DEFAULT-VALUE})")
    private Duration longestLife = Duration.ofSeconds(3);

    @Option(
            names = "--while-starting",
            defaultValue = "0.1",
            description = "share of the kills that come before it is ready (${DEFAULT-VALUE})")
    private double whileStarting;

    @Option(
            names = "--faults",
            description = "Chatwoot misbehaves too: 500 after doing, dropped answers, lost and repeated webhooks, …")
    private boolean faults;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "where database and log are kept; a temporary directory, deleted when all went well, by default")
    private @Nullable Path data;

    private KillLoop() {}

    /** Runs the loop and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new KillLoop()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path given = data;
        Path directory = given == null ? Files.createTempDirectory("kill-loop") : Files.createDirectories(given);
        Long wanted = seed;
        var settings = new KillRun.Settings(
                kills,
                wanted == null ? new Random().nextInt(1_000_000) : wanted,
                rate,
                longestLife,
                whileStarting,
                faults,
                Duration.ofSeconds(5),
                Duration.ofMinutes(5),
                directory);
        System.err.println("seed " + settings.seed() + ", data in " + directory);
        KillRun.Report report = KillRun.run(settings, System.err::println);
        System.out.println(table(report));
        boolean good = isGood(report);
        if (good && given == null) {
            Scratch.delete(directory);
        }
        return good ? 0 : 1;
    }

    static boolean isGood(KillRun.Report report) {
        return report.verdict().violations().isEmpty()
                && report.met().work() >= LEAST_WORK * report.kills().number()
                && report.verdict().bubbles() > 0
                && STOPPED.contains(report.exitCode());
    }

    static String table(KillRun.Report report) {
        var verdict = report.verdict();
        var met = report.met();
        var text = new StringBuilder();
        line(text, "seed", report.settings().seed());
        line(text, "took", report.took().toMinutes() + " min " + report.took().toSecondsPart() + " s");
        line(text, "kills", report.kills().number());
        line(text, "  while starting", report.kills().whileStarting());
        line(text, "  met work in progress", share(met.work(), report.kills().number()));
        line(text, "    accepted, not yet answered for", met.turns());
        line(text, "    answered for, not yet all sent", met.commands());
        line(text, "    sent, not yet written down", met.unrecorded());
        report.faults().forEach((fault, times) -> line(text, "fault: " + fault, times));
        line(text, "webhooks of customers' messages", report.webhooks());
        line(text, "  answered 2xx", share(report.answeredWell(), report.webhooks()));
        line(text, "customers' messages", verdict.written() + " in " + verdict.conversations() + " conversations");
        line(text, "  acknowledged (2xx)", report.acknowledged());
        line(text, "  missed by webhooks, found later", verdict.written() - report.acknowledged());
        line(text, "  written after the last kill", report.afterLastKill());
        line(text, "  answered for in a turn", verdict.inTurns());
        line(text, "  left to a person, with the reason", verdict.withReason());
        line(text, "  younger ones answered first", verdict.late());
        line(text, "turns", verdict.turns());
        line(text, "bubbles seen by customers", verdict.bubbles());
        line(text, "private notes", verdict.notes());
        line(text, "dropped because a person came", verdict.heldBack());
        line(text, "crossed with a person's arrival", verdict.crossed());
        line(text, "exit code after a stop signal", report.exitCode());
        text.append('\n');
        List<Verdict.Violation> violations = verdict.violations();
        violations.stream()
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

    private static String share(int part, int whole) {
        return part + String.format(Locale.ROOT, " (%.0f %%)", whole == 0 ? 0 : 100.0 * part / whole);
    }
}
