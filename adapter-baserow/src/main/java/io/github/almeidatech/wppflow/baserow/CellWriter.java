package io.github.almeidatech.wppflow.baserow;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Plain values in the form each type of column takes, and whether a cell holds such a value already. */
final class CellWriter {

    private static final Pattern E164 = Pattern.compile("\\+?[1-9]\\d{6,14}");
    private static final Pattern PHONE_PUNCTUATION = Pattern.compile("[\\s().\\-]");
    private static final Set<String> TRUE = Set.of("true", "yes", "y", "on", "t", "1", "sim");
    private static final Set<String> FALSE = Set.of("false", "no", "n", "off", "f", "0", "nao", "não", "");
    private static final BigDecimal EPOCH_MILLIS = new BigDecimal("100000000000");

    /** Far more than a column holds, and all that a double has. */
    private static final int MOST_DIGITS = 1_000;

    private CellWriter() {}

    /**
     * The value for the column; a number as near as the column can hold it.
     *
     * @param trusted text is written as it is, even when it looks like a formula
     * @throws UnwritableException when the column cannot hold it
     */
    static @Nullable Object encode(TableField field, @Nullable Object value, boolean trusted) {
        Object exact = encodeExactly(field, value, trusted);
        return exact != null && field.type().equals("number") ? rounded(field, exact.toString()) : exact;
    }

    /** The same without rounding, for a value that is looked for or read again: rounded, it would be another one. */
    static @Nullable Object encodeExactly(TableField field, @Nullable Object value, boolean trusted) {
        if (field.readOnly()) {
            throw new UnwritableException("read_only_column", field.name());
        }
        return switch (field.type()) {
            case "text", "long_text" -> value == null ? null : text(value, trusted);
            case "phone_number" -> value == null ? "" : phone(field, value);
            case "email", "url" -> value == null ? "" : address(field, value);
            case "boolean" -> value == null ? Boolean.FALSE : truth(field, value);
            case "number", "rating" -> value == null ? null : number(field, value);
            case "date" -> value == null ? null : date(field, value);
            case "multiple_select", "link_row", "file" -> value == null ? List.of() : value;
            default -> value instanceof String text ? CellText.stored(text) : value;
        };
    }

    /**
     * All values for their columns.
     *
     * @param match the columns that the row is found by
     */
    static Map<String, @Nullable Object> encodeAll(
            Columns columns, Map<String, ? extends @Nullable Object> values, Set<String> match, Set<String> trusted) {
        var cells = new LinkedHashMap<String, @Nullable Object>();
        values.forEach((column, value) -> {
            TableField field = columns.get(column);
            boolean asItIs = trusted.contains(column);
            cells.put(
                    column,
                    match.contains(column) ? encodeExactly(field, value, asItIs) : encode(field, value, asItIs));
        });
        return cells;
    }

    private static String text(Object value, boolean trusted) {
        String text = value instanceof Map || value instanceof List ? PlainJson.text(value) : plain(value);
        return trusted ? CellText.stored(text) : CellText.guarded(text);
    }

    private static String plain(Object value) {
        return value instanceof BigDecimal number && isShort(number) ? number.toPlainString() : value.toString();
    }

    /** Whether it can be written out: {@code 1e999999999} has a billion digits. */
    private static boolean isShort(BigDecimal number) {
        return Math.abs((long) number.scale()) <= MOST_DIGITS;
    }

    /** E.164, whatever stands between the digits; nothing else is let into a column for phone numbers. */
    private static String phone(TableField field, Object value) {
        String number = PHONE_PUNCTUATION.matcher(plain(value)).replaceAll("");
        if (number.isEmpty()) {
            return "";
        }
        if (!E164.matcher(number).matches()) {
            throw new UnwritableException("no_phone_number", field.name());
        }
        return number;
    }

    /** An address cannot be guarded without becoming another one. */
    private static String address(TableField field, Object value) {
        String address = CellText.stored(plain(value));
        if (CellText.startsFormula(address)) {
            throw new UnwritableException("unsafe_address", field.name());
        }
        return address;
    }

    private static Boolean truth(TableField field, Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        String word = plain(value).strip().toLowerCase(Locale.ROOT);
        if (!TRUE.contains(word) && !FALSE.contains(word)) {
            throw new UnwritableException("no_truth", field.name());
        }
        return TRUE.contains(word);
    }

    /** As text, so that no digit is lost on the way. */
    private static @Nullable String number(TableField field, Object value) {
        String text = plain(value).strip();
        if (text.isEmpty()) {
            return null;
        }
        if (text.length() > MOST_DIGITS) {
            throw new UnwritableException("no_number", field.name());
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            return millis(field, text);
        }
        if (!isShort(number)) {
            throw new UnwritableException("no_number", field.name());
        }
        return number.toPlainString();
    }

    private static String rounded(TableField field, String text) {
        var number = new BigDecimal(text);
        return number.scale() > field.decimals()
                ? number.setScale(field.decimals(), RoundingMode.HALF_UP).toPlainString()
                : text;
    }

    /** A time in a column for numbers is milliseconds since 1970. */
    private static String millis(TableField field, String text) {
        try {
            return String.valueOf(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        } catch (DateTimeException e) {
            throw new UnwritableException("no_number", field.name());
        }
    }

    /** ISO 8601; milliseconds since 1970, which Baserow refuses, are understood. */
    private static @Nullable String date(TableField field, Object value) {
        String text = plain(value).strip();
        if (text.isEmpty()) {
            return null;
        }
        try {
            if (text.length() == 10 && text.charAt(4) == '-') {
                return LocalDate.parse(text).toString();
            }
            Instant time = isMillis(text)
                    ? Instant.ofEpochMilli(new BigDecimal(text).longValue())
                    : OffsetDateTime.parse(text).toInstant();
            return field.withTime()
                    ? time.truncatedTo(ChronoUnit.MILLIS).toString()
                    : time.atOffset(ZoneOffset.UTC).toLocalDate().toString();
        } catch (DateTimeException e) {
            throw new UnwritableException("no_date", field.name());
        }
    }

    private static boolean isMillis(String text) {
        return text.matches("\\d{12,14}") && new BigDecimal(text).compareTo(EPOCH_MILLIS) >= 0;
    }

    /** A row's number given in a match; 0 when it is none. */
    static long rowNumber(@Nullable Object value) {
        try {
            return value == null ? 0 : new BigDecimal(plain(value)).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            return 0;
        }
    }

    /** Whether the cell holds the encoded value already. When it cannot be told: no. */
    static boolean holds(TableField field, BaserowRow row, @Nullable Object encoded) {
        Object cell = row.cells().get(field.name());
        if (cell == null || encoded == null || isNothing(cell) || isNothing(encoded)) {
            return isNothing(cell) && isNothing(encoded);
        }
        return switch (field.type()) {
            case "text", "long_text", "email", "url", "phone_number" ->
                cell.toString().equals(encoded.toString());
            case "number", "rating" ->
                row.number(field.name())
                        .map(number -> number.compareTo(new BigDecimal(encoded.toString())) == 0)
                        .orElse(false);
            case "date" -> sameTime(cell.toString(), encoded.toString());
            case "boolean" -> cell.equals(encoded);
            case "single_select" ->
                cell instanceof Map<?, ?> option
                        && (Objects.equals(option.get("value"), encoded) || sameId(option.get("id"), encoded));
            default -> false;
        };
    }

    static boolean isNothing(@Nullable Object value) {
        return value == null
                || value.equals("")
                || value.equals(false)
                || value instanceof List<?> list && list.isEmpty();
    }

    private static boolean sameId(@Nullable Object id, Object encoded) {
        return id != null && id.toString().equals(encoded.toString());
    }

    /** To the second: some tables keep no more. */
    private static boolean sameTime(String cell, String encoded) {
        if (cell.equals(encoded)) {
            return true;
        }
        try {
            Instant one = OffsetDateTime.parse(cell).toInstant().truncatedTo(ChronoUnit.SECONDS);
            return one.equals(OffsetDateTime.parse(encoded).toInstant().truncatedTo(ChronoUnit.SECONDS));
        } catch (DateTimeException e) {
            return false;
        }
    }
}
