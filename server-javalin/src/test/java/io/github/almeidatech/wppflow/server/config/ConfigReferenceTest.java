package io.github.almeidatech.wppflow.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * The reference of all keys is made from the configuration's own types, bounds, defaults and comments. When this test fails
 * after a change of them, run it with {@code -Dwppflow.testJvmArgs=-Dwppflow.write=true} and commit the page.
 */
class ConfigReferenceTest {

    private static final Path PAGE = root().resolve("docs/configuration-reference.md");
    private static final String HEAD = """
            # Configuration reference

            <!-- Made by ConfigReferenceTest from Config.java and defaults.yaml: change those. -->

            Every key with its type and bounds, its default, and the remark in
            [`defaults.yaml`](../server-javalin/src/main/resources/io/github/almeidatech/wppflow/server/config/defaults.yaml). What the keys are for, with
            examples: [configuration](configuration.md). As environment variable: `WPPFLOW_` and the whole path in capitals, levels joined by two
            underscores ([how](configuration.md#environment-variables)).

            """;

    private final JsonNode defaults;
    private final Map<String, String> remarks;

    ConfigReferenceTest() throws IOException {
        String yaml;
        try (var in = Config.class.getResourceAsStream("defaults.yaml")) {
            yaml = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        defaults = new YAMLMapper().readTree(yaml);
        remarks = remarks(yaml);
    }

    @Test
    void the_reference_is_what_the_configuration_says() throws IOException {
        var page = new StringBuilder(HEAD);
        page.append("## The server\n\n").append(heading());
        rows(Config.class, "", "/", page);
        page.append("\n## A tenant\n\nBelow `tenants.ID`; defaults from `tenant_defaults`.\n\n")
                .append(heading());
        rows(Config.Tenant.class, "", "/tenant_defaults/", page);

        if (Boolean.getBoolean("wppflow.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(Files.readString(PAGE).replace("\r\n", "\n")).isEqualTo(page.toString());
    }

    private static String heading() {
        return "| key | type | default | remark |\n|---|---|---|---|\n";
    }

    private void rows(Class<?> record, String path, String defaultsAt, StringBuilder page) {
        for (RecordComponent component : record.getRecordComponents()) {
            String key = path + SnakeCase.path(component.getName());
            if (key.equals("tenants")) {
                continue;
            }
            Class<?> inner = recordInside(component.getGenericType());
            if (inner == null) {
                page.append("| `%s` | %s | %s | %s |%n"
                        .formatted(
                                key,
                                type(component),
                                defaultOf(component, defaultsAt + key.replace('.', '/')),
                                remark(defaultsAt, key))
                        .replace(System.lineSeparator(), "\n"));
            } else {
                rows(inner, key + joint(component.getGenericType()), defaultsAt, page);
            }
        }
    }

    private static @Nullable Class<?> recordInside(Type type) {
        Type element = type instanceof ParameterizedType generic
                ? generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1]
                : type;
        return element instanceof Class<?> plain && plain.isRecord() ? plain : null;
    }

    private static String joint(Type type) {
        return !(type instanceof ParameterizedType generic) ? "." : generic.getRawType() == Map.class ? ".*." : "[].";
    }

    private static String type(RecordComponent component) {
        Type type = component.getGenericType();
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            var annotated =
                    ((AnnotatedParameterizedType) component.getAnnotatedType()).getAnnotatedActualTypeArguments();
            String element = word(arguments[arguments.length - 1]) + bounds(annotated[annotated.length - 1]);
            return (generic.getRawType() == Map.class ? "map of " : "list of ") + element;
        }
        return word(type) + bounds(component);
    }

    private static String word(Type type) {
        if (type instanceof ParameterizedType) {
            return "lists";
        }
        Map<Type, String> words = new LinkedHashMap<>();
        words.put(String.class, "text");
        words.put(Secret.class, "secret, by reference");
        words.put(Duration.class, "duration");
        for (Type each : List.of(boolean.class, Boolean.class)) {
            words.put(each, "`true`, `false`");
        }
        for (Type each : List.of(int.class, long.class, double.class, Integer.class, Long.class, Double.class)) {
            words.put(each, "number");
        }
        return Objects.requireNonNull(words.get(type), type.getTypeName());
    }

    /** Bean Validation's bounds, read from wherever the compiler has put them. */
    private static String bounds(AnnotatedElement element) {
        var found = new ArrayList<String>();
        for (Annotation each : annotations(element)) {
            if (each instanceof Min min) {
                found.add("from " + min.value());
            } else if (each instanceof Max max) {
                found.add("to " + max.value());
            } else if (each instanceof DecimalMin min) {
                found.add("from " + min.value());
            } else if (each instanceof DecimalMax max) {
                found.add("to " + max.value());
            } else if (each instanceof DurationMin min) {
                found.add("at least " + Duration.ofSeconds(min.seconds()).plusMillis(min.millis()));
            } else if (each instanceof Size size) {
                found.add("%s characters"
                        .formatted(size.min() == 0 ? "at most " + size.max() : size.min() + " to " + size.max()));
            } else if (each instanceof Pattern pattern) {
                found.add(pattern(pattern));
            }
        }
        return found.isEmpty() ? "" : ": " + String.join(" ", found);
    }

    private static String pattern(Pattern pattern) {
        boolean words = pattern.regexp().matches("[a-zA-Z0-9_|-]+");
        if (words) {
            return "`" + pattern.regexp().replace("|", "`, `") + "`";
        }
        return pattern.message().startsWith("{")
                ? "`" + pattern.regexp().replace("|", "\\|") + "`"
                : pattern.message().replaceFirst(" wanted$", "");
    }

    private static List<Annotation> annotations(AnnotatedElement element) {
        if (element instanceof RecordComponent component) {
            return Stream.of(
                            component.getAnnotations(),
                            component.getAnnotatedType().getAnnotations(),
                            component.getAccessor().getAnnotations(),
                            field(component).getAnnotations())
                    .flatMap(Stream::of)
                    .distinct()
                    .toList();
        }
        return List.of(element.getAnnotations());
    }

    private static AnnotatedElement field(RecordComponent component) {
        try {
            return component.getDeclaringRecord().getDeclaredField(component.getName());
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }

    private String defaultOf(RecordComponent component, String at) {
        JsonNode value = at.contains("*") || at.contains("[") ? defaults.path("none at all") : defaults.at(at);
        if (!value.isMissingNode()) {
            return "`" + (value.isContainerNode() ? value.toString() : value.asText()) + "`";
        }
        boolean optional = annotations(component).stream().anyMatch(Nullable.class::isInstance);
        return optional ? "" : "required";
    }

    private String remark(String defaultsAt, String key) {
        String path = (defaultsAt.equals("/") ? "" : "tenant_defaults.") + key;
        return remarks.getOrDefault(path, "").replace("|", "\\|");
    }

    /** What stands behind a key in its line, and in the lines below that begin at the same place. */
    private static Map<String, String> remarks(String yaml) {
        Map<String, String> remarks = new LinkedHashMap<>();
        var path = new ArrayList<String>();
        var keyLine = java.util.regex.Pattern.compile("^( *)([a-z_]+):(.*?)(?:\\s#\\s(.*))?$");
        for (String line : yaml.split("\n", -1)) {
            var key = keyLine.matcher(line);
            if (!key.matches()) {
                continue;
            }
            int depth = key.group(1).length() / 2;
            while (path.size() > depth) {
                path.remove(path.size() - 1);
            }
            path.add(key.group(2));
            if (key.group(4) != null) {
                remarks.put(String.join(".", path), key.group(4).strip());
            }
        }
        return remarks;
    }

    private static Path root() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("mvnw"))) {
                return folder;
            }
        }
        throw new IllegalStateException("no folder above holds mvnw");
    }
}
