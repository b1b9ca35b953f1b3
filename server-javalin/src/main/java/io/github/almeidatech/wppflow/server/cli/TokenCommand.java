package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.jdbc.ApiTokens;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Bearer tokens of the API. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = "Makes, lists and revokes tokens of the API.",
        subcommands = {TokenCommand.Create.class, TokenCommand.List.class, TokenCommand.Revoke.class})
final class TokenCommand implements Runnable {

    private static final String PATH = "/api/v1/tokens";

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "create, list or revoke is wanted");
    }

    private static Map<String, @Nullable Object> query(ApiOptions api) {
        var query = new HashMap<String, @Nullable Object>();
        query.put("tenant_id", api.tenant());
        return query;
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = {
                "Makes a token and prints it, once. Asks the running server, with a token of the scope admin;",
                "with --config it writes to the database itself: the first token, while no server runs on it."
            })
    static final class Create implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Option(names = "--name", required = true, description = "whose it is; for logs")
        private String name;

        @Option(
                names = "--scope",
                split = ",",
                defaultValue = "read,write",
                description = "read, write, admin (${DEFAULT-VALUE})")
        private Set<String> scopes = new LinkedHashSet<>();

        @Option(
                names = "--days",
                defaultValue = "365",
                description = "until it expires, at most 365 (${DEFAULT-VALUE})")
        private int days;

        @Option(names = "--config", paramLabel = "FILE", description = "wppflow.yaml, to write without a server")
        private @Nullable Path config;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (config != null) {
                api.print(offline(config), data -> data.path("token").asText());
                return 0;
            }
            var body = new HashMap<String, Object>();
            body.put("name", name);
            body.put("scopes", scopes);
            body.put("expires_in_days", days);
            String tenant = api.tenant();
            if (tenant != null) {
                body.put("tenant_id", tenant);
            }
            api.print(api.client().post(PATH, body), data -> data.path("token").asText());
            return 0;
        }

        /** In the form of the server's answer, as far as it is known here. */
        private JsonNode offline(Path file) {
            if (days < 1 || days > 365 || !Set.of("read", "write", "admin").containsAll(scopes)) {
                throw new ParameterException(
                        spec.commandLine(), "--days 1 to 365, --scope read, write or admin wanted");
            }
            var read = new ConfigReader(System.getenv()).read(file);
            String tenant = api.tenant();
            if (tenant != null && !read.tenants().containsKey(tenant)) {
                throw new ParameterException(spec.commandLine(), "no tenant " + tenant + " in " + file);
            }
            try (Database database = Database.open(read.storage().url())) {
                Instant now = Instant.now();
                ApiTokens.Issued issued = database.apiTokens()
                        .issue(
                                name,
                                tenant == null ? null : new TenantId(tenant),
                                scopes,
                                now.plus(Duration.ofDays(days)),
                                now);
                ObjectNode data = JsonLines.MAPPER
                        .createObjectNode()
                        .put("id", issued.token().id())
                        .put("name", name)
                        .put("tenant_id", tenant);
                new TreeSet<>(scopes).forEach(data.putArray("scopes")::add);
                return data.put("created_at", now.toEpochMilli())
                        .put("expires_at", issued.token().expiresAt().toEpochMilli())
                        .put("token", issued.secret());
            }
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Without the tokens themselves.")
    static final class List implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Override
        public Integer call() throws IOException {
            api.print(api.client().get(PATH, query(api)), List::words);
            return 0;
        }

        private static String words(JsonNode data) {
            var text = new StringBuilder();
            for (JsonNode token : data.path("tokens")) {
                text.append("%s  %s  %s  %s  %s%n"
                        .formatted(
                                token.path("id").asText(),
                                token.path("name").asText(),
                                token.path("tenant_id").asText("all tenants"),
                                token.path("scopes"),
                                state(token)));
            }
            return text.length() == 0 ? "no tokens but those of the configuration" : text.toString();
        }

        private static String state(JsonNode token) {
            if (token.path("revoked_at").isNumber()) {
                return "revoked " + at(token, "revoked_at");
            }
            String used = token.path("used_at").isNumber() ? "last used " + at(token, "used_at") : "never used";
            return (token.path("valid").asBoolean() ? "until " : "expired ") + at(token, "expires_at") + ", " + used;
        }

        private static Instant at(JsonNode token, String field) {
            return Instant.ofEpochMilli(token.path(field).asLong());
        }
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = "Ends a token at once. One of the configuration ends when it is taken out there.")
    static final class Revoke implements Callable<Integer> {

        @Mixin
        private final ApiOptions api = new ApiOptions();

        @Parameters(paramLabel = "ID", description = "as listed: how the token begins")
        private String id;

        @Override
        public Integer call() throws IOException {
            String tenant = api.tenant();
            String path = PATH + "/" + ApiClient.encoded(id)
                    + (tenant == null ? "" : "?tenant_id=" + ApiClient.encoded(tenant));
            api.print(
                    api.client()
                            .wanting("token " + id + "; 'wppflow token list' shows those made at run time")
                            .send("DELETE", path, Map.of()),
                    done -> id + " is revoked");
            return 0;
        }
    }
}
