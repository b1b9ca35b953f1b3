package io.github.almeidatech.wppflow.chatwoot;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes what must arrive letter by letter (links, e-mail addresses, Pix codes) out of a text before it is read as Markdown,
 * and puts it back afterwards: {@code _} and {@code *} in them are no marks. Each is stood in for by one character of a
 * private area of Unicode, which Markdown takes for a letter. Used by one thread, for one text.
 */
final class UntouchedText {

    private static final char FIRST = '\uE000';
    private static final int MOST = 6_000;
    private static final Pattern PRIVATE_AREA = Pattern.compile("[\\uE000-\\uF8FF]");

    private static final String LINK = "<https?://[^\\s<>]+>|(?:https?://|www\\.)[^\\s<>\"`]+";
    /** Begins only where a word does and is bounded, so that no text makes the search slow. */
    private static final String EMAIL =
            "(?<![A-Za-z0-9._%+-])[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,8}";

    /** "Pix copia e cola": begins and ends by its standard, may hold blanks and asterisks. */
    private static final String PIX_CODE = "000201[0-9A-Za-z .*+@$/%:-]{20,500}?6304[0-9A-Fa-f]{4}";

    private static final Pattern UNTOUCHED = Pattern.compile(PIX_CODE + "|" + LINK + "|" + EMAIL);
    /** One of them is in whatever {@link #UNTOUCHED} finds: to look for them takes a hundredth of its time. */
    private static final List<String> SIGNS = List.of("000201", "http", "www.", "@");

    private static final String TRAILING = "*_~.,;:!?'\"";

    private final List<String> kept = new ArrayList<>();

    /** The text with stand-ins. */
    String takeOut(String text) {
        String plain = PRIVATE_AREA.matcher(text).replaceAll("");
        if (SIGNS.stream().noneMatch(plain::contains)) {
            return plain;
        }
        Matcher found = UNTOUCHED.matcher(plain);
        var result = new StringBuilder();
        while (found.find()) {
            found.appendReplacement(result, Matcher.quoteReplacement(standIn(found.group())));
        }
        return found.appendTail(result).toString();
    }

    private String standIn(String found) {
        if (kept.size() == MOST) {
            return found;
        }
        if (found.startsWith("<")) {
            return keep(found.substring(1, found.length() - 1));
        }
        if (!found.startsWith("http") && !found.startsWith("www.")) {
            return keep(found);
        }
        int end = found.length();
        while (TRAILING.indexOf(found.charAt(end - 1)) >= 0) {
            end--;
        }
        // A closing bracket belongs to the link only if it was opened in it: "[text](https://x)".
        int open = 0;
        for (int i = 0; i < end; i++) {
            char c = found.charAt(i);
            if (c == '(' || c == '[') {
                open++;
            } else if ((c == ')' || c == ']') && --open < 0) {
                end = i;
            }
        }
        return keep(found.substring(0, end)) + found.substring(end);
    }

    private String keep(String text) {
        kept.add(text);
        return String.valueOf((char) (FIRST + kept.size() - 1));
    }

    /** Whether the character stands for something. */
    boolean isStandIn(char c) {
        return c >= FIRST && c < FIRST + kept.size();
    }

    /** What it stands for. */
    String behind(char standIn) {
        return kept.get(standIn - FIRST);
    }

    /** The text with everything put back. */
    String putBack(String text) {
        var result = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (isStandIn(c)) {
                result.append(behind(c));
            } else {
                result.append(c);
            }
        }
        return result.toString();
    }
}
