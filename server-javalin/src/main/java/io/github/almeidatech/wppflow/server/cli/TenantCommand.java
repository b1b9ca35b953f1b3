package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.chatwoot.AccountSetup;
import io.github.almeidatech.wppflow.chatwoot.ChatwootClient;
import io.github.almeidatech.wppflow.chatwoot.ChatwootError;
import io.github.almeidatech.wppflow.chatwoot.ChatwootException;
import io.github.almeidatech.wppflow.chatwoot.ConnectedBot;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The businesses: those of a configuration file, and what is stored of them. */
@Command(
        name = "tenant",
        mixinStandardHelpOptions = true,
        description = {
            "Adds, checks and lists the businesses of a configuration file;",
            "exports and erases what is stored of one that leaves."
        },
        subcommands = {
            TenantCommand.Add.class,
            TenantCommand.Check.class,
            TenantCommand.List.class,
            TenantDataCommand.Export.class,
            TenantDataCommand.Erase.class
        })
final class TenantCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "add, check, list, export or erase is wanted");
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = {
                "Connects an inbox of Chatwoot and writes the tenant into the file, with its secrets beside it.",
                "Makes the agent bot, unless it is there, and makes it the inbox's bot. The administrator's token is used once and not kept."
            })
    static final class Add implements Callable<Integer> {

        /** Holds no secret, and only while the file is tried out. */
        private static final String TRIAL = "trial";

        @Parameters(paramLabel = "ID", description = "how the tenant is called in addresses: a-z 0-9 _ -")
        private String id;

        @Option(names = "--name", required = true, description = "the business's name, as customers know it")
        private String name;

        @Option(names = "--chatwoot", required = true, paramLabel = "URL", description = "Chatwoot's address")
        private URI chatwoot;

        @Option(names = "--account", required = true, paramLabel = "N", description = "the account's number there")
        private long account;

        @Option(
                names = "--inbox",
                required = true,
                paramLabel = "NAME",
                description = "name or number of the WhatsApp inbox")
        private String inbox;

        @Option(
                names = "--url",
                required = true,
                paramLabel = "URL",
                description = "this server's address, as Chatwoot reaches it")
        private URI url;

        @Option(
                names = "--admin-token-file",
                required = true,
                paramLabel = "FILE",
                description = "holds the access token of an administrator")
        private Path adminToken;

        @Option(
                names = "--user-token-file",
                paramLabel = "FILE",
                description = "holds the access token of a user who sees the inbox, to look for lost webhooks")
        private @Nullable Path userToken;

        @Option(names = "--private-network", description = "Chatwoot is reached over a private address or plain http")
        private boolean privateNetwork;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                defaultValue = "wppflow.yaml",
                description = "where to write (${DEFAULT-VALUE})")
        private Path config;

        @Option(names = "--json", description = "one JSON object instead of the friendly text")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            var file = new ConfigFile(config);
            if (file.tenants().contains(id)) {
                throw new ParameterException(spec.commandLine(), config + " has a tenant " + id + " already");
            }
            String administrator = Files.readString(adminToken).strip();
            var http = new OkHttpClient();
            try {
                ChatwootClient client = ChatwootClient.builder(http, chatwoot, account, administrator)
                        .userToken(administrator)
                        .build();
                connect(file, client.setup(), client.version().signsBotWebhooks());
            } catch (ChatwootException e) {
                throw new RefusedException(502, e.getMessage() + "\n  " + advice(e.error()));
            } finally {
                http.dispatcher().executorService().shutdown();
                http.connectionPool().evictAll();
            }
            return 0;
        }

        private static String advice(ChatwootError error) {
            return switch (error) {
                case UNAUTHORIZED, FORBIDDEN, NO_TOKEN ->
                    "Does the file of --admin-token-file hold the access token of an administrator of this Chatwoot?";
                case UNREACHABLE, REDIRECTED, TIMED_OUT, BROKEN ->
                    "Is --chatwoot its address, with https, and reachable from this machine?";
                case NOT_FOUND -> "Is --account the number of the account, as in Chatwoot's addresses?";
                case CIRCUIT_OPEN,
                        BUSY,
                        SERVER_ERROR,
                        UNREADABLE_ANSWER,
                        ANSWER_TOO_LARGE,
                        RATE_LIMITED,
                        INVALID_REQUEST ->
                    "Chatwoot's own log says more. Nothing was written; the command can be repeated.";
            };
        }

        private void connect(ConfigFile file, AccountSetup setup, boolean signed) throws IOException {
            long inboxId = inboxId(setup);
            String path = url.toString().replaceAll("/+$", "") + "/webhooks/chatwoot/" + id + "/agent-bot";
            String userSecret =
                    userToken == null ? null : Files.readString(userToken).strip();
            tryOut(file, inboxId, signed);
            String pathSecret = secret();
            ConnectedBot bot = setup.connectBot(name, URI.create(signed ? path : path + "/" + pathSecret), inboxId);
            file.addTenant(block(
                    inboxId,
                    file.secret(id + "-bot-token", bot.accessToken()),
                    userSecret == null ? null : file.secret(id + "-user-token", userSecret),
                    signed
                            ? signature(file.secret(id + "-webhook-secret", bot.secret()))
                            : pathSecret(file.secret(id + "-path-secret", pathSecret))));
            tell(bot, inboxId, signed);
        }

        /** Whatever can be refused is refused before the inbox loses the bot it has. */
        private void tryOut(ConfigFile file, long inboxId, boolean signed) throws IOException {
            try {
                String trial = file.secret(TRIAL, secret());
                file.tryTenant(block(
                        inboxId,
                        trial,
                        userToken == null ? null : trial,
                        signed ? signature(trial) : pathSecret(trial)));
            } finally {
                file.removeSecret(TRIAL);
            }
        }

        private static String signature(String reference) {
            return "agent_bot_secrets: [" + reference + "]";
        }

        private static String pathSecret(String reference) {
            return "mode: path_secret, path_secret: " + reference;
        }

        /** Without the path that holds a secret, and without any other. */
        private void tell(ConnectedBot bot, long inboxId, boolean signed) {
            if (json) {
                var added = JsonLines.MAPPER.createObjectNode();
                added.put("tenant", id)
                        .put("bot", bot.id())
                        .put("inbox", inboxId)
                        .put("url", url.toString())
                        .put("webhooks", signed ? "signature" : "path_secret")
                        .put("config", config.toString());
                spec.commandLine().getOut().println(added);
            } else {
                spec.commandLine().getOut().printf("""
                        %s is connected: bot %d of inbox %d calls %s.
                        Start the server anew; ./wppflow tenant check %1$s --config %s tells whether all is well.
                        """, id, bot.id(), inboxId, url, config);
            }
            spec.commandLine().getOut().flush();
        }

        /** The tokens are references to files. */
        private String block(long inboxId, String botToken, @Nullable String userToken, String proof)
                throws IOException {
            var block = new StringBuilder();
            block.append("  ").append(id).append(":\n");
            block.append("    name: ")
                    .append(JsonLines.MAPPER.writeValueAsString(name))
                    .append('\n');
            block.append("    chatwoot:\n");
            block.append("      base_url: ").append(chatwoot).append('\n');
            block.append("      account_id: ").append(account).append('\n');
            block.append("      inboxes: [").append(inboxId).append("]\n");
            block.append("      bot_token: ").append(botToken).append('\n');
            if (userToken != null) {
                block.append("      user_token: ").append(userToken).append('\n');
            }
            if (privateNetwork) {
                block.append("      allow_private_network: true\n");
            }
            block.append("    webhooks: {").append(proof).append("}\n");
            return block.toString();
        }

        private long inboxId(AccountSetup setup) {
            var names = new ArrayList<String>();
            for (JsonNode each : setup.inboxes()) {
                if (each.path("id").asText().equals(inbox)
                        || each.path("name").asText().equals(inbox)) {
                    return each.path("id").asLong();
                }
                names.add(each.path("name").asText());
            }
            throw new ParameterException(
                    spec.commandLine(), "no inbox " + inbox + "; there are: " + String.join(", ", names));
        }

        private static String secret() {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            return HexFormat.of().formatHex(random);
        }
    }

    @Command(
            name = "check",
            mixinStandardHelpOptions = true,
            description = {
                "Whether all is well with one tenant: what doctor says of it.",
                "Exit code 0: no problem, 1: a problem, 2: wrong configuration."
            })
    static final class Check implements Callable<Integer> {

        @Parameters(paramLabel = "ID", description = "the tenant")
        private String id;

        @Option(
                names = "--config",
                paramLabel = "FILE",
                defaultValue = "wppflow.yaml",
                description = "which (${DEFAULT-VALUE})")
        private Path config;

        @Option(names = "--no-model-calls", description = "do not ask the models; asking costs a fraction of a cent")
        private boolean noModelCalls;

        @Option(names = "--json", description = "one JSON object instead of the friendly text")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            if (!new ConfigFile(config).tenants().contains(id)) {
                throw new ParameterException(spec.commandLine(), config + " has no tenant " + id);
            }
            var arguments = new ArrayList<>(java.util.List.of("doctor", "--tenant", id, "--config", config.toString()));
            if (noModelCalls) {
                arguments.add("--no-model-calls");
            }
            if (json) {
                arguments.add("--json");
            }
            return Main.commandLine()
                    .setOut(spec.commandLine().getOut())
                    .setErr(spec.commandLine().getErr())
                    .execute(arguments.toArray(String[]::new));
        }
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "The tenants of a configuration file.")
    static final class List implements Callable<Integer> {

        @Option(
                names = "--config",
                paramLabel = "FILE",
                defaultValue = "wppflow.yaml",
                description = "which (${DEFAULT-VALUE})")
        private Path config;

        @Option(names = "--json", description = "one JSON object instead of a line each")
        private boolean json;

        @Spec
        private CommandSpec spec;

        @Override
        public Integer call() {
            var tenants = new ConfigFile(config).tenants();
            if (json) {
                var all = JsonLines.MAPPER.createObjectNode();
                tenants.forEach(all.putArray("tenants")::add);
                spec.commandLine().getOut().println(all);
            } else {
                if (tenants.isEmpty()) {
                    spec.commandLine().getErr().println("no tenants; 'wppflow tenant add' connects one");
                }
                tenants.forEach(spec.commandLine().getOut()::println);
            }
            spec.commandLine().getOut().flush();
            return 0;
        }
    }
}
