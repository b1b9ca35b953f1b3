package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.router.Classification;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What was looked at on the way to a plan, for the event that explains it later. Belongs to one turn and its thread. */
final class Trail {

    private @Nullable Findings knowledge;
    private @Nullable String model;
    private final Map<String, Classification> understood = new HashMap<>();

    /** What a text means, found out when it is first wanted. */
    Classification understood(String text, Supplier<Classification> classifier) {
        return understood.computeIfAbsent(text, first -> classifier.get());
    }

    /** The knowledge base was asked, whether its answer was used or not. */
    void asked(Findings found) {
        knowledge = found;
    }

    /** Why what a model wrote, or would have written, was not used. */
    void modelNotUsed(String why) {
        model = why;
    }

    /**
     * Adds {@code passages}, {@code knowledge_confidence} (of several questions the least), {@code questions} (of several, what
     * was found for each), {@code embedding} and {@code model}, as far as there is something to say.
     */
    void writeTo(Map<String, Object> payload) {
        if (knowledge != null) {
            List<KnowledgeAnswer> answers = knowledge.all().stream()
                    .map(Findings.Finding::answer)
                    .filter(Objects::nonNull)
                    .toList();
            payload.put("passages", passages(knowledge.passages()));
            payload.put(
                    "knowledge_confidence",
                    answers.stream()
                            .mapToDouble(KnowledgeAnswer::confidence)
                            .min()
                            .orElse(0));
            if (knowledge.all().size() > 1) {
                payload.put(
                        "questions",
                        knowledge.all().stream().map(Trail::question).toList());
            }
            answers.stream()
                    .map(KnowledgeAnswer::embeddingFailure)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .ifPresent(failure -> payload.put("embedding", failure));
        }
        if (model != null) {
            payload.put("model", model);
        }
    }

    private static Map<String, Object> question(Findings.Finding finding) {
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("question", finding.question());
        question.put("answered", finding.answered());
        if (finding.answer() != null) {
            question.put("confidence", finding.answer().confidence());
        }
        return question;
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
