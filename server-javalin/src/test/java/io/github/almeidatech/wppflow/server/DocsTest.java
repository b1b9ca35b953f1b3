package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.github.almeidatech.wppflow.chatwoot.Authenticity;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.normalizer.NormalizerError;
import io.github.almeidatech.wppflow.router.Signal;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.SnakeCase;
import io.github.almeidatech.wppflow.server.http.ApiError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The documents say what the code does: names are looked up in both. */
class DocsTest {

    private static final Path ROOT = root();
    private static final Path SOURCES =
            ROOT.resolve("server-javalin/src/main/java/io/github/almeidatech/wppflow/server");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*]\\(([^)\\s]+)\\)");
    private static final Pattern FENCE = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} (.+)$");

    @Test
    void every_link_leads_to_a_file_and_a_heading_that_exist() {
        var broken = new ArrayList<String>();

        for (Path page : pages()) {
            var links = LINK.matcher(FENCE.matcher(read(page)).replaceAll(""));
            while (links.find()) {
                String link = links.group(1);
                if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
                    broken.add(ROOT.relativize(page) + ": " + link);
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void every_setting_is_documented_with_its_default() throws IOException {
        String page = read(ROOT.resolve("docs/configuration.md"));
        JsonNode defaults;
        try (var in = Config.class.getResourceAsStream("defaults.yaml")) {
            defaults = new YAMLMapper().readTree(Objects.requireNonNull(in));
        }
        var undocumented = new ArrayList<String>();

        for (String key : keysOf(Config.class, "")) {
            String name = key.replaceFirst("^tenants\\.\\*\\.", "");
            JsonNode value = defaults.at((name.equals(key) ? "/" : "/tenant_defaults/") + name.replace('.', '/'));
            String shown = value.isContainerNode() ? value.toString() : value.asText();
            String row = "| `" + name + "` | " + (value.isMissingNode() ? "" : "`" + shown + "` |");
            if (!page.contains(row)) {
                undocumented.add(row);
            }
        }

        assertThat(undocumented).isEmpty();
    }

    @Test
    void no_setting_is_documented_that_does_not_exist() {
        String page = read(ROOT.resolve("docs/configuration.md"));
        Set<String> known = new TreeSet<>();
        keysOf(Config.class, "").forEach(key -> known.add(key.replaceFirst("^tenants\\.\\*\\.", "")));

        List<String> documented = found(page, "(?m)^\\| `([a-z_.*\\[\\]]+)` \\|");

        assertThat(documented).hasSizeGreaterThan(50);
        assertThat(documented).filteredOn(key -> !known.contains(key)).isEmpty();
    }

    @Test
    void every_variable_of_the_environment_is_documented() {
        String page = read(ROOT.resolve("docs/configuration.md"));
        List<String> names = found(read(SOURCES.resolve("config/EnvironmentOverlay.java")), "\"([A-Z]+(?:_[A-Z]+)*)\"");

        assertThat(names).hasSizeGreaterThan(10);
        assertThat(names).filteredOn(name -> !page.contains("`" + name)).isEmpty();
    }

    @Test
    void every_route_is_documented() {
        String page = read(ROOT.resolve("docs/api.md"));
        var routes = new TreeSet<String>();
        for (Path source : files(SOURCES.resolve("http"), "Routes.java")) {
            routes.addAll(found(read(source), "\"(/[a-z0-9/{}_-]+)\""));
        }

        assertThat(routes).hasSizeGreaterThan(12);
        assertThat(routes).filteredOn(route -> !page.contains(route)).isEmpty();
    }

    @Test
    void every_word_of_the_api_is_documented() {
        String page = read(ROOT.resolve("docs/api.md"));
        var words = new TreeSet<String>();
        addWords(words, io.github.almeidatech.wppflow.assistant.Reason.values());
        addWords(words, io.github.almeidatech.wppflow.normalizer.Reason.values());
        addWords(words, NormalizerError.values());
        addWords(words, Authenticity.Reason.values());
        addWords(words, Signal.values());
        addWords(words, MediaText.Reason.values());
        Arrays.stream(ApiError.values()).map(ApiError::name).forEach(words::add);

        assertThat(words).filteredOn(word -> !page.contains("`" + word + "`")).isEmpty();
    }

    @Test
    void every_figure_and_every_command_is_documented() {
        String page = read(ROOT.resolve("docs/operations.md"));
        var names = new TreeSet<String>(found(read(SOURCES.resolve("Metrics.java")), "\"(wppflow_[a-z_]+)\""));
        for (Path source : files(SOURCES.resolve("cli"), "Command.java")) {
            found(read(source), "(?m)^@Command\\(\\s+name = \"([a-z-]+)\"")
                    .forEach(name -> names.add("./wppflow " + name));
        }

        assertThat(names).hasSizeGreaterThan(15);
        assertThat(names).filteredOn(name -> !page.contains("`" + name)).isEmpty();
    }

    @Test
    void every_call_to_an_outside_system_has_a_row_with_tests_that_exist() {
        String page = read(ROOT.resolve("docs/outside-calls.md"));
        var calls = new TreeSet<String>();
        for (String module : List.of("adapter-chatwoot", "adapter-baserow")) {
            for (Path source : files(ROOT.resolve(module + "/src/main"), ".java")) {
                calls.addAll(
                        found(
                                read(source),
                                "(?:asBot|asUser|asEither|asReader|asSearcher|new ApiCall|list|call)\\(\\s*\"([a-z]+(?:_[a-z]+)*)\""));
                calls.addAll(found(read(source), "onTable\\(\\s*[a-z]+,\\s*\"([a-z_]+)\""));
            }
        }
        for (Path source : files(ROOT.resolve("adapter-llm/src/main"), ".java")) {
            calls.addAll(found(read(source), "\"((?:chat|v1)/[a-z]+|audio/transcriptions|embeddings)\""));
        }
        var tests = new TreeSet<String>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            modules.map(module -> module.resolve("src/test"))
                    .filter(Files::isDirectory)
                    .flatMap(folder -> files(folder, "Test.java").stream())
                    .forEach(test -> tests.add(test.getFileName().toString().replace(".java", "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }

        assertThat(calls).hasSizeGreaterThan(40).contains("create_message", "create_row", "audio/transcriptions");
        assertThat(calls)
                .filteredOn(call -> !page.contains("| `" + call + "` |") && !page.contains("/" + call + "`"))
                .isEmpty();
        assertThat(found(page, "`([A-Z][A-Za-z]+Test)`"))
                .isNotEmpty()
                .filteredOn(test -> !tests.contains(test))
                .isEmpty();
        assertThat(page.lines()
                        .filter(line -> line.matches("\\| `(?:GET|POST|PUT|PATCH|DELETE|HEAD|\\{base}).*"))
                        .filter(line -> !line.matches(".*`[A-Za-z]+Test` \\|$")))
                .isEmpty();
    }

    @Test
    void every_claim_about_conduct_names_tests_that_exist() {
        var sources = new HashMap<String, StringBuilder>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            modules.flatMap(module -> Stream.of(module.resolve("src/test"), module.resolve("src/main")))
                    .filter(Files::isDirectory)
                    .flatMap(folder -> files(folder, ".java").stream())
                    .forEach(source -> sources.computeIfAbsent(
                                    source.getFileName().toString().replace(".java", ""), name -> new StringBuilder())
                            .append(read(source)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> claims = read(ROOT.resolve("docs/conduct.md"))
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| claim"))
                .toList();

        assertThat(claims).hasSizeGreaterThan(30);
        for (String claim : claims) {
            assertThat(found(claim, "`([A-Z][A-Za-z]+(?:Test|Rules|Contract))`"))
                    .as(claim)
                    .isNotEmpty();
            for (String part : claim.split("; ")) {
                for (String name : found(part, "`([A-Z][A-Za-z]+(?:Test|Rules|Contract))`")) {
                    String source =
                            sources.getOrDefault(name, new StringBuilder()).toString();
                    assertThat(source).as(name).isNotEmpty();
                    found(part, "\\*([a-z0-9_]+)\\*")
                            .forEach(method -> assertThat(source).as(name).contains("void " + method + "("));
                }
            }
        }
    }

    private static boolean leadsSomewhere(Path page, String link) {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
        return Files.exists(target) && (hash < 0 || anchors(read(target)).contains(link.substring(hash + 1)));
    }

    /** As GitHub makes them. */
    private static List<String> anchors(String page) {
        return HEADING.matcher(FENCE.matcher(page).replaceAll(""))
                .results()
                .map(heading -> Normalizer.normalize(heading.group(1), Normalizer.Form.NFC)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N}_ -]", "")
                        .replace(' ', '-'))
                .toList();
    }

    private static List<String> keysOf(Class<?> record, String path) {
        var keys = new ArrayList<String>();
        for (RecordComponent component : record.getRecordComponents()) {
            String key = path + SnakeCase.path(component.getName());
            Type type = component.getGenericType();
            if (type instanceof ParameterizedType generic) {
                Type element = generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1];
                boolean ofRecords = element instanceof Class<?> plain && plain.isRecord();
                String each = key + (generic.getRawType() == Map.class ? ".*." : "[].");
                if (ofRecords) {
                    keys.addAll(keysOf((Class<?>) element, each));
                } else {
                    keys.add(key);
                }
            } else if (type instanceof Class<?> plain && plain.isRecord()) {
                keys.addAll(keysOf(plain, key + "."));
            } else {
                keys.add(key);
            }
        }
        return keys;
    }

    private static void addWords(Set<String> words, Enum<?>[] values) {
        Arrays.stream(values)
                .map(value -> value.name().toLowerCase(Locale.ROOT))
                .forEach(words::add);
    }

    private static List<String> found(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private static List<Path> pages() {
        var pages = new ArrayList<Path>(files(ROOT.resolve("docs"), ".md"));
        for (String name : List.of("README.md", "README.pt-BR.md", "CHANGELOG.md", "SECURITY.md")) {
            pages.add(ROOT.resolve(name));
        }
        return pages;
    }

    private static List<Path> files(Path folder, String ending) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
