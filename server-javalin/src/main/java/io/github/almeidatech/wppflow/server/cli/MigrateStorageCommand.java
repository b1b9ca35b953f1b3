package io.github.almeidatech.wppflow.server.cli;

import io.github.almeidatech.wppflow.eventlog.Verification;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Copies everything into another database: how one moves from SQLite to PostgreSQL. */
@Command(
        name = "migrate-storage",
        mixinStandardHelpOptions = true,
        description = {
            "Copies everything from the configured database into another, empty one of any kind; the server must be stopped.",
            "Counts the rows of both, and verifies each tenant's chain of events in the copy. The old database stays as it is."
        })
final class MigrateStorageCommand implements Callable<Integer> {

    @Option(
            names = "--to",
            required = true,
            paramLabel = "URL",
            description =
                    "postgresql://user:password@host/db or sqlite:path, as storage.url takes it; @FILE reads it from"
                            + " a file")
    private String to;

    @Option(names = "--config", paramLabel = "FILE", description = "wppflow.yaml, or the environment alone")
    private @Nullable Path config;

    @Option(names = "--json", description = "one JSON object instead of a line each")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        if (!to.startsWith("sqlite:") && !to.startsWith("postgresql:")) {
            throw new ParameterException(
                    spec.commandLine(), "--to: sqlite:path or postgresql://user:password@host/db wanted");
        }
        Config known = new ConfigReader(System.getenv()).read(config);
        PrintWriter out = spec.commandLine().getOut();
        try (Database from = StoredData.open(known.storage().url());
                Database target = Database.open(to)) {
            Map<String, Long> copied = copied(from, target);
            var chains = new LinkedHashMap<String, String>();
            if (!json) {
                copied.forEach((table, rows) -> out.printf(Locale.ROOT, "%-20s %,d rows%n", table, rows));
            }
            for (String tenant : known.tenants().keySet()) {
                chains.put(tenant, verified(from, target, new TenantId(tenant)));
            }
            if (json) {
                out.println(JsonLines.MAPPER
                        .valueToTree(Map.of("rows", copied, "events", chains))
                        .toString());
            } else {
                chains.forEach((tenant, verified) -> out.println("events of " + tenant + ": " + verified));
            }
        } catch (IllegalStateException e) {
            throw new RefusedException(409, String.valueOf(e.getMessage()));
        }
        if (!json) {
            out.println("copied; now set storage.url to the new address and start the server");
        }
        out.flush();
        return 0;
    }

    /** Both chains must be whole, and the same. */
    private Map<String, Long> copied(Database from, Database target) {
        try (Progress ignored = Progress.of("copying", spec.commandLine().getErr())) {
            return from.copyInto(target);
        }
    }

    private static String verified(Database from, Database target, TenantId tenant) {
        Verification before = from.eventArchive().verify(tenant);
        Verification after = target.eventArchive().verify(tenant);
        if (!after.equals(before)) {
            throw new RefusedException(
                    409, "the chain of " + tenant + " is not the same: " + before + ", then " + after);
        }
        return after.match(
                intact -> String.format(Locale.ROOT, "%,d, chain intact", intact.events()),
                broken -> "chain broken at " + broken.position() + " in both: " + broken.reason());
    }
}
