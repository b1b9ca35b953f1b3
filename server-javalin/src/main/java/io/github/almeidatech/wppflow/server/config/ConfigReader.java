package io.github.almeidatech.wppflow.server.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration: defaults, then the file, then environment variables, each over the one before. Everything that
 * is wrong is named at once.
 */
public final class ConfigReader {

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private static final ObjectMapper BINDING = YAML.copy()
            .registerModule(new SimpleModule().addDeserializer(Secret.class, new SecretResolver.SecretDeserializer()))
            .registerModule(new DurationModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** Learns the records' annotations once. Thread-safe. */
    private static final Validator VALIDATOR = Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()
            .getValidator();

    private static final Pattern PASSWORD = Pattern.compile("^postgresql:(//[^/@]*:[^/@]+@|.*[?&]password=)");
    private static final Pattern OF_TENANT = Pattern.compile("tenants[.\\[]([a-z0-9][a-z0-9_-]{0,62})]?\\.");
    private static final Pattern WEBHOOKS_OF_TENANT =
            Pattern.compile("tenants[.\\[]([a-z0-9][a-z0-9_-]{0,62})]?\\.webhooks\\b");

    private final Map<String, String> environment;
    private final Map<String, String> referable;

    /** @param environment the process's variables */
    public ConfigReader(Map<String, String> environment) {
        this(environment, Map.of());
    }

    /**
     * Where not every variable is a setting.
     *
     * @param environment what is over the file
     * @param referable what {@code ${env:NAME}} finds besides: it sets nothing by itself
     */
    public ConfigReader(Map<String, String> environment, Map<String, String> referable) {
        this.environment = Map.copyOf(environment);
        Map<String, String> all = new HashMap<>(referable);
        all.putAll(environment);
        this.referable = Map.copyOf(all);
    }

    /**
     * The configuration from a file, or from the environment alone.
     *
     * @throws ConfigException naming every problem
     */
    public Config read(@Nullable Path file) {
        return read(file, Set.of());
    }

    /**
     * What a server can start with.
     *
     * @param config without the tenants that cannot be started
     * @param notStarted what is wrong with those, by tenant id: how its webhooks prove where they come from, and whatever else
     */
    public record Startable(Config config, Map<String, String> notStarted) {
        /** A copy that nobody changes. */
        public Startable {
            notStarted = Map.copyOf(notStarted);
        }
    }

    /**
     * As {@link #read}, but a tenant whose {@code webhooks} are wrong keeps no other one from being served (security default
     * A2), also with other mistakes found in the same step: references and shape first, then what the values are.
     *
     * @throws ConfigException naming every problem, when there are others, or no tenant is left
     */
    public Startable readStartable(@Nullable Path file) {
        Map<String, List<String>> wrong = new LinkedHashMap<>();
        while (true) { // what cannot be read hides what does not fit
            try {
                Config config = read(file, wrong.keySet());
                if (config.tenants().isEmpty() && !wrong.isEmpty()) {
                    throw new ConfigException(
                            wrong.values().stream().flatMap(List::stream).toList());
                }
                Map<String, String> notStarted = new LinkedHashMap<>();
                wrong.forEach((tenant, problems) -> notStarted.put(tenant, String.join("; ", problems)));
                return new Startable(config, notStarted);
            } catch (ConfigException e) {
                if (!isOnlyOfLeftOut(e.problems(), wrong)) {
                    throw e;
                }
            }
        }
    }

    /** Whether all of these are of tenants that are to be left out, more than were; they are added to them. */
    private static boolean isOnlyOfLeftOut(List<String> problems, Map<String, List<String>> wrong) {
        Map<String, List<String>> more = new LinkedHashMap<>();
        problems.forEach(problem ->
                more.computeIfAbsent(tenantOf(problem), id -> new ArrayList<>()).add(problem));
        boolean only = more.entrySet().stream()
                .allMatch(tenant -> !wrong.containsKey(tenant.getKey())
                        && tenant.getValue().stream()
                                .anyMatch(problem ->
                                        WEBHOOKS_OF_TENANT.matcher(problem).lookingAt()));
        if (only) {
            wrong.putAll(more);
        }
        return only;
    }

    /** The tenant a problem is about; empty for those of the server. */
    private static String tenantOf(String problem) {
        Matcher tenant = OF_TENANT.matcher(problem);
        return tenant.lookingAt() ? tenant.group(1) : "";
    }

    /** Defaults, the file and the environment, before anything of it is understood. */
    private final class Tree {

        private final ObjectNode whole = defaults();
        private final ObjectNode tenantDefaults = (ObjectNode) Objects.requireNonNull(whole.remove("tenant_defaults"));
        private final ObjectNode tenants;

        Tree(@Nullable Path file, List<String> problems) {
            if (file != null) {
                ObjectNode given = parse(file);
                if (PASSWORD.matcher(given.path("storage").path("url").asText()).find()) {
                    problems.add(
                            "storage.url: a password only by reference: the whole url as ${env:NAME} or ${file:PATH}");
                }
                merge(whole, given);
            }
            new EnvironmentOverlay(environment, problems).apply(whole);
            this.tenants = whole.withObjectProperty("tenants");
        }
    }

    /** @param without tenants that are left out, with their tokens of the API */
    private Config read(@Nullable Path file, Set<String> without) {
        var problems = new ArrayList<String>();
        var read = new Tree(file, problems);
        ObjectNode tree = read.whole;
        for (var tokens = tree.path("api").path("tokens").elements(); tokens.hasNext(); ) {
            if (without.contains(tokens.next().path("tenant").asText())) {
                tokens.remove();
            }
        }
        read.tenants.remove(without);
        for (var tenant : read.tenants.properties()) {
            if (tenant.getValue() instanceof ObjectNode given) {
                ObjectNode whole = read.tenantDefaults.deepCopy();
                merge(whole, given);
                tenant.setValue(whole);
            }
        }
        read.tenants.forEach(tenant -> tenant.path("routing").path("intents").forEach(ConfigReader::readOffAsWord));
        new SecretResolver(referable, problems).resolve(tree);
        new ShapeCheck(problems).check(tree, Config.class, "");
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
        return validated(bind(tree, Config.class));
    }

    /** Builds from a tree of the file's shape, for programs that make their configuration themselves. */
    private static <T> T bind(ObjectNode tree, Class<T> type) {
        try {
            return BINDING.treeToValue(tree, type);
        } catch (JsonProcessingException e) {
            throw new ConfigException(List.of(e.getOriginalMessage()));
        }
    }

    private static Config validated(Config config) {
        var problems = new ArrayList<String>(violations(config));
        problems.addAll(ConfigRules.problemsOf(config));
        if (!problems.isEmpty()) {
            problems.sort(null);
            throw new ConfigException(problems);
        }
        return config;
    }

    /** What its annotations find wrong with a record and those in it. */
    static List<String> violations(Object settings) {
        return VALIDATOR.validate(settings).stream()
                .map(violation ->
                        SnakeCase.path(violation.getPropertyPath().toString()) + ": " + violation.getMessage())
                .toList();
    }

    /** YAML takes a bare {@code off} for {@code false}. */
    static void readOffAsWord(JsonNode intent) {
        if (intent instanceof ObjectNode object
                && object.path("mode").isBoolean()
                && !object.get("mode").booleanValue()) {
            object.put("mode", "off");
        }
    }

    private static ObjectNode defaults() {
        try (InputStream in = Objects.requireNonNull(ConfigReader.class.getResourceAsStream("defaults.yaml"))) {
            return (ObjectNode) YAML.readTree(in);
        } catch (IOException e) {
            throw new IllegalStateException("defaults.yaml cannot be read", e);
        }
    }

    private static ObjectNode parse(Path file) {
        try {
            JsonNode tree = YAML.readTree(Files.readAllBytes(file));
            if (tree == null || tree.isMissingNode() || tree.isNull()) {
                return YAML.createObjectNode();
            }
            if (tree instanceof ObjectNode object) {
                return object;
            }
            throw new ConfigException(List.of(file.getFileName() + ": keys and values wanted"));
        } catch (JsonProcessingException e) {
            var where = e.getLocation();
            throw new ConfigException(List.of(file.getFileName() + ", line " + where.getLineNr() + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse("not YAML")));
        } catch (NoSuchFileException e) {
            throw new ConfigException(List.of(file + ": there is no such file"));
        } catch (IOException e) {
            throw new ConfigException(
                    List.of(file + " cannot be read: " + e.getClass().getSimpleName()));
        }
    }

    static void merge(ObjectNode base, ObjectNode over) {
        for (var entry : over.properties()) {
            JsonNode present = base.get(entry.getKey());
            if (present instanceof ObjectNode presentObject && entry.getValue() instanceof ObjectNode overObject) {
                merge(presentObject, overObject);
            } else if (!(entry.getValue().isNull() && present instanceof ObjectNode)) {
                base.set(entry.getKey(), entry.getValue());
            }
        }
    }
}
