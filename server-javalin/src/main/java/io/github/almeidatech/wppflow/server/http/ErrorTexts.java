package io.github.almeidatech.wppflow.server.http;

import io.github.almeidatech.wppflow.model.Language;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** The sentence for each error in the caller's language: pt-BR unless English or Spanish is asked for first. */
final class ErrorTexts {

    private static final String BUNDLE = "io.github.almeidatech.wppflow.server.http.errors";
    private static final ResourceBundle.Control NO_FALLBACK =
            ResourceBundle.Control.getNoFallbackControl(ResourceBundle.Control.FORMAT_PROPERTIES);

    private ErrorTexts() {}

    static String of(ApiError error, @Nullable String acceptLanguage) {
        Language language = Language.ofTag(acceptLanguage == null ? "" : acceptLanguage.strip());
        Locale locale = language == Language.PT_BR ? Locale.ROOT : Locale.forLanguageTag(language.tag());
        return ResourceBundle.getBundle(BUNDLE, locale, NO_FALLBACK).getString(error.name());
    }
}
