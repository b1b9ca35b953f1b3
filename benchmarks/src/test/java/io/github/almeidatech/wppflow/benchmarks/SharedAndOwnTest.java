package io.github.almeidatech.wppflow.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.testkit.Customer;
import io.github.almeidatech.wppflow.testkit.Fault;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import io.github.almeidatech.wppflow.testkit.ModelCall.Ability;
import io.github.almeidatech.wppflow.testkit.ScriptedModel;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What two servers on one PostgreSQL share, and what each has of its own: the table in {@code docs/several-instances.md}. */
class SharedAndOwnTest {

    private static final String QUESTION = "quanto custa a diária do cachorro?";

    @TempDir
    private static Path data;

    private static LocalPostgres postgres;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
        postgres = LocalPostgres.startWithoutFsync();
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    private static TwoServers servers(Map<String, String> settings) throws Exception {
        return new TwoServers(postgres.newDatabase(), data, settings);
    }

    private static TwoServers servers(ScriptedModel model, String ability, Map<String, String> more) throws Exception {
        return servers(postgres.newDatabase(), model, ability, more);
    }

    /** With a model for this alone. */
    private static TwoServers servers(String database, ScriptedModel model, String ability, Map<String, String> more)
            throws Exception {
        var settings = new HashMap<>(more);
        settings.put("MODEL_KEY", ScriptedModel.KEY);
        settings.put(
                HotelSettings.TENANT_KEYS + "MODELS__PROVIDERS",
                "[{provider: compatible, base_url: '" + model.openAiUrl() + "', api_key: '${env:MODEL_KEY}', " + ability
                        + ": m}]");
        return new TwoServers(database, data, settings);
    }

    @Test
    void an_event_is_decided_by_policies_once_wherever_it_was_told() throws Exception {
        try (var servers = servers(Map.of())) {
            servers.call(
                    servers.a(),
                    "PUT",
                    "/api/v1/policies/vip",
                    "{\"policy\":{\"event\":\"order.paid\",\"then\":[{\"labels\":{\"add\":[\"vip\"]}}]}}");
            await().atMost(TwoServers.SOON)
                    .until(() ->
                            servers.status(servers.b(), "GET", "/api/v1/policies/vip", HotelSettings.API_TOKEN) == 200);

            for (int i = 0; i < 40; i++) {
                String event = "{\"id\":\"paid-" + i + "\",\"event_type\":\"order.paid\"}";
                servers.call(i % 2 == 0 ? servers.a() : servers.b(), "POST", "/api/v1/events/log", event);
            }

            await().atMost(TwoServers.SOON)
                    .untilAsserted(() -> assertThat(fired(servers)).hasSizeGreaterThanOrEqualTo(40));
            servers.allQuiet();
            assertThat(fired(servers)).hasSize(40).doesNotHaveDuplicates();
        }
    }

    private static List<String> fired(TwoServers servers) throws Exception {
        return servers.call(servers.b(), "GET", "/api/v1/events?event_type=policy.fired&limit=100", "")
                .findValuesAsText("cause_id");
    }

    @Test
    void who_is_put_on_a_list_at_one_is_on_it_at_the_other() throws Exception {
        try (var servers = servers(Map.of())) {
            Customer customer = servers.customer();
            servers.call(servers.a(), "PUT", "/api/v1/contact-lists/deny/11990000001", "{}");
            servers.balancer().onlyTo(servers.b());

            long conversation = customer.writes(QUESTION).conversation();

            await().atMost(TwoServers.SOON)
                    .untilAsserted(() -> assertThat(servers.events("turn.completed", conversation))
                            .singleElement()
                            .satisfies(event -> assertThat(
                                            event.at("/payload/reason").asText())
                                    .isEqualTo("contact_denied")));
            assertThat(servers.replies(conversation)).isEmpty();
        }
    }

    @Test
    void replies_in_a_conversation_are_counted_for_all_and_outlive_whoever_sent_them() throws Exception {
        String key = HotelSettings.TENANT_KEYS + "REPLIES__MAX_PER_HOUR";
        try (var servers = servers(Map.of(key, "2"))) {
            Customer customer = servers.customer();
            long conversation = customer.writes(QUESTION).conversation();
            servers.awaitReplies(conversation, 1);
            customer.writes("vocês aceitam gato?");
            servers.awaitReplies(conversation, 2);
            servers.allQuiet();

            servers.restartBoth();
            customer.writes("posso levar a ração dele?");

            await().atMost(TwoServers.SOON)
                    .untilAsserted(() -> assertThat(servers.events("turn.completed", conversation)
                                    .toString())
                            .contains("too_many_replies"));
            servers.allQuiet();
            assertThat(servers.replies(conversation)).hasSize(2);
        }
    }

    @Test
    void a_stored_vector_is_read_by_whoever_comes_later() throws Exception {
        String database = postgres.newDatabase();
        try (var model = ScriptedModel.start();
                var servers = servers(database, model, "embedding_model", Map.of())) {
            await().atMost(TwoServers.SOON) // perhaps by both of them: they have begun in the same second
                    .until(() -> texts(model).size() > 0
                            && vectors(database) == texts(model).size());

            servers.restartBoth();

            await().during(Duration.ofSeconds(2))
                    .atMost(TwoServers.SOON)
                    .untilAsserted(() -> assertThat(texts(model))
                            .allSatisfy(
                                    text -> assertThat(embedded(model, text)).isLessThanOrEqualTo(2)));
        }
    }

    private static int vectors(String database) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.administrator(database));
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from passage_vector")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** What the model was asked to make vectors of. */
    private static Set<String> texts(ScriptedModel model) {
        return inputs(model).collect(Collectors.toSet());
    }

    private static long embedded(ScriptedModel model, String text) {
        return inputs(model).filter(text::equals).count();
    }

    private static Stream<String> inputs(ScriptedModel model) {
        return model.calls().stream()
                .filter(call -> call.ability() == Ability.EMBEDDING)
                .flatMap(call -> StreamSupport.stream(call.body().path("input").spliterator(), false))
                .map(JsonNode::asText);
    }

    @Test
    void each_has_its_own_rate_of_calls() throws Exception {
        try (var model = ScriptedModel.start();
                var servers = servers(
                        model,
                        "transcription_model",
                        Map.of(HotelSettings.TENANT_KEYS + "MODELS__MAX_PER_MINUTE", "2"))) {
            model.nextTranscripts(Stream.generate(() -> "oi").limit(16).toArray(String[]::new));
            List<URI> targets = List.of(servers.a(), servers.b());

            IntStream.range(0, 16).parallel().forEach(i -> read(servers, targets.get(i % 2), "voice " + i));

            assertThat(heard(model)).as("two through each").isBetween(4L, 15L);
        }
    }

    @Test
    void each_finds_out_by_itself_that_a_model_is_away() throws Exception {
        try (var model = ScriptedModel.start();
                var servers = servers(model, "transcription_model", Map.of())) {
            model.faults().always(request -> true, Fault.status(503));
            long before;
            int tries = 0;
            do {
                before = model.requests().size();
                read(servers, servers.a(), "voice " + ++tries);
            } while (model.requests().size() > before && tries < 20);
            assertThat(tries).as("the breaker of one has opened").isBetween(2, 19);
            model.faults().clear();
            model.nextTranscripts("oi, quanto custa?");

            String answer = read(servers, servers.b(), "voice of another");

            assertThat(answer).contains("oi, quanto custa?");
        }
    }

    @Test
    void each_guards_itself_against_too_many_calls_and_forged_webhooks() throws Exception {
        try (var servers = servers(
                Map.of("WPPFLOW_SERVER__API_CALLS_PER_SECOND", "1", "WPPFLOW_SERVER__REFUSED_PER_MINUTE", "3"))) {
            assertThat(IntStream.range(0, 500)
                            .map(i -> status(servers, servers.a(), "GET", "/api/v1/events"))
                            .anyMatch(status -> status == 429))
                    .isTrue();
            assertThat(status(servers, servers.b(), "GET", "/api/v1/events")).isEqualTo(200);

            assertThat(IntStream.range(0, 100)
                            .map(i -> status(servers, servers.a(), "POST", HotelSettings.WEBHOOK))
                            .anyMatch(status -> status == 429))
                    .isTrue();
            assertThat(status(servers, servers.b(), "POST", HotelSettings.WEBHOOK))
                    .isEqualTo(401);
        }
    }

    private static int status(TwoServers servers, URI server, String method, String path) {
        try {
            return servers.status(server, method, path, HotelSettings.API_TOKEN);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static long heard(ScriptedModel model) {
        return model.calls().stream()
                .filter(call -> call.ability() == Ability.TRANSCRIPTION)
                .count();
    }

    /** What a server says of a voice note that nobody has sent before. */
    private static String read(TwoServers servers, URI server, String voice) {
        String file = Base64.getEncoder().encodeToString(("OggS " + voice).getBytes(StandardCharsets.UTF_8));
        String body = "{\"type\":\"audio\",\"data\":\"" + file + "\"}";
        try {
            HttpResponse<String> answer =
                    servers.send(server, "POST", "/api/v1/multimodal/process", body, HotelSettings.API_TOKEN);
            return answer.body();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
