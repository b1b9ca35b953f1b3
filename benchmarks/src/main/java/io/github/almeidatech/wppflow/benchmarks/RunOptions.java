package io.github.almeidatech.wppflow.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What every run under load is told on its command line. */
class RunOptions {

    @Option(names = "--seed", description = "of all random choices; drawn when not given")
    private @Nullable Long seed;

    @Option(names = "--rate", defaultValue = "6", description = "customers' messages per second (${DEFAULT-VALUE})")
    private double rate;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "where database and logs are kept; a temporary directory, deleted when all went well, by default")
    private @Nullable Path data;

    /** Runs a program and ends the process with its exit code. */
    static void run(Callable<Integer> program, String[] args) {
        System.exit(new CommandLine(program)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    final long seed() {
        Long wanted = seed;
        if (wanted == null) {
            wanted = (long) new Random().nextInt(1_000_000);
            seed = wanted;
        }
        return wanted;
    }

    final double rate() {
        return rate;
    }

    /** The directory, made now. */
    final Path directory() throws IOException {
        Path given = data;
        Path directory = given == null ? Files.createTempDirectory("wppflow-run") : Files.createDirectories(given);
        System.err.println("seed " + seed() + ", data in " + directory);
        return directory;
    }

    /** Removes a temporary directory when all went well; answers the exit code. */
    final int end(Path directory, boolean good) throws IOException {
        if (good && data == null) {
            Scratch.delete(directory);
        }
        return good ? 0 : 1;
    }
}
