package io.github.almeidatech.wppflow.normalizer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.model.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

/** A recorded-style payload with invented people, and what a test changes in it. */
final class Payload {

    static final TenantId TENANT = new TenantId("hotel-patinhas");
    static final Instant ARRIVAL = Instant.parse("2026-09-01T12:00:01Z");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode root;

    private Payload(ObjectNode root) {
        this.root = root;
    }

    /** A customer's text on WhatsApp, as an agent bot receives it. */
    static Payload message() {
        return new Payload((ObjectNode) resource("message-created.json"));
    }

    /** The same, said by somebody of the business: {@code sender} is a JSON text. */
    static Payload outgoing(String sender) {
        return message().set("message_type", "'outgoing'").set("sender", sender).set("id", "9002");
    }

    /** A person of the business. */
    static String agent() {
        return "{'id': 6, 'name': 'Ana Inventada', 'email': 'ana@example.com', 'type': 'user'}";
    }

    /** An event about a conversation: its body stands at the top. */
    static Payload conversation(String event) {
        ObjectNode conversation = (ObjectNode) resource("message-created.json").get("conversation");
        return new Payload(conversation).set("event", "'" + event + "'");
    }

    static ObjectNode apiConversation() {
        return (ObjectNode) resource("api-conversation.json");
    }

    static ObjectNode apiMessage() {
        return (ObjectNode) resource("api-message.json");
    }

    static ObjectNode of(String json) {
        return (ObjectNode) json(json);
    }

    /** Sets what is at a path such as {@code conversation.meta.assignee} to JSON written with single quotes. */
    Payload set(String path, String json) {
        parent(path).set(last(path), json(json));
        return this;
    }

    Payload remove(String path) {
        parent(path).remove(last(path));
        return this;
    }

    private ObjectNode parent(String path) {
        JsonNode at = root;
        String[] names = path.split("\\.");
        for (int i = 0; i < names.length - 1; i++) {
            at = names[i].matches("\\d+") ? at.get(Integer.parseInt(names[i])) : at.get(names[i]);
        }
        return (ObjectNode) at;
    }

    private static String last(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    String json() {
        return root.toString();
    }

    byte[] bytes() {
        return json().getBytes(StandardCharsets.UTF_8);
    }

    /** Read as an agent bot's delivery. */
    Normalized read() {
        return read(DeliverySource.AGENT_BOT);
    }

    Normalized read(DeliverySource source) {
        return read(normalizer().build(), source);
    }

    Normalized read(Normalizer normalizer, DeliverySource source) {
        return normalizer.normalize(Delivery.of(TENANT, source, bytes()));
    }

    static Normalizer.Builder normalizer() {
        return Normalizer.builder().clock(() -> ARRIVAL);
    }

    static Normalized read(String json) {
        return normalizer()
                .build()
                .normalize(Delivery.of(TENANT, DeliverySource.N8N, json.getBytes(StandardCharsets.UTF_8)));
    }

    private static JsonNode json(String json) {
        try {
            return JSON.readTree(json.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private static JsonNode resource(String name) {
        try (InputStream stream = Objects.requireNonNull(Payload.class.getResourceAsStream(name), name)) {
            return JSON.readTree(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
