package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The script {@code wppflow}, with a program in the place of ours that tells how it was started. */
class LauncherTest {

    private static final String PROGRAM = """
            package io.github.almeidatech.wppflow.server.cli;

            import java.nio.file.Files;
            import java.nio.file.Path;

            public class Main {
                public static void main(String[] arguments) throws Exception {
                    System.out.println("resource " + (Main.class.getResource("/planted") != null));
                    System.out.println("class path " + System.getProperty("java.class.path"));
                    System.out.println("language " + System.getProperty("user.language"));
                    for (String argument : arguments) {
                        System.out.println("argument " + ascii(argument));
                    }
                    try (var files = Files.newDirectoryStream(Path.of("."))) {
                        for (Path file : files) {
                            System.out.println("file " + ascii(file.getFileName() + " " + Files.readString(file)));
                        }
                    }
                }

                private static String ascii(String text) {
                    var out = new StringBuilder();
                    text.chars().forEach(c -> out.append(c < 128 ? String.valueOf((char) c) : "<" + c + ">"));
                    return out.toString();
                }
            }
            """;
    /** What it is started by: names with accents, whatever the locale of these tests is. */
    private static final String START = """
            echo um >"$(printf 'di\\303\\241rias.md')"
            echo dois >"$(printf 'di\\303\\263rias.md')"
            exec %s "$1" "$(printf 'S\\303\\243o')"
            """;

    @TempDir
    private Path folder;

    private Path launcher;
    private Path here;

    @BeforeEach
    void aPackagedServer() throws Exception {
        launcher = Files.copy(Path.of("../wppflow"), folder.resolve("wppflow"));
        here = Files.createDirectory(folder.resolve("here"));
        Path source = Files.writeString(folder.resolve("Main.java"), PROGRAM);
        Path classes = folder.resolve("classes");
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), source.toString()))
                .isZero();
        Path lib = Files.createDirectory(folder.resolve("lib"));
        String entry = Main.class.getName().replace('.', '/') + ".class";
        for (String name : List.of("one.jar", "two.jar")) {
            try (var jar = new JarOutputStream(Files.newOutputStream(lib.resolve(name)))) {
                jar.putNextEntry(new JarEntry(entry));
                Files.copy(classes.resolve(entry), jar);
            }
        }
    }

    @Test
    void nothing_is_loaded_from_the_folder_in_which_it_is_called() throws Exception {
        Files.writeString(here.resolve("planted"), "by somebody else");

        assertThat(start(""))
                .contains(
                        "resource false",
                        "class path " + folder.resolve("lib/one.jar") + ":" + folder.resolve("lib/two.jar"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "LC_ALL=C", "LANG=pt_BR.UTF-8", "LC_CTYPE=UTF-8", "LANG=C.UTF-8"})
    void names_with_accents_are_what_they_are_in_every_locale(String locale) throws Exception {
        assertThat(start(locale)).contains("argument S<227>o", "file di<225>rias.md um", "file di<243>rias.md dois");
    }

    @Test
    void the_language_is_that_of_the_locale_though_it_is_not_installed() throws Exception {
        assertThat(start("LANG=pt_BR.UTF-8")).contains("language pt");
        assertThat(start("LC_ALL=C LANG=pt_BR.UTF-8")).contains("language en");
        assertThat(start("LANG=POSIX")).contains("language en");
    }

    /** @param locale variables of the environment, beside which no other says which locale it is */
    private List<String> start(String locale) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        "/bin/sh", "-c", START.formatted("env " + locale + " /bin/sh"), "sh", launcher.toString())
                .directory(here.toFile())
                .redirectErrorStream(true);
        process.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.startsWith("LANG"));
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process.environment().remove("WPPFLOW_CLASS_PATH");
        Process started = process.start();
        var said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(started.waitFor()).as(said).isZero();
        return said.lines().toList();
    }
}
