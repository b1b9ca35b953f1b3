package io.github.almeidatech.wppflow.server.log;

import ch.qos.logback.core.Context;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Replaces what looks like a secret or a person's data by {@code ***}, and counts it by kind (security default G2): known
 * secrets, bearer tokens and keys of models, e-mail addresses, phone numbers, CPF, CNPJ, card numbers. Bare digits are a
 * CPF, a CNPJ or a card only when their check digits say so, and a phone number only with an area code that exists: other
 * ids stay. One pass with bounded repetitions: linear in the length of the line. Thread-safe.
 */
public final class Masking {

    /** What is masked, as metrics name it. */
    public static final List<String> KINDS =
            List.of("secret", "bearer", "key", "email", "phone", "cpf", "cnpj", "card");

    private static final String MASK = "***";
    /** Shorter ones would take ordinary words along. */
    private static final int SHORTEST_SECRET = 8;

    /** Where a value may begin: after an escape or a hit, or not inside of a word or a fraction. */
    private static final String START = "(?:\\G|(?<![A-Za-z0-9]|\\d\\.))";

    private static final String END = "(?![A-Za-z0-9])";
    private static final String AREA = "(?:1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])";
    private static final String AREA_APART = "(?:\\(" + AREA + "\\)[ .-]?|" + AREA + "[ .-]{1,2})";
    private static final Pattern SUSPECT = Pattern.compile(String.join(
            "|",
            "(?<escape>\\\\(?:u[0-9a-fA-F]{4}|.))",
            "(?<bearer>(?:(?i:bearer)\\s{1,8}|wfc_)[A-Za-z0-9._~+/=-]{8,})",
            "(?<key>" + START + "(?:sk-|gsk_)[A-Za-z0-9_-]{12,})",
            "(?<email>(?:\\G|(?<![A-Za-z0-9._%+-]))[A-Za-z0-9._%+-]{1,254}+@[A-Za-z0-9-]{1,63}\\.[A-Za-z0-9.-]{2,63})",
            "(?<cpf>" + START + "\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}" + END + ")",
            "(?<cnpj>" + START + "[A-Z0-9]{2}\\.[A-Z0-9]{3}\\.[A-Z0-9]{3}/[A-Z0-9]{4}-\\d{2}" + END + ")",
            "(?<phone>\\+\\d{8,15}" + END
                    + "|" + START + "(?:55\\d{10,11}"
                    + "|(?:\\+?55[ -]?)?(?:" + AREA + "|" + AREA_APART + ")9\\d{4}[ .-]?\\d{4}"
                    + "|\\+?55[ -]?" + AREA_APART + "[2-5]\\d{3}[ .-]?\\d{4}"
                    + "|" + AREA_APART + "[2-5]\\d{3}-\\d{4}"
                    + "|9\\d{4}-\\d{4})" + END + ")",
            "(?<apart>" + START
                    + "(?:\\d{4}(?<gap>[ -])\\d{4}\\k<gap>\\d{4}\\k<gap>\\d{1,7}|\\d{4}[ -]\\d{6}[ -]\\d{5})" + END
                    + ")",
            "(?<digits>" + START + "\\d{11,19}" + END + ")"));
    private static final List<String> CERTAIN = List.of("bearer", "key", "email", "cpf", "cnpj", "phone");

    private final Set<String> secrets = ConcurrentHashMap.newKeySet();
    private final Map<String, LongAdder> hits =
            KINDS.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), kind -> new LongAdder()));

    /** The one of all loggers of a context, made when there is none. */
    public static Masking of(Context context) {
        synchronized (context) {
            if (context.getObject(Masking.class.getName()) instanceof Masking present) {
                return present;
            }
            var masking = new Masking();
            context.putObject(Masking.class.getName(), masking);
            return masking;
        }
    }

    /** Masks these values wherever they stand from now on; very short ones are left out. */
    public void conceal(Collection<String> values) {
        values.stream()
                .filter(value -> value.length() >= SHORTEST_SECRET)
                .map(value -> value.replace("\\", "\\\\").replace("\"", "\\\""))
                .forEach(secrets::add);
    }

    /** How often something of a {@link #KINDS kind} was found. */
    public long hits(String kind) {
        return hits.getOrDefault(kind, new LongAdder()).sum();
    }

    /** The line without them. Escapes of JSON stay whole, and what stands right behind one is found. */
    public String mask(String line) {
        String masked = line;
        for (String secret : secrets) {
            if (masked.contains(secret)) {
                hit("secret");
                masked = masked.replace(secret, MASK);
            }
        }
        return withoutSuspects(masked);
    }

    private String withoutSuspects(String line) {
        Matcher suspect = SUSPECT.matcher(line);
        var masked = new StringBuilder(line.length());
        int copied = 0;
        int from = 0;
        while (suspect.find(from)) {
            from = suspect.end();
            if (suspect.group("escape") != null) {
                continue;
            }
            String kind = kindOf(suspect);
            if (kind == null) {
                from = endOfDigits(line, suspect.start());
            } else {
                hit(kind);
                masked.append(line, copied, suspect.start()).append(MASK);
                copied = from;
            }
        }
        return masked.append(line, copied, line.length()).toString();
    }

    private void hit(String kind) {
        hits.getOrDefault(kind, new LongAdder()).increment();
    }

    private static @Nullable String kindOf(Matcher suspect) {
        for (String kind : CERTAIN) {
            if (suspect.group(kind) != null) {
                return kind;
            }
        }
        return CheckDigits.kindOf(suspect.group().replaceAll("[ -]", ""), suspect.group("digits") != null);
    }

    private static int endOfDigits(String line, int start) {
        int end = start;
        while (end < line.length() && Character.isDigit(line.charAt(end))) {
            end++;
        }
        return end;
    }
}
