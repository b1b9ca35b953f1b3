package io.github.almeidatech.wppflow.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.benchmarks.EventReader.LoggedEvent;
import io.github.almeidatech.wppflow.benchmarks.Verdict.Promise;
import io.github.almeidatech.wppflow.benchmarks.Verdict.Violation;
import io.github.almeidatech.wppflow.testkit.BaserowField;
import io.github.almeidatech.wppflow.testkit.BaserowTable;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import io.github.almeidatech.wppflow.testkit.SimulatedChatwoot;
import io.github.almeidatech.wppflow.testkit.WebhookEndpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Everything around the servers that are tried: a simulated Chatwoot, model and Baserow that may misbehave, the customers, and
 * what the verdict is made of. Used by one thread.
 */
final class Scene implements AutoCloseable {

    /** How often things are looked at while waiting. */
    static final Duration PAUSE = Duration.ofMillis(500);

    private final SimulatedChatwoot chatwoot = SimulatedChatwoot.builder()
            .keepPendingWhenBotFails(true)
            .retryPause(Duration.ofMillis(500))
            .start();
    private final ScriptedModel model = QuotingModel.start();
    private final SimulatedBaserow baserow = SimulatedBaserow.start();
    private final BaserowTable contacts = baserow.table(
                    "Clientes",
                    BaserowField.text("phone").asUnique(),
                    BaserowField.text("name"),
                    BaserowField.email("email"),
                    BaserowField.longText("custom_fields"),
                    BaserowField.checkbox("opted_out"))
            .withBlankRows();
    private final BaserowTable rows = baserow.table(
            "Eventos",
            BaserowField.text("event_id").asUnique(),
            BaserowField.text("tenant_id"),
            BaserowField.text("contact_id"),
            BaserowField.text("event_type"),
            BaserowField.longText("payload"),
            BaserowField.dateTime("timestamp"));
    private final WebhookEndpoint webhook;
    private final Path data;
    private final Wiretap wiretap;
    private final Trouble trouble;
    private final Crowd crowd;
    private final Receipts receipts;
    private final Set<Long> apart = ConcurrentHashMap.newKeySet();
    private int visitors;

    /**
     * A scene in which nobody has written yet.
     *
     * @param server where webhooks go
     * @param data where files for the servers are kept
     * @param faults whether the systems around misbehave
     */
    Scene(URI server, Path data, long seed, double messagesPerSecond, boolean faults) {
        this(server, data, seed, messagesPerSecond, faults, new Trap());
    }

    /** The same with a trap that every request of the servers comes by. */
    Scene(URI server, Path data, long seed, double messagesPerSecond, boolean faults, Trap trap) {
        this.data = data;
        this.wiretap = Wiretap.on(chatwoot);
        trap.watch(chatwoot.faults());
        trap.watch(model.faults());
        trap.watch(baserow.faults());
        this.webhook = chatwoot.connectAgentBot(server.resolve(HotelSettings.WEBHOOK));
        this.trouble = faults ? Trouble.with(chatwoot, model, baserow, new Random(seed + 1)) : Trouble.none();
        this.crowd = new Crowd(chatwoot, new Random(seed + 2), messagesPerSecond);
        this.receipts = new Receipts(chatwoot);
    }

    /** The environment of a server; to be changed by who wants something else. */
    Map<String, String> environment(int port, String storageUrl) throws IOException {
        Map<String, String> values = HotelSettings.of(chatwoot, webhook, port, storageUrl, data);
        values.put("MODEL_KEY", ScriptedModel.KEY);
        values.put(
                HotelSettings.TENANT_KEYS + "MODELS__PROVIDERS",
                "[{provider: compatible, base_url: '" + model.openAiUrl()
                        + "', api_key: '${env:MODEL_KEY}', chat_model: m}]");
        values.put(HotelSettings.TENANT_KEYS + "MODELS__DOLLARS_PER_DAY", "1000"); // so that it is asked to the end
        values.put(HotelSettings.TENANT_KEYS + "MODELS__TOKENS_PER_DAY", "1000000000");
        values.put("BASEROW_API_URL", baserow.baseUrl().toString());
        values.put("BASEROW_API_TOKEN", baserow.token());
        values.put("BASEROW_TABLE_CONTACTS", String.valueOf(contacts.id()));
        values.put("BASEROW_TABLE_EVENTS", String.valueOf(rows.id()));
        values.put(HotelSettings.TENANT_KEYS + "BASEROW__MAX_PER_SECOND", "1000");
        return values;
    }

    SimulatedChatwoot chatwoot() {
        return chatwoot;
    }

    ScriptedModel model() {
        return model;
    }

    SimulatedBaserow baserow() {
        return baserow;
    }

    WebhookEndpoint webhook() {
        return webhook;
    }

    Crowd crowd() {
        return crowd;
    }

    Receipts receipts() {
        return receipts;
    }

    /** How many messages the servers have sent to Chatwoot. */
    int said() {
        return wiretap.said();
    }

    /** How often what went wrong around the servers. */
    Map<String, Integer> struck() {
        return trouble.struck();
    }

    /** Somebody who is not one of the crowd. */
    Customer visitor() {
        visitors++;
        return chatwoot.customer(phoneOfLastVisitor(), "Visitante " + visitors);
    }

    String phoneOfLastVisitor() {
        return String.format(Locale.ROOT, "+55119%08d", 80_000_000 + visitors);
    }

    /** What happens in this conversation is not judged, because it is erased. */
    void leaveOut(long conversation) {
        apart.add(conversation);
    }

    /** From now on all around goes well, and the customers come to an end. */
    void end() throws InterruptedException {
        trouble.end();
        crowd.end();
    }

    /** Waits until all is well, or nothing changes any more, or patience ends; what is missing then is lost. */
    Evidence drained(URI server, Duration patience, Observation.Waiting waiting) throws InterruptedException {
        return new Observation(chatwoot, crowd, receipts, wiretap, apart)
                .drained(new EventReader(server, HotelSettings.API_TOKEN), patience, PAUSE, waiting);
    }

    /** What is wrong with the rows in Baserow: one that is there twice, or one that was written and is not there. */
    List<Violation> wrongRows(Evidence evidence) {
        var violations = new ArrayList<Violation>();
        var ids = new HashSet<String>();
        var numbers = new HashSet<Long>();
        for (JsonNode row : rows.rows()) {
            numbers.add(row.path("id").asLong());
            if (!ids.add(row.path("event_id").asText())) {
                violations.add(new Violation(Promise.TWICE, "the row of event " + row.path("event_id")));
            }
        }
        for (LoggedEvent event : evidence.events()) {
            boolean written = event.type().equals("command.done")
                    && event.payload().path("command").asText().equals("write_row");
            if (written && !numbers.contains(event.payload().path("external_id").asLong())) {
                violations.add(new Violation(
                        Promise.LOST, "the row of command " + event.payload().path("key")));
            }
        }
        return violations;
    }

    /** How many rows there are in Baserow. */
    int rows() {
        return rows.rows().size();
    }

    @Override
    public void close() {
        crowd.close();
        baserow.close();
        model.close();
        chatwoot.close();
    }
}
