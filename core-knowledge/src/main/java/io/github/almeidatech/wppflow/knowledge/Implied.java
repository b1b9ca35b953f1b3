package io.github.almeidatech.wppflow.knowledge;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** What a question is about without naming it. */
enum Implied {
    HOURS("\\b(?:[01]?\\d|2[0-3]) ?(?:h(?:oras?)?(?:\\d{2})?|:\\d{2}|e meia|da manha|da tarde|da noite)\\b"
            + "|\\b(?:as|umas|at) \\d{1,2}\\b|\\b\\d{1,2} ?[ap]m\\b", "horario"),
    AGE("\\b\\d{1,2} (?:anos|aninhos|aninho|years old)\\b|\\b(?:tenho|ele tem|ela tem) 1\\d\\b", "idade");

    private final Pattern pattern;
    private final String concept;

    Implied(String pattern, String concept) {
        this.pattern = Pattern.compile(pattern);
        this.concept = concept;
    }

    String concept() {
        return concept;
    }

    /** Those of a folded text. */
    static List<Implied> in(String folded) {
        return Arrays.stream(values())
                .filter(each -> each.pattern.matcher(folded).find())
                .toList();
    }
}
