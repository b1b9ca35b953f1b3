package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a business takes along when it leaves, and that nothing of it stays. */
final class TenantDataCommand {

    private static final String PATH = "/api/v1/tenants/";

    private TenantDataCommand() {}

    @Command(
            name = "export",
            mixinStandardHelpOptions = true,
            description = {
                "All that is stored of a business, as JSON Lines: {\"table\":…,\"row\":…}, and {\"complete\":true,…} at the end.",
                "Asks the running server; needs a token with the scope admin. It holds personal data: keep it safe."
            })
    static final class Export implements Callable<Integer> {

        @Parameters(paramLabel = "ID", description = "the tenant")
        private String id;

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Option(names = "--out", paramLabel = "FILE", description = "a new file; without it, the standard output")
        private @Nullable Path file;

        @Override
        public Integer call() throws IOException {
            String path = PATH + ApiClient.encoded(id) + "/export";
            try (InputStream in = api.client().stream(path, Map.of());
                    Progress progress = api.progress("exporting " + id);
                    var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                if (file == null) {
                    copy(lines, api.out(), progress);
                } else {
                    NewFile.write(file, out -> copy(lines, out, progress));
                }
                return 0;
            }
        }

        private static void copy(BufferedReader lines, PrintWriter out, Progress progress) throws IOException {
            String last = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                out.print(line);
                out.print('\n');
                progress.step();
                last = line;
            }
            out.flush();
            if (out.checkError()) {
                throw new IOException("it could not be written");
            }
            if (!last.startsWith("{\"complete\":true")) {
                throw new IOException("the server broke off: what was written is not all");
            }
        }
    }

    @Command(
            name = "erase",
            mixinStandardHelpOptions = true,
            description = {
                "Erases all that is stored of a business that is not in the configuration any more, and shows a receipt.",
                "It cannot be taken back. Asks the running server; needs a token with the scope admin and without a tenant."
            })
    static final class Erase implements Callable<Integer> {

        @Parameters(paramLabel = "ID", description = "the tenant")
        private String id;

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Option(names = "--yes", description = "it cannot be taken back: say so")
        private boolean yes;

        @Option(
                names = "--elsewhere-stopped",
                description =
                        "of several instances, none is configured for it any more, though one was within six hours")
        private boolean elsewhereStopped;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (!yes) {
                throw new ParameterException(spec.commandLine(), "this cannot be taken back: --yes");
            }
            JsonNode receipt;
            try (Progress ignored = api.progress("erasing " + id)) {
                receipt = api.client()
                        .post(
                                PATH + ApiClient.encoded(id) + "/erase",
                                Map.of("confirm", id, "elsewhere_stopped", elsewhereStopped));
            }
            api.print(receipt, Erase::words);
            return 0;
        }

        private static String words(JsonNode receipt) {
            var text = new StringBuilder("%s  erased at %s by %s%n"
                    .formatted(
                            receipt.path("tenant_id").asText(),
                            receipt.path("at").asText(),
                            receipt.path("by").asText()));
            receipt.path("erased")
                    .properties()
                    .forEach(table -> text.append("  %-20s %s%n"
                            .formatted(table.getKey(), table.getValue().asText())));
            return text.append("  not erased           ")
                    .append(receipt.path("not_erased"))
                    .append('\n')
                    .toString();
        }
    }
}
