package io.github.almeidatech.wppflow.knowledge;

import io.github.almeidatech.wppflow.model.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How well bursts and follow-ups are read, counted on lines such as {@code inn; tem piscina? / é aquecida > a piscina é aquecida?
 * [in-14]}: the business, what was said, the questions it asks in words that need no neighbour, each with the documents
 * that answer it. In a burst all messages are one turn; in a dialogue the last is, and the others were said before.
 */
final class TurnFigures {

    private static final Pattern EXPECTED = Pattern.compile("(.+)\\[([^\\]]*)\\]");
    private static final Map<String, FaqCollection> KNOWN = new HashMap<>();

    private int turns;
    private int numberRight;
    private int questions;
    private int found;
    private int answered;
    private int foundAlone;
    private int answeredAlone;
    private final List<String> failures = new ArrayList<>();

    /** @param expected what is asked, as one would ask it alone */
    record Expected(String alone, List<String> relevant) {}

    record Said(String business, List<String> messages, List<Expected> expected) {}

    /** @param set such as {@code bursts-seen} */
    static TurnFigures of(String set) {
        var figures = new TurnFigures();
        List<Said> all = read(set);
        for (String business : all.stream().map(Said::business).distinct().toList()) {
            var tenant = new TenantId("measured");
            try (var base = KnowledgeBase.inMemory()) {
                base.put(
                        tenant,
                        KNOWN.computeIfAbsent(business, FaqCollection::ofTests).documents());
                all.stream()
                        .filter(said -> said.business().equals(business))
                        .forEach(said -> figures.count(base, tenant, said, set.startsWith("bursts")));
            }
        }
        return figures;
    }

    static List<Said> read(String set) {
        try (var in = TurnFigures.class.getResourceAsStream("turns/" + set + ".txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(TurnFigures::said)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Said said(String line) {
        String[] parts = line.split(" > ");
        String[] of = parts[0].split("; ", 2);
        List<Expected> expected = new ArrayList<>();
        for (String each : parts[1].split("\\|\\|")) {
            var matcher = EXPECTED.matcher(each.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException(line);
            }
            expected.add(new Expected(
                    matcher.group(1).strip(), List.of(matcher.group(2).split(","))));
        }
        return new Said(of[0], Arrays.asList(of[1].split(" / ")), expected);
    }

    private void count(KnowledgeBase base, TenantId tenant, Said said, boolean burst) {
        List<String> messages = said.messages();
        int now = burst ? 0 : messages.size() - 1;
        String context = String.join("\n", messages.subList(0, now));
        List<String> parted = base.questions(tenant, String.join("\n", messages.subList(now, messages.size())));
        List<KnowledgeAnswer> answers = new ArrayList<>();
        for (String question : parted) { // as a turn does
            answers.add(base.query(tenant, new Question(question, context, 3, null)));
            context += "\n" + question.replace('\n', ' ');
        }
        turns++;
        boolean right = parted.size() == said.expected().size();
        numberRight += right ? 1 : 0;
        var wrong = new ArrayList<String>();
        for (int i = 0; i < said.expected().size(); i++) {
            Expected expected = said.expected().get(i);
            List<KnowledgeAnswer> looked = right ? List.of(answers.get(i)) : answers;
            KnowledgeAnswer alone = base.query(tenant, new Question(expected.alone(), "", 3, null));
            questions++;
            boolean hit = looked.stream().anyMatch(each -> isFirst(expected, each));
            boolean hitAlone = isFirst(expected, alone);
            found += hit ? 1 : 0;
            foundAlone += hitAlone ? 1 : 0;
            answered += looked.stream().anyMatch(each -> isFirst(expected, each) && each.answered()) ? 1 : 0;
            answeredAlone += hitAlone && alone.answered() ? 1 : 0;
            if (!hit) {
                wrong.add((hitAlone ? "" : "(alone too) ") + expected.alone() + " " + expected.relevant() + " found "
                        + looked.stream().map(TurnFigures::first).toList());
            }
        }
        if (!right || !wrong.isEmpty()) {
            failures.add((right ? "" : "parted " + parted + " ") + said.messages() + " " + wrong);
        }
    }

    private static boolean isFirst(Expected expected, KnowledgeAnswer answer) {
        return expected.relevant().contains(first(answer));
    }

    private static String first(KnowledgeAnswer answer) {
        return answer.sources().isEmpty() ? "" : answer.sources().get(0).documentId();
    }

    double rightNumber() {
        return (double) numberRight / turns;
    }

    double found() {
        return (double) found / questions;
    }

    List<String> failures() {
        return failures;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d turns, %.3f with the right number of questions | of %d questions document first %.3f, and answered %.3f | asked alone %.3f, %.3f",
                turns,
                rightNumber(),
                questions,
                found(),
                (double) answered / questions,
                (double) foundAlone / questions,
                (double) answeredAlone / questions);
    }

    /** Arguments: sets such as {@code bursts-seen}; {@code --worst} lists what went wrong. */
    public static void main(String[] arguments) {
        List<String> sets =
                Arrays.stream(arguments).filter(each -> !each.startsWith("--")).toList();
        for (String set : sets) {
            TurnFigures figures = of(set);
            System.out.printf("%-18s %s%n", set, figures);
            if (List.of(arguments).contains("--worst")) {
                figures.failures().forEach(System.out::println);
            }
        }
    }
}
