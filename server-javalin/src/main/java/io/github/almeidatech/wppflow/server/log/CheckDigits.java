package io.github.almeidatech.wppflow.server.log;

import org.jspecify.annotations.Nullable;

/** Tells by their check digits what digits are. */
final class CheckDigits {

    private CheckDigits() {}

    /** {@code cpf}, {@code cnpj} (when {@code bare}, in one piece) or {@code card}; null for any other number. */
    static @Nullable String kindOf(String digits, boolean bare) {
        if (bare && digits.length() == 11 && endsAsComputed(digits, 11)) {
            return "cpf";
        }
        if (bare && digits.length() == 14 && endsAsComputed(digits, 9)) {
            return "cnpj";
        }
        return isCard(digits) ? "card" : null;
    }

    /** Modulo 11 over all before it, for each of the last two digits; weights from 2 on to the left, again from 2 after the last. */
    private static boolean endsAsComputed(String digits, int lastWeight) {
        if (digits.chars().distinct().count() == 1) {
            return false;
        }
        for (int at = digits.length() - 2; at < digits.length(); at++) {
            int sum = 0;
            int weight = 2;
            for (int i = at - 1; i >= 0; i--) {
                sum += (digits.charAt(i) - '0') * weight;
                weight = weight == lastWeight ? 2 : weight + 1;
            }
            int rest = sum % 11;
            if (digits.charAt(at) - '0' != (rest < 2 ? 0 : 11 - rest)) {
                return false;
            }
        }
        return true;
    }

    /** Luhn, over a number as long as most cards have and beginning like them: times in milliseconds and 64-bit ids are not. */
    private static boolean isCard(String digits) {
        if (digits.length() < 13 || digits.length() > 16 || digits.charAt(0) < '2' || digits.charAt(0) > '6') {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(digits.length() - 1 - i) - '0';
            int doubled = digit * 2;
            sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }
}
