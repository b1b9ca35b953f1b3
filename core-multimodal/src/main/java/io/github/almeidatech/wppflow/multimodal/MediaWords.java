package io.github.almeidatech.wppflow.multimodal;

import io.github.almeidatech.wppflow.model.Language;

/** What is said about attachments beside what stands in them. */
record MediaWords(String location, String contact, String sticker, String firstPages) {

    static MediaWords in(Language language) {
        return switch (language) {
            case PT_BR ->
                new MediaWords("Localização", "Contato", "(figurinha)", "(lidas só as %d primeiras de %d páginas)");
            case EN -> new MediaWords("Location", "Contact", "(sticker)", "(only the first %d of %d pages were read)");
            case ES ->
                new MediaWords("Ubicación", "Contacto", "(sticker)", "(solo se leyeron las primeras %d de %d páginas)");
        };
    }
}
