package io.github.almeidatech.wppflow.llm;

import java.math.BigDecimal;

/**
 * What a model costs, in US dollars.
 *
 * @param input for a million tokens in
 * @param output for a million tokens out
 * @param minute for a minute of sound, where that is what is billed
 */
public record ModelPrice(BigDecimal input, BigDecimal output, BigDecimal minute) {

    /** Nothing, as a server of one's own. */
    public static final ModelPrice FREE = new ModelPrice(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    private static final double MICROS = 1_000_000;

    public ModelPrice {
        if (input.signum() < 0 || output.signum() < 0 || minute.signum() < 0) {
            throw new IllegalArgumentException("prices of at least 0 wanted");
        }
    }

    /** Millionths of a dollar, rounded up. */
    long micros(Usage usage) {
        // Dollars per million tokens are millionths of a dollar per token.
        double tokens = usage.inputTokens() * input.doubleValue() + usage.outputTokens() * output.doubleValue();
        double sound = usage.soundSeconds() / 60 * minute.doubleValue() * MICROS;
        return (long) Math.ceil(Math.max(tokens, sound));
    }
}
