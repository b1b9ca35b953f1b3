package io.github.almeidatech.wppflow.knowledge;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the documents say.
 *
 * @param answered whether the evidence is good enough to tell the customer
 * @param text the best passage when answered, else empty
 * @param confidence 0 to 1, that the first source answers the question
 * @param sources what was found, best first, also when not answered
 * @param clarity how clear it is what was asked for
 * @param embeddingFailure why only the words of the question were searched for and not its meaning, such as
 *     {@code over_budget}; null when nothing failed
 */
public record KnowledgeAnswer(
        boolean answered,
        String text,
        double confidence,
        List<Source> sources,
        Clarity clarity,
        @Nullable String embeddingFailure) {

    /** One to a clear question that nothing failed for. */
    public KnowledgeAnswer(boolean answered, String text, double confidence, List<Source> sources) {
        this(answered, text, confidence, sources, Clarity.CLEAR, null);
    }

    /** How clear it is what was asked for, with what was said before. */
    public enum Clarity {
        /** It asks about something. */
        CLEAR,
        /** It tells something, or wishes for something, and asks nothing. */
        NO_QUESTION,
        /** It asks nothing and names nothing that the documents or the language's words know: "preciso de ajuda". */
        NOTHING,
        /** It asks, but not about what: "quanto fica?", "???". */
        NO_TOPIC
    }

    /**
     * A passage that was found.
     *
     * @param documentId the document it is from
     * @param passageId unique inside the tenant
     * @param title the document's title
     * @param text the passage
     * @param similarity 0 to 1, comparable inside one answer
     */
    public record Source(String documentId, String passageId, String title, String text, double similarity) {}

    public KnowledgeAnswer {
        sources = List.copyOf(sources);
    }

    KnowledgeAnswer byTextAlone(String failure) {
        return new KnowledgeAnswer(answered, text, confidence, sources, clarity, failure);
    }
}
