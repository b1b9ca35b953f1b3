package io.github.almeidatech.wppflow.knowledge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A business's documents, and questions with the documents that answer them; none when nothing does. */
record FaqCollection(String name, List<Document> documents, List<Asked> questions) {

    /** Invented businesses that words and weights were made with. */
    static final List<String> BUSINESSES = List.of(
            "pet-hotel",
            "dental",
            "gym",
            "bakery",
            "shop",
            "inn",
            "optician",
            "clinic",
            "workshop",
            "school",
            "driving",
            "estate",
            "party",
            "pizza",
            "petvet",
            "internet",
            "laundry",
            "repair",
            "florist");

    /** Invented businesses asked in few words; weights were made with them, words were not. */
    static final List<String> TERSE = List.of(
            "dedetizadora",
            "contabilidade",
            "lava-rapido",
            "grafica",
            "restaurante-japones",
            "fotografia",
            "aluguel-de-carros",
            "natacao",
            "psicologa",
            "laboratorio",
            "moveis-planejados",
            "energia-solar",
            "diarista-e-limpeza",
            "supermercado-online",
            "escola-de-musica",
            "seguro-auto-corretora",
            "hamburgueria");

    /** Invented businesses that are only measured: nobody looked at the mistakes, no weight was fitted to them. */
    static final List<String> UNSEEN = List.of("physio", "tours");

    /** Measured only as well, and written by two who knew neither the code nor its words. */
    static final List<String> INDEPENDENT =
            List.of("odontology", "garage", "language-school", "pizzeria", "party-rental");

    /** Measured only as well, written before their results were seen by one who knew the code. */
    static final List<String> FRESH = List.of("bike-shop", "nursery");

    /** The same, a pet hotel and day care, measured at first sight after all that was changed for the others. */
    static final List<String> FIRST_SIGHT = List.of("pet-daycare");

    /** What {@link Confidence} is taught with. */
    static final List<String> TAUGHT =
            Stream.concat(BUSINESSES.stream(), TERSE.stream()).toList();

    private static final Pattern TEXT = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

    record Asked(String text, List<String> relevant) {}

    static FaqCollection ofTests(String business) {
        var folder = FaqCollection.class.getResource("faq/" + business);
        try {
            return read(Path.of(folder.toURI()));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Reads {@code kb.jsonl} and {@code queries.jsonl}. */
    static FaqCollection read(Path folder) {
        try {
            List<Document> documents = new ArrayList<>();
            for (String line : Files.readAllLines(folder.resolve("kb.jsonl"))) {
                if (!line.isBlank()) {
                    documents.add(new Document(text(line, "id"), text(line, "title"), text(line, "content"), null));
                }
            }
            List<Asked> questions = new ArrayList<>();
            for (String line : Files.readAllLines(folder.resolve("queries.jsonl"))) {
                if (!line.isBlank()) {
                    questions.add(new Asked(text(line, "query"), texts(line, "relevant")));
                }
            }
            return new FaqCollection(folder.getFileName().toString(), documents, questions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(String line, String key) {
        var matcher =
                Pattern.compile("\"" + key + "\"\\s*:\\s*" + TEXT.pattern()).matcher(line);
        return matcher.find() ? matcher.group(1).replace("\\\"", "\"").replace("\\n", "\n") : "";
    }

    private static List<String> texts(String line, String key) {
        var list = Pattern.compile("\"" + key + "\"\\s*:\\s*\\[([^\\]]*)\\]").matcher(line);
        List<String> texts = new ArrayList<>();
        if (list.find()) {
            var matcher = TEXT.matcher(list.group(1));
            while (matcher.find()) {
                texts.add(matcher.group(1));
            }
        }
        return texts;
    }
}
