package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How well questions are answered, counted. */
final class FaqFigures {

    private int answerable;
    private int first;
    private int amongThree;
    private int unanswerable;
    private int declined;
    private int rightlyDeclined;
    private final List<String> failures = new ArrayList<>();

    static FaqFigures of(FaqCollection collection) {
        var figures = new FaqFigures();
        var tenant = new TenantId("measured");
        try (var base = KnowledgeBase.inMemory()) {
            base.put(tenant, collection.documents());
            for (var asked : collection.questions()) {
                figures.count(asked, base.query(tenant, new Question(asked.text(), "", 10, null)));
            }
        }
        return figures;
    }

    private void count(FaqCollection.Asked asked, KnowledgeAnswer answer) {
        List<String> found = answer.sources().stream()
                .map(KnowledgeAnswer.Source::documentId)
                .distinct()
                .toList();
        int rank = 1;
        while (rank <= found.size() && !asked.relevant().contains(found.get(rank - 1))) {
            rank++;
        }
        boolean canBeAnswered = !asked.relevant().isEmpty();
        if (canBeAnswered) {
            answerable++;
            first += rank <= Math.min(1, found.size()) ? 1 : 0;
            amongThree += rank <= Math.min(3, found.size()) ? 1 : 0;
        } else {
            unanswerable++;
            rightlyDeclined += answer.answered() ? 0 : 1;
        }
        declined += answer.answered() ? 0 : 1;
        if (canBeAnswered ? rank > 1 || !answer.answered() : answer.answered()) {
            failures.add(String.format(
                    Locale.ROOT,
                    "%s rank %d, confidence %.2f, found %s, wanted %s: %s",
                    answer.answered() ? "answered" : "declined",
                    rank,
                    answer.confidence(),
                    found.subList(0, Math.min(3, found.size())),
                    asked.relevant(),
                    asked.text()));
        }
    }

    FaqFigures plus(FaqFigures other) {
        var sum = new FaqFigures();
        for (var each : List.of(this, other)) {
            sum.answerable += each.answerable;
            sum.first += each.first;
            sum.amongThree += each.amongThree;
            sum.unanswerable += each.unanswerable;
            sum.declined += each.declined;
            sum.rightlyDeclined += each.rightlyDeclined;
            sum.failures.addAll(each.failures);
        }
        return sum;
    }

    double recallAt1() {
        return (double) first / answerable;
    }

    double recallAt3() {
        return (double) amongThree / answerable;
    }

    double declinePrecision() {
        return (double) rightlyDeclined / declined;
    }

    double declineRecall() {
        return (double) rightlyDeclined / unanswerable;
    }

    List<String> failures() {
        return failures;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "recall@1 %.3f  recall@3 %.3f  of %d answerable | decline precision %.3f  recall %.3f  of %d unanswerable",
                recallAt1(),
                recallAt3(),
                answerable,
                declinePrecision(),
                declineRecall(),
                unanswerable);
    }
}
