package io.github.almeidatech.wppflow.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** What each type of column takes, and how it is written in answers. */
final class BaserowValues {

    private static final Pattern PHONE = Pattern.compile("[0-9NnXx,+._*()#=;/ -]{1,100}");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+\\.[^@\\s]+");
    private static final Pattern URL = Pattern.compile("https?://[^\\s/]+\\.[^\\s]+");
    private static final Set<String> TRUE = Set.of("true", "yes", "y", "on", "t", "1");
    private static final Set<String> FALSE = Set.of("false", "no", "n", "off", "f", "0");

    private BaserowValues() {}

    /** What a column that was not sent holds. */
    static JsonNode initial(BaserowField field) {
        return switch (field.type()) {
            case "email", "url", "phone_number" -> TextNode.valueOf("");
            case "boolean" -> RailsJson.object().booleanNode(false);
            default -> NullNode.getInstance();
        };
    }

    /**
     * The value as it is stored and answered.
     *
     * @throws BaserowRefusal when the column does not take it
     */
    static JsonNode accept(BaserowField field, JsonNode value) {
        if (field.readOnly()) {
            throw BaserowRefusal.body(TextNode.valueOf(
                    "Field of type " + field.type() + " is read only and should not be set manually."));
        }
        return switch (field.type()) {
            case "boolean" -> bool(field, value);
            case "number" -> number(field, value);
            case "date" -> date(field, value);
            case "single_select" -> select(field, value);
            default -> text(field, value);
        };
    }

    private static JsonNode text(BaserowField field, JsonNode value) {
        if (value.isNull()) {
            return initial(field);
        }
        if (!value.isTextual() && !value.isNumber()) {
            throw BaserowRefusal.value(field.name(), "invalid", "Not a valid string.");
        }
        var text = value.asText().strip();
        if (text.indexOf('\0') >= 0) {
            throw BaserowRefusal.value(field.name(), "null_characters_not_allowed", "Null characters are not allowed.");
        }
        var pattern = switch (field.type()) {
            case "phone_number" -> PHONE;
            case "email" -> EMAIL;
            case "url" -> URL;
            default -> null;
        };
        if (pattern != null && !text.isEmpty() && !pattern.matcher(text).matches()) {
            throw BaserowRefusal.value(field.name(), "invalid", "Enter a valid value.");
        }
        return TextNode.valueOf(text);
    }

    private static JsonNode bool(BaserowField field, JsonNode value) {
        var text = value.asText().toLowerCase(Locale.ROOT);
        if (value.isNull() || (!TRUE.contains(text) && !FALSE.contains(text))) {
            throw BaserowRefusal.value(field.name(), "invalid", "Must be a valid boolean.");
        }
        return RailsJson.object().booleanNode(TRUE.contains(text));
    }

    private static JsonNode number(BaserowField field, JsonNode value) {
        if (value.isNull() || value.asText().isEmpty()) {
            return NullNode.getInstance();
        }
        BigDecimal number;
        try {
            number = new BigDecimal(value.asText().strip());
        } catch (NumberFormatException e) {
            throw BaserowRefusal.value(field.name(), "invalid", "A valid number is required.");
        }
        if (number.stripTrailingZeros().scale() > field.decimals()) {
            throw BaserowRefusal.value(
                    field.name(),
                    "max_decimal_places",
                    "Ensure that there are no more than " + field.decimals() + " decimal places.");
        }
        if (!field.negative() && number.signum() < 0) {
            throw BaserowRefusal.value(field.name(), "min_value", "Ensure this value is greater than or equal to 0.");
        }
        return TextNode.valueOf(
                number.setScale(field.decimals(), RoundingMode.UNNECESSARY).toPlainString());
    }

    private static JsonNode date(BaserowField field, JsonNode value) {
        if (value.isNull() || value.asText().isEmpty()) {
            return NullNode.getInstance();
        }
        var text = value.asText();
        try {
            if (!field.time()) {
                return TextNode.valueOf(LocalDate.parse(text).toString());
            }
            var instant = text.length() == 10
                    ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text).toInstant();
            return TextNode.valueOf(iso(instant));
        } catch (DateTimeException e) {
            throw BaserowRefusal.value(
                    field.name(), "invalid", "Datetime has wrong format. Use one of these formats instead: ISO 8601.");
        }
    }

    static String iso(Instant instant) {
        return DateTimeFormatter.ISO_INSTANT.format(instant.truncatedTo(ChronoUnit.SECONDS));
    }

    private static JsonNode select(BaserowField field, JsonNode value) {
        if (value.isNull()) {
            return value;
        }
        for (int i = 0; i < field.options().size(); i++) {
            boolean named =
                    value.isTextual() && value.asText().equals(field.options().get(i));
            if (named || (value.isIntegralNumber() && value.asInt() == i + 1)) {
                return RailsJson.object()
                        .put("id", i + 1)
                        .put("value", field.options().get(i))
                        .put("color", "blue");
            }
        }
        throw BaserowRefusal.body(TextNode.valueOf("The provided value " + value + " is not a valid select option."));
    }

    static boolean empty(JsonNode value) {
        return value.isNull()
                || (value.isTextual() && value.asText().isEmpty())
                || (value.isBoolean() && !value.asBoolean());
    }
}
