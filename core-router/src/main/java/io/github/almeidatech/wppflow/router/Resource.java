package io.github.almeidatech.wppflow.router;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringTokenizer;

/** Text files beside this class. A line that begins with {@code #} and a space is a comment. */
final class Resource {

    private Resource() {}

    /**
     * A line of the form {@code name = value}.
     *
     * @param words the words of the value
     */
    record Entry(String name, String value, List<String> words) {}

    static InputStream open(String name) {
        return Objects.requireNonNull(Resource.class.getResourceAsStream(name), name);
    }

    /** The lines, stripped, without empty ones; comments included. */
    static List<String> lines(String name) {
        try (var reader = new BufferedReader(new InputStreamReader(open(name), StandardCharsets.UTF_8))) {
            return reader.lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of the form {@code name = value}. */
    static List<Entry> entries(String name) {
        var entries = new ArrayList<Entry>();
        for (String line : lines(name)) {
            int equals = line.indexOf(" = ");
            if (equals > 0 && !line.startsWith("# ")) {
                String value = line.substring(equals + 3).strip();
                entries.add(new Entry(line.substring(0, equals).strip(), value, words(value)));
            }
        }
        return entries;
    }

    /** The words of a text, split at white space. */
    static List<String> words(String text) {
        var words = new ArrayList<String>();
        var tokens = new StringTokenizer(text);
        while (tokens.hasMoreTokens()) {
            words.add(tokens.nextToken());
        }
        return List.copyOf(words);
    }
}
