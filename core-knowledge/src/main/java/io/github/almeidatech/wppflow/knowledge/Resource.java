package io.github.almeidatech.wppflow.knowledge;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Word lists that come with the module. */
final class Resource {

    private Resource() {}

    /** The lines of a file beside this class, without comments and blank lines. */
    static List<String> lines(String name) {
        var stream = Resource.class.getResourceAsStream(name);
        if (stream == null) {
            throw new IllegalStateException("the jar lacks " + name);
        }
        try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            return reader.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
