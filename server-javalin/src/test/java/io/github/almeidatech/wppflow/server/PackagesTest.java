package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Packages stand in layers: a reader can begin below and never has to go back up. */
class PackagesTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern PACKAGE = Pattern.compile("(?m)^package ([\\w.]+);");
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import (?:static )?(io\\.github\\.almeidatech\\.[a-z0-9_.]+)\\.[A-Z]");

    @Test
    void no_package_needs_one_that_needs_it() throws IOException {
        Map<String, Set<String>> needs = needs();
        assertThat(needs).hasSizeGreaterThan(20);

        assertThat(needs.keySet().stream()
                        .filter(each -> reached(each, needs).contains(each))
                        .toList())
                .isEmpty();
    }

    @Test
    void a_circle_would_be_seen() {
        Map<String, Set<String>> needs = Map.of("a", Set.of("b"), "b", Set.of("c"), "c", Set.of("b"));

        assertThat(reached("b", needs)).containsExactlyInAnyOrder("b", "c");
        assertThat(reached("a", needs)).doesNotContain("a");
    }

    private static Set<String> reached(String from, Map<String, Set<String>> needs) {
        var reached = new HashSet<String>();
        var left = new ArrayDeque<>(List.of(from));
        while (!left.isEmpty()) {
            for (String next : needs.getOrDefault(left.remove(), Set.of())) {
                if (reached.add(next)) {
                    left.add(next);
                }
            }
        }
        return reached;
    }

    private static Map<String, Set<String>> needs() throws IOException {
        var needs = new TreeMap<String, Set<String>>();
        for (Path source : sources()) {
            String text = Files.readString(source);
            var named = PACKAGE.matcher(text);
            if (named.find()) {
                Set<String> others = needs.computeIfAbsent(named.group(1), name -> new TreeSet<>());
                IMPORT.matcher(text)
                        .results()
                        .map(found -> found.group(1))
                        .filter(other -> !other.equals(named.group(1)))
                        .forEach(others::add);
            }
        }
        return needs;
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> modules = Files.list(ROOT)) {
            return modules.map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(PackagesTest::files)
                    .filter(file -> file.toString().endsWith(".java"))
                    .toList();
        }
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
