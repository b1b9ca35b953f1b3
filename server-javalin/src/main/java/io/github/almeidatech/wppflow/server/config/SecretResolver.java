package io.github.almeidatech.wppflow.server.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts values in the place of {@code ${env:NAME}} and {@code ${file:PATH}}. Under keys that hold secrets nothing but such
 * a reference is accepted, so that no secret stands in a file by itself.
 */
final class SecretResolver {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|[1-9]\\d{0,17}");
    private static final Set<String> PLACEHOLDERS =
            Set.of("changeme", "change-me", "secret", "password", "token", "xxx", "test", "example");

    private final Map<String, String> environment;
    private final List<String> problems;

    SecretResolver(Map<String, String> environment, List<String> problems) {
        this.environment = environment;
        this.problems = problems;
    }

    void resolve(ObjectNode tree) {
        resolveObject(tree, "");
    }

    private void resolveObject(ObjectNode object, String path) {
        for (var entry : object.properties()) {
            String key = entry.getKey();
            entry.setValue(resolveNode(entry.getValue(), path.isEmpty() ? key : path + "." + key, isSecret(key)));
        }
    }

    private JsonNode resolveNode(JsonNode node, String path, boolean secret) {
        if (node instanceof ObjectNode object) {
            resolveObject(object, path);
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, resolveNode(array.get(i), path + "[" + i + "]", secret));
            }
        } else if (node.isTextual()) {
            return resolveText(pointedTo(node.textValue()), path, secret);
        }
        return node;
    }

    /** What a variable holds that is itself a reference, such as {@code ${file:/run/secrets/token}}; followed once. */
    private String pointedTo(String text) {
        Matcher reference = REFERENCE.matcher(text);
        if (!reference.matches() || !reference.group(1).equals("env")) {
            return text;
        }
        String held = environment.getOrDefault(reference.group(2), "").strip();
        return REFERENCE.matcher(held).matches() ? held : text;
    }

    private JsonNode resolveText(String text, String path, boolean secret) {
        Matcher reference = REFERENCE.matcher(text);
        if (!reference.matches()) {
            if (secret) {
                problems.add(path + ": secrets only by reference, as ${env:NAME} or ${file:PATH}");
            }
            return TextNode.valueOf(text);
        }
        String value =
                "env".equals(reference.group(1)) ? environment.get(reference.group(2)) : read(reference.group(2));
        if (value == null || value.isBlank()) {
            problems.add(path + ": " + reference.group(1) + " " + reference.group(2) + " is not there or empty");
            return TextNode.valueOf("");
        }
        if (secret && isPlaceholder(value)) {
            problems.add(path + ": holds a placeholder, not a secret");
        }
        if (secret) {
            Path file = "file".equals(reference.group(1)) ? Path.of(reference.group(2)) : null;
            return new POJONode(new Secret(path, file, value));
        }
        return scalar(value);
    }

    static boolean isPlaceholder(String value) {
        return PLACEHOLDERS.contains(value.toLowerCase(Locale.ROOT));
    }

    /** A reference is not known to be a number before it is followed. */
    private static JsonNode scalar(String value) {
        return WHOLE_NUMBER.matcher(value).matches()
                ? LongNode.valueOf(Long.parseLong(value))
                : TextNode.valueOf(value);
    }

    private static @Nullable String read(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return null;
        }
    }

    /** Whether a key of this name holds a secret, or a list of them where it ends in {@code secrets}. */
    static boolean isSecret(String key) {
        return key.endsWith("token")
                || key.endsWith("secret")
                || key.endsWith("secrets")
                || key.equals("api_key")
                || key.equals("backup_key");
    }

    /** Takes over the resolved {@link Secret}, or makes one of a text. */
    static final class SecretDeserializer extends StdDeserializer<Secret> {

        @Serial
        private static final long serialVersionUID = 1L;

        SecretDeserializer() {
            super(Secret.class);
        }

        @Override
        public Secret deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return parser.getEmbeddedObject() instanceof Secret secret ? secret : new Secret(parser.getText());
        }
    }
}
