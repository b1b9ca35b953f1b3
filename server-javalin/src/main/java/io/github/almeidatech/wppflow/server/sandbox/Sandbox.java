package io.github.almeidatech.wppflow.server.sandbox;

import io.github.almeidatech.wppflow.server.app.Application;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.server.http.HttpServer;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import io.github.almeidatech.wppflow.testkit.WebhookEndpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The server with a simulated Chatwoot beside it, on loopback, and a simulated Baserow when the configuration names tables
 * for rows. What happens is kept in a folder; starting again on the same folder goes on where it ended, also after a kill.
 * Only the rows in the simulated Baserow end with it.
 */
public final class Sandbox implements AutoCloseable {

    /** The demo tenant. */
    public static final String TENANT = "pet-hotel";

    private static final String BASEROW = "WPPFLOW_TENANTS__PET_HOTEL__BASEROW__";
    private static final String BASEROW_TOKEN = "BASEROW_API_TOKEN";
    private static final String KNOWLEDGE = "pet-hotel.jsonl";

    private final SimulatedChatwoot chatwoot;
    private final @Nullable SimulatedBaserow baserow;
    private final Application application;
    private final URI server;
    private final String token;
    private final String webhookSecret;

    private Sandbox(
            SimulatedChatwoot chatwoot,
            @Nullable SimulatedBaserow baserow,
            Application application,
            URI server,
            String token,
            String webhookSecret) {
        this.chatwoot = chatwoot;
        this.baserow = baserow;
        this.application = application;
        this.server = server;
        this.token = token;
        this.webhookSecret = webhookSecret;
    }

    /**
     * Starts all; returns when they answer.
     *
     * @param port the server's; the simulated Chatwoot takes the next one, Baserow the one after. 0 lets the system choose
     * @param data where everything is kept
     * @param environment more settings, as {@code serve} takes them; these win over the sandbox's own
     */
    public static Sandbox start(int port, Path data, Map<String, String> environment) throws IOException {
        return start(port, data, environment, Map.of(), null);
    }

    /**
     * The same with a configuration file, as {@code serve} takes it: what the file says of the demo tenant counts, but for the
     * addresses and secrets of the simulated systems. Tables for rows are simulated unless the environment has a token for them.
     *
     * @param referable what {@code ${env:NAME}} in the file finds besides; it sets nothing by itself
     */
    public static Sandbox start(
            int port, Path data, Map<String, String> environment, Map<String, String> referable, @Nullable Path file)
            throws IOException {
        Files.createDirectories(data);
        SimulatedChatwoot chatwoot = SimulatedChatwoot.builder()
                .port(port == 0 ? 0 : port + 1)
                .directory(data.resolve("chatwoot"))
                .bot("Assistente")
                .teams("recepcao")
                .holdingWebhooks(true)
                .start();
        SimulatedBaserow baserow = null;
        try {
            int serverPort = port == 0 ? freePort() : port;
            URI server = URI.create("http://127.0.0.1:" + serverPort);
            WebhookEndpoint webhook =
                    chatwoot.connectAgentBot(server.resolve("/webhooks/chatwoot/" + TENANT + "/agent-bot"));
            String token = token(data.resolve("api-token"));
            Map<String, String> settings = settings(chatwoot, webhook, token, serverPort, data);
            if (file != null) {
                settings.keySet().removeAll(List.of("TENANT_NAME", "KNOWLEDGE_FILE"));
            }
            settings.putAll(environment);
            if (Stream.of(BASEROW_TOKEN, BASEROW + "TOKEN").noneMatch(environment::containsKey)) {
                baserow = baserow(settings, referable, file, port == 0 ? 0 : port + 2);
            }
            Application application = Application.start(new ConfigReader(settings, referable).readStartable(file));
            chatwoot.webhooks().release();
            return new Sandbox(chatwoot, baserow, application, server, token, webhook.secret());
        } catch (IOException | RuntimeException e) {
            if (baserow != null) {
                baserow.close();
            }
            chatwoot.close();
            throw e;
        }
    }

    /** One with the tables for rows that the configuration names, which the settings then lead to; null when it names none. */
    private static @Nullable SimulatedBaserow baserow(
            Map<String, String> settings, Map<String, String> referable, @Nullable Path file, int port) {
        var asIfThere = new HashMap<>(settings);
        asIfThere.put(BASEROW_TOKEN, "none");
        Config.Tenant tenant = new ConfigReader(asIfThere, referable)
                .readStartable(file)
                .config()
                .tenants()
                .get(TENANT);
        if (tenant == null || tenant.baserow().tables().isEmpty()) {
            return null;
        }
        SimulatedBaserow baserow = SimulatedBaserow.start(port);
        RowTables.make(baserow, tenant);
        settings.put("BASEROW_API_URL", baserow.baseUrl().toString());
        settings.put(BASEROW_TOKEN, baserow.token());
        for (String other : List.of("CONTACTS", "EVENTS", "KNOWLEDGE", "POLICIES")) {
            settings.put(BASEROW + other + "__TABLE", "null"); // those are not simulated
        }
        return baserow;
    }

    /** What an owner would put into the environment of {@code serve}, and what only a machine without TLS needs. */
    private static Map<String, String> settings(
            SimulatedChatwoot chatwoot, WebhookEndpoint webhook, String token, int port, Path data) throws IOException {
        String tenant = "WPPFLOW_TENANTS__PET_HOTEL__";
        Map<String, String> settings = new HashMap<>();
        settings.put("PORT", String.valueOf(port));
        settings.put("TENANT_ID", TENANT);
        settings.put("TENANT_NAME", "Hotel Patinhas do Vale");
        settings.put("CHATWOOT_BASE_URL", chatwoot.baseUrl().toString());
        settings.put("CHATWOOT_ACCOUNT_ID", String.valueOf(chatwoot.accountId()));
        settings.put("CHATWOOT_API_TOKEN", chatwoot.botToken());
        settings.put("CHATWOOT_USER_TOKEN", chatwoot.userToken());
        settings.put("CHATWOOT_WEBHOOK_SECRET", webhook.secret());
        settings.put("WPPFLOW_API_TOKEN", token);
        settings.put("KNOWLEDGE_FILE", knowledge(data).toString());
        settings.put("WPPFLOW_STORAGE__URL", "sqlite:" + data.resolve("wppflow.db"));
        settings.put("WPPFLOW_STORAGE__BACKUP_FOLDER", data.resolve("backup").toString());
        settings.put(tenant + "CHATWOOT__ALLOW_PRIVATE_NETWORK", "true");
        settings.put(tenant + "HANDOFF__TEAM_ID", String.valueOf(chatwoot.teamId("recepcao")));
        return settings;
    }

    private static Path knowledge(Path data) throws IOException {
        Path file = data.resolve(KNOWLEDGE);
        if (Files.notExists(file)) {
            try (InputStream in = Objects.requireNonNull(Sandbox.class.getResourceAsStream(KNOWLEDGE))) {
                Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return file;
    }

    private static String token(Path file) throws IOException {
        if (Files.exists(file)) {
            return Files.readString(file).strip();
        }
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        String token = "wfc_" + HexFormat.of().formatHex(random);
        Files.writeString(file, token);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return token;
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** The server's address. */
    public URI server() {
        return server;
    }

    /** The simulated Chatwoot: its address is also that of the chat page. */
    public SimulatedChatwoot chatwoot() {
        return chatwoot;
    }

    /** The simulated Baserow, when there are tables for rows: its address is also that of the page that shows them. */
    public Optional<SimulatedBaserow> baserow() {
        return Optional.ofNullable(baserow);
    }

    /** A token that may do everything for the demo tenant. */
    public String token() {
        return token;
    }

    /** Everything the server answers over HTTP. */
    public List<HttpServer.Route> routes() {
        return application.routes();
    }

    /** The agent bot's webhook secret. */
    public String webhookSecret() {
        return webhookSecret;
    }

    /** What is on its way to the server still arrives: a refused delivery would take the conversation from the bot. */
    @Override
    public void close() {
        chatwoot.webhooks().hold();
        try {
            chatwoot.awaitIdle(Duration.ofSeconds(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        application.close();
        if (baserow != null) {
            baserow.close();
        }
        chatwoot.close();
    }
}
