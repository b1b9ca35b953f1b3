package io.github.almeidatech.wppflow.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Cuts plain text and Markdown into passages: at headings, between question and answer pairs, and, where a part is
 * still long, between paragraphs and sentences. A short document stays whole.
 */
final class PassageSplitter {

    /** Longer parts are cut. */
    static final int LONGEST = 900;

    private static final Pattern HEADING = Pattern.compile("(#{1,6})\\s+(.+?)\\s*#*");
    private static final Pattern QUESTION = Pattern.compile(
            "(?i)\\W*(?:p|q|pergunta|question|pregunta|dúvida)\\s*\\d*\\s*[:.)-]\\s*(.+)|(.{5,200}\\?)\\W*");
    private static final Pattern ANSWER_MARK =
            Pattern.compile("(?i)^\\W*(?:r|a|resposta|answer|respuesta)\\s*[:.)-]\\s*");
    private static final Pattern FENCE = Pattern.compile("\\s*(?:```|~~~).*");

    /**
     * A part of a document.
     *
     * @param heading what stands above it, from the outermost in; empty when nothing does
     */
    record Part(String heading, String text) {}

    /** The parts in order; none is blank. */
    List<Part> split(String content) {
        List<Part> sections = sections(content);
        List<Part> parts = new ArrayList<>();
        for (Part section : sections) {
            for (Part pair : pairs(section)) {
                for (String piece : pieces(pair.text())) {
                    parts.add(new Part(pair.heading(), piece));
                }
            }
        }
        return parts;
    }

    private static List<Part> sections(String content) {
        List<Part> sections = new ArrayList<>();
        List<String> path = new ArrayList<>();
        var text = new StringBuilder();
        boolean fenced = false;
        for (String line : content.lines().toList()) {
            fenced ^= FENCE.matcher(line).matches();
            var heading = HEADING.matcher(line.strip());
            if (!fenced && heading.matches()) {
                addSection(sections, path, text);
                int level = heading.group(1).length();
                while (path.size() >= level) {
                    path.remove(path.size() - 1);
                }
                while (path.size() < level - 1) {
                    path.add("");
                }
                path.add(heading.group(2));
            } else {
                text.append(line).append('\n');
            }
        }
        addSection(sections, path, text);
        return sections;
    }

    private static void addSection(List<Part> sections, List<String> path, StringBuilder text) {
        String body = text.toString().strip();
        text.setLength(0);
        if (!body.isEmpty()) {
            List<String> headings =
                    path.stream().filter(each -> !each.isEmpty()).toList();
            sections.add(new Part(String.join(" › ", headings), body));
        }
    }

    /** Two questions or more, each with an answer below, make pairs; the question becomes the heading. */
    private static List<Part> pairs(Part section) {
        List<Part> pairs = new ArrayList<>();
        String question = "";
        int questions = 0;
        var text = new StringBuilder();
        for (String line : section.text().lines().toList()) {
            var asked = QUESTION.matcher(line.strip());
            if (asked.matches()) {
                addPair(pairs, section.heading(), question, text);
                question = asked.group(1) != null ? asked.group(1) : asked.group(2);
                questions++;
            } else {
                text.append(text.isEmpty() ? ANSWER_MARK.matcher(line).replaceFirst("") : line)
                        .append('\n');
            }
        }
        addPair(pairs, section.heading(), question, text);
        return questions >= 2 && pairs.size() >= 2 ? pairs : List.of(section);
    }

    private static void addPair(List<Part> pairs, String heading, String question, StringBuilder text) {
        String answer = text.toString().strip();
        text.setLength(0);
        if (!answer.isEmpty()) {
            String both = heading.isEmpty() || question.isEmpty() ? heading + question : heading + " › " + question;
            pairs.add(new Part(both, answer));
        }
    }

    private static List<String> pieces(String text) {
        if (text.length() <= LONGEST) {
            return List.of(text);
        }
        List<String> pieces = new ArrayList<>();
        var piece = new StringBuilder();
        for (String paragraph : text.split("\\n\\s*\\n")) {
            for (String sentence : paragraph.length() <= LONGEST ? List.of(paragraph) : Sentences.of(paragraph)) {
                boolean begins = paragraph.startsWith(sentence);
                if (!piece.isEmpty() && piece.length() + sentence.length() > LONGEST) {
                    pieces.add(piece.toString().strip());
                    piece.setLength(0);
                }
                piece.append(piece.isEmpty() ? "" : begins ? "\n\n" : " ").append(sentence);
            }
        }
        if (!piece.toString().isBlank()) {
            pieces.add(piece.toString().strip());
        }
        return pieces;
    }
}
