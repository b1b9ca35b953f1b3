package io.github.almeidatech.wppflow.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Environment variables over the file: any key as {@code WPPFLOW_SERVER__PORT}, and the short names with which one tenant
 * runs without any file ({@code TENANT_ID}, {@code CHATWOOT_BASE_URL} and so on).
 */
final class EnvironmentOverlay {

    private static final String PREFIX = "WPPFLOW_";
    private static final String TRANSCRIPTION = "gpt-4o-mini-transcribe";
    private static final ObjectMapper YAML = new YAMLMapper();

    /** Short name to the key inside the tenant; those ending in token or secret are passed on as references. */
    private static final Map<String, String> TENANT_KEYS = Map.of(
            "TENANT_NAME", "name",
            "CHATWOOT_ACCOUNT_ID", "chatwoot.account_id",
            "CHATWOOT_BASE_URL", "chatwoot.base_url",
            "CHATWOOT_API_TOKEN", "chatwoot.bot_token",
            "CHATWOOT_USER_TOKEN", "chatwoot.user_token",
            "CHATWOOT_WEBHOOK_SECRET", "webhooks.agent_bot_secrets",
            "KNOWLEDGE_FILE", "knowledge.file",
            "KNOWLEDGE_FOLDER", "knowledge.folder",
            "DEFAULT_INTENT", "routing.default_intent",
            "AUTO_ASSIGN", "routing.auto_assign");

    private static final Map<String, String> BASEROW_KEYS = Map.of(
            "BASEROW_API_URL", "url",
            "BASEROW_API_TOKEN", "token",
            "BASEROW_TABLE_CONTACTS", "contacts.table",
            "BASEROW_TABLE_EVENTS", "events.table",
            "BASEROW_TABLE_KB", "knowledge.table",
            "BASEROW_TABLE_POLICIES", "policies.table");

    private final Map<String, String> environment;
    private final List<String> problems;

    EnvironmentOverlay(Map<String, String> environment, List<String> problems) {
        this.environment = environment;
        this.problems = problems;
    }

    void apply(ObjectNode tree) {
        String port = environment.get("PORT");
        if (port != null) {
            set(tree, "server.port", scalar(port));
        }
        applyTenant(tree);
        new TreeMap<>(environment).forEach((name, value) -> {
            if (name.startsWith(PREFIX) && name.contains("__")) {
                setByName(tree, name, value);
            }
        });
    }

    private void applyTenant(ObjectNode tree) {
        String tenant = environment.get("TENANT_ID");
        if (tenant == null || tenant.isBlank()) {
            return;
        }
        String base = "tenants." + tenant + ".";
        ObjectNode node = tree.withObjectProperty("tenants").withObjectProperty(tenant);
        if (!node.has("name")) {
            node.put("name", tenant);
        }
        TENANT_KEYS.forEach((name, key) -> {
            if (environment.containsKey(name)) {
                boolean list = key.endsWith("_secrets");
                boolean secret = list || key.endsWith("_token");
                JsonNode value = secret ? TextNode.valueOf("${env:" + name + "}") : scalar(environment.get(name));
                set(tree, base + key, list ? YAML.createArrayNode().add(value) : value);
            }
        });
        applyBaserow(tree, base);
        applyModels(tree.withObjectProperty("tenants").withObjectProperty(tenant));
        String token = environment.get("WPPFLOW_API_TOKEN");
        if (token != null) {
            tree.withObjectProperty("api")
                    .withArrayProperty("tokens")
                    .addObject()
                    .put("name", "environment")
                    .put("tenant", tenant)
                    .put("token", "${env:WPPFLOW_API_TOKEN}")
                    .putArray("scopes")
                    .add("read")
                    .add("write")
                    .add("admin");
        }
    }

    private void applyBaserow(ObjectNode tree, String base) {
        BASEROW_KEYS.forEach((name, key) -> {
            String value = environment.get(name);
            if (value != null && !value.isBlank()) {
                boolean secret = key.equals("token");
                set(tree, base + "baserow." + key, secret ? TextNode.valueOf("${env:" + name + "}") : scalar(value));
            }
        });
    }

    /** One provider by {@code LLM_PROVIDER}; an OpenAI key beside Anthropic's listens to voice notes. */
    private void applyModels(ObjectNode tenant) {
        String named = environment.get("LLM_PROVIDER");
        if (named == null || named.isBlank()) {
            return;
        }
        String provider = named.strip().toLowerCase(Locale.ROOT);
        if (!provider.equals("openai") && !provider.equals("anthropic")) {
            problems.add("environment LLM_PROVIDER: openai or anthropic wanted");
            return;
        }
        ArrayNode providers = tenant.withObjectProperty("models").withArrayProperty("providers");
        boolean openai = provider.equals("openai");
        String model = environment.getOrDefault("LLM_MODEL", openai ? "gpt-4.1-mini" : "claude-haiku-4-5");
        ObjectNode first = providers
                .addObject()
                .put("provider", provider)
                .put("api_key", openai ? "${env:OPENAI_API_KEY}" : "${env:ANTHROPIC_API_KEY}")
                .put("chat_model", model)
                .put("vision_model", model);
        String temperature = environment.get("LLM_TEMPERATURE");
        if (temperature != null) {
            first.set("temperature", scalar(temperature));
        }
        if (openai) {
            first.put("transcription_model", TRANSCRIPTION);
        } else if (environment.containsKey("OPENAI_API_KEY")) {
            providers
                    .addObject()
                    .put("provider", "openai")
                    .put("api_key", "${env:OPENAI_API_KEY}")
                    .put("transcription_model", TRANSCRIPTION);
        }
    }

    /** Walks the tree by the parts of the name, matching existing keys whatever their hyphens. */
    private void setByName(ObjectNode tree, String name, String value) {
        String[] parts =
                name.substring(PREFIX.length()).toLowerCase(Locale.ROOT).split("__", -1);
        ObjectNode node = tree;
        for (int i = 0; i < parts.length - 1; i++) {
            String key = existingKey(node, parts[i]);
            if (node.has(key) && !(node.get(key) instanceof ObjectNode)) {
                problems.add("environment " + name + ": " + parts[i] + " holds no keys");
                return;
            }
            node = node.withObjectProperty(key);
        }
        String last = existingKey(node, parts[parts.length - 1]);
        boolean secret = SecretResolver.isSecret(last) && !last.endsWith("secrets");
        node.set(last, secret ? TextNode.valueOf("${env:" + name + "}") : scalar(value));
    }

    private static String existingKey(ObjectNode node, String part) {
        for (var entry : node.properties()) {
            if (entry.getKey().replace('-', '_').equalsIgnoreCase(part)) {
                return entry.getKey();
            }
        }
        return part;
    }

    private static void set(ObjectNode tree, String path, JsonNode value) {
        String[] parts = path.split("\\.");
        ObjectNode node = tree;
        for (int i = 0; i < parts.length - 1; i++) {
            node = node.withObjectProperty(parts[i]);
        }
        node.set(parts[parts.length - 1], value);
    }

    /** Numbers, booleans and {@code [lists]} as YAML reads them; anything else is text. */
    private static JsonNode scalar(@Nullable String value) {
        try {
            JsonNode node = YAML.readTree(value);
            return node == null || node.isMissingNode() || node.isObject() ? TextNode.valueOf(value) : node;
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(value);
        }
    }
}
