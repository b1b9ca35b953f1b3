package io.github.almeidatech.wppflow.benchmarks;

import io.github.almeidatech.wppflow.server.sandbox.Sandbox;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;

/** What a run needs on disk. */
final class Scratch {

    private static final String KNOWLEDGE = "pet-hotel.jsonl";

    private Scratch() {}

    /** The sandbox's invented pet hotel, as a file in that directory. */
    static Path knowledge(Path directory) throws IOException {
        Path file = directory.resolve(KNOWLEDGE);
        try (InputStream in = Objects.requireNonNull(Sandbox.class.getResourceAsStream(KNOWLEDGE))) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    /** The directory and everything in it. */
    static void delete(Path directory) throws IOException {
        try (var paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
