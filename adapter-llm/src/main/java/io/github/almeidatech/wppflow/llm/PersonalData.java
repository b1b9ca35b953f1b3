package io.github.almeidatech.wppflow.llm;

import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes out of a customer's words what no model needs to answer: CPF and CNPJ (with right check digits, so that telephone
 * numbers stay), card numbers (Luhn) and e-mail addresses.
 */
final class PersonalData {

    private static final Pattern EMAIL = Pattern.compile("[\\w.+-]{1,64}@[\\w-]{1,63}(?:\\.[\\w-]{1,63}){1,5}");
    private static final Pattern CNPJ = Pattern.compile("(?<!\\d)\\d{2}\\.?\\d{3}\\.?\\d{3}/?\\d{4}-?\\d{2}(?!\\d)");
    private static final Pattern CPF = Pattern.compile("(?<!\\d)\\d{3}\\.?\\d{3}\\.?\\d{3}-?\\d{2}(?!\\d)");
    private static final Pattern CARD = Pattern.compile("(?<!\\d)\\d(?:[ -]?\\d){12,18}(?!\\d)");

    private PersonalData() {}

    static String masked(String text) {
        String masked = EMAIL.matcher(text).replaceAll("[e-mail]");
        masked = replace(masked, CNPJ, digits -> hasCheckDigits(digits, 9), "[CNPJ]");
        masked = replace(masked, CPF, digits -> hasCheckDigits(digits, 11), "[CPF]");
        return replace(masked, CARD, PersonalData::isLuhn, "[card]");
    }

    private static String replace(String text, Pattern pattern, Predicate<String> real, String instead) {
        return pattern.matcher(text).replaceAll(found -> {
            String digits = found.group().replaceAll("\\D", "");
            return real.test(digits) ? instead : Matcher.quoteReplacement(found.group());
        });
    }

    /** Modulo 11 with weights that rise from 2, and begin again after the highest: 11 for a CPF, 9 for a CNPJ. */
    private static boolean hasCheckDigits(String digits, int highestWeight) {
        if (digits.chars().distinct().count() == 1) {
            return false;
        }
        for (int length = digits.length() - 2; length < digits.length(); length++) {
            int sum = 0;
            int weight = 2;
            for (int i = length - 1; i >= 0; i--) {
                sum += (digits.charAt(i) - '0') * weight;
                weight = weight == highestWeight ? 2 : weight + 1;
            }
            int check = 11 - sum % 11;
            if (digits.charAt(length) - '0' != (check > 9 ? 0 : check)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLuhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = i % 2 == 0 ? digit : digit * 2;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0 && digits.chars().distinct().count() > 1;
    }
}
