package io.github.almeidatech.wppflow.knowledge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the facts of a written answer stand in the passages it was written from: each number, price, percentage, time,
 * phone number, e-mail address, link and day of the week must occur there, and that something is free, in whatever notation ({@code 9h} is {@code 09:00}, {@code R$
 * 95} is {@code 95 reais}, {@code três} is {@code 3}). It cannot tell whether the sentence around them is true.
 *
 * @param unsupported the facts of the answer that no passage states, as written, each once, in order
 */
public record Grounding(List<String> unsupported) {

    private static final String AMOUNT = "\\d{1,12}+(?:[.,]\\d{1,12}+){0,4}+";
    private static final String UNIT =
            "\\s?(?:k?g|[kcm]?m|m?l|h|x|%|min|dias?|horas?|minutos?|semanas?|mes|meses|anos?|vezes|pessoas|unidades)(?!\\p{L})";

    private static final Pattern EMAIL =
            Pattern.compile("(?i)(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,64}+@[a-z0-9-]{1,63}+(?:\\.[a-z0-9-]{1,63}+){1,5}+");
    private static final Pattern LINK =
            Pattern.compile("(?i)(?<![a-z0-9.-])(?:(?:https?://|www\\.)[^\\s<>()\\[\\]\"']{1,2000}+"
                    + "|(?:[a-z0-9-]{1,63}\\.){1,4}(?:com|net|org|br|io|app|me|gov|shop|store|link|site|online|info|biz|dev|ly|example)"
                    + "(?![a-z0-9-])(?:/[^\\s<>()\\[\\]\"']{0,2000}+)?)");
    private static final Pattern PHONE = Pattern.compile("(?<![\\d.,])\\+?\\(?\\d[\\d ().-]{7,17}\\d(?!\\d)");
    private static final Pattern TIME = Pattern.compile("(?i)(?<![\\d:,.])([01]?\\d|2[0-4])"
            + "(?:\\s?h(?:oras?|rs?)?\\s?([0-5]\\d)?(?![a-z\\d])|:([0-5]\\d)(?:\\s?h)?(?!\\d))(?:\\s?([ap])\\.?m\\b\\.?)?"
            + "|(?<![\\d:,.])(1[0-2]|[1-9])\\s?([ap])\\.?m\\b");
    private static final Pattern MONEY = Pattern.compile("(?i)(?:R\\$|US\\$|\\$|€)\\s?(" + AMOUNT + ")"
            + "(?:\\s?(?:a|e|até|ou|or|to|y|o|-|–)\\s?(" + AMOUNT + ")(?![\\d:])(?!" + UNIT + "))?"
            + "|(?<![\\p{L}\\d])(" + AMOUNT + ")\\s?(?:reais|real|d[oó]lares|dollars?|euros?)\\b");
    private static final Pattern PERCENT =
            Pattern.compile("(?<![\\p{L}\\d])(" + AMOUNT + ")\\s?(?:%|por cento|percent|por ciento)");
    private static final Pattern NUMBER = Pattern.compile("(?<![\\p{L}\\d])" + AMOUNT);
    private static final Pattern LIST_MARK = Pattern.compile("(?m)^\\s*\\d{1,2}[.)]\\s+|\\[\\d{1,2}\\]");
    private static final Pattern WORD = Pattern.compile("\\p{L}+");
    private static final Pattern NOT_DIGITS = Pattern.compile("\\D");
    private static final Pattern TRAILING = Pattern.compile("[.,;:!?*_]+$");

    private static final Map<String, Integer> NUMBER_WORDS = numberWords();

    /** One and two are, in each of our languages, also said of nothing counted. */
    private static final int CLAIMED_IN_WORDS = 3;

    /** How many digits a run needs to be a phone number rather than an amount. */
    private static final int PHONE_DIGITS = 8;

    public Grounding {
        unsupported = List.copyOf(unsupported);
    }

    /** Whether every fact is supported. */
    public boolean holds() {
        return unsupported.isEmpty();
    }

    /**
     * Compares an answer with the texts it may rest on. Pure; takes time in proportion to the texts.
     *
     * @param evidence passages with their titles, and whatever else may be repeated, such as the question's own numbers
     */
    public static Grounding of(String answer, Collection<String> evidence) {
        Set<String> stated = new HashSet<>();
        for (String text : evidence) {
            facts(text).forEach(fact -> stated.addAll(fact.readings()));
            numbersInWords(text, 1).forEach(fact -> stated.addAll(fact.readings()));
            stated.addAll(WordClaims.stated(text));
        }
        List.copyOf(stated).forEach(reading -> stated.add(reading.replaceFirst("^(?:money|percent) ", "number ")));
        String checked = take(answer, LIST_MARK, match -> {});
        List<Written> claims = new ArrayList<>(facts(checked));
        claims.addAll(numbersInWords(checked, CLAIMED_IN_WORDS));
        for (WordClaims.Claim claim : WordClaims.in(checked)) {
            boolean free = claim.reading().equals(WordClaims.FREE_READING)
                    && evidence.stream().anyMatch(text -> WordClaims.statesFree(claim, checked, text));
            if (!free) {
                claims.add(new Written(claim.at(), claim.text(), List.of(claim.reading())));
            }
        }
        claims.sort(Comparator.comparingInt(Written::at));
        Set<String> unsupported = new LinkedHashSet<>();
        for (Written fact : claims) {
            boolean supported = fact.readings().stream().anyMatch(stated::contains);
            if (!supported) {
                unsupported.add(fact.text());
            }
        }
        return new Grounding(List.copyOf(unsupported));
    }

    /** @param readings what it may mean; one that is stated is enough */
    private record Written(int at, String text, List<String> readings) {}

    private static List<Written> facts(String text) {
        List<Written> facts = new ArrayList<>();
        String rest = take(text, EMAIL, match -> facts.add(fact(match, "mail " + lower(match.group()))));
        rest = take(rest, LINK, match -> facts.add(fact(match, "link " + address(match.group()))));
        rest = takePhones(rest, facts);
        rest = take(rest, TIME, match -> facts.add(time(match)));
        rest = take(rest, MONEY, match -> {
            if (match.group(3) != null) {
                facts.add(fact(match, "money " + number(match.group(3))));
                return;
            }
            String first = match.group().substring(0, match.end(1) - match.start());
            facts.add(new Written(match.start(), first, List.of("money " + number(match.group(1)))));
            String second = match.group(2);
            if (second != null) {
                facts.add(new Written(match.start(2), second, List.of("money " + number(second))));
            }
        });
        rest = take(rest, PERCENT, match -> facts.add(fact(match, "percent " + number(match.group(1)))));
        take(rest, NUMBER, match -> facts.add(fact(match, "number " + number(match.group()))));
        return facts;
    }

    private static Written fact(Matcher match, String... readings) {
        return new Written(
                match.start(), TRAILING.matcher(match.group().strip()).replaceFirst(""), List.of(readings));
    }

    private interface Taker {
        void take(Matcher match);
    }

    /** What is left when all matches are blanked out. */
    private static String take(String text, Pattern pattern, Taker taker) {
        return takeIf(text, pattern, match -> {
            taker.take(match);
            return true;
        });
    }

    private static String takeIf(String text, Pattern pattern, Predicate<Matcher> taken) {
        var matcher = pattern.matcher(text);
        var rest = new StringBuilder(text);
        while (matcher.find()) {
            if (taken.test(matcher)) {
                rest.replace(matcher.start(), matcher.end(), " ".repeat(matcher.end() - matcher.start()));
            }
        }
        return rest.toString();
    }

    private static String takePhones(String text, List<Written> facts) {
        return takeIf(text, PHONE, match -> {
            String digits = NOT_DIGITS.matcher(match.group()).replaceAll("");
            boolean isPhone = digits.length() >= PHONE_DIGITS
                    && !NUMBER.matcher(match.group()).matches();
            if (isPhone) {
                boolean national = digits.length() > 11 && digits.startsWith("55");
                facts.add(fact(match, "phone " + (national ? digits.substring(2) : digits)));
            }
            return isPhone;
        });
    }

    /** A whole hour may also be written, or meant, as a mere number: "das 9 às 18h". */
    private static Written time(Matcher match) {
        String hours = match.group(1) != null ? match.group(1) : match.group(5);
        String half = match.group(4) != null ? match.group(4) : match.group(6);
        String minutes = match.group(2) != null ? match.group(2) : match.group(3);
        int hour = Integer.parseInt(hours);
        if (half != null) {
            hour = hour % 12 + (half.equalsIgnoreCase("p") ? 12 : 0);
        }
        int minute = minutes == null ? 0 : Integer.parseInt(minutes);
        String reading = String.format(Locale.ROOT, "time %02d:%02d", hour, minute);
        return minute == 0 ? fact(match, reading, "number " + hour) : fact(match, reading);
    }

    private static String number(String written) {
        String plain = written;
        int comma = plain.lastIndexOf(',');
        int point = plain.lastIndexOf('.');
        int decimals = Math.max(comma, point);
        boolean thousands = decimals >= 0 && plain.length() - decimals - 1 == 3;
        if (decimals >= 0 && !thousands) {
            String whole = plain.substring(0, decimals).replaceAll("[.,]", "");
            String fraction = plain.substring(decimals + 1).replaceAll("0+$", "");
            return withoutZeros(whole) + (fraction.isEmpty() ? "" : "." + fraction);
        }
        return withoutZeros(plain.replaceAll("[.,]", ""));
    }

    private static String withoutZeros(String digits) {
        String stripped = digits.replaceAll("^0+(?=\\d)", "");
        return stripped.isEmpty() ? "0" : stripped;
    }

    private static List<Written> numbersInWords(String text, int least) {
        List<Written> found = new ArrayList<>();
        var matcher = WORD.matcher(text);
        while (matcher.find()) {
            Integer value = NUMBER_WORDS.get(Words.fold(matcher.group()));
            if (value != null && value >= least) {
                found.add(fact(matcher, "number " + value));
            }
        }
        return found;
    }

    private static String address(String link) {
        String plain = lower(TRAILING.matcher(link).replaceFirst(""));
        return plain.replaceFirst("^https?://", "").replaceFirst("^www\\.", "").replaceFirst("/+$", "");
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static Map<String, Integer> numberWords() {
        Map<String, Integer> values = new HashMap<>();
        String[] lists = {
            "zero um dois tres quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis dezessete"
                    + " dezoito dezenove vinte",
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
                    + " seventeen eighteen nineteen twenty",
            "cero uno dos tres cuatro cinco seis siete ocho nueve diez - doce trece catorce quince dieciseis"
                    + " diecisiete dieciocho diecinueve veinte"
        };
        for (String list : lists) {
            String[] words = list.split(" ");
            for (int i = 0; i < words.length; i++) {
                values.put(words[i], i);
            }
        }
        values.putAll(Map.of("quinzena", 15, "dezena", 10, "duzia", 12));
        values.putAll(Map.of("setenta", 70, "oitenta", 80, "catorze", 14, "thirty", 30, "forty", 40, "fifty", 50));
        values.putAll(Map.of("sixty", 60, "seventy", 70, "eighty", 80, "ninety", 90, "hundred", 100, "thousand", 1000));
        values.putAll(Map.of("treinta", 30, "cuarenta", 40, "cincuenta", 50, "sesenta", 60, "ochenta", 80));
        values.putAll(Map.of("noventa", 90, "cien", 100, "ciento", 100));
        values.putAll(Map.of("duzentos", 200, "trezentos", 300, "quatrocentos", 400, "quinhentos", 500));
        values.putAll(Map.of("seiscentos", 600, "setecentos", 700, "oitocentos", 800, "novecentos", 900));
        values.putAll(Map.of("trinta", 30, "quarenta", 40, "cinquenta", 50, "sessenta", 60, "noventa", 90));
        values.putAll(Map.of("cem", 100, "cento", 100, "mil", 1000));
        return values;
    }
}
