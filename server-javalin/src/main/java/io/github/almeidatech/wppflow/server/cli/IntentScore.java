package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * How well intents were told. Strict: the intent is the wanted one; lenient: or one of the acceptable others. The
 * calibration error (ECE) is over ten equal bins of confidence.
 */
final class IntentScore {

    private static final int BINS = 10;

    /** One message: what was wanted, what came. */
    record Row(String id, String text, String lang, String wanted, List<String> also, String found, double confidence) {

        boolean strict() {
            return found.equals(wanted);
        }

        boolean lenient() {
            return strict() || also.contains(found);
        }
    }

    private final List<Row> rows;

    IntentScore(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    double accuracy() {
        return share(rows, Row::strict);
    }

    double lenient() {
        return share(rows, Row::lenient);
    }

    double macroF1() {
        return intents().stream().mapToDouble(this::f1).average().orElse(0);
    }

    /** The mean distance between how sure it was and how often it was right. */
    double calibrationError() {
        double total = 0;
        for (int bin = 0; bin < BINS; bin++) {
            int number = bin;
            List<Row> in = rows.stream()
                    .filter(row -> Math.min(BINS - 1, (int) (row.confidence() * BINS)) == number)
                    .toList();
            double sure = in.stream().mapToDouble(Row::confidence).average().orElse(0);
            total += in.size() * Math.abs(sure - share(in, Row::strict));
        }
        return rows.isEmpty() ? 0 : total / rows.size();
    }

    private double f1(String intent) {
        long right = rows.stream()
                .filter(row -> row.strict() && row.wanted().equals(intent))
                .count();
        long found = rows.stream().filter(row -> row.found().equals(intent)).count();
        long wanted = rows.stream().filter(row -> row.wanted().equals(intent)).count();
        return found + wanted == 0 ? 0 : 2.0 * right / (found + wanted);
    }

    private List<String> intents() {
        return List.copyOf(new TreeSet<>(rows.stream().map(Row::wanted).toList()));
    }

    ObjectNode toJson() {
        ObjectNode json = JsonLines.MAPPER.createObjectNode();
        json.put("messages", rows.size());
        json.put("accuracy", accuracy());
        json.put("accuracy_lenient", lenient());
        json.put("macro_f1", macroF1());
        json.put("ece", calibrationError());
        ObjectNode classes = json.putObject("f1");
        intents().forEach(intent -> classes.put(intent, f1(intent)));
        ObjectNode languages = json.putObject("accuracy_by_language");
        groups(Row::lang).forEach((lang, in) -> languages.put(lang, share(in, Row::strict)));
        return json;
    }

    /** For people. */
    String toText(int errors) {
        var text = new StringBuilder();
        text.append("messages %d%n".formatted(rows.size()));
        text.append("accuracy %.4f  lenient %.4f  macro-F1 %.4f  ECE %.4f%n"
                .formatted(accuracy(), lenient(), macroF1(), calibrationError()));
        text.append("%nper intent%n".formatted());
        intents().forEach(intent -> text.append("  %-14s F1 %.3f%n".formatted(intent, f1(intent))));
        text.append("%nper language%n".formatted());
        groups(Row::lang)
                .forEach((lang, in) -> text.append(
                        "  %-14s n=%-4d accuracy %.3f%n".formatted(lang, in.size(), share(in, Row::strict))));
        text.append("%nwanted → found%n".formatted());
        groups(row -> row.wanted() + " → " + row.found())
                .forEach((pair, in) -> text.append("  %-28s %d%n".formatted(pair, in.size())));
        var wrong = new ArrayList<>(rows.stream().filter(row -> !row.strict()).toList());
        wrong.sort(Comparator.comparingDouble(Row::confidence).reversed());
        if (errors > 0 && !wrong.isEmpty()) {
            text.append("%nthe surest mistakes%n".formatted());
            wrong.stream()
                    .limit(errors)
                    .forEach(row -> text.append("  %s %.2f %s, wanted %s | %s%n"
                            .formatted(row.id(), row.confidence(), row.found(), row.wanted(), row.text())));
        }
        return text.toString();
    }

    private Map<String, List<Row>> groups(Function<Row, String> by) {
        var groups = new TreeMap<String, List<Row>>();
        rows.forEach(row ->
                groups.computeIfAbsent(by.apply(row), key -> new ArrayList<>()).add(row));
        return groups;
    }

    private static double share(List<Row> rows, Function<Row, Boolean> of) {
        return rows.isEmpty() ? 0 : (double) rows.stream().filter(of::apply).count() / rows.size();
    }
}
