package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendTemplate;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Chatwoot's {@code template_params} of a template command. */
final class TemplateParams {

    private static final int MAX_REPLY = 900;
    private static final Pattern BLANKS = Pattern.compile("\\s+");

    private TemplateParams() {}

    static ObjectNode of(SendTemplate template) {
        return of(template, value -> value);
    }

    /** With the reply in place of {@value OutsideWindow.Template#REPLY}. */
    static ObjectNode of(SendTemplate template, String reply) {
        return of(template, value -> fill(value, reply));
    }

    /** WhatsApp takes neither line breaks nor tabs in a parameter. */
    static String fill(String text, String reply) {
        String line = BLANKS.matcher(reply.strip()).replaceAll(" ");
        if (line.length() > MAX_REPLY) {
            int end = Character.isHighSurrogate(line.charAt(MAX_REPLY - 2)) ? MAX_REPLY - 2 : MAX_REPLY - 1;
            line = line.substring(0, end) + "…";
        }
        return text.replace(OutsideWindow.Template.REPLY, line);
    }

    private static ObjectNode of(SendTemplate template, UnaryOperator<String> filled) {
        ObjectNode params = PlainJson.of(template.params());
        ObjectNode all = params.objectNode();
        all.put("name", template.name());
        if (!template.category().isBlank()) {
            all.put("category", template.category());
        }
        all.put("language", template.language());
        all.set("processed_params", texts(params, filled));
        return all;
    }

    /** As Twilio's templates want them: the parameters of the body alone, without {@code body} around them. */
    static void flatten(ObjectNode params) {
        JsonNode body = params.path("processed_params").path("body");
        if (body.isObject()) {
            params.set("processed_params", body);
        }
    }

    private static JsonNode texts(JsonNode json, UnaryOperator<String> filled) {
        if (json.isTextual()) {
            return TextNode.valueOf(LiquidBraces.defuse(filled.apply(json.asText())));
        }
        if (json instanceof ArrayNode array) {
            ArrayNode copy = array.arrayNode();
            array.forEach(each -> copy.add(texts(each, filled)));
            return copy;
        }
        if (json instanceof ObjectNode object) {
            ObjectNode copy = object.objectNode();
            object.properties().forEach(entry -> copy.set(entry.getKey(), texts(entry.getValue(), filled)));
            return copy;
        }
        return json;
    }

    /** Chatwoot drops blank values, and the next one takes their place: "Dear R$ 30". */
    static boolean hasBlank(JsonNode json) {
        if (json.isContainerNode()) {
            for (JsonNode each : json) {
                if (hasBlank(each)) {
                    return true;
                }
            }
            return false;
        }
        return json.isNull() || (json.isTextual() && json.asText().isBlank());
    }
}
