package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.eventlog.PolicyProblem.Kind;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One map of a document while it is read: gives typed values, notes what is wrong with them and where, and at the end
 * which keys nobody asked for. A wrong value reads as if it were missing. Names that are given together are spellings of
 * the same key.
 */
final class Fields {

    static final int MAX_TEXT = 4096;

    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,15}(\\.\\d{1,15})?");
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,6})\\s*([smhd])");

    private final String path;
    private final Map<String, Object> data;
    private final boolean broken;
    private final List<PolicyProblem> problems;
    private final Set<String> asked = new LinkedHashSet<>();

    private Fields(String path, Map<String, Object> data, boolean broken, List<PolicyProblem> problems) {
        this.path = path;
        this.data = data;
        this.broken = broken;
        this.problems = problems;
    }

    /** The fields of a value that should be a map; anything else is noted and reads as an empty one. */
    static Fields of(String path, @Nullable Object value, List<PolicyProblem> problems) {
        if (value instanceof Map<?, ?> map) {
            return new Fields(path, textKeys(map), false, problems);
        }
        problems.add(new PolicyProblem(path, Kind.WRONG_TYPE, "a map wanted"));
        return new Fields(path, Map.of(), true, problems);
    }

    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    boolean has(String name) {
        return data.containsKey(name);
    }

    @Nullable
    Object value(String... names) {
        Object found = null;
        String foundAs = null;
        for (String name : names) {
            asked.add(name);
            Object value = data.get(name);
            if (value != null && foundAs != null) {
                problem(name, Kind.DUPLICATE, "the same as " + foundAs + "; give one of them");
            } else if (value != null) {
                found = value;
                foundAs = name;
            }
        }
        return found;
    }

    @Nullable
    String text(String... names) {
        Object value = value(names);
        if (value == null) {
            return null;
        }
        if (!(value instanceof String || value instanceof Number || value instanceof Boolean)) {
            wrong(names, "a text wanted");
            return null;
        }
        return checked(given(names), value.toString());
    }

    String required(String... names) {
        String text = text(names);
        if (text == null || text.isBlank()) {
            if (!broken && (text != null || value(names) == null)) {
                problem(names[0], Kind.MISSING, "wanted");
            }
            return "";
        }
        return text;
    }

    @Nullable
    Boolean truth(String... names) {
        Object value = value(names);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        wrong(names, "true or false wanted");
        return null;
    }

    @Nullable
    Long id(String... names) {
        Object value = value(names);
        if (value == null) {
            return null;
        }
        Double number = number(value);
        if (number == null || number < 1 || number != Math.rint(number) || number > 9e15) {
            wrong(names, "a whole number from 1 wanted");
            return null;
        }
        return number.longValue();
    }

    int whole(int otherwise, int min, int max, String... names) {
        Object value = value(names);
        if (value == null) {
            return otherwise;
        }
        Double number = number(value);
        if (number == null || number != Math.rint(number)) {
            wrong(names, "a whole number wanted");
            return otherwise;
        }
        if (number < min || number > max) {
            problem(given(names), Kind.OUT_OF_RANGE, min + " to " + max + " wanted");
            return otherwise;
        }
        return number.intValue();
    }

    @Nullable
    Double share(String... names) {
        Object value = value(names);
        if (value == null) {
            return null;
        }
        Double number = number(value);
        if (number == null) {
            wrong(names, "a number wanted");
            return null;
        }
        if (!(number >= 0 && number <= 1)) {
            problem(given(names), Kind.OUT_OF_RANGE, "0 to 1 wanted");
            return null;
        }
        return number;
    }

    /** A time such as {@code 30m}, {@code 2h}, {@code 1d} or {@code PT2H30M}: more than nothing, at most 90 days. */
    Duration time(String... names) {
        String text = required(names);
        if (text.isEmpty()) {
            return Duration.ofSeconds(1);
        }
        Duration time = duration(text);
        if (time == null) {
            problem(given(names), Kind.SYNTAX, "a time such as 30m, 2h, 1d or PT2H30M wanted");
            return Duration.ofSeconds(1);
        }
        if (time.isZero() || time.isNegative() || time.compareTo(Duration.ofDays(90)) > 0) {
            problem(given(names), Kind.OUT_OF_RANGE, "more than nothing and at most 90 days wanted");
            return Duration.ofSeconds(1);
        }
        return time;
    }

    /** A list of texts; a single text counts as a list of one. */
    List<String> texts(String... names) {
        Object value = value(names);
        if (value == null) {
            return List.of();
        }
        List<?> list = value instanceof List<?> many ? many : List.of(value);
        var texts = new ArrayList<String>();
        for (int i = 0; i < list.size(); i++) {
            String at = given(names) + "[" + i + "]";
            if (list.get(i) instanceof String text && !text.isBlank()) {
                texts.add(checked(at, text));
            } else {
                problem(at, Kind.WRONG_TYPE, "a text wanted");
            }
        }
        return texts;
    }

    /** A map of plain data, whose texts may hold variables. */
    Map<String, Object> map(String... names) {
        Object value = value(names);
        if (value == null) {
            return Map.of();
        }
        if (!(value instanceof Map<?, ?> map)) {
            wrong(names, "a map wanted");
            return Map.of();
        }
        checkDeep(given(names), map, 1);
        return textKeys(map);
    }

    /** Whether this was no map at all, so that nothing more needs to be said about it. */
    boolean broken() {
        return broken;
    }

    /** Notes the keys nobody asked for. */
    void done() {
        for (String key : data.keySet()) {
            if (!asked.contains(key)) {
                problem(key, Kind.UNKNOWN_KEY, "unknown; known are " + String.join(", ", new TreeSet<>(asked)));
            }
        }
    }

    void problem(String name, Kind kind, String message) {
        problems.add(new PolicyProblem(path(name), kind, message));
    }

    private void wrong(String[] names, String message) {
        problem(given(names), Kind.WRONG_TYPE, message);
    }

    /** The spelling that was used. */
    private String given(String... names) {
        for (String name : names) {
            if (data.get(name) != null) {
                return name;
            }
        }
        return names[0];
    }

    private String checked(String name, String text) {
        if (text.length() > MAX_TEXT) {
            problem(name, Kind.TOO_LARGE, "at most " + MAX_TEXT + " characters");
        } else if (!Variables.wellFormed(text)) {
            problem(name, Kind.SYNTAX, "a variable is written {{name}} or {{name | fallback}}");
        }
        return text;
    }

    private void checkDeep(String name, @Nullable Object value, int depth) {
        if (depth > 8) {
            problem(name, Kind.TOO_LARGE, "at most 8 levels");
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> checkDeep(name + "." + key, each, depth + 1));
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                checkDeep(name + "[" + i + "]", list.get(i), depth + 1);
            }
        } else if (value instanceof String text) {
            checked(name, text);
        } else if (value != null && !(value instanceof Number || value instanceof Boolean)) {
            problem(name, Kind.WRONG_TYPE, "only texts, numbers, true, false, lists and maps");
        }
    }

    /** Also a number written as text, as tables give it. */
    private static @Nullable Double number(Object value) {
        if (value instanceof String text && NUMBER.matcher(text).matches()) {
            return Double.valueOf(text);
        }
        return value instanceof Number number ? number.doubleValue() : null;
    }

    private static @Nullable Duration duration(String text) {
        var brief = SHORT_DURATION.matcher(text.strip());
        if (brief.matches()) {
            long count = Long.parseLong(brief.group(1));
            return switch (brief.group(2)) {
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        }
        try {
            return Duration.parse(text.strip());
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static Map<String, Object> textKeys(Map<?, ?> map) {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }
}
