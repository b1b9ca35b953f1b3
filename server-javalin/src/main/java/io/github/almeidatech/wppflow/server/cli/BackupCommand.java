package io.github.almeidatech.wppflow.server.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A copy of everything, made by the running server. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = {
            "Lets the running server copy its SQLite database into storage.backup_folder, and says where.",
            "Needs a token with the scope admin and without a tenant."
        })
final class BackupCommand implements Callable<Integer> {

    @Mixin
    private final ApiOptions api = new ApiOptions();

    @Override
    public Integer call() throws IOException {
        api.print(
                api.client().post("/api/v1/backups", Map.of()),
                made -> made.path("file").asText());
        return 0;
    }
}
