package io.github.almeidatech.wppflow.knowledge;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes where each word lies, of the glossary and of the questions of the tests: core-router makes its own, smaller
 * table of it, as it reads words in its own way.
 */
final class WordMeanings {

    private static final Pattern WORD = Pattern.compile("[a-z]+");
    /** In as many lines of the tests a word must occur that the glossary lacks. */
    private static final int COMMON = 2;

    private final Map<String, float[]> places = new HashMap<>();
    private final QuestionReader reader;

    private WordMeanings() {
        var words = new Words();
        reader = new QuestionReader(words, new Lexicon(words));
        for (String line : Resource.lines("meanings.txt")) {
            String[] parts = line.split(" ", 3);
            byte[] numbers = Base64.getDecoder().decode(parts[0]);
            var place = new float[Meanings.DIMENSIONS];
            for (int i = 0; i < place.length; i++) {
                place[i] = numbers[i] * Float.parseFloat(parts[1]);
            }
            places.put(parts[2], place);
        }
    }

    /** Arguments: the folders of the glossary and of the collections, and the file to write. */
    public static void main(String[] arguments) throws IOException {
        var meanings = new WordMeanings();
        Map<String, Integer> counts = new TreeMap<>();
        for (String line : lines(Path.of(arguments[0]), ".txt")) {
            words(line).forEach(word -> counts.put(word, COMMON));
        }
        for (String line : lines(Path.of(arguments[1]), ".jsonl")) {
            words(line).forEach(word -> counts.merge(word, 1, Integer::sum));
        }
        try (var out = new PrintWriter(arguments[2], StandardCharsets.UTF_8)) {
            counts.forEach((word, count) -> {
                if (count >= COMMON) {
                    meanings.write(word, out);
                }
            });
        }
    }

    private static List<String> lines(Path folder, String ending) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(each -> each.toString().endsWith(ending))
                    .sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }

    private static TreeSet<String> words(String line) {
        var words = new TreeSet<String>();
        WORD.matcher(Words.fold(line)).results().forEach(each -> words.add(each.group()));
        return words;
    }

    private void write(String word, PrintWriter out) {
        var sum = new float[Meanings.DIMENSIONS];
        reader.read(word, "", feature -> false, Vocabulary.of(List.of()))
                .named()
                .forEach((feature, weight) -> {
                    float[] place = places.getOrDefault(feature, new float[Meanings.DIMENSIONS]);
                    for (int i = 0; i < sum.length; i++) {
                        sum[i] += weight.floatValue() * place[i];
                    }
                });
        if (Arrays.equals(sum, new float[sum.length])) {
            return;
        }
        char separator = '\t';
        out.print(word);
        for (float value : sum) {
            out.print(separator + String.format(Locale.ROOT, "%.5f", value));
            separator = ' ';
        }
        out.println();
    }
}
