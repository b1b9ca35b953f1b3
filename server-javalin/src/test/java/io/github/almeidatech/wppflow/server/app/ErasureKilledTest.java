package io.github.almeidatech.wppflow.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.server.cli.Main;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.server.sandbox.Sandbox;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.Faults;
import io.github.almeidatech.wppflow.testkit.FreePort;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.font.PDType1Font;
import org.apache.pdfbox.pdmodel.font.Standard14Fonts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody is to be forgotten everywhere, and the server is killed twice on the way: real processes, a real kill. */
class ErasureKilledTest {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String API_TOKEN = "wfc_a-token-of-the-erasure-drill-000001";
    private static final String SECRET = "Xodozinho";
    private static final List<String> TRACES = List.of(SECRET, "987770042", "8777-0042", "Joana");

    private final HttpClient http = HttpClient.newHttpClient();
    private final SimulatedChatwoot chatwoot = SimulatedChatwoot.start();
    private final SimulatedBaserow baserow = SimulatedBaserow.start();
    private final BaserowTable contacts = baserow.table(
            "Clientes", BaserowField.text("phone").asUnique(), BaserowField.text("name"), BaserowField.text("Pet"));
    private final BaserowTable events = baserow.table(
            "Eventos",
            BaserowField.text("event_id").asUnique(),
            BaserowField.text("tenant_id"),
            BaserowField.text("contact_id"),
            BaserowField.text("event_type"),
            BaserowField.longText("payload"),
            BaserowField.dateTime("timestamp"));

    @TempDir
    private Path folder;

    private final Map<String, String> settings = new HashMap<>();
    private URI server;
    private Process process;
    private Customer joana;

    @BeforeEach
    void start() throws Exception {
        int port = FreePort.find();
        server = URI.create("http://127.0.0.1:" + port);
        settings.put("PORT", String.valueOf(port));
        settings.put("TENANT_ID", "pet-hotel");
        settings.put("TENANT_NAME", "Hotel");
        settings.put("CHATWOOT_BASE_URL", chatwoot.baseUrl().toString());
        settings.put("CHATWOOT_ACCOUNT_ID", String.valueOf(chatwoot.accountId()));
        settings.put("CHATWOOT_API_TOKEN", chatwoot.botToken());
        settings.put("CHATWOOT_USER_TOKEN", chatwoot.userToken());
        settings.put(
                "CHATWOOT_WEBHOOK_SECRET",
                chatwoot.connectAgentBot(server.resolve("/webhooks/chatwoot/pet-hotel/agent-bot"))
                        .secret());
        settings.put("BASEROW_API_URL", baserow.baseUrl().toString());
        settings.put("BASEROW_API_TOKEN", baserow.token());
        settings.put("BASEROW_TABLE_CONTACTS", String.valueOf(contacts.id()));
        settings.put("BASEROW_TABLE_EVENTS", String.valueOf(events.id()));
        settings.put("WPPFLOW_API_TOKEN", API_TOKEN);
        settings.put("WPPFLOW_LOG_LEVEL", "DEBUG");
        settings.put("WPPFLOW_STORAGE__URL", "sqlite:" + data().resolve("wppflow.db"));
        settings.put("WPPFLOW_STORAGE__BACKUP_FOLDER", data().resolve("backup").toString());
        String tenant = "WPPFLOW_TENANTS__PET_HOTEL__";
        settings.put(tenant + "CHATWOOT__ALLOW_PRIVATE_NETWORK", "true");
        settings.put(tenant + "TURNS__QUIET", "PT0.2S");
        settings.put(tenant + "BASEROW__SYNC_EVERY", "PT0.2S");
        settings.put(tenant + "BASEROW__EVENT_TYPES", "['*']");
        settings.put(tenant + "BASEROW__MAX_PER_SECOND", "1000");
        settings.put(tenant + "BASEROW__CONTACT_FIELDS__PET", "Pet");
        Files.createDirectories(data());
        Path knowledge = folder.resolve("knowledge.jsonl");
        try (InputStream known = Sandbox.class.getResourceAsStream("pet-hotel.jsonl")) {
            Files.copy(known, knowledge);
        }
        settings.put("KNOWLEDGE_FILE", knowledge.toString());
        run();
    }

    @AfterEach
    void stop() {
        process.destroyForcibly();
        chatwoot.close();
        baserow.close();
    }

    @Test
    void whoever_is_forgotten_is_gone_everywhere_although_the_server_is_killed_on_the_way_twice() throws Exception {
        knownEverywhere();
        baserow.faults().always(request -> isErasing(request.method(), request.path()), Fault.hang());
        CompletableFuture<HttpResponse<String>> unanswered = http.sendAsync(
                request("/api/v1/lgpd/erase")
                        .POST(BodyPublishers.ofString("{\"phone\":\"11 98777-0042\",\"chatwoot\":true}"))
                        .build(),
                BodyHandlers.ofString());
        killedWhileItWaitsFor(baserow.faults());
        assertThat(unanswered).failsWithin(PATIENCE);
        assertThat(contacts.rows()).isNotEmpty();

        chatwoot.faults()
                .always(
                        request -> request.method().equals("DELETE"),
                        Fault.hang().afterDoing());
        run();
        killedWhileItWaitsFor(chatwoot.faults());
        assertThat(contacts.rows()).isEmpty();

        try (Application last = Application.start(
                new ConfigReader(settings).read(null),
                () -> Instant.now().plusSeconds(120))) { // after that, no row of theirs can be under way any more
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(receipts().at("/erasures/0/state").asText())
                                    .isEqualTo("done"));
            JsonNode receipt = receipts().at("/erasures/0");
            assertThat(receipts().path("erasures")).hasSize(1);
            assertThat(receipt.path("contacts").asInt())
                    .as("also what the table brought back while its row was not gone")
                    .isPositive();
            assertThat(receipt.path("messages").asInt()).isEqualTo(2);
            assertThat(receipt.path("commands").asInt()).isPositive();
            assertThat(receipt.path("events").asInt()).isGreaterThan(4);
            assertThat(receipt.path("media_cache").asInt()).isEqualTo(1);
            assertThat(receipt.path("rows").asInt()
                            + receipt.path("rows_before").asInt())
                    .isGreaterThan(2);
            assertThat(receipt.path("chatwoot").asInt())
                    .as("Chatwoot's answer was never heard")
                    .isZero();
            assertThat(receipt.path("not_erased").toString()).doesNotContain("chatwoot");
            nothingIsLeftOutside();

            JsonNode again = post("/api/v1/lgpd/erase", "{\"phone\":\"+5511987770042\",\"chatwoot\":true}");
            assertThat(again.path("id")).isNotEqualTo(receipt.path("id"));
            assertThat(again.path("person")).isEqualTo(receipt.path("person"));
            for (String place : List.of("contacts", "messages", "commands", "events", "media_cache", "chatwoot")) {
                assertThat(again.path(place).asInt(-1)).as(place).isZero();
            }
            assertThat(get("/api/v1/events/verify").path("intact").asBoolean()).isTrue();
        }
        for (String trace : TRACES) {
            assertThat(everyByteUnder(data())).as(trace).doesNotContain(trace);
            assertThat(Files.readString(log())).as(trace).doesNotContain(trace);
        }
    }

    /** By what she wrote, by a file, by a question nobody could answer; and as a row, as events' rows, as Chatwoot's contact. */
    private void knownEverywhere() throws Exception {
        joana = chatwoot.customer("+5511987770042", "Joana Exemplo");
        long conversation = joana.writes("oi, quanto custa a diária do gato? ele se chama " + SECRET)
                .conversation();
        await().atMost(PATIENCE)
                .until(() -> ofType(conversation, "turn.completed").size() == 1);
        joana.sendsPdf("ficha.pdf", pdf("quanto custa a diaria do gato " + SECRET + ", fone 987770042?"), null);
        await().atMost(PATIENCE)
                .until(() -> ofType(conversation, "turn.completed").size() == 2);
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(contacts.rows()).hasSize(1);
            assertThat(events.rows().toString()).contains(SECRET, "message.received", "turn.completed");
        });
        assertThat(chatwoot.awaitIdle(PATIENCE)).isTrue();
    }

    private void nothingIsLeftOutside() throws Exception {
        for (String trace : TRACES) {
            assertThat(contacts.rows().toString()).as(trace).doesNotContain(trace);
            assertThat(events.rows().toString()).as(trace).doesNotContain(trace);
        }
        assertThat(chatwoot.conversations()).isEmpty();
        assertThat(get("/api/v1/events?phone=11987770042").path("events")).isEmpty();
    }

    private static byte[] pdf(String line) throws IOException {
        try (var document = new PDDocument();
                var bytes = new ByteArrayOutputStream()) {
            var page = new PDPage();
            document.addPage(page);
            try (var content = new PDPageContentStream(document, page)) {
                content.beginText();
                content.setFont(new PDType1Font(Standard14Fonts.FontName.HELVETICA), 12);
                content.newLineAtOffset(20, 700);
                content.showText(line);
                content.endText();
            }
            document.save(bytes);
            return bytes.toByteArray();
        }
    }

    private static boolean isErasing(String method, String path) {
        return method.equals("DELETE") || path.contains("batch-delete");
    }

    private void killedWhileItWaitsFor(Faults faults) throws InterruptedException {
        await().atMost(PATIENCE).until(() -> faults.struck() > 0);
        process.destroyForcibly().waitFor();
        faults.clear();
    }

    private void run() throws IOException {
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1", // quicker for so short a life
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "serve")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().putAll(settings);
        process = builder.start();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            assertThat(process.isAlive()).as(Files.readString(log())).isTrue();
            return get("/health").path("status").isTextual();
        });
    }

    private Path data() {
        return folder.resolve("data");
    }

    private Path log() {
        return folder.resolve("server.log");
    }

    private List<JsonNode> ofType(long conversation, String type) throws Exception {
        return get("/api/v1/events?limit=1000&conversation_id=" + conversation + "&event_type=" + type)
                .findParents("event_type");
    }

    private JsonNode receipts() throws Exception {
        return get("/api/v1/lgpd/erasures");
    }

    private JsonNode get(String path) throws Exception {
        return answered(request(path).GET().build());
    }

    private JsonNode post(String path, String json) throws Exception {
        return answered(request(path).POST(BodyPublishers.ofString(json)).build());
    }

    private JsonNode answered(HttpRequest request) throws Exception {
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return MAPPER.readTree(answer.body()).path("data");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.resolve(path))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + API_TOKEN);
    }

    private static String everyByteUnder(Path folder) throws IOException {
        var all = new StringBuilder();
        try (var files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        assertThat(all).isNotEmpty();
        return all.toString();
    }
}
