package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer.Source;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a text must be before it may be called an answer: plain, within its length, a list only where lists may be, with no link that is not in what it
 * cites, and nothing of our instructions. Whether its numbers are grounded is the caller's question.
 */
final class AnswerCheck {

    private static final Pattern LINK = Pattern.compile(
            "(?i)\\b(?:https?://|www\\.)[^\\s<>()\"']+|\\b[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.(?:com|net|org|io|br|app|me|ly|link|site|info|xyz|top|ru|online|shop|store|page|dev|gl|co|cc|tk|click|vip|club|live|pro|cloud|win|bet|pix)\\b(?:/[^\\s<>()\"']*)?|\\b[a-z0-9-]+(?:\\.[a-z0-9-]+)*\\.[a-z]{2,}/[^\\s<>()\"']+");
    private static final Pattern MARKUP =
            Pattern.compile("(?i)</?[a-z][a-z0-9]*(?:\\s[^>]*)?/?>|```|^\\s*[\\[{]\\s*\"");
    private static final Pattern LIST_ITEM = Pattern.compile(
            "(?m)^\\s*(?:(?:[-*–—]|\\d{1,2}[.)º]|[a-hA-H]\\))\\s+\\S|(?:[•·▪◦‣]|\\d\\x{FE0F}?\\x{20E3})\\s*\\S)");
    /** A line that begins with a sign, and whether it ends as a sentence does: with a full stop or another sign. */
    private static final Pattern SIGN =
            Pattern.compile("(?m)^\\s*(\\p{So})[\\p{Sk}\\x{FE0F}\\x{200D}]*\\s*\\S.*?([.!?…)\\p{So}]\\x{FE0F}?)?\\s*$");

    private static final Pattern KEY = Pattern.compile("\\bsk-[A-Za-z0-9_-]{16,}|\\bBearer\\s+[A-Za-z0-9._-]{16,}");
    /** So many words of our own rules, one after the other, are no accident. */
    private static final int LEAK = 6;
    /** What only who has rules speaks of, in other words than theirs. */
    private static final Pattern OWN_RULES = Pattern.compile(
            "(?iu)\\b(?:minhas (?:instruções|regras)|mis (?:instrucciones|reglas)|my (?:instructions|rules)"
                    + "|(?:meu|mi|my|system) prompt|prompt (?:de|do|del) sistema|json|passages)\\b");

    private static final Pattern NO_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");

    private final String instructions;
    private final int maxCharacters;
    private final boolean lists;

    AnswerCheck(String instructions, int maxCharacters, boolean lists) {
        this.instructions = words(instructions);
        this.maxCharacters = maxCharacters;
        this.lists = lists;
    }

    void refuse(String text, List<Source> cited) throws MalformedAnswerException {
        if (text.isBlank()) {
            throw MalformedAnswerException.invalid("\"text\" was empty");
        }
        if (text.length() > maxCharacters) {
            throw MalformedAnswerException.invalid("\"text\" was longer than " + maxCharacters + " characters");
        }
        if (MARKUP.matcher(text).find() || text.codePoints().anyMatch(AnswerCheck::isInvisible)) {
            throw MalformedAnswerException.invalid("\"text\" was not plain text");
        }
        if (!lists && isList(text)) {
            throw MalformedAnswerException.invalid("\"text\" was a list");
        }
        String known = cited.stream()
                .map(each -> each.title() + "\n" + each.text())
                .collect(Collectors.joining("\n"))
                .toLowerCase(Locale.ROOT);
        if (KEY.matcher(text).find() || repeatsRules(text) || tellsOfRules(text, known)) {
            throw MalformedAnswerException.invalid("\"text\" repeated the rules");
        }
        Matcher links = LINK.matcher(text);
        while (links.find()) {
            String link = links.group().replaceFirst("[.,;:!?]+$", "").toLowerCase(Locale.ROOT);
            if (!known.contains(link)) {
                throw MalformedAnswerException.invalid("\"text\" had a link that is not in the passages");
            }
        }
    }

    /**
     * An emoji before a sentence tells a mood, before anything else an item; the same one before two lines, or any before
     * three, are the bullets of a list.
     */
    private static boolean isList(String text) {
        List<MatchResult> signs = SIGN.matcher(text).results().toList();
        long items = LIST_ITEM.matcher(text).results().count()
                + signs.stream().filter(line -> line.group(2) == null).count();
        long different = signs.stream().map(line -> line.group(1)).distinct().count();
        return items > 1 || signs.size() > 2 || different < signs.size();
    }

    private static boolean isInvisible(int point) {
        return point != '\n' && Character.isISOControl(point) || Untrusted.isHidden(point);
    }

    private boolean repeatsRules(String text) {
        List<String> said = List.of(words(text).strip().split(" "));
        return IntStream.rangeClosed(0, said.size() - LEAK)
                .mapToObj(at -> " " + String.join(" ", said.subList(at, at + LEAK)) + " ")
                .anyMatch(instructions::contains);
    }

    private static boolean tellsOfRules(String text, String known) {
        return OWN_RULES
                .matcher(text)
                .results()
                .anyMatch(each -> !known.contains(each.group().toLowerCase(Locale.ROOT)));
    }

    /** In small letters, one space before and behind each. */
    private static String words(String text) {
        return " "
                + NO_WORD.matcher(text.toLowerCase(Locale.ROOT)).replaceAll(" ").strip() + " ";
    }
}
