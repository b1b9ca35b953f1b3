package io.github.almeidatech.wppflow.knowledge;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** What a question is about without naming it. */
enum Implied {
    HOURS(
            "\\b(?:[01]?\\d|2[0-3]) ?(?:h(?:oras?)?(?:\\d{2})?|:\\d{2}|e meia|da manha|da tarde|da noite)\\b|\\b(?:as|umas|at) \\d{1,2}\\b|\\b\\d{1,2} ?[ap]m\\b",
            "horario", 0.5),
    AGE("\\b\\d{1,2} (?:anos|aninhos|aninho|years old)\\b|\\b(?:tenho|ele tem|ela tem) 1\\d\\b", "idade", 0.5),
    STAY(
            "\\b(?:deixar|deixo|ficar|fica|ficam|ficaria|cuidam?|cuidar|tomam? conta|leave|stay|keep|dejar|quedarse)\\b.{0,40}\\b(?:(?:uns|alguns|some|few|unos|\\d+|dois|tres|quatro|cinco) (?:dias|days|noites|nights|noches)|(?:uma|a|one) (?:semana|week)|viaj\\w+|viagem|vacation|travel\\w*)\\b"
                    + "|\\b(?:deixar|deixo|leave|dejar)\\b.{0,40}\\b(?:" + Implied.DAY
                    + " (?:a|ate|to|till|until|al?|hasta) (?:o |el )?"
                    + Implied.DAY
                    + "|dia \\d{1,2} (?:ao?|ate)\\b.{0,8}\\d{1,2}|fim de semana|fds|weekend|fin de semana)\\b",
            "hospedagem",
            1),
    /** Who stays pays by the night. */
    NIGHTS(STAY.pattern.pattern(), "diaria", 1);

    private static final String DAY =
            "(?:segunda|terca|quarta|quinta|sexta|sabado|domingo|lunes|martes|miercoles|jueves|viernes|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?:[- ]feira)?";

    private final Pattern pattern;
    private final String concept;
    private final double importance;

    Implied(String pattern, String concept, double importance) {
        this.pattern = Pattern.compile(pattern);
        this.concept = concept;
        this.importance = importance;
    }

    String concept() {
        return concept;
    }

    /** How much the answer must be about it. */
    double importance() {
        return importance;
    }

    /** Those of a folded text. */
    static List<Implied> in(String folded) {
        return Arrays.stream(values())
                .filter(each -> each.pattern.matcher(folded).find())
                .toList();
    }
}
