package io.github.almeidatech.wppflow.llm;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What models cost, as of a day. Immutable. The built-in table is the providers' published list at its {@link #date()};
 * what it does not know is counted at the price of its line {@code other}, a dear one, so that a ceiling holds.
 */
public final class PriceTable {

    private static final String OTHER = "other";

    private final LocalDate date;
    private final Map<String, ModelPrice> prices;

    private PriceTable(LocalDate date, Map<String, ModelPrice> prices) {
        this.date = date;
        this.prices = Map.copyOf(prices);
    }

    /** The table that comes with this module. */
    public static PriceTable builtIn() {
        try (var in = Objects.requireNonNull(PriceTable.class.getResourceAsStream("prices.txt"), "prices.txt")) {
            return read(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A table of one's own. First line {@code date 2026-08-01}, then one model a line: name, dollars for a million tokens in,
     * out, and optionally for a minute of sound; one of them named {@code other}. {@code #} begins a comment.
     *
     * @throws IllegalArgumentException naming the line that is wrong
     */
    public static PriceTable read(Reader text) throws IOException {
        LocalDate date = null;
        var prices = new HashMap<String, ModelPrice>();
        var lines = new BufferedReader(text);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] words = line.replaceFirst("#.*", "").strip().split("\\s+");
            try {
                if (words[0].equals("date")) {
                    date = LocalDate.parse(words[1]);
                } else if (!words[0].isEmpty()) {
                    BigDecimal minute = words.length > 3 ? new BigDecimal(words[3]) : BigDecimal.ZERO;
                    prices.put(
                            normal(words[0]),
                            new ModelPrice(new BigDecimal(words[1]), new BigDecimal(words[2]), minute));
                }
            } catch (RuntimeException e) {
                throw new IllegalArgumentException("not a price: " + line, e);
            }
        }
        if (date == null || !prices.containsKey(OTHER)) {
            throw new IllegalArgumentException("a price table has a date and a line \"other\"");
        }
        return new PriceTable(date, prices);
    }

    /** When these prices were looked up. */
    public LocalDate date() {
        return date;
    }

    /** The model's price, if the table knows it: dated and vendor-prefixed names belong to the plain one. */
    public Optional<ModelPrice> find(String model) {
        String name = normal(model.substring(model.lastIndexOf('/') + 1));
        while (!name.isEmpty()) {
            ModelPrice price = prices.get(name);
            if (price != null) {
                return Optional.of(price);
            }
            int end = Math.max(name.lastIndexOf('-'), Math.max(name.lastIndexOf(':'), name.lastIndexOf('@')));
            name = end < 0 ? "" : name.substring(0, end);
        }
        return Optional.empty();
    }

    /** Some write {@code claude-opus-4.8}, others {@code claude-opus-4-8}. */
    private static String normal(String model) {
        return model.toLowerCase(Locale.ROOT).replace('.', '-');
    }

    ModelPrice of(String model) {
        return find(model).orElseGet(() -> Objects.requireNonNull(prices.get(OTHER)));
    }

    @Override
    public String toString() {
        return "PriceTable[" + date + ", " + prices.size() + " models]";
    }
}
