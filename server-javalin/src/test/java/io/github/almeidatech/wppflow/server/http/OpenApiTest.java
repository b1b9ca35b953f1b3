package io.github.almeidatech.wppflow.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.almeidatech.wppflow.router.Signal;
import io.github.almeidatech.wppflow.server.TestServer;
import io.github.almeidatech.wppflow.server.TestServer.Answer;
import io.github.almeidatech.wppflow.server.explain.TurnStory;
import io.github.almeidatech.wppflow.server.explain.Verdict;
import io.github.almeidatech.wppflow.server.http.ApiDescription.Example;
import io.github.almeidatech.wppflow.server.http.ApiDescription.Link;
import io.github.almeidatech.wppflow.server.http.ApiDescription.Operation;
import io.github.almeidatech.wppflow.testkit.Fault;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The OpenAPI document says what the running server does: nothing less, nothing else. */
class OpenApiTest {

    private static final String OPERATOR = "operator-token-of-the-test-suite-0001";
    /** What makes things comes before what shows them, and that before what removes them. */
    private static final List<String> ORDER = List.of("POST", "PUT", "PATCH", "GET", "DELETE");

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path data;

    private static TestServer server;
    private static ApiDescription api;

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("OPERATOR", OPERATOR);
        settings.put(
                "WPPFLOW_API__TOKENS",
                "[{name: sandbox, tenant: pet-hotel, token: '${env:WPPFLOW_API_TOKEN}', scopes: [read, write, admin]},"
                        + " {name: operator, token: '${env:OPERATOR}', scopes: [admin]}]");
        server = TestServer.start(data, settings);
        api = new ApiDescription(server.get("/openapi.json").body());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void every_route_is_in_the_document_with_what_it_demands_and_nothing_else_is() {
        var running = new TreeMap<String, Set<String>>();
        server.sandbox().routes().forEach(route -> running.put(route.method() + " " + route.path(), route.access()));
        var described = new TreeMap<String, Set<String>>();
        api.operations().forEach(operation -> described.put(operation.toString(), api.access(operation)));

        assertThat(described).isEqualTo(running);
    }

    @Test
    void the_document_is_whole() {
        assertThat(api.at("/openapi").asText()).startsWith("3.1.");
        assertThat(api.danglingReferences()).isEmpty();
        assertThat(api.unusedComponents()).isEmpty();
        assertThat(api.operations())
                .extracting(Operation::id)
                .doesNotHaveDuplicates()
                .doesNotContain("");
        assertThat(api.operations()).allSatisfy(operation -> {
            assertThat(operation.node().path("summary").asText()).isNotEmpty();
            assertThat(operation.path().chars().filter(c -> c == '{').count())
                    .as("path parameters of %s", operation)
                    .isEqualTo(api.parameters(operation).stream()
                            .filter(parameter -> parameter.path("in").asText().equals("path"))
                            .filter(parameter -> operation
                                    .path()
                                    .contains("{" + parameter.path("name").asText() + "}"))
                            .count());
            assertThat(operation.node().path("responses").has("default")).isTrue();
            if (!api.access(operation).contains("public")) {
                assertThat(operation.node().path("responses").properties())
                        .as("answers of %s", operation)
                        .extracting(Map.Entry::getKey)
                        .contains("401", "403", "429");
            }
            if (!api.body(operation).isMissingNode()) {
                assertThat(operation.node().path("responses").properties())
                        .as("answers of %s", operation)
                        .extracting(Map.Entry::getKey)
                        .contains("400", "413", "415");
            }
        });
    }

    static Stream<Arguments> closedLists() {
        return Stream.of(
                Arguments.of("ErrorCode", names(ApiError.values())),
                Arguments.of("DeliveryReason", words(io.github.almeidatech.wppflow.normalizer.Reason.values())),
                Arguments.of("ContentType", words(io.github.almeidatech.wppflow.model.ContentType.values())),
                Arguments.of("EventSource", words(io.github.almeidatech.wppflow.model.Event.Source.values())),
                Arguments.of("VerdictCode", words(Verdict.Code.values())),
                Arguments.of("CommandState", words(TurnStory.Fate.values())),
                Arguments.of("ContactListName", words(io.github.almeidatech.wppflow.contacts.ContactList.values())),
                Arguments.of("Scope", words(Tokens.Scope.values())));
    }

    @ParameterizedTest
    @MethodSource("closedLists")
    void a_list_of_words_is_the_codes_own(String schema, List<String> words) {
        assertThat(api.at("/components/schemas/" + schema + "/enum"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(words);
    }

    @Test
    void every_signal_of_a_message_is_in_the_document() {
        assertThat(api.at("/components/schemas/Classification/properties/metadata/properties/signals/items/enum"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrderElementsOf(Stream.of(Signal.values())
                        .map(signal -> signal.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    @Test
    void every_example_is_answered_as_the_document_says() throws Exception {
        somethingHappened();
        var problems = new ArrayList<String>();

        api.operations().stream()
                .sorted(Comparator.comparing(operation -> ORDER.indexOf(operation.method())))
                .forEach(operation -> api.examples(operation)
                        .forEach(example -> check(operation, example)
                                .forEach(problem -> problems.add(operation + " " + example.name() + ": " + problem))));

        assertThat(problems).isEmpty();
    }

    @Test
    void the_page_is_shown_without_anything_from_elsewhere() {
        String page = server.get("/docs").response().body();

        assertThat(page).doesNotContain("http://", "https://", "<style").contains("/docs/docs.js");
        assertThat(server.get("/docs/swagger-ui.js").response().body()).contains("SwaggerUIBundle");
        assertThat(server.get("/docs").response().headers().allValues("Content-Security-Policy"))
                .singleElement()
                .asString()
                .contains("script-src 'self'")
                .doesNotContain("unsafe");
    }

    @Test
    void whoever_is_not_shown_pages_is_not_shown_the_document() {
        Answer answer = server.send(HttpRequest.newBuilder(server.uri("/openapi.json"))
                .header("X-Forwarded-For", "198.51.100.7")
                .GET());

        assertThat(answer.errorCode()).isEqualTo("ERR_NOT_FOUND");
    }

    /** Questions that nobody can answer, and words that Chatwoot refuses. */
    private static void somethingHappened() {
        server.chatwoot()
                .faults()
                .always(
                        request -> request.method().equals("POST")
                                && request.path().endsWith("/messages"),
                        Fault.status(422));
        Map.of(
                        "+5511990000101", "vocês vendem aquário?",
                        "+5511990000102", "vocês fazem tatuagem?",
                        "+5511990000103", "quanto custa a diária do gato?")
                .forEach((phone, question) ->
                        server.chatwoot().customer(phone, "Cliente").writes(question));
        await().atMost(Duration.ofSeconds(20)).until(() -> count("/api/v1/dead-letters", "dead_letters") >= 3);
        await().atMost(Duration.ofSeconds(20)).until(() -> count("/api/v1/knowledge/unanswered", "questions") == 2);
        server.chatwoot().faults().clear();
    }

    private static int count(String path, String field) {
        return server.get(path).data().path(field).size();
    }

    private static List<String> check(Operation operation, Example example) {
        var problems = new ArrayList<String>();
        JsonNode body = api.body(operation);
        if (!body.isMissingNode() && example.status() < 300) {
            problems.addAll(api.problems(body.path("schema"), example.body()));
        }
        Answer answer = send(operation, example);
        if (answer.status() != example.status()) {
            problems.add(answer.status() + " " + answer.body());
            return problems;
        }
        JsonNode content = api.response(operation, answer.status()).path("content");
        String type = answer.response()
                .headers()
                .firstValue("Content-Type")
                .orElse("")
                .replaceAll(";.*", "");
        if (!content.has(type)) {
            problems.add("an answer of the type " + type);
            return problems;
        }
        JsonNode schema = content.path(type).path("schema");
        values(answer, type).forEach(value -> problems.addAll(api.problems(schema, value)));
        return problems;
    }

    private static List<JsonNode> values(Answer answer, String type) {
        return switch (type) {
            case "application/json" -> List.of(answer.body());
            case "application/x-ndjson" ->
                answer.response().body().lines().map(OpenApiTest::json).toList();
            default -> List.of(JSON.getNodeFactory().textNode(answer.response().body()));
        };
    }

    private static Answer send(Operation operation, Example example) {
        String path = operation.path();
        var query = new ArrayList<String>();
        var headers = new TreeMap<String, String>();
        for (JsonNode parameter : api.parameters(operation)) {
            String name = parameter.path("name").asText();
            switch (parameter.path("in").asText()) {
                case "path" -> path = path.replace("{" + name + "}", encoded(pathValue(operation, parameter)));
                case "query" -> {
                    if (parameter.has("example")) {
                        query.add(name + "=" + encoded(parameter.path("example").asText()));
                    }
                }
                default -> headers.put(name, parameter.path("example").asText());
            }
        }
        String address = path + (query.isEmpty() ? "" : "?" + String.join("&", query));
        JsonNode security = operation.node().path("security").path(0);
        if (security.has("chatwootSignature")) {
            return server.deliver(example.body().toString());
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(server.uri(address));
        headers.forEach(request::header);
        if (security.has("token")) {
            request.header("Authorization", "Bearer " + server.sandbox().token());
        } else if (security.has("operator")) {
            request.header("Authorization", "Bearer " + OPERATOR);
        }
        if (!example.body().isNull()) {
            request.header("Content-Type", "application/json");
        }
        return server.send(request.method(
                operation.method(),
                example.body().isNull()
                        ? BodyPublishers.noBody()
                        : BodyPublishers.ofString(example.body().toString())));
    }

    /** The example's, or what the document's link leads to. */
    private static String pathValue(Operation operation, JsonNode parameter) {
        if (parameter.has("example")) {
            return parameter.path("example").asText();
        }
        Link link = api.linkTo(operation).orElseThrow(() -> new AssertionError("no link to " + operation));
        Answer answer = send(link.source(), api.examples(link.source()).get(0));
        return answer.body().at(link.pointer()).asText();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static JsonNode json(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> names(Enum<?>[] values) {
        return Arrays.stream(values).map(Enum::name).toList();
    }

    private static List<String> words(Enum<?>[] values) {
        return Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .toList();
    }
}
