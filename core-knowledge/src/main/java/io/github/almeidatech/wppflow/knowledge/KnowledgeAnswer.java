package io.github.almeidatech.wppflow.knowledge;

import java.util.List;

/**
 * What the documents say.
 *
 * @param answered whether the evidence is good enough to tell the customer
 * @param text the best passage when answered, else empty
 * @param confidence 0 to 1, that the first source answers the question
 * @param sources what was found, best first, also when not answered
 */
public record KnowledgeAnswer(boolean answered, String text, double confidence, List<Source> sources) {

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
}
