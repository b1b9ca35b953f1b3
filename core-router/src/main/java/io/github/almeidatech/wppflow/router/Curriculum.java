package io.github.almeidatech.wppflow.router;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Makes examples of patterns, the way customers write: with greetings, abbreviations, slips and decoration. */
final class Curriculum {

    /** The outputs of the model behind the intents. */
    static final List<Signal> FLAGS = List.of(
            Signal.COMPLAINT,
            Signal.THANKS_ONLY,
            Signal.WANTS_PERSON,
            Signal.OPT_OUT,
            Signal.URGENT,
            Signal.OWN_CASE,
            Signal.WANTS_ACTION);

    private static final int COPIES = 12;
    private static final int LANGUAGE_COPIES = 2;

    private static final Map<String, List<String>> OPENINGS = Map.of(
            "pt",
            List.of(
                    "oi ",
                    "olá, ",
                    "bom dia ",
                    "boa tarde! ",
                    "boa noite, ",
                    "oi tudo bem? ",
                    "oie ",
                    "moça, ",
                    "amiga ",
                    "gente ",
                    "por favor ",
                    "então ",
                    "bom dia, tudo bem? ",
                    "opa, ",
                    "olha ",
                    "oi boa tarde "),
            "en",
            List.of("hi ", "hello, ", "hey ", "good morning! ", "hi there, "),
            "es",
            List.of("hola ", "buenas, ", "hola buenas tardes ", "buen día, ", "hola! "));
    private static final Map<String, List<String>> ENDINGS = Map.of(
            "pt",
            List.of(
                    " por favor",
                    " obrigada",
                    " 🙏",
                    " ?",
                    " !",
                    " rs",
                    " kkk",
                    " obg",
                    " pfv",
                    " 😊",
                    " desde já agradeço",
                    "...",
                    " né",
                    " viu"),
            "en",
            List.of(" please", " thanks", " 🙏", " pls"),
            "es",
            List.of(" por favor", " gracias", " porfa"));

    private static final List<List<String>> HOMOPHONES = List.of(
            List.of("ç", "ss"),
            List.of("ç", "s"),
            List.of("ss", "ç"),
            List.of("ss", "s"),
            List.of("z", "s"),
            List.of("sa", "za"),
            List.of("ch", "x"),
            List.of("x", "ch"),
            List.of("qu", "k"),
            List.of("ho", "o"),
            List.of("ha", "a"),
            List.of("ce", "se"),
            List.of("ci", "si"),
            List.of("ge", "je"),
            List.of("ar ", "a "),
            List.of("er ", "e "),
            List.of("lh", "li"),
            List.of("am ", "ao "),
            List.of("ei", "e"),
            List.of("ou", "o"),
            List.of("e ", "i "),
            List.of("o ", "u "),
            List.of("rr", "r"),
            List.of("l ", "u "),
            List.of("en", "in"),
            List.of("es", "is"),
            List.of("mp", "np"));

    private final Corpus corpus;
    private final Tokenizer tokenizer;
    private final Map<String, List<String>> abbreviations = new HashMap<>();

    Curriculum(Corpus corpus, Tokenizer tokenizer) {
        this.corpus = corpus;
        this.tokenizer = tokenizer;
        for (Resource.Entry entry : Resource.entries("abbreviations.txt")) {
            abbreviations.put(entry.name(), entry.words());
        }
    }

    /** Several examples of each pattern, the same ones for the same seed. */
    List<Trainer.Example> examples(List<Corpus.Pattern> patterns, long seed) {
        var random = new Random(seed);
        var examples = new ArrayList<Trainer.Example>();
        for (Corpus.Pattern pattern : patterns) {
            List<String> texts = texts(pattern, COPIES, random);
            float weight = (float) (1 / Math.sqrt(texts.size()));
            for (String text : texts) {
                examples.add(example(pattern, text, weight));
            }
        }
        return examples;
    }

    /** Examples of languages. */
    List<Trainer.Example> languages(List<Corpus.Pattern> patterns, long seed) {
        var random = new Random(seed);
        var examples = new ArrayList<Trainer.Example>();
        for (Corpus.Pattern pattern : patterns) {
            float weight = pattern.language().equals("pt") ? 0.5f : 1.5f;
            for (String text : texts(pattern, LANGUAGE_COPIES, random)) {
                String spelt = random.nextInt(3) == 0 ? Words.fold(text) : text;
                examples.add(language(spelt, pattern.language(), weight));
            }
        }
        for (Resource.Entry entry : Resource.entries("languages.txt")) {
            for (String word : entry.words()) {
                examples.add(language(word + " " + any(entry.words(), random), entry.name(), 1));
            }
        }
        return examples;
    }

    private Trainer.Example language(String text, String language, float weight) {
        int which = List.of("pt", "en", "es").indexOf(language);
        return new Trainer.Example(Features.ofSpelling(tokenizer.tokens(text)), which, List.of(), weight);
    }

    private Trainer.Example example(Corpus.Pattern pattern, String text, float weight) {
        int intent = -1;
        for (int i = 0; i < Intent.STANDARD.size(); i++) {
            if (Intent.STANDARD.get(i).name().equals(pattern.intent())) {
                intent = i;
            }
        }
        return new Trainer.Example(
                Features.of(tokenizer.tokens(text)),
                intent,
                FLAGS.stream().map(pattern::signals).toList(),
                weight);
    }

    private List<String> texts(Corpus.Pattern pattern, int copies, Random random) {
        var drawn = new LinkedHashSet<String>();
        for (int i = 0; i < copies * 2 && drawn.size() < copies; i++) {
            drawn.add(corpus.draw(pattern.text(), random));
        }
        var texts = new ArrayList<>(drawn);
        int count = Math.max(2, texts.size());
        for (int i = 1; i < count; i++) {
            String text = careless(texts.get(i % texts.size()), pattern.language(), random);
            if (i < texts.size()) {
                texts.set(i, text);
            } else {
                texts.add(text);
            }
        }
        return texts;
    }

    /** A message as it may be written in a hurry. */
    String careless(String text, String language, Random random) {
        String result = text;
        if (random.nextDouble() < 0.25) {
            result = any(OPENINGS.getOrDefault(language, List.of("")), random) + result;
        }
        if (random.nextDouble() < 0.2) {
            result = result + any(ENDINGS.getOrDefault(language, List.of("")), random);
        }
        if (random.nextDouble() < 0.3) {
            result = result.replace("?", "");
        }
        if (random.nextDouble() < 0.2 && !language.equals("en")) {
            result = abbreviated(result, random);
        }
        if (random.nextDouble() < 0.15 && !language.equals("en")) {
            result = byEar(result, random);
        }
        return random.nextDouble() < 0.2 ? mistyped(result, random) : result;
    }

    /** Words written as they sound. */
    private static String byEar(String text, Random random) {
        String result = text;
        for (int i = 0; i < 3; i++) {
            List<String> pair = any(HOMOPHONES, random);
            result = result.replace(pair.get(0), pair.get(1));
        }
        return result;
    }

    private String abbreviated(String text, Random random) {
        var words = new ArrayList<>(Resource.words(text));
        for (int i = 0; i < words.size(); i++) {
            List<String> forms = abbreviations.get(Words.fold(words.get(i)));
            if (forms != null && random.nextBoolean()) {
                words.set(i, any(forms, random));
            }
        }
        return String.join(" ", words);
    }

    /** One slip of the thumb in one longer word: a letter left out, exchanged or doubled. */
    private static String mistyped(String text, Random random) {
        var words = new ArrayList<>(Resource.words(text));
        if (words.isEmpty()) {
            return text;
        }
        int at = random.nextInt(words.size());
        String word = words.get(at);
        if (word.length() <= 4 || !Character.isLetter(word.charAt(1))) {
            return text;
        }
        int k = 1 + random.nextInt(word.length() - 2);
        String head = word.substring(0, k);
        words.set(
                at,
                switch (random.nextInt(3)) {
                    case 0 -> head + word.substring(k + 1);
                    case 1 -> head + word.charAt(k + 1) + word.charAt(k) + word.substring(k + 2);
                    default -> head + word.charAt(k) + word.substring(k);
                });
        return String.join(" ", words);
    }

    private static <T> T any(List<T> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
