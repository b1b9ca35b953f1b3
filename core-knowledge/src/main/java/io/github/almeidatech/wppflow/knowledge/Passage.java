package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.Language;
import org.jspecify.annotations.Nullable;

/**
 * A part of a document that can answer by itself, ready to be compared with questions. Immutable but for the vector,
 * which comes later when embeddings are configured.
 */
final class Passage {

    private final Document document;
    private final String id;
    private final String heading;
    private final String text;
    private final Language language;
    private final Profile profile;
    private final int[][] titleWords;
    private final long mark;
    private final @Nullable Vector meaning;
    private volatile @Nullable Vector vector;

    /**
     * @param titleWords for each telling word of the title, the hashes of its features
     * @param meaning what its concepts mean together, null when it has none
     */
    Passage(
            Document document,
            String id,
            String heading,
            String text,
            Language language,
            Profile profile,
            int[][] titleWords,
            @Nullable Vector meaning) {
        this.document = document;
        this.id = id;
        this.heading = heading;
        this.text = text;
        this.language = language;
        this.profile = profile;
        this.titleWords = titleWords;
        String folded = Words.fold(text).strip();
        this.mark = (long) Profile.hash(folded) << 32 | folded.hashCode() & 0xffff_ffffL;
        this.meaning = meaning;
    }

    Document document() {
        return document;
    }

    /** The document, the place in it and a mark of the text: a changed passage has another id. */
    String id() {
        return id;
    }

    /** The document's title and the headings above the passage. */
    String heading() {
        return heading;
    }

    String text() {
        return text;
    }

    /** The same for passages that say the same, whatever their case and accents. */
    long mark() {
        return mark;
    }

    Language language() {
        return language;
    }

    Profile profile() {
        return profile;
    }

    int[][] titleWords() {
        return titleWords;
    }

    @Nullable
    Vector meaning() {
        return meaning;
    }

    @Nullable
    Vector vector() {
        return vector;
    }

    void vector(Vector vector) {
        this.vector = vector;
    }
}
