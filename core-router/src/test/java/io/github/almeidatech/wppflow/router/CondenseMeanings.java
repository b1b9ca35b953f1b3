package io.github.almeidatech.wppflow.router;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Makes the shipped {@link Meanings} of what core-knowledge's {@code WordMeanings} has written. */
final class CondenseMeanings {

    private CondenseMeanings() {}

    /** @param args a file of lines with a word, a tab and its place; the folder to write to */
    public static void main(String[] args) throws IOException {
        Map<String, float[]> words = new HashMap<>();
        for (String line : Files.readAllLines(Path.of(args[0]))) {
            String[] parts = line.split("\t");
            String[] numbers = parts[1].split(" ");
            var place = new float[Meanings.DIMENSIONS];
            for (int i = 0; i < place.length; i++) {
                place[i] = Float.parseFloat(numbers[i]);
            }
            words.put(parts[0], place);
        }
        try (var out = Files.newOutputStream(Path.of(args[1], OwnIntents.MEANINGS))) {
            Meanings.of(words).write(out);
        }
    }
}
