package io.github.almeidatech.wppflow.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/** An OpenAPI document, read for tests: its operations, their parameters and examples, and whether a value fits a schema. */
final class ApiDescription {

    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

    private final ObjectNode document;
    private final SchemaRegistry schemas = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    /** A path with a method, in capitals. */
    record Operation(String method, String path, JsonNode item, JsonNode node) {

        String id() {
            return node.path("operationId").asText();
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    /** A body to send, null for none, and the status it is to be answered with. */
    record Example(String name, JsonNode body, int status) {}

    ApiDescription(JsonNode document) {
        this.document = document.deepCopy();
    }

    JsonNode at(String pointer) {
        return document.at(pointer);
    }

    List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(entry -> METHODS.contains(entry.getKey()))
                        .forEach(entry -> operations.add(new Operation(
                                entry.getKey().toUpperCase(Locale.ROOT),
                                path.getKey(),
                                path.getValue(),
                                entry.getValue()))));
        return operations;
    }

    /** Whom it is open to, in the words of {@link HttpServer.Route}. */
    Set<String> access(Operation operation) {
        var access = new TreeSet<String>();
        for (JsonNode way : operation.node().path("security")) {
            way.properties().forEach(scheme -> {
                switch (scheme.getKey()) {
                    case "token", "operator" -> scheme.getValue().forEach(scope -> access.add(scope.asText()));
                    case "wppflowSignature" -> access.add("signed");
                    default -> {} // judged by the route itself
                }
            });
        }
        return access.isEmpty() ? Set.of("public") : access;
    }

    /** Those of the path and of the operation. */
    List<JsonNode> parameters(Operation operation) {
        var parameters = new ArrayList<JsonNode>();
        operation.item().path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
        operation.node().path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
        return parameters;
    }

    /** What is to be sent: every example of the body, or once without one. */
    List<Example> examples(Operation operation) {
        var examples = new ArrayList<Example>();
        body(operation)
                .path("examples")
                .properties()
                .forEach(example -> examples.add(new Example(
                        example.getKey(),
                        example.getValue().path("value"),
                        example.getValue().path("x-status").asInt(200))));
        return examples.isEmpty() ? List.of(new Example("", document.nullNode(), 200)) : examples;
    }

    /** The schema of the body; missing when there is none. */
    JsonNode body(Operation operation) {
        return resolved(operation.node().path("requestBody")).path("content").path("application/json");
    }

    /** The answer that is promised for a status. */
    JsonNode response(Operation operation, int status) {
        return resolved(operation.node().path("responses").path(String.valueOf(status)));
    }

    /** Which operation leads to the id of another, and where in its answer. */
    Optional<Link> linkTo(Operation target) {
        return operations().stream()
                .flatMap(source -> response(source, 200).path("links").properties().stream()
                        .map(java.util.Map.Entry::getValue)
                        .filter(link -> link.path("operationId").asText().equals(target.id()))
                        .map(link -> new Link(
                                source, link.at("/parameters/id").asText().replaceFirst("^\\$response\\.body#", ""))))
                .findFirst();
    }

    /** From an answer of the source to the parameter {@code id}. */
    record Link(Operation source, String pointer) {}

    /** What does not fit, in words; empty when all does. A field that the schema does not name does not fit. */
    List<String> problems(JsonNode schema, JsonNode value) {
        ObjectNode whole = document.objectNode();
        whole.set("components", document.path("components").deepCopy());
        whole.setAll((ObjectNode) schema.deepCopy());
        each(whole, ApiDescription::close);
        Schema compiled = schemas.getSchema(whole);
        return compiled.validate(value).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
    }

    /** Every {@code $ref} that leads nowhere. */
    List<String> danglingReferences() {
        var dangling = new ArrayList<String>();
        each(document, node -> {
            String reference = node.path("$ref").asText();
            if (!reference.isEmpty() && document.at(reference.substring(1)).isMissingNode()) {
                dangling.add(reference);
            }
        });
        return dangling;
    }

    /** Every component that nothing refers to. */
    List<String> unusedComponents() {
        var used = new TreeSet<String>();
        each(document, node -> used.add(node.path("$ref").asText()));
        return document.path("components").properties().stream()
                .filter(kind -> !kind.getKey().equals("securitySchemes"))
                .flatMap(kind -> kind.getValue().properties().stream()
                        .map(component -> "#/components/" + kind.getKey() + "/" + component.getKey()))
                .filter(reference -> !used.contains(reference))
                .toList();
    }

    private JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").asText();
        return reference.isEmpty() ? node : document.at(reference.substring(1));
    }

    private static void close(ObjectNode schema) {
        if (schema.path("type").asText().equals("object")
                && schema.path("properties").isObject()
                && !schema.has("additionalProperties")) {
            schema.put("additionalProperties", false);
        }
    }

    private static void each(JsonNode node, Consumer<ObjectNode> action) {
        if (node instanceof ObjectNode object) {
            action.accept(object);
        }
        StreamSupport.stream(node.spliterator(), false).forEach(child -> each(child, action));
    }
}
