package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was looked at on the way to a plan, for the event that explains it later. Belongs to one turn and its thread. */
final class Trail {

    private @Nullable KnowledgeAnswer knowledge;
    private @Nullable String model;

    /** The knowledge base was asked, whether its answer was used or not. */
    void asked(KnowledgeAnswer found) {
        knowledge = found;
    }

    /** Why what a model wrote, or would have written, was not used. */
    void modelNotUsed(String why) {
        model = why;
    }

    /** Adds {@code passages}, {@code knowledge_confidence}, {@code embedding} and {@code model}, as far as there is something to say. */
    void writeTo(Map<String, Object> payload) {
        if (knowledge != null) {
            payload.put("passages", passages(knowledge.sources()));
            payload.put("knowledge_confidence", knowledge.confidence());
            if (knowledge.embeddingFailure() != null) {
                payload.put("embedding", knowledge.embeddingFailure());
            }
        }
        if (model != null) {
            payload.put("model", model);
        }
    }

    private static List<Map<String, Object>> passages(List<KnowledgeAnswer.Source> sources) {
        return sources.stream()
                .map(source -> {
                    Map<String, Object> passage = new LinkedHashMap<>();
                    passage.put("passage", source.passageId());
                    passage.put("document", source.documentId());
                    passage.put("similarity", source.similarity());
                    return passage;
                })
                .toList();
    }
}
