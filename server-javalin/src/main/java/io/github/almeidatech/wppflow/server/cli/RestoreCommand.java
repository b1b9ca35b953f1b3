package io.github.almeidatech.wppflow.server.cli;

import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts a backup in the place of the database. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Puts a backup in the place of the SQLite database; the server must be stopped. What was there is kept.",
            "The next start asks Chatwoot what was answered since the backup, and answers nothing twice."
        })
final class RestoreCommand implements Callable<Integer> {

    @Parameters(paramLabel = "FILE", description = "a backup")
    private Path backup;

    @Option(names = "--config", paramLabel = "FILE", description = "wppflow.yaml, or the environment alone")
    private @Nullable Path config;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String url = new ConfigReader(System.getenv()).read(config).storage().url();
        Database.restore(backup, url, Instant.now())
                .ifPresent(kept -> spec.commandLine().getOut().println("what was there is kept as " + kept));
        spec.commandLine().getOut().println("restored; start the server");
        spec.commandLine().getOut().flush();
        return 0;
    }
}
