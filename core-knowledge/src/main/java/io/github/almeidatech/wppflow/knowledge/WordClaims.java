package io.github.almeidatech.wppflow.knowledge;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a text claims without figures: days of the week, and that something costs nothing. */
final class WordClaims {

    /** What is not looked for in {@link #stated}: see {@link #statesFree}. */
    static final String FREE_READING = "free";

    private static final int DAYS = 7;
    private static final int FRIDAY = 5;

    /** One group a day, Monday first. */
    private static final String DAY =
            "(?:(segunda|monday|lunes)|(ter[çc]a|tuesday|martes)|(quarta|wednesday|mi[ée]rcoles)|(quinta|thursday|jueves)"
                    + "|(sexta|friday|viernes)|(s[áa]bado|saturday)|(domingo|sunday))s?(?:-feiras?|\\s+feiras?)?(?!\\p{L})";

    private static final String SHORT_DAY =
            "(?:(seg|mon|lun)|(ter|tues?|mar)|(qua|wed|mi[ée])|(qui|thu(?:rs?)?|jue)|(sex|fri|vie)|(s[áa]b|sat)|(dom|sun))\\.?(?!\\p{L})";
    private static final String UNTIL =
            "\\s*(?:à|a|ao|at[ée]|to|through|until|al?|hasta|-|–)\\s*(?:o\\s+|a\\s+|el\\s+)?";

    private static final Pattern NAMED = Pattern.compile("(?iu)(?<!\\p{L})" + DAY);
    private static final Pattern RANGE = Pattern.compile("(?iu)(?<!\\p{L})" + DAY + UNTIL + DAY);
    /** "sáb 8h às 12h", "dom: fechado"; by itself "ter" or "mar" is no day. */
    private static final Pattern SHORT_NAMED = Pattern.compile(
            "(?iu)(?<!\\p{L})" + SHORT_DAY + "(?:(?<!ter)(?<!mar)(?=\\s*:)"
                    + "|(?=:?\\s+(?:(?:das?|de|[aà]s)\\s+)?\\d{1,2}(?:\\s?(?:[aà]s?|-|–)\\s?\\d{1,2})?(?:\\s?h|:\\d|\\s?[ap]m)))");

    private static final Pattern SHORT_RANGE = Pattern.compile("(?iu)(?<!\\p{L})" + SHORT_DAY + UNTIL + SHORT_DAY);
    /** "segunda via" and "quarta parcela" are no days. */
    private static final Pattern ORDINAL = Pattern.compile("(?iu)(?:segunda|ter[çc]a|quarta|quinta|sexta)");

    private static final Pattern AFTER_A_DAY = Pattern.compile(
            "(?iu)\\s*(?:$|[^\\p{L}\\s]|(?:a|à|até|ate|ao|e|ou|das|às|as|de|da|não|nao|também|tambem|o|os)(?!\\p{L}))");
    private static final Pattern EVERY_DAY = Pattern.compile(
            "(?iu)todos os (?:\\p{L}+ )?dias|todo (?:o )?(?:santo )?dia(?!\\p{L})|diariamente|(?:sete|7) dias (?:por|da|na) semana|every ?day|daily|all week|todos los d[íi]as|toda a semana");
    /** Who is open around the clock is so on every day; "24 horas antes" is a delay. */
    private static final Pattern ALL_HOURS = Pattern.compile(
            "(?iu)(?:(?:abert[oa]s?|abrimos|atend\\p{L}+|funcion\\p{L}+|plant[ãa]o|emerg[êe]ncia|open|abierto)(?:\\s*:|\\s+de)?\\s+24\\s?(?:h|horas|hours)(?!\\p{L})"
                    + "|24\\s?(?:h|horas) por dia|24 hours a day|24/7)");

    private static final Pattern WORKING_DAYS = Pattern.compile(
            "(?iu)dias? [úu]teis|dia [úu]til|durante a semana|weekdays|(?:business|working) days|d[íi]as h[áa]biles");
    private static final Pattern WEEKEND =
            Pattern.compile("(?iu)(?:fim|fins|final|finais|fin|fines) de semana|weekends?");
    private static final String FREE =
            "gr[áa]tis|gratuit[oa]s?|gratuitamente|de graça|sem (?:nenhum )?custo|sem cobrança|por conta da casa|free of charge|for free|no charge|complimentary|sin (?:ning[úu]n )?costo|(?<!feel )(?<!-)free(?!\\p{L}|-)";
    private static final String NOT_DENIED =
            "(?<!\\p{L})(?<!n[ãa]o )(?<!n[ãa]o (?:é|são|está|estão) )(?<!nem )(?<!not )(?<!n't )(?<!no (?:es|son|está) )";
    private static final Pattern CLAIMS_FREE = Pattern.compile("(?iu)" + NOT_DENIED + "(?:" + FREE + ")");
    private static final Pattern STATES_FREE = Pattern.compile(
            "(?iu)" + NOT_DENIED + "(?:" + FREE
                    + "|isent|inclu[sií]|inclus|não (?:é |são )?cobra|não paga|sem (?:taxa|multa|acréscimo)|cortesia|R\\$ ?0(?![,.]?[1-9])|included|not charged|waived|incluid)");

    private static final Pattern SENTENCE_END = Pattern.compile("[.!?;:]+\\s+|\\n+");
    private static final Pattern NOT_LETTERS = Pattern.compile("[^\\p{L}]+");
    private static final int TELLING = 4;
    private static final int BEGINNING = 5;

    private WordClaims() {}

    /** @param reading what it means, comparable with what {@link #stated} has */
    record Claim(int at, String text, String reading) {}

    static List<Claim> in(String text) {
        List<Claim> claims = new ArrayList<>();
        NAMED.matcher(text).results().forEach(match -> {
            boolean day = !ORDINAL.matcher(match.group()).matches()
                    || AFTER_A_DAY.matcher(text.substring(match.end())).lookingAt();
            if (day) {
                claims.add(new Claim(match.start(), match.group(), "day " + day(match, 0)));
            }
        });
        EVERY_DAY
                .matcher(text)
                .results()
                .forEach(match -> claims.add(new Claim(match.start(), match.group(), "day every")));
        WEEKEND.matcher(text)
                .results()
                .forEach(match -> claims.add(new Claim(match.start(), match.group(), "day weekend")));
        CLAIMS_FREE
                .matcher(text)
                .results()
                .forEach(match -> claims.add(new Claim(match.start(), match.group(), FREE_READING)));
        return claims;
    }

    /** What a passage states, "de segunda a sexta" day by day. */
    static Set<String> stated(String text) {
        Set<Integer> days = new HashSet<>();
        NAMED.matcher(text).results().forEach(match -> days.add(day(match, 0)));
        SHORT_NAMED.matcher(text).results().forEach(match -> days.add(day(match, 0)));
        addRanges(days, RANGE, text);
        addRanges(days, SHORT_RANGE, text);
        addAll(days, EVERY_DAY, text, 1, DAYS);
        addAll(days, ALL_HOURS, text, 1, DAYS);
        addAll(days, WORKING_DAYS, text, 1, FRIDAY);
        addAll(days, WEEKEND, text, FRIDAY + 1, DAYS);
        Set<String> stated = new HashSet<>();
        days.forEach(day -> stated.add("day " + day));
        if (days.size() == DAYS) {
            stated.add("day every");
        }
        if (days.contains(DAYS) && days.contains(DAYS - 1)) {
            stated.add("day weekend");
        }
        return stated;
    }

    /** Whether a passage says that what a claim speaks of costs nothing: a sentence of it that says so shares a word with the claim, or its title does. */
    static boolean statesFree(Claim claim, String answer, String passage) {
        int begin = 0;
        int end = answer.length();
        var sentence = SENTENCE_END.matcher(answer);
        while (sentence.find()) {
            if (sentence.end() <= claim.at()) {
                begin = sentence.end();
            } else if (sentence.start() > claim.at()) {
                end = sentence.start();
                break;
            }
        }
        Set<String> spokenOf = words(answer.substring(begin, end));
        Set<String> about = spokenOf.isEmpty() ? words(answer) : spokenOf;
        int title = passage.indexOf('\n') + 1;
        Set<String> titled = words(passage.substring(0, title));
        return SENTENCE_END.splitAsStream(passage.substring(title)).anyMatch(each -> {
            Set<String> said = words(each);
            said.addAll(titled);
            return STATES_FREE.matcher(each).find() && said.stream().anyMatch(about::contains);
        });
    }

    /** The beginnings of the words that say something else than that it is free. */
    private static Set<String> words(String text) {
        Set<String> words = new HashSet<>();
        String rest = STATES_FREE.matcher(text).replaceAll(" ");
        for (String word : NOT_LETTERS.split(Words.fold(rest))) {
            if (word.length() >= TELLING) {
                words.add(word.substring(0, Math.min(word.length(), BEGINNING)));
            }
        }
        return words;
    }

    private static void addRanges(Set<Integer> days, Pattern range, String text) {
        range.matcher(text).results().forEach(match -> {
            int last = day(match, DAYS);
            days.add(last);
            for (int day = day(match, 0); day != last; day = day % DAYS + 1) {
                days.add(day);
            }
        });
    }

    private static void addAll(Set<Integer> days, Pattern said, String text, int first, int last) {
        if (said.matcher(text).find()) {
            for (int day = first; day <= last; day++) {
                days.add(day);
            }
        }
    }

    /** The day of a match, 1 for Monday. */
    private static int day(MatchResult match, int before) {
        for (int day = 1; day <= DAYS; day++) {
            if (match.group(before + day) != null) {
                return day;
            }
        }
        throw new IllegalStateException("a match without a day");
    }
}
