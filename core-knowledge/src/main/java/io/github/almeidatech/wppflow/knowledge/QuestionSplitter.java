package io.github.almeidatech.wppflow.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Parts what was said in one go into the questions it asks: at the end of lines, after question marks, and where "and" or
 * a comma leads to another question. A line that only makes sense with its neighbour stays with it: "tenho um gato" with
 * what is asked about it, "quanto custa" with "a diária?". Immutable and thread-safe.
 */
final class QuestionSplitter {

    private static final Pattern END = Pattern.compile("\\n\\s*|(?<=\\?)(?!\\?)\\s*");
    private static final Pattern JOINT = Pattern.compile("(?iU)[,;]\\s+|\\s+(?=(?:e|and|y)\\s)");
    private static final Pattern WANTS_TO_KNOW =
            Pattern.compile("(?iU)\\b(?:saber|perguntar|confirmar|know|ask|preguntar)\\b");

    /** "e gato" asks, "e ele é muito bravo com outros" tells. */
    private static final int FEW_WORDS = 3;

    private final Asking asking;

    QuestionSplitter(Asking asking) {
        this.asking = asking;
    }

    private enum Kind {
        /** Asks about something. */
        QUESTION,
        /** Asks about something by naming it only: "a diária?". */
        NAME,
        /** Asks how much, until when and the like, and does not say of what. */
        BARE,
        /** Says what is wanted. */
        WISH,
        /** Tells something. */
        STATEMENT,
        /** Says nothing that documents could be about. */
        NOTHING
    }

    /** @param asks the strongest kind of what it is made of */
    private record Part(String text, Kind asks) {

        boolean takes(Kind next) {
            return switch (next) {
                case STATEMENT -> true;
                case BARE -> asks == Kind.WISH || asks == Kind.STATEMENT;
                case NAME -> asks == Kind.BARE || asks == Kind.STATEMENT;
                case QUESTION, WISH -> asks == Kind.STATEMENT;
                case NOTHING -> false;
            };
        }

        Part with(String more, Kind kind) {
            boolean stays = kind == Kind.STATEMENT && asks != Kind.BARE;
            return new Part(text + "\n" + more, stays ? asks : kind == Kind.STATEMENT ? Kind.QUESTION : kind);
        }
    }

    /**
     * The questions in their order; the text itself when there are fewer than two.
     *
     * @param read what a piece of it asks for, without what was said before
     */
    List<String> split(String text, Function<String, QueryPlan> read) {
        List<String> pieces = pieces(text);
        if (pieces.size() < 2) {
            return List.of(text);
        }
        List<Part> parts = new ArrayList<>();
        for (String piece : pieces) {
            Kind kind = kind(piece, read.apply(piece));
            int last = parts.size() - 1;
            if (last >= 0 && parts.get(last).takes(kind)) {
                parts.set(last, parts.get(last).with(piece, kind));
            } else if (kind != Kind.NOTHING) {
                parts.add(new Part(piece, kind));
            }
        }
        return parts.size() < 2 ? List.of(text) : parts.stream().map(Part::text).toList();
    }

    private List<String> pieces(String text) {
        List<String> pieces = new ArrayList<>();
        for (String line : END.split(text)) {
            int from = 0;
            var joint = JOINT.matcher(line);
            while (joint.find()) {
                if (asking.beginsAsQuestion(line.substring(joint.end()))) {
                    pieces.add(line.substring(from, joint.start()));
                    from = joint.end();
                }
            }
            pieces.add(line.substring(from));
        }
        pieces.removeIf(String::isBlank);
        return pieces;
    }

    private Kind kind(String piece, QueryPlan plan) {
        boolean names =
                plan.units().stream().anyMatch(unit -> unit.content() && !QuestionReader.isAskedOfSomething(unit));
        boolean howMuch = plan.units().stream().anyMatch(QuestionReader::isAskedOfSomething);
        boolean asks = howMuch
                || asking.beginsAsQuestion(piece)
                || asking.asksForDeed(piece)
                || asking.beginsAsFollowUp(piece) && (piece.contains("?") || plan.length() <= FEW_WORDS)
                || WANTS_TO_KNOW.matcher(piece).find();
        if (!names && asking.asksForPlace(piece)) {
            return Kind.QUESTION;
        }
        if (!names && !howMuch) {
            return Kind.NOTHING;
        }
        if (asks) {
            return names ? Kind.QUESTION : Kind.BARE;
        }
        if (piece.contains("?")) {
            return Kind.NAME;
        }
        return asking.beginsAsWish(piece) ? Kind.WISH : Kind.STATEMENT;
    }
}
