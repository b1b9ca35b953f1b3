package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every command that asks the running server takes: a picocli mixin. */
final class ApiOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${WPPFLOW_SERVER:-http://127.0.0.1:3000}",
            description = "the running server; or WPPFLOW_SERVER (${DEFAULT-VALUE})")
    private URI server;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "holds a token of api.tokens; without it, WPPFLOW_TOKEN is the token")
    private @Nullable Path tokenFile;

    @Option(
            names = "--tenant",
            paramLabel = "ID",
            defaultValue = "${WPPFLOW_TENANT}",
            description = "which tenant, when the token is not one tenant's; or WPPFLOW_TENANT")
    private @Nullable String tenant;

    @Option(names = "--json", description = "answers as JSON")
    private boolean json;

    /** The server, with the caller's token. */
    ApiClient client() throws IOException {
        if (!"http".equals(server.getScheme()) && !"https".equals(server.getScheme()) || server.getHost() == null) {
            throw new ParameterException(spec.commandLine(), "--server: an http or https address wanted");
        }
        return new ApiClient(server, token());
    }

    /** The tenant to name in calls, or null: the token's own. */
    @Nullable
    String tenant() {
        return tenant == null || tenant.isBlank() ? null : tenant;
    }

    /** Whether JSON is wanted. */
    boolean json() {
        return json;
    }

    /** Where answers go. */
    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Says something beside the answer, which goes elsewhere. */
    void note(String words) {
        spec.commandLine().getErr().println(words);
        spec.commandLine().getErr().flush();
    }

    /** Begins to show that this takes long. */
    Progress progress(String what) {
        return Progress.of(what, spec.commandLine().getErr());
    }

    /** Writes an answer as JSON, or in words when JSON is not asked for. */
    void print(JsonNode data, Function<JsonNode, String> words) {
        String text = json ? data.toPrettyString() : words.apply(data);
        out().print(text.endsWith("\n") ? text : text + "\n");
        out().flush();
    }

    private String token() throws IOException {
        String token = tokenFile == null ? System.getenv("WPPFLOW_TOKEN") : Files.readString(tokenFile);
        if (token == null || token.isBlank()) {
            throw new ParameterException(
                    spec.commandLine(), "a token is wanted: WPPFLOW_TOKEN, or --token-file and a file that holds it");
        }
        return token.strip();
    }
}
