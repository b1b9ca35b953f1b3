package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * How well questions were answered from documents: recall and rank over the questions that have an answer, precision and
 * recall of declining over those that have none.
 */
final class FaqScore {

    private static final int RANKS = 10;

    /** One question: the documents that answer it (none: it must be declined), what was found. */
    record Row(
            String id,
            String query,
            String lang,
            List<String> tags,
            List<String> relevant,
            List<String> ranked,
            boolean answered,
            double confidence) {

        boolean answerable() {
            return !relevant.isEmpty();
        }

        /** The place of the first right document from 1; 0 when it was not found. */
        int rank() {
            for (int i = 0; i < ranked.size(); i++) {
                if (relevant.contains(ranked.get(i))) {
                    return i + 1;
                }
            }
            return 0;
        }

        /** What the customer would get is right. */
        boolean right() {
            return answerable() ? answered && rank() == 1 : !answered;
        }

        String wanted() {
            return answerable() ? "an answer" : "no answer";
        }

        String found() {
            if (!answered) {
                return "declined";
            }
            return answerable() && !right() ? "another document" : "answered";
        }

        /** How sure it was of what was wrong. */
        double wrongBy() {
            return answered ? confidence : 1 - confidence;
        }
    }

    private final List<Row> rows;

    FaqScore(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    /** Of the questions with an answer, how many have the right document among the first so many. */
    double recall(int within) {
        return share(answerable(), row -> row.rank() > 0 && row.rank() <= within);
    }

    double reciprocalRank() {
        return answerable().stream()
                .mapToDouble(row -> row.rank() > 0 && row.rank() <= RANKS ? 1.0 / row.rank() : 0)
                .average()
                .orElse(0);
    }

    /** Of the declined questions, how many have no answer. */
    double declinePrecision() {
        return share(rows.stream().filter(row -> !row.answered()).toList(), row -> !row.answerable());
    }

    /** Of the questions without an answer, how many were declined. */
    double declineRecall() {
        return share(rows.stream().filter(row -> !row.answerable()).toList(), row -> !row.answered());
    }

    double endToEnd() {
        return share(rows, Row::right);
    }

    private List<Row> answerable() {
        return rows.stream().filter(Row::answerable).toList();
    }

    ObjectNode toJson() {
        ObjectNode json = JsonLines.MAPPER.createObjectNode();
        json.put("questions", rows.size());
        json.put("answerable", answerable().size());
        json.put("recall_1", recall(1));
        json.put("recall_3", recall(3));
        json.put("mrr_10", reciprocalRank());
        json.put("decline_precision", declinePrecision());
        json.put("decline_recall", declineRecall());
        json.put("end_to_end", endToEnd());
        ObjectNode languages = json.putObject("end_to_end_by_language");
        byLanguage().forEach((lang, in) -> languages.put(lang, share(in, Row::right)));
        ObjectNode tags = json.putObject("end_to_end_by_tag");
        byTag().forEach((tag, in) -> tags.put(tag, share(in, Row::right)));
        return json;
    }

    /** For people. */
    String toText(int errors) {
        var text = new StringBuilder();
        text.append("questions %d, with an answer %d%n"
                .formatted(rows.size(), answerable().size()));
        text.append("recall@1 %.4f  recall@3 %.4f  MRR@10 %.4f%n".formatted(recall(1), recall(3), reciprocalRank()));
        text.append("declining: precision %.4f  recall %.4f%n".formatted(declinePrecision(), declineRecall()));
        text.append("right end to end %.4f%n".formatted(endToEnd()));
        text.append("%nper language%n".formatted());
        byLanguage()
                .forEach((lang, in) ->
                        text.append("  %-14s n=%-4d right %.3f%n".formatted(lang, in.size(), share(in, Row::right))));
        if (!byTag().isEmpty()) {
            text.append("%nper tag%n".formatted());
        }
        byTag().forEach((tag, in) ->
                text.append("  %-14s n=%-4d right %.3f%n".formatted(tag, in.size(), share(in, Row::right))));
        text.append("%nwanted → found%n".formatted());
        groups(row -> List.of(row.wanted() + " → " + row.found()))
                .forEach((pair, in) -> text.append("  %-28s %d%n".formatted(pair, in.size())));
        List<Row> wrong = rows.stream()
                .filter(row -> !row.right())
                .sorted(Comparator.comparingDouble(Row::wrongBy).reversed())
                .toList();
        if (errors > 0 && !wrong.isEmpty()) {
            text.append("%nthe surest mistakes%n".formatted());
            wrong.stream()
                    .limit(errors)
                    .forEach(row -> text.append("  %s %.2f wanted %s, found %s, %s | %s%n"
                            .formatted(
                                    row.id(),
                                    row.confidence(),
                                    row.answerable() ? String.join(",", row.relevant()) : "no answer",
                                    row.ranked().isEmpty() ? "-" : row.ranked().get(0),
                                    row.answered() ? "answered" : "declined",
                                    row.query())));
        }
        return text.toString();
    }

    private Map<String, List<Row>> byLanguage() {
        return groups(row -> List.of(row.lang()));
    }

    private Map<String, List<Row>> byTag() {
        return groups(Row::tags);
    }

    private Map<String, List<Row>> groups(Function<Row, List<String>> by) {
        var groups = new TreeMap<String, List<Row>>();
        rows.forEach(row -> by.apply(row)
                .forEach(key ->
                        groups.computeIfAbsent(key, each -> new ArrayList<>()).add(row)));
        return groups;
    }

    private static double share(List<Row> rows, Function<Row, Boolean> of) {
        return rows.isEmpty() ? 0 : (double) rows.stream().filter(of::apply).count() / rows.size();
    }
}
