import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Writes where the words of the glossary, the words and concepts of the lexicon and the English translations of the
 * tests' questions and documents lie among each other: the model all-MiniLM-L6-v2 (Apache License 2.0) reads the English,
 * and what it makes of it is condensed to the few dimensions that tell most. {@code FaqEvaluation --teach} learns from it;
 * docs/quality.md has the commands. The program itself needs no model.
 */
final class CondenseMeanings {

    private static final int DIMENSIONS = 64;
    private static final int MOST_MEMBERS = 6;
    private static final int MOST_GLOSSES = 3;
    private static final int AT_ONCE = 64;
    private static final int ROUNDS = 60;
    private static final List<String> LANGUAGES = List.of("pt-BR", "en", "es");
    private static final Pattern ENGLISH = Pattern.compile("\"en\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");

    private final EmbeddingModel model = new AllMiniLmL6V2EmbeddingModel();
    private final Map<String, float[]> read = new LinkedHashMap<>();
    /** What is said of each word and concept, the best first. */
    private final Map<String, List<String>> glosses = new LinkedHashMap<>();

    private final List<String> texts = new ArrayList<>();

    /** Arguments: the folders of glossary, lexicon and collections, and the file to write. */
    public static void main(String[] arguments) throws IOException {
        var condense = new CondenseMeanings();
        for (Path file : files(Path.of(arguments[0]), ".txt")) {
            for (String line : Files.readAllLines(file)) {
                condense.readGlossary(line);
            }
        }
        for (Path file : files(Path.of(arguments[1]), ".txt")) {
            if (!file.endsWith("related.txt")) {
                for (String line : Files.readAllLines(file)) {
                    condense.readLexicon(line, !file.endsWith("otherwise.txt"));
                }
            }
        }
        for (Path file : files(Path.of(arguments[2]), ".jsonl")) {
            for (String line : Files.readAllLines(file)) {
                Matcher english = ENGLISH.matcher(line);
                if (english.find()) {
                    condense.texts.add(english.group(1).replace("\\\"", "\"").replace("\\n", "\n"));
                }
            }
        }
        condense.write(Path.of(arguments[3]));
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(each -> each.toString().endsWith(ending)).sorted().toList();
        }
    }

    private void readGlossary(String line) {
        String[] columns = line.split("\\|");
        if (line.startsWith("#") || columns.length < 2 || columns[1].isBlank()) {
            return;
        }
        String gloss = columns[1].strip();
        names(columns[0]).forEach(name -> add("word pt-BR " + name, gloss));
        names(columns[1]).forEach(name -> add("word en " + name, name));
        if (columns.length > 2) {
            names(columns[2]).forEach(name -> add("word es " + name, gloss));
        }
    }

    private void readLexicon(String line, boolean named) {
        String[] columns = line.split("\\|");
        if (line.isBlank() || line.startsWith("#") || columns.length < 2 || columns[1].isBlank()) {
            return;
        }
        String gloss = String.join(", ", names(columns[1]).stream().limit(MOST_MEMBERS).toList());
        for (int i = 0; i < Math.min(columns.length, LANGUAGES.size()); i++) {
            String prefix = "word " + LANGUAGES.get(i) + " ";
            names(columns[i]).forEach(name -> add(prefix + name, gloss));
        }
        if (named) {
            glosses.put("concept " + fold(names(columns[0]).get(0)), List.of(gloss));
        }
    }

    private static List<String> names(String column) {
        return Arrays.stream(column.split("<", 2)[0].split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private void add(String key, String gloss) {
        if (key.indexOf(' ', key.indexOf(' ', 5) + 1) < 0) { // a single word
            List<String> known = glosses.computeIfAbsent(fold(key), each -> new ArrayList<>());
            if (known.size() < MOST_GLOSSES) {
                known.add(gloss);
            }
        }
    }

    private static String fold(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKD).replaceAll("\\p{Mn}", "").toLowerCase(Locale.ROOT);
    }

    private void write(Path file) throws IOException {
        readByModel(texts);
        float[] mean = mean(texts.stream().map(read::get).toList());
        double[][] axes = axes(texts.stream().map(text -> less(read.get(text), mean)).toList());
        readByModel(glosses.values().stream().flatMap(List::stream).toList());
        Map<String, float[]> places = new LinkedHashMap<>();
        glosses.forEach((key, said) -> places.put(key, mean(said.stream().map(read::get).toList())));
        float[] middle = mean(places.values());
        try (var out = new PrintWriter(file.toFile(), StandardCharsets.UTF_8)) {
            places.forEach((key, place) -> print(out, key, axes, less(place, middle)));
            texts.stream()
                    .distinct()
                    .forEach(text -> print(out, "text " + text, axes, less(read.get(text), mean)));
        }
    }

    private void readByModel(Collection<String> wanted) {
        List<String> missing = wanted.stream().distinct().filter(text -> !read.containsKey(text)).toList();
        for (int from = 0; from < missing.size(); from += AT_ONCE) {
            List<String> some = missing.subList(from, Math.min(missing.size(), from + AT_ONCE));
            var seen = model.embedAll(some.stream().map(TextSegment::from).toList()).content();
            for (int i = 0; i < some.size(); i++) {
                read.put(some.get(i), seen.get(i).vector());
            }
        }
    }

    private static void print(PrintWriter out, String key, double[][] axes, float[] place) {
        out.print(key);
        char separator = '\t';
        for (double[] axis : axes) {
            out.print(separator);
            out.printf(Locale.ROOT, "%.4f", product(axis, place));
            separator = ' ';
        }
        out.println();
    }

    private static float[] mean(Collection<float[]> all) {
        var mean = new float[all.iterator().next().length];
        for (float[] each : all) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += each[i] / all.size();
            }
        }
        return mean;
    }

    private static float[] less(float[] vector, float[] mean) {
        float[] less = vector.clone();
        for (int i = 0; i < less.length; i++) {
            less[i] -= mean[i];
        }
        return less;
    }

    /** The directions in which they differ most, by orthogonal iteration. */
    private static double[][] axes(List<float[]> centred) {
        int n = centred.get(0).length;
        var random = new Random(1);
        var axes = new double[DIMENSIONS][n];
        for (double[] axis : axes) {
            Arrays.setAll(axis, i -> random.nextGaussian());
        }
        for (int round = 0; round < ROUNDS; round++) {
            var next = new double[DIMENSIONS][n];
            for (float[] each : centred) {
                for (int k = 0; k < DIMENSIONS; k++) {
                    double along = product(axes[k], each);
                    for (int i = 0; i < n; i++) {
                        next[k][i] += along * each[i];
                    }
                }
            }
            for (int k = 0; k < DIMENSIONS; k++) {
                for (int j = 0; j < k; j++) {
                    double along = product(next[k], next[j]);
                    for (int i = 0; i < n; i++) {
                        next[k][i] -= along * next[j][i];
                    }
                }
                double length = Math.sqrt(product(next[k], next[k]));
                for (int i = 0; i < n; i++) {
                    next[k][i] /= length;
                }
            }
            axes = next;
        }
        return axes;
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double product(double[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
