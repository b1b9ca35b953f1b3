package io.github.almeidatech.wppflow.knowledge;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Kinds of facts a text states. Questions ask for kinds: how much, when, where. */
enum Fact {
    MONEY("(?:r\\$|us\\$|\\$|€) ?\\d|\\d ?(?:reais|real|dolares|euros)\\b", "preco"),
    TIME("\\b\\d{1,2} ?h(?:\\d{2})?\\b|\\b\\d{1,2}:\\d{2}\\b|meio-dia|meia-noite|\\b\\d{1,2} ?[ap]m\\b", "horario"),
    DURATION(
            "\\b(?:\\d+|um|uma|dois|duas|tres|quatro|cinco|seis|sete|oito|nove|dez|meia) "
                    + "(?:minutos?|horas?|dias?|semanas?|mes(?:es)?|anos?|hours?|days?|weeks?|months?)\\b",
            "duracao"),
    ADDRESS(
            "\\b(?:rua|r\\.|avenida|av\\.?|alameda|travessa|rodovia|praca|estrada|largo|calle|street)\\b[^.]{2,60}\\d"
                    + "|\\bcep\\b|\\bbairro\\b",
            "endereco"),
    CONTACT("@|https?://|www\\.|\\(\\d{2}\\) ?\\d{4}|\\bwhatsapp\\b|\\btelefone\\b", "telefone"),
    PERCENT("\\d ?%", "desconto"),
    WEEKDAY("\\b(?:segunda|terca|quarta|quinta|sexta|sabado|domingo)s?\\b", "dia da semana");

    private final Pattern pattern;
    private final String concept;

    Fact(String pattern, String concept) {
        this.pattern = Pattern.compile(pattern);
        this.concept = concept;
    }

    /** The concept a question names when it asks for this kind. */
    String concept() {
        return concept;
    }

    /** The kinds stated in a folded text. */
    static List<Fact> in(String folded) {
        List<Fact> found = new ArrayList<>();
        for (Fact each : values()) {
            if (each.pattern.matcher(folded).find()) {
                found.add(each);
            }
        }
        return found;
    }
}
