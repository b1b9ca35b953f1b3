package io.github.almeidatech.wppflow.baserow;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A column of a table, as Baserow describes it.
 *
 * @param type Baserow's word, such as {@code text}, {@code long_text}, {@code phone_number}, {@code boolean}
 * @param readOnly Baserow fills it in by itself
 * @param unique whether Baserow refuses a value that is there already
 * @param withTime whether a date has a time
 * @param decimals how many digits a number has after the point; Baserow refuses one with more
 * @param options ids of a select's options, by their names
 */
public record TableField(
        long id,
        String name,
        String type,
        boolean readOnly,
        boolean unique,
        boolean withTime,
        int decimals,
        Map<String, Long> options) {

    private static final int MOST_DECIMALS = 10;

    public TableField {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    static TableField from(JsonNode json) {
        boolean unique = false;
        for (JsonNode constraint : json.path("field_constraints")) {
            String name = constraint.isTextual()
                    ? constraint.asText()
                    : constraint.path("type_name").asText();
            unique |= name.startsWith("unique");
        }
        var options = new LinkedHashMap<String, Long>();
        for (JsonNode option : json.path("select_options")) {
            options.put(option.path("value").asText(), option.path("id").asLong());
        }
        return new TableField(
                json.path("id").asLong(),
                json.path("name").asText(),
                json.path("type").asText(),
                json.path("read_only").asBoolean(),
                unique,
                json.path("date_include_time").asBoolean(),
                json.path("number_decimal_places").asInt(MOST_DECIMALS),
                options);
    }

    /** Whether it holds text of people, in which a formula could hide. */
    boolean isText() {
        return type.equals("text") || type.equals("long_text");
    }
}
