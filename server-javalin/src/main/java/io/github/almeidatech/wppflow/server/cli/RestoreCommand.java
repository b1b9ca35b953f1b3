package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.jdbc.Restoration;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.server.BackupError;
import io.github.almeidatech.wppflow.server.EncryptedFile;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.server.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts a backup in the place of the database. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Puts a backup in the place of the SQLite database; the server must be stopped. What was there is kept.",
            "An encrypted one is opened with storage.backup_key.",
            "The next start asks Chatwoot what was answered since the backup, and answers nothing twice.",
            "PostgreSQL, or the snapshot of a disk: put it back with its own tools, then run this with --mark-only."
        })
final class RestoreCommand implements Callable<Integer> {

    @ArgGroup(multiplicity = "1")
    private Source source = new Source();

    private static final class Source {

        @Parameters(paramLabel = "FILE", description = "a backup")
        private @Nullable Path backup;

        @SuppressWarnings("UnusedVariable") // it is given when no backup is
        @Option(
                names = "--mark-only",
                description = "the database was put back already: note that it is of before, for the next start")
        private boolean markOnly;
    }

    @Option(names = "--config", paramLabel = "FILE", description = "wppflow.yaml, or the environment alone")
    private @Nullable Path config;

    @Option(names = "--json", description = "one JSON object instead of the text")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Config.Storage storage = new ConfigReader(System.getenv()).read(config).storage();
        Path backup = source.backup;
        if (backup == null) {
            return mark(storage.url());
        }
        if (storage.url().startsWith("postgresql:")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "PostgreSQL's backups are put back with its own tools (pg_restore); then run: wppflow restore --mark-only");
        }
        if (EncryptedFile.is(backup)) {
            Path opened = Files.createTempFile(backup.toAbsolutePath().resolveSibling(""), "restore", ".db");
            try {
                try (Progress ignored = progress("decrypting")) {
                    EncryptedFile.decrypt(backup, opened, key(backup, storage));
                }
                restore(opened, storage.url());
            } finally {
                Files.delete(opened);
            }
        } else {
            restore(backup, storage.url());
        }
        return 0;
    }

    private int mark(String url) {
        Restoration marked;
        try (Database database = StoredData.open(url)) {
            marked = database.markRestored(Instant.now());
        }
        var out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonLines.MAPPER
                    .createObjectNode()
                    .put("marked", true)
                    .put("known_until", String.valueOf(marked.knownUntil())));
        } else {
            out.println("marked: what it knows ends at " + marked.knownUntil() + "; start the server");
        }
        out.flush();
        return 0;
    }

    private static Secret key(Path backup, Config.Storage storage) {
        Secret key = storage.backupKey();
        if (key == null) {
            throw new FlowException(
                    BackupError.KEY_MISSING, backup + " is encrypted: storage.backup_key is wanted", null);
        }
        return key;
    }

    private void restore(Path plain, String url) {
        Optional<Path> kept;
        try (Progress ignored = progress("checking and copying")) {
            kept = Database.restore(plain, url, Instant.now());
        }
        var out = spec.commandLine().getOut();
        if (json) {
            ObjectNode done = JsonLines.MAPPER.createObjectNode().put("restored", true);
            done.put("kept", kept.map(Path::toString).orElse(null));
            out.println(done);
        } else {
            kept.ifPresent(file -> out.println("what was there is kept as " + file));
            out.println("restored; start the server");
        }
        out.flush();
    }

    private Progress progress(String what) {
        return Progress.of(what, spec.commandLine().getErr());
    }
}
