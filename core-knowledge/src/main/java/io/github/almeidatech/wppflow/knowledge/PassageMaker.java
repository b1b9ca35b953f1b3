package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.knowledge.SearchIndex.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes a document's passages. Thread-safe. */
final class PassageMaker {

    private final PassageReader reader;
    private final Meanings meanings;
    private final PassageSplitter splitter = new PassageSplitter();

    PassageMaker(PassageReader reader, Meanings meanings) {
        this.reader = reader;
        this.meanings = meanings;
    }

    List<Entry> entries(Document document) {
        List<PassageSplitter.Part> parts = new ArrayList<>(splitter.split(document.content()));
        if (parts.isEmpty()) {
            parts.add(new PassageSplitter.Part("", document.title()));
        }
        var language = reader.languageOf(document.title() + "\n" + document.content());
        List<Entry> entries = new ArrayList<>(parts.size());
        for (PassageSplitter.Part part : parts) {
            String heading = part.heading().isEmpty() ? document.title() : document.title() + " › " + part.heading();
            Map<String, Double> features = reader.features(heading, part.text(), language);
            var passage = new Passage(
                    document,
                    id(document, entries.size(), part),
                    heading,
                    part.text(),
                    language,
                    Profile.of(features),
                    reader.titleWords(heading, language),
                    meanings.of(features));
            entries.add(new Entry(passage, features));
        }
        return entries;
    }

    private static String id(Document document, int number, PassageSplitter.Part part) {
        int mark = 31 * document.title().hashCode()
                + 31 * part.heading().hashCode()
                + part.text().hashCode();
        return document.id() + "#" + number + "-" + Integer.toHexString(mark);
    }
}
