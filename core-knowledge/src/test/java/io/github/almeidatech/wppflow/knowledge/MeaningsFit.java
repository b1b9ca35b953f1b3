package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.Language;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Teaches {@link Meanings}: words, stems and concepts begin where a language model sees their English names, and move so
 * that questions of invented businesses lie near the passages that answer them, or far from all where none does, and both
 * near where the model sees their English translations. The same input gives the same output.
 */
final class MeaningsFit {

    private static final int ROUNDS = 12;
    private static final double STEP = 0.005;
    private static final double WEIGHT_STEP = 0.02;
    /** Of the features of a text as many are left out each time. */
    private static final double DROPPED = 0.2;
    /** What draws places and weights back to where they began. */
    private static final double SHRINKAGE = 0.3;

    private static final double WEIGHT_SHRINKAGE = 0.1;
    /** How sharply the passages of a business are told apart, by meaning alone and beside words and concepts. */
    private static final double SHARPNESS = 8;

    private static final double SHARPNESS_BESIDE = 4;
    private static final double NEARNESS = 2.5;
    private static final double ALONE = 0.5;
    private static final double COMMON = 0.003;
    /** How much an unanswerable question counts, which is to be far from all passages; an answerable one counts as one. */
    private static final double DECLINING = 1;
    /** What a passage must reach, by meaning beside words and concepts, to be more likely than none; and how fast that is learnt. */
    private static final double NONE = 1.6;

    private static final double NONE_STEP = 0.01;

    private static final double STEM = 0.6;
    private static final int DIMENSIONS = Meanings.DIMENSIONS;

    private final Map<String, float[]> model;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<float[]> begin = new ArrayList<>();
    private final List<Float> beginWeights = new ArrayList<>();
    private float[][] places = new float[0][];
    private float[] weights = new float[0];
    private double none = NONE;

    /** A text by the numbers of its features. */
    private record Text(int[] features, float[] strengths, float @Nullable [] translated) {}

    /** @param base what words and concepts make of each question and passage */
    record Lesson(
            String business, List<Material> passages, List<Material> questions, double[][] base, boolean[][] answers) {}

    /** @param english null when there is no translation */
    record Material(Map<String, Double> features, @Nullable String english) {}

    /** @param model what CondenseMeanings wrote, as {@link #read} */
    MeaningsFit(Map<String, float[]> model) {
        this.model = model;
    }

    /** Where the model sees words, concepts and texts. */
    static Map<String, float[]> read(Path model) throws IOException {
        Map<String, float[]> read = new HashMap<>();
        try (var lines = Files.lines(model)) {
            lines.forEach(line -> {
                String[] parts = line.split("\t", 2);
                String[] numbers = parts[1].split(" ");
                var place = new float[numbers.length];
                for (int i = 0; i < place.length; i++) {
                    place[i] = Float.parseFloat(numbers[i]);
                }
                read.put(parts[0], place);
            });
        }
        return read;
    }

    /** What a business has to teach. */
    static Lesson lesson(FaqCollection collection) {
        var words = new Words();
        var lexicon = new Lexicon(words);
        var none = Meanings.of(List.of());
        var maker = new PassageMaker(new PassageReader(words, lexicon), none);
        var reader = new QuestionReader(words, lexicon);
        try (var index = new SearchIndex()) {
            Map<String, List<SearchIndex.Entry>> entries = new LinkedHashMap<>();
            Map<String, String> english = new HashMap<>();
            for (Document each : collection.documents()) {
                entries.put(each.id(), maker.entries(each));
                english.put(each.id(), collection.english().get(each.id()));
            }
            index.apply(entries, List.of());
            List<SearchIndex.Entry> passages =
                    entries.values().stream().flatMap(List::stream).toList();
            List<Material> asked = new ArrayList<>();
            var base = new double[collection.questions().size()][];
            var answers = new boolean[base.length][];
            for (int i = 0; i < base.length; i++) {
                int at = i;
                var question = collection.questions().get(i);
                index.search(snapshot -> {
                    var plan = reader.read(
                            question.text(), "", feature -> snapshot.frequency(feature) > 0, snapshot.vocabulary());
                    var ranking = new Ranking(plan, snapshot, none);
                    asked.add(new Material(plan.named(), collection.english().get(question.text())));
                    base[at] = passages.stream()
                            .mapToDouble(each -> ranking.rank(each.passage()).score())
                            .toArray();
                    answers[at] = new boolean[passages.size()];
                    for (int p = 0; p < passages.size(); p++) {
                        answers[at][p] = question.relevant()
                                .contains(passages.get(p).passage().document().id());
                    }
                    return true;
                });
            }
            List<Material> told = passages.stream()
                    .map(each -> new Material(
                            each.features(),
                            english.get(each.passage().document().id())))
                    .toList();
            return new Lesson(collection.name(), told, asked, base, answers);
        }
    }

    /**
     * Learns from lessons, and forgets what was learnt before.
     *
     * @param times how often, each time in another order; the mean of them is kept, which misses less than each does
     */
    MeaningsFit learn(Collection<Lesson> lessons, int times) {
        begin(lessons);
        Map<Lesson, List<Text>> passages = new HashMap<>();
        Map<Lesson, List<Text>> questions = new HashMap<>();
        for (Lesson lesson : lessons) {
            passages.put(lesson, lesson.passages().stream().map(this::text).toList());
            questions.put(lesson, lesson.questions().stream().map(this::text).toList());
        }
        var placesOfAll = new float[begin.size()][DIMENSIONS];
        var weightsOfAll = new float[begin.size()];
        for (int time = 1; time <= times; time++) {
            learnOnce(List.copyOf(lessons), passages, questions, new Random(time));
            for (int feature = 0; feature < places.length; feature++) {
                weightsOfAll[feature] += weights[feature] / times;
                for (int i = 0; i < DIMENSIONS; i++) {
                    placesOfAll[feature][i] += places[feature][i] / times;
                }
            }
        }
        places = placesOfAll;
        weights = weightsOfAll;
        return this;
    }

    private void learnOnce(
            List<Lesson> lessons, Map<Lesson, List<Text>> passages, Map<Lesson, List<Text>> questions, Random random) {
        places = begin.stream().map(float[]::clone).toArray(float[][]::new);
        weights = new float[places.length];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = beginWeights.get(i);
        }
        var placeSteps = new Adam(places.length, DIMENSIONS, STEP);
        var weightSteps = new Adam(places.length, 1, WEIGHT_STEP);
        none = NONE;
        List<Lesson> order = new ArrayList<>(lessons);
        for (int round = 0; round < ROUNDS; round++) {
            Collections.shuffle(order, random);
            for (Lesson lesson : order) {
                var gradient = new Gradient(places.length);
                step(lesson, passages.get(lesson), questions.get(lesson), random, gradient);
                none -= NONE_STEP * gradient.none / questions.get(lesson).size();
                int touched = gradient.touched.size();
                for (int feature : gradient.touched) {
                    float[] change = gradient.places[feature];
                    for (int i = 0; i < DIMENSIONS; i++) {
                        change[i] += (float) (2 * SHRINKAGE / touched * (places[feature][i] - begin.get(feature)[i]));
                    }
                    change[DIMENSIONS] +=
                            (float) (2 * WEIGHT_SHRINKAGE / touched * (weights[feature] - beginWeights.get(feature)));
                    placeSteps.apply(places[feature], change, feature);
                    var weight = new float[] {weights[feature]};
                    weightSteps.apply(weight, new float[] {change[DIMENSIONS]}, feature);
                    weights[feature] = weight[0];
                }
            }
        }
    }

    private void begin(Collection<Lesson> lessons) {
        numbers.clear();
        begin.clear();
        beginWeights.clear();
        Map<String, Integer> seen = new TreeMap<>();
        int texts = 0;
        for (Lesson lesson : lessons) {
            for (var list : List.of(lesson.passages(), lesson.questions())) {
                for (Material text : list) {
                    texts++;
                    text.features().keySet().stream()
                            .filter(MeaningsFit::hasMeaning)
                            .forEach(feature -> seen.merge(feature, 1, Integer::sum));
                }
            }
        }
        Map<String, float[]> known = known();
        known.keySet().stream()
                .filter(feature -> Feature.wordOf(feature) == null) // a stem is enough for what no text has
                .forEach(feature -> seen.putIfAbsent(feature, 0));
        int all = texts;
        seen.forEach((feature, count) -> {
            float[] place = known.get(feature);
            if (place != null || count > 1) {
                numbers.put(feature, numbers.size());
                begin.add(place == null ? new float[DIMENSIONS] : place);
                double common = Math.max(1, count) / (double) all / COMMON;
                beginWeights.add((float) Math.log((feature.startsWith("s:") && count > 0 ? STEM : 1) / (1 + common)));
            }
        });
    }

    private static boolean hasMeaning(String feature) {
        return Feature.conceptOf(feature) != null
                || Feature.isOfAWord(feature) && !Character.isDigit(feature.charAt(2));
    }

    /** Where the features of the model's words and concepts lie; of languages that share a word the first counts. */
    private Map<String, float[]> known() {
        var words = new Words();
        Map<String, float[]> known = new TreeMap<>();
        for (Language language : List.of(Language.PT_BR, Language.ES, Language.EN)) {
            String prefix = "word " + language.tag() + " ";
            Map<String, List<float[]>> here = new TreeMap<>();
            model.keySet().stream()
                    .filter(key -> key.startsWith(prefix))
                    .sorted()
                    .forEach(key -> {
                        List<Token> tokens = words.read(key.substring(prefix.length()), language);
                        if (tokens.size() == 1) {
                            float[] place = model.get(key);
                            here.computeIfAbsent(Feature.word(tokens.get(0)), each -> new ArrayList<>())
                                    .add(place);
                            here.computeIfAbsent(Feature.stem(tokens.get(0)), each -> new ArrayList<>())
                                    .add(place);
                        }
                    });
            here.forEach((feature, all) -> known.putIfAbsent(feature, mean(all)));
        }
        model.forEach((key, place) -> {
            if (key.startsWith("concept ")) {
                known.put(Feature.concept(key.substring("concept ".length())), place);
            }
        });
        known.keySet().removeIf(feature -> !hasMeaning(feature));
        return known;
    }

    private static float[] mean(List<float[]> all) {
        var mean = new float[all.get(0).length];
        for (float[] each : all) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += each[i] / all.size();
            }
        }
        return mean;
    }

    private Text text(Material material) {
        List<Map.Entry<String, Double>> present = material.features().entrySet().stream()
                .filter(each -> numbers.containsKey(each.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .toList();
        var features = new int[present.size()];
        var strengths = new float[features.length];
        for (int i = 0; i < features.length; i++) {
            features[i] = numbers.get(present.get(i).getKey());
            strengths[i] = present.get(i).getValue().floatValue();
        }
        float[] translated = material.english() == null ? null : model.get("text " + material.english());
        return new Text(features, strengths, translated == null ? null : unit(translated));
    }

    /** The gradient of what is wrong with one business. */
    private void step(Lesson lesson, List<Text> passages, List<Text> questions, Random random, Gradient gradient) {
        List<Sum> told = passages.stream().map(each -> new Sum(each, random)).toList();
        List<Sum> asked = questions.stream().map(each -> new Sum(each, random)).toList();
        long answerable =
                Arrays.stream(lesson.answers()).filter(MeaningsFit::any).count();
        for (int q = 0; q < asked.size(); q++) {
            boolean[] answers = lesson.answers()[q];
            var nearness = new double[told.size()];
            for (int p = 0; p < nearness.length; p++) {
                nearness[p] = product(asked.get(q).unit, told.get(p).unit);
            }
            var pull = new double[nearness.length];
            if (any(answers)) {
                add(pull, nearness, null, SHARPNESS, ALONE, answers, Double.NEGATIVE_INFINITY);
            }
            gradient.none += add(
                    pull, nearness, lesson.base()[q], SHARPNESS_BESIDE, any(answers) ? 1 : DECLINING, answers, none);
            for (int p = 0; p < pull.length; p++) {
                asked.get(q).pull(told.get(p).unit, pull[p] / answerable);
                told.get(p).pull(asked.get(q).unit, pull[p] / answerable);
            }
        }
        for (var sums : List.of(told, asked)) {
            for (Sum sum : sums) {
                if (sum.text.translated() != null) {
                    sum.pull(sum.text.translated(), -1.0 / sums.size());
                }
                sum.spread(gradient);
            }
        }
    }

    /**
     * Adds how the cross entropy of choosing an answer, or none where there is none, changes with each nearness.
     *
     * @return how it changes with what speaks for none
     */
    private static double add(
            double[] pull,
            double[] nearness,
            double @Nullable [] base,
            double sharpness,
            double importance,
            boolean[] answers,
            double none) {
        double factor = base == null ? sharpness : sharpness * NEARNESS;
        var scores = new double[nearness.length];
        double largest = sharpness * none;
        for (int p = 0; p < scores.length; p++) {
            scores[p] = factor * nearness[p] + (base == null ? 0 : sharpness * base[p]);
            largest = Math.max(largest, scores[p]);
        }
        double declined = Math.exp(sharpness * none - largest);
        double all = declined;
        double right = 0;
        for (int p = 0; p < scores.length; p++) {
            scores[p] = Math.exp(scores[p] - largest);
            all += scores[p];
            right += answers[p] ? scores[p] : 0;
        }
        for (int p = 0; p < scores.length; p++) {
            double wanted = answers[p] ? scores[p] / Math.max(right, 1e-30) : 0;
            pull[p] += importance * factor * (scores[p] / all - wanted);
        }
        return importance * sharpness * (declined / all - (any(answers) ? 0 : 1));
    }

    private static boolean any(boolean[] answers) {
        for (boolean each : answers) {
            if (each) {
                return true;
            }
        }
        return false;
    }

    /** The lines of {@code meanings.txt}. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        numbers.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(each -> {
            float[] place = places[each.getValue()];
            double weight = Math.exp(weights[each.getValue()]);
            double largest = 0;
            for (float value : place) {
                largest = Math.max(largest, Math.abs(value));
            }
            if (largest > 0) {
                var packed = new byte[DIMENSIONS];
                for (int i = 0; i < DIMENSIONS; i++) {
                    packed[i] = (byte) Math.round(place[i] / largest * 127);
                }
                lines.add(String.format(
                        Locale.ROOT,
                        "%s %.2e %s",
                        Base64.getEncoder().encodeToString(packed),
                        weight * largest / 127,
                        each.getKey()));
            }
        });
        return lines;
    }

    private static double product(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static float[] unit(float[] vector) {
        double length = Math.sqrt(product(vector, vector));
        var unit = new float[vector.length];
        for (int i = 0; i < unit.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    /** What a text's features mean together, and what the whole is pulled towards. */
    private final class Sum {

        private final Text text;
        private final boolean[] kept;
        private final float[] unit;
        private final double length;
        private final float[] pull = new float[DIMENSIONS];

        Sum(Text text, Random random) {
            this.text = text;
            kept = new boolean[text.features().length];
            var sum = new float[DIMENSIONS];
            for (int i = 0; i < kept.length; i++) {
                kept[i] = random.nextDouble() >= DROPPED;
                if (kept[i]) {
                    int feature = text.features()[i];
                    float strength = (float) Math.exp(weights[feature]) * text.strengths()[i];
                    for (int k = 0; k < DIMENSIONS; k++) {
                        sum[k] += strength * places[feature][k];
                    }
                }
            }
            length = Math.max(1e-6, Math.sqrt(product(sum, sum)));
            unit = new float[DIMENSIONS];
            for (int k = 0; k < DIMENSIONS; k++) {
                unit[k] = (float) (sum[k] / length);
            }
        }

        void pull(float[] towards, double much) {
            for (int k = 0; k < DIMENSIONS; k++) {
                pull[k] += (float) (much * towards[k]);
            }
        }

        void spread(Gradient gradient) {
            double along = product(pull, unit);
            var change = new float[DIMENSIONS];
            for (int k = 0; k < DIMENSIONS; k++) {
                change[k] = (float) ((pull[k] - along * unit[k]) / length);
            }
            for (int i = 0; i < kept.length; i++) {
                int feature = text.features()[i];
                float[] sum = gradient.of(feature);
                if (kept[i]) {
                    float strength = (float) Math.exp(weights[feature]) * text.strengths()[i];
                    for (int k = 0; k < DIMENSIONS; k++) {
                        sum[k] += strength * change[k];
                    }
                    sum[DIMENSIONS] += (float) (strength * product(places[feature], change));
                }
            }
        }
    }

    /** By the number of the feature: of its place, and last of its weight. */
    private static final class Gradient {
        private final float[] @Nullable [] places;
        private final List<Integer> touched = new ArrayList<>();
        private double none;

        Gradient(int features) {
            places = new float[features][];
        }

        float[] of(int feature) {
            if (places[feature] == null) {
                places[feature] = new float[DIMENSIONS + 1];
                touched.add(feature);
            }
            return places[feature];
        }
    }
}
