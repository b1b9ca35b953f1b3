import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Writes where the concepts of the lexicon lie among each other: the English column of each line is read by the model
 * all-MiniLM-L6-v2 (Apache License 2.0), and what it makes of it is condensed to the few dimensions that tell most.
 * Needed again only after lines were added to the lexicon; the program itself needs no model.
 *
 * <pre>
 * cd core-knowledge/src/meanings
 * ../../../mvnw -q dependency:build-classpath -Dmdep.outputFile=classpath
 * resources=../main/resources/io/github/almeidatech/wppflow/knowledge
 * java -cp $(cat classpath) CondenseMeanings.java $resources/lexicon $resources/meanings.txt
 * </pre>
 */
final class CondenseMeanings {

    private static final int DIMENSIONS = 64;
    private static final int MOST_MEMBERS = 10;
    private static final int ROUNDS = 60;

    public static void main(String[] arguments) throws Exception {
        var model = new AllMiniLmL6V2EmbeddingModel();
        Map<String, double[]> places = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(Path.of(arguments[0]))) {
            for (Path file : files.sorted().toList()) {
                if (!file.endsWith("related.txt") && !file.endsWith("otherwise.txt")) { // these only add to concepts
                    read(file, model, places);
                }
            }
        }
        List<double[]> centred = centred(new ArrayList<>(places.values()));
        double[][] axes = axes(centred);
        List<double[]> condensed = centred.stream().map(each -> unit(onto(axes, each))).toList();
        double largest = condensed.stream().flatMapToDouble(Arrays::stream).map(Math::abs).max().orElseThrow();
        List<String> lines = new ArrayList<>();
        lines.add("# where concepts lie among each other: place, concept; written by src/meanings/CondenseMeanings with all-MiniLM-L6-v2, Apache License 2.0");
        int i = 0;
        for (String concept : places.keySet()) {
            var packed = new byte[DIMENSIONS];
            for (int k = 0; k < DIMENSIONS; k++) {
                packed[k] = (byte) Math.round(condensed.get(i)[k] / largest * 127);
            }
            lines.add(Base64.getEncoder().encodeToString(packed) + " " + concept);
            i++;
        }
        Files.write(Path.of(arguments[1]), lines);
    }

    private static void read(Path file, EmbeddingModel model, Map<String, double[]> places) throws Exception {
        for (String line : Files.readAllLines(file)) {
            String[] columns = line.split("\\|");
            if (line.isBlank() || line.startsWith("#") || columns.length < 2) {
                continue;
            }
            List<TextSegment> members = Arrays.stream(columns[1].split(","))
                    .map(String::strip)
                    .filter(member -> !member.isEmpty())
                    .limit(MOST_MEMBERS)
                    .map(TextSegment::from)
                    .toList();
            if (!members.isEmpty()) {
                places.put(concept(columns[0]), mean(model.embedAll(members).content().stream()
                        .map(embedding -> doubles(embedding.vector()))
                        .toList()));
            }
        }
    }

    /** The first Portuguese word, as the lexicon folds it. */
    private static String concept(String portuguese) {
        String first = portuguese.split("<", 2)[0].split(",", 2)[0].strip();
        return Normalizer.normalize(first, Normalizer.Form.NFKD).replaceAll("\\p{Mn}", "").toLowerCase(Locale.ROOT);
    }

    private static double[] doubles(float[] values) {
        var all = new double[values.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = values[i];
        }
        return all;
    }

    private static double[] mean(List<double[]> all) {
        var mean = new double[all.get(0).length];
        for (double[] each : all) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += each[i] / all.size();
            }
        }
        return mean;
    }

    private static List<double[]> centred(List<double[]> all) {
        double[] mean = mean(all);
        return all.stream()
                .map(each -> {
                    double[] centred = each.clone();
                    for (int i = 0; i < mean.length; i++) {
                        centred[i] -= mean[i];
                    }
                    return centred;
                })
                .toList();
    }

    /** The directions in which they differ most, by orthogonal iteration. */
    private static double[][] axes(List<double[]> centred) {
        int n = centred.get(0).length;
        var random = new Random(1);
        var axes = new double[DIMENSIONS][n];
        for (double[] axis : axes) {
            Arrays.setAll(axis, i -> random.nextGaussian());
        }
        for (int round = 0; round < ROUNDS; round++) {
            var next = new double[DIMENSIONS][n];
            for (double[] each : centred) {
                double[] along = onto(axes, each);
                for (int k = 0; k < DIMENSIONS; k++) {
                    add(next[k], each, along[k]);
                }
            }
            for (int k = 0; k < DIMENSIONS; k++) {
                for (int j = 0; j < k; j++) {
                    add(next[k], next[j], -product(next[k], next[j]));
                }
                next[k] = unit(next[k]);
            }
            axes = next;
        }
        return axes;
    }

    private static double[] onto(double[][] axes, double[] vector) {
        return Arrays.stream(axes).mapToDouble(axis -> product(axis, vector)).toArray();
    }

    private static void add(double[] sum, double[] vector, double factor) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += factor * vector[i];
        }
    }

    private static double product(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double[] unit(double[] vector) {
        double length = Math.sqrt(product(vector, vector));
        return Arrays.stream(vector).map(value -> value / length).toArray();
    }
}
