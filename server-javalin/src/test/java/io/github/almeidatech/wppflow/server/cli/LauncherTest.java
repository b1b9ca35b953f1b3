package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code wppflow}, with a program in the place of ours that tells how it was started. */
class LauncherTest {

    private static final String PROGRAM = """
            package io.github.almeidatech.wppflow.server.cli;

            public class Main {
                public static void main(String[] arguments) {
                    System.out.println("resource " + (Main.class.getResource("/planted") != null));
                    System.out.println("class path " + System.getProperty("java.class.path"));
                }
            }
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

        assertThat(start(Map.of()))
                .contains(
                        "resource false",
                        "class path " + folder.resolve("lib/one.jar") + ":" + folder.resolve("lib/two.jar"));
    }

    private List<String> start(Map<String, String> environment) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("/bin/sh", launcher.toString()));
        var process = new ProcessBuilder(command).directory(here.toFile()).redirectErrorStream(true);
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        process.environment().remove("WPPFLOW_CLASS_PATH");
        process.environment().putAll(environment);
        Process started = process.start();
        var said = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(started.waitFor()).as(said).isZero();
        return said.lines().toList();
    }
}
