package io.github.almeidatech.wppflow.assistant;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Set;

/** What somebody who had opted out writes to get automatic messages again: these words alone, and nothing beside them. */
final class OptIn {

    static final Set<String> SENTENCES = Set.of(
            "voltar",
            "quero voltar",
            "quero voltar a receber",
            "voltar a receber",
            "voltar a receber mensagens",
            "quero voltar a receber mensagens",
            "quero voltar a receber mensagens automaticas",
            "quero receber mensagens",
            "quero receber mensagens de novo",
            "pode voltar a mandar mensagens",
            "start",
            "unstop",
            "resume",
            "i want messages again",
            "i want automatic messages again",
            "volver",
            "quiero volver a recibir",
            "quiero volver a recibir mensajes",
            "quiero recibir mensajes",
            "quiero recibir mensajes de nuevo");

    private OptIn() {}

    /** Whether a text says that and no more; accents, capitals and punctuation do not matter. */
    static boolean in(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFD)
                .replaceAll("\\p{M}", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z]+", " ")
                .strip();
        return SENTENCES.contains(plain.replaceFirst("( por favor| please| pfv?)$", ""));
    }
}
