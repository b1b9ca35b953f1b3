package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
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
        JsonNode made;
        try (Progress ignored = api.progress("copying the database")) {
            made = api.client().post("/api/v1/backups", Map.of());
        }
        api.print(made, data -> data.path("file").asText());
        return 0;
    }
}
