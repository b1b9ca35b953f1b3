package io.github.almeidatech.wppflow.eventlog;

import java.math.BigDecimal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts facts in the place of {@code {{path}}} and {@code {{path | fallback}}}. A path is names joined by full stops;
 * numbers are places in lists.
 */
final class Variables {

    /** The longest text a variable may bring; the rest is cut. */
    static final int MAX_CHARS = 2000;

    private static final Pattern VARIABLE =
            Pattern.compile("\\{\\{\\s*([\\w.-]+)\\s*(?:\\|([^{}]*))?\\}\\}", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern MARKDOWN = Pattern.compile("[\\\\`*_\\[\\]<>~|#]");

    /** Scheme, host and maybe port, then a path or a query: nothing of which variables may choose the host. */
    private static final Pattern ADDRESS = Pattern.compile("(?i)https?://[^\\s/?#@\\\\{}]+(?:$|[/?][^\\s\\\\]*)");

    private static final Pattern DOTS = Pattern.compile("\\.*");

    private final Map<String, Object> facts;

    Variables(Map<String, Object> facts) {
        this.facts = facts;
    }

    /** Whether every pair of opening braces begins a variable. */
    static boolean wellFormed(String text) {
        return !VARIABLE.matcher(text).replaceAll("").contains("{{");
    }

    /** Whether a text is an address: a variable alone, or an http(s) one with variables behind its host only. */
    static boolean isAddress(String text) {
        return VARIABLE.matcher(text.strip()).matches()
                || ADDRESS.matcher(VARIABLE.matcher(text.strip()).replaceAll("{}"))
                        .matches();
    }

    /**
     * What is known of an address before its variables are: the address with something in their places, and, where a variable
     * is the whole of it, its fallback.
     */
    static List<String> literals(String text) {
        String stripped = text.strip();
        Matcher whole = VARIABLE.matcher(stripped);
        if (!whole.matches()) {
            return List.of(VARIABLE.matcher(stripped).replaceAll("x"));
        }
        String fallback = whole.group(2);
        return fallback == null || fallback.isBlank() ? List.of() : List.of(fallback.strip());
    }

    /**
     * An address; null when a variable in it is missing. What variables bring into it is encoded, and a step up in the path
     * counts as missing; a variable that is the whole address is one itself.
     */
    @Nullable
    String address(String text) {
        String stripped = text.strip();
        if (VARIABLE.matcher(stripped).matches()) {
            String whole = plain(stripped).strip();
            return whole.isEmpty() ? null : whole;
        }
        var missing = new AtomicBoolean();
        String filled = fill(
                stripped,
                value -> {
                    if (DOTS.matcher(value.strip()).matches()) {
                        missing.set(true);
                    }
                    return URLEncoder.encode(value.strip(), StandardCharsets.UTF_8)
                            .replace("+", "%20");
                },
                () -> missing.set(true));
        return missing.get() ? null : filled;
    }

    /** A text for people who read CommonMark: what variables bring is text, never formatting. */
    String markdown(String text) {
        return fill(text, value -> MARKDOWN.matcher(value).replaceAll("\\\\$0"));
    }

    /** A text as it is. */
    String plain(String text) {
        return fill(text, UnaryOperator.identity());
    }

    /** All texts in a map, at any depth. Entries that are nothing but a missing variable are left out. */
    Map<String, Object> map(Map<String, Object> map) {
        var filled = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> {
            Object found = value(value);
            if (found != null || isNull(value)) {
                put(filled, key, found);
            }
        });
        return filled;
    }

    /** The fact at a path, or null. */
    @Nullable
    Object at(String path) {
        Object here = facts;
        for (String name : path.split("\\.", -1)) {
            if (here instanceof Map<?, ?> map) {
                here = map.get(name);
            } else if (here instanceof List<?> list && name.matches("\\d{1,9}")) {
                int index = Integer.parseInt(name);
                here = index < list.size() ? list.get(index) : null;
            } else {
                return null;
            }
        }
        return here;
    }

    private @Nullable Object value(@Nullable Object value) {
        if (value instanceof String text) {
            Matcher whole = VARIABLE.matcher(text);
            return whole.matches() && whole.group(2) == null ? at(whole.group(1)) : plain(text);
        }
        if (value instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked") // plain data: keys are text
            var nested = (Map<String, Object>) map;
            return map(nested);
        }
        if (value instanceof List<?> list) {
            var filled = new ArrayList<Object>();
            for (Object each : list) {
                Object found = value(each);
                if (found != null) {
                    filled.add(found);
                }
            }
            return filled;
        }
        return value;
    }

    private String fill(String text, UnaryOperator<String> escape) {
        return fill(text, escape, () -> {});
    }

    private String fill(String text, UnaryOperator<String> escape, Runnable onMissing) {
        return VARIABLE.matcher(text).replaceAll(found -> {
            String value = text(at(found.group(1)));
            if (value.isBlank()) {
                String fallback = found.group(2);
                if (fallback == null) {
                    onMissing.run();
                }
                return fallback == null ? "" : Matcher.quoteReplacement(fallback.strip());
            }
            String cut = value.length() > MAX_CHARS ? value.substring(0, MAX_CHARS) : value;
            return Matcher.quoteReplacement(escape.apply(cut));
        });
    }

    /** A fact as people read it. */
    static String text(@Nullable Object value) {
        if (value == null || value instanceof Map) {
            return "";
        }
        if (value instanceof List<?> list) {
            return String.join(", ", list.stream().map(Variables::text).toList());
        }
        if (value instanceof Double number && Double.isFinite(number)) {
            return BigDecimal.valueOf(number).stripTrailingZeros().toPlainString();
        }
        return value.toString();
    }

    private static boolean isNull(@Nullable Object value) {
        return value == null;
    }

    @SuppressWarnings("NullAway") // null values are data here: they empty an attribute
    private static void put(Map<String, Object> map, String key, @Nullable Object value) {
        map.put(key, value);
    }
}
