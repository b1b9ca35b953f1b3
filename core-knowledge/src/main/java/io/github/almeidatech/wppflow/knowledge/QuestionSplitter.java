package io.github.almeidatech.wppflow.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Parts what was said in one go into the questions it asks: at the end of lines, after question marks, and where "and" or
 * a comma leads to another question. A line that only makes sense with its neighbour stays with it: "tenho um gato" with
 * what is asked about it, "quanto custa" with "a diária?". Immutable and thread-safe.
 */
final class QuestionSplitter {

    private static final Pattern END = Pattern.compile("\\n\\s*|(?<=\\?)(?!\\?)\\s*");
    private static final Pattern JOINT = Pattern.compile("(?iU)[,;.!…]+\\s+|(?<!\\s)\\s+(?=(?:e|and|y)\\s)");
    private static final Pattern WANTS_TO_KNOW =
            Pattern.compile("(?iU)\\b(?:saber|perguntar|confirmar|know|ask|preguntar)\\b");

    private static final Pattern BEGINS_TO_ASK = Pattern.compile(
            "(?iU)^\\W*(?:(?:e|and|y)\\s+)?(?:(?:queria|gostaria de|quero|preciso|i want to|i'd like to|quiero)\\s+)?(?:saber|perguntar|confirmar|know|ask|preguntar)\\b");

    /** Whether, after "I would like to know". */
    private static final Pattern WHETHER = Pattern.compile("(?iU)^\\W*(?:(?:e|and|y)\\s+)?(?:se|if|whether|si)\\s+");

    private static final Pattern WHAT_IF = Pattern.compile("(?iU)^\\W*(?:e|and|y)\\s+(?:se|if|what if|si)\\s+");

    /** "e a instalação é grátis?" */
    private static final Pattern AND_THE = Pattern.compile(
            "(?iU)^\\W*(?:e|and|y)\\s+(?:o|a|os|as|the|el|la|los|las)\\s+(?:\\w+\\s+){1,4}(?:é|eh|são|tem|fica|custa|demora|inclui|sai|precisa|is|are|es|son|tiene)\\b");

    /** Tells when or why, before a comma: "quando eu viajo, …", "como ele é idoso, …". */
    private static final Pattern CIRCUMSTANCE = Pattern.compile(
            "(?iU)^\\W*(?:e\\s+|and\\s+|y\\s+)?(?:quando|como|porque|when|as|since|cuando)"
                    + "\\s+(?:eu|ele|ela|eles|elas|a gente|n[oó]s|o meu|a minha|meu|minha|i|we|he|she|my|yo|él|ella|mi)\\b");

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
        /** Asks about what was told just before: "vocês dão?". */
        POINTER,
        /** Tells why something was asked just before: "pq ele é idoso". */
        REASON,
        /** Says nothing that documents could be about. */
        NOTHING
    }

    /** @param asks the strongest kind of what it is made of */
    private record Part(String text, Kind asks) {

        boolean takes(Kind next) {
            return switch (next) {
                case STATEMENT -> asks != Kind.QUESTION && asks != Kind.NAME;
                case BARE -> asks == Kind.WISH || asks == Kind.STATEMENT;
                case NAME -> asks == Kind.BARE || asks == Kind.STATEMENT;
                case QUESTION, WISH -> asks == Kind.STATEMENT;
                case POINTER -> asks == Kind.STATEMENT || asks == Kind.WISH;
                case REASON -> true;
                case NOTHING -> false;
            };
        }

        Part with(String more, Kind kind) {
            Kind both = switch (kind) {
                case STATEMENT -> asks == Kind.BARE ? Kind.QUESTION : asks;
                case POINTER -> Kind.QUESTION;
                case REASON -> asks;
                default -> kind;
            };
            return new Part(text + "\n" + more, both);
        }
    }

    /**
     * The questions in their order; the text itself when there are fewer than two.
     *
     * @param read what a piece of it asks for, without what was said before
     * @param ofBusiness whether such a piece asks for the hours of the business itself
     */
    List<String> split(String text, Function<String, QueryPlan> read, BiPredicate<String, QueryPlan> ofBusiness) {
        List<Piece> pieces = pieces(text);
        if (pieces.size() < 2) {
            return List.of(text);
        }
        List<Part> parts = new ArrayList<>();
        for (Piece piece : pieces) {
            int last = parts.size() - 1;
            boolean told = last >= 0 && parts.get(last).asks() == Kind.STATEMENT;
            boolean tells = told && piece.leadsOn() && asking.mayTell(piece.text());
            Kind kind = tells ? Kind.STATEMENT : kind(piece, read.apply(piece.text()), ofBusiness);
            if (last >= 0 && parts.get(last).takes(kind)) {
                parts.set(last, parts.get(last).with(piece.text(), kind));
            } else if (kind != Kind.NOTHING && kind != Kind.POINTER) {
                parts.add(new Part(piece.text(), kind == Kind.REASON ? Kind.STATEMENT : kind));
            }
        }
        int last = parts.size() - 1;
        if (last > 0 && parts.get(last).asks() == Kind.STATEMENT) { // what is told at the end is about what was asked
            Part told = parts.remove(last);
            parts.set(last - 1, parts.get(last - 1).with(told.text(), Kind.STATEMENT));
        }
        return parts.size() < 2 ? List.of(text) : parts.stream().map(Part::text).toList();
    }

    /**
     * @param begun whether what stands before it on its line leads to a question
     * @param leadsOn whether the same line goes on after it to what it asks: "minha cachorra é idosa e tem diabetes, vocês …?"
     */
    private record Piece(String text, boolean begun, boolean leadsOn) {}

    private List<Piece> pieces(String text) {
        List<Piece> pieces = new ArrayList<>();
        for (String line : END.split(text)) {
            List<String> ofLine = new ArrayList<>();
            List<Boolean> begun = new ArrayList<>(List.of(false));
            int from = 0;
            var joint = JOINT.matcher(line);
            while (joint.find()) {
                boolean circumstance = line.charAt(joint.start()) == ','
                        && CIRCUMSTANCE
                                .matcher(line.substring(from, joint.start()))
                                .find();
                boolean more = asksMore(line.substring(0, joint.start()), line.substring(joint.end()));
                if ((circumstance || more)
                        && !line.substring(from, joint.start()).isBlank()) {
                    ofLine.add(line.substring(from, joint.start()));
                    begun.add(more);
                    from = joint.end();
                }
            }
            if (!line.substring(from).isBlank()) {
                ofLine.add(line.substring(from));
            }
            for (int i = 0; i < ofLine.size(); i++) {
                pieces.add(new Piece(ofLine.get(i), begun.get(i), i + 1 < ofLine.size() && line.contains("?")));
            }
        }
        return pieces;
    }

    /** Whether after a joint of a line another question follows. */
    private boolean asksMore(String before, String rest) {
        var joint = JOINT.matcher(rest);
        String next = joint.find() && joint.start() > 0 ? rest.substring(0, joint.start()) : rest;
        return asking.beginsAsQuestion(next)
                || BEGINS_TO_ASK.matcher(next).find()
                || wantsToKnow(before) && WHETHER.matcher(next).find()
                || rest.contains("?")
                        && (asking.beginsWithTerms(next)
                                || WHAT_IF.matcher(next).find()
                                || asking.beginsAsQuestion(before)
                                        && AND_THE.matcher(next).find());
    }

    private Kind kind(Piece said, QueryPlan plan, BiPredicate<String, QueryPlan> ofBusiness) {
        String piece = said.text();
        if (said.leadsOn() && CIRCUMSTANCE.matcher(piece).find()) {
            return Kind.STATEMENT;
        }
        if (asking.beginsAsReason(piece) && !piece.contains("?")) {
            return Kind.REASON;
        }
        boolean names = plan.units().stream().anyMatch(QuestionSplitter::names);
        boolean howMuch = plan.units().stream().anyMatch(QuestionReader::isAskedOfSomething);
        boolean goesOn = asking.beginsAsFollowUp(piece) && (piece.contains("?") || plan.length() <= FEW_WORDS);
        boolean asks = howMuch
                || said.begun()
                || asking.beginsAsQuestion(piece)
                || asking.asksForDeed(piece)
                || goesOn
                || wantsToKnow(piece);
        if (!names && (asking.asksForPlace(piece) || goesOn && piece.contains("?"))) {
            return Kind.QUESTION;
        }
        if (!names && !howMuch) {
            return asking.beginsAsQuestion(piece) ? Kind.POINTER : Kind.NOTHING;
        }
        if (asks) {
            return names || ofBusiness.test(piece, plan) ? Kind.QUESTION : Kind.BARE;
        }
        if (piece.contains("?")) {
            return Kind.NAME;
        }
        return asking.beginsAsWish(piece) ? Kind.WISH : Kind.STATEMENT;
    }

    static boolean wantsToKnow(String piece) {
        return WANTS_TO_KNOW.matcher(piece).find();
    }

    /** A phrase of everyday words names something, too: "o que levar". */
    static boolean names(QueryPlan.Unit unit) {
        return (unit.content() || unit.stated() && unit.importance() > 1) && !QuestionReader.isAskedOfSomething(unit);
    }
}
