package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.benchmarks.Verdict.Promise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
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
    private static final int SHOWN_VIOLATIONS = 10;

    @Option(names = "--minutes", defaultValue = "60", description = "how long customers write (${DEFAULT-VALUE})")
    private int minutes;

    @Option(names = "--rate", defaultValue = "6", description = "customers' messages per second (${DEFAULT-VALUE})")
    private double rate;

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

    @Option(names = "--seed", description = "of all random choices; drawn when not given")
    private @Nullable Long seed;

    @Option(
            names = "--launcher",
            paramLabel = "FILE",
            defaultValue = "server-javalin/target/wppflow/wppflow",
            description = "of the packaged server (${DEFAULT-VALUE})")
    private Path launcher = Path.of("wppflow");

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "where database and logs are kept; a temporary directory, deleted when all went well, by default")
    private @Nullable Path data;

    private Soak() {}

    /** Runs it and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new Soak()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Files.isExecutable(launcher)) {
            System.err.println("no packaged server at " + launcher + ": build server-javalin first");
            return 2;
        }
        if (instances > 1 && !Postgres.isInstalled()) {
            System.err.println(Postgres.MISSING);
            return 1;
        }
        Path given = data;
        Path directory = given == null ? Files.createTempDirectory("soak") : Files.createDirectories(given);
        Long wanted = seed;
        var settings = new SoakRun.Settings(
                Duration.ofMinutes(minutes),
                rate,
                instances,
                restarts,
                outages,
                wanted == null ? new Random().nextInt(1_000_000) : wanted,
                launcher.toAbsolutePath(),
                directory);
        System.err.println("seed " + settings.seed() + ", data in " + directory);
        SoakRun.Report report = SoakRun.run(settings, System.err::println);
        System.out.println(table(report));
        boolean good = isGood(report);
        if (good && given == null) {
            Scratch.delete(directory);
        }
        return good ? 0 : 1;
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
        var text = new StringBuilder();
        line(text, "seed", report.settings().seed());
        line(text, "instances", report.settings().instances());
        line(text, "took", report.took().toMinutes() + " min " + report.took().toSecondsPart() + " s");
        line(text, "restarts", report.restarts());
        line(
                text,
                "  from the stop signal to healthy, mean",
                seconds(report.restart().toMillis() / 1e3));
        line(text, "  exit codes", report.exitCodes());
        report.troubles().forEach((what, times) -> line(text, "trouble: " + what, times));
        line(text, "webhooks that left Chatwoot", sum(report.statuses()));
        line(text, "  not answered 200", failed(report.statuses()) + " " + report.statuses());
        line(text, "calls of the API, one a second", report.apiCalls());
        line(text, "  failed", report.apiFailures());
        line(text, "failed of all", String.format(Locale.ROOT, "%.3f %%", 100 * failedShare(report)));
        line(text, "customers' messages", verdict.written() + " in " + verdict.conversations() + " conversations");
        line(text, "  answered for in a turn", verdict.inTurns());
        line(text, "  left to a person, with the reason", verdict.withReason());
        line(text, "  younger ones answered first", verdict.late());
        line(text, "turns", verdict.turns() + " " + report.outcomes());
        line(text, "bubbles seen by customers", verdict.bubbles());
        line(
                text,
                "  waited for the first one, with 1 s quiet",
                "p50 " + seconds(report.waits().seconds(0.5)) + ", p90 "
                        + seconds(report.waits().seconds(0.9)) + ", p99 "
                        + seconds(report.waits().seconds(0.99)));
        for (int i = 0; i < report.settings().instances(); i++) {
            line(text, "memory of instance " + (i + 1) + ", MiB", memory(report, i));
        }
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

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    private static void line(StringBuilder text, String what, Object value) {
        text.append(String.format(Locale.ROOT, "%-50s%s%n", what, value));
    }
}
