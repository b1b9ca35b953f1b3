package io.github.almeidatech.wppflow.router;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A message with its intent and language, from JSON Lines without escapes. */
record Labelled(String text, String intent, String language) {

    private static final Pattern TEXT = Pattern.compile("\"text\": \"([^\"]*)\"");
    private static final Pattern LANGUAGE = Pattern.compile("\"lang\": \"([^\"]*)\"");
    private static final Pattern INTENT = Pattern.compile("\"intent\": \"([^\"]*)\"");

    static List<Labelled> read(String resource) {
        return Resource.lines(resource).stream()
                .map(line -> new Labelled(field(TEXT, line), field(INTENT, line), field(LANGUAGE, line)))
                .toList();
    }

    private static String field(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        if (!matcher.find()) {
            throw new IllegalArgumentException(line);
        }
        return matcher.group(1);
    }
}
