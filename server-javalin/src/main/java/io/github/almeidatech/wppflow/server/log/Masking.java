package io.github.almeidatech.wppflow.server.log;

import java.util.regex.Pattern;

/**
 * Replaces what looks like a secret or a person's data by {@code ***}: bearer tokens, e-mail addresses, phone numbers with
 * country code, CPF and CNPJ in their usual writing, card numbers (security default G2). Patterns without nested
 * repetition: linear in the length of the line.
 */
public final class Masking {

    private static final Pattern BEARER = Pattern.compile("(?i)(bearer\\s+|wfc_)[A-Za-z0-9._~+/=-]{8,}");
    private static final Pattern EMAIL =
            Pattern.compile("[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}\\.[A-Za-z0-9.-]{2,63}");
    private static final Pattern CPF = Pattern.compile("\\b\\d{3}\\.\\d{3}\\.\\d{3}-\\d{2}\\b");
    private static final Pattern CNPJ = Pattern.compile("\\b\\d{2}\\.\\d{3}\\.\\d{3}/\\d{4}-\\d{2}\\b");
    private static final Pattern PHONE =
            Pattern.compile("\\+\\d{8,15}\\b|\\b55\\d{10,11}\\b|\\+55[ (]{1,2}\\d{2}[) ]{1,2}\\d{4,5}-?\\d{4}\\b");
    private static final Pattern CARD = Pattern.compile("\\b\\d{4}[ -]\\d{4}[ -]\\d{4}[ -]\\d{4}\\b");

    private Masking() {}

    /** The line without them. */
    public static String mask(String line) {
        String masked = BEARER.matcher(line).replaceAll("$1***");
        for (Pattern pattern : new Pattern[] {EMAIL, CPF, CNPJ, PHONE, CARD}) {
            masked = pattern.matcher(masked).replaceAll("***");
        }
        return masked;
    }
}
