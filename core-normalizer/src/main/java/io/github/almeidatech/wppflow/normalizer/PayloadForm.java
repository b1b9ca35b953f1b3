package io.github.almeidatech.wppflow.normalizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.model.TenantId;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finds Chatwoot's own payload in whatever it was wrapped in on its way: an n8n item, the output of an n8n Webhook node,
 * an envelope with a tenant, or the hand-made form of the first system. A wrapper's other keys, headers above all, are
 * dropped unread: they prove nothing.
 *
 * @param payload as Chatwoot sends it
 * @param handMade it was in the first system's form, in which a message has neither an id nor a direction
 */
record PayloadForm(JsonNode payload, boolean handMade) {

    private static final int MAX_WRAPPERS = 3;

    static PayloadForm unwrap(JsonNode root, TenantId tenant) {
        JsonNode at = root;
        for (int wrappers = 0; ; wrappers++) {
            if (isHandMade(at)) {
                return new PayloadForm(asChatwootSends(at), true);
            }
            JsonNode inside = inside(at, tenant);
            if (inside == null) {
                return new PayloadForm(at, false);
            }
            if (wrappers == MAX_WRAPPERS) {
                throw new NormalizerException(
                        NormalizerError.TOO_MANY_WRAPPERS, null, "wrapped more than " + MAX_WRAPPERS + " times");
            }
            at = inside;
        }
    }

    /** What is wrapped, or null when nothing is: this is the payload. */
    private static @Nullable JsonNode inside(JsonNode at, TenantId tenant) {
        if (at.isArray() && at.size() == 1) {
            return at.get(0);
        }
        if (!at.isObject()) {
            throw unknown(at);
        }
        boolean named = at.path("event").isTextual();
        JsonNode body = at.path("body");
        if (named && !body.isObject()) {
            return null;
        }
        if (named) {
            return ofTheSameEvent(at, body);
        }
        if (at.has("event")) {
            throw unknown(at);
        }
        JsonNode payload = at.path("payload");
        if (payload.isObject() || payload.isTextual()) {
            requireTenant(at, tenant);
            return payload.isTextual() ? StrictJson.parse(payload.textValue()) : payload;
        }
        if (at.path("json").isObject() && !at.has("body") && !at.has("payload")) {
            return at.path("json");
        }
        if (body.isObject() && body.path("event").isTextual()) {
            return body;
        }
        if (body.isTextual()) {
            return StrictJson.parse(body.textValue());
        }
        throw unknown(at);
    }

    private static JsonNode ofTheSameEvent(JsonNode at, JsonNode body) {
        if (!body.has("event")) {
            throw unknown(at);
        }
        if (!body.get("event").equals(at.get("event"))) {
            throw new NormalizerException(NormalizerError.AMBIGUOUS_FORM, "event", "differs from body.event");
        }
        return body;
    }

    /** An envelope may repeat whose it is; it never decides it. */
    private static void requireTenant(JsonNode envelope, TenantId tenant) {
        JsonNode named = envelope.path("tenant_id");
        if (!named.isMissingNode() && !named.isNull() && !tenant.value().equals(named.textValue())) {
            throw new NormalizerException(NormalizerError.FOREIGN_TENANT, "tenant_id", "not the authenticated tenant");
        }
    }

    private static boolean isHandMade(JsonNode at) {
        JsonNode body = at.path("body");
        return at.path("event").isTextual() && body.path("conversation").isObject() && !body.has("event");
    }

    private static JsonNode asChatwootSends(JsonNode handMade) {
        JsonNode body = handMade.get("body");
        ObjectNode conversation = body.get("conversation").deepCopy();
        JsonNode contact = conversation.remove("contact");
        if (contact != null && !conversation.has("meta")) {
            conversation.putObject("meta").set("sender", contact);
        }
        ObjectNode payload = JsonNodeFactory.instance.objectNode();
        JsonNode message = body.path("message");
        if (message.isObject()) {
            payload.setAll((ObjectNode) message);
            payload.set("conversation", conversation);
            if (!payload.hasNonNull("message_type")) {
                payload.put("message_type", "incoming");
            }
            payload.path("attachments").forEach(PayloadForm::nameAsChatwootDoes);
        } else {
            payload.setAll(conversation);
        }
        for (String key : List.of("account", "inbox")) {
            if (body.has(key)) {
                payload.set(key, body.get(key));
            }
        }
        payload.set("event", handMade.get("event"));
        return payload;
    }

    private static void nameAsChatwootDoes(JsonNode attachment) {
        if (attachment instanceof ObjectNode object) {
            if (!object.hasNonNull("data_url") && object.has("file_url")) {
                object.set("data_url", object.get("file_url"));
            }
            if (!object.path("id").isNumber()) {
                object.remove("id");
            }
        }
    }

    private static NormalizerException unknown(JsonNode at) {
        String keys = StreamSupport.stream(((Iterable<String>) at::fieldNames).spliterator(), false)
                .filter(key -> key.matches("[A-Za-z_]{1,30}")) // a key could be somebody's name or number, too
                .limit(10)
                .collect(Collectors.joining(", ", "[", "]"));
        return new NormalizerException(
                NormalizerError.UNKNOWN_FORM,
                null,
                "wanted: Chatwoot's webhook body, one n8n item or {headers, params, query, body}, {tenant_id, payload},"
                        + " or {event, body: {conversation, message}}; found keys " + keys);
    }
}
