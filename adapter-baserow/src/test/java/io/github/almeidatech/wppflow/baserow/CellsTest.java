package io.github.almeidatech.wppflow.baserow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CellsTest {

    private static TableField field(String type) {
        return new TableField(1, "column", type, false, false, true, 2, Map.of("open", 7L));
    }

    private static Object encode(String type, Object value) {
        return CellWriter.encode(field(type), value, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=1+1",
                "+1+1",
                "-2+3",
                "@SUM(A1)",
                "=cmd|' /C calc'!A0",
                "  =1",
                "\t=1",
                "\r=1",
                "\0=1",
                "+55 (61)",
                "＝1"
            })
    void text_that_a_spreadsheet_would_run_gets_an_apostrophe(String text) {
        String stored = (String) encode("long_text", text);

        assertThat(stored).startsWith("'");
        assertThat(encode("long_text", stored)).as("twice").isEqualTo(stored);
        assertThat(new BaserowRow(1, Map.of("column", stored)).text("column")).isEqualTo(CellText.stored(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"olá = tudo bem", "+5561981234567", "'aspas", "5+5", "a@b.example", "R$ -10"})
    void other_text_and_phone_numbers_stay_as_they_are(String text) {
        assertThat(encode("text", text)).isEqualTo(text);
        assertThat(new BaserowRow(1, Map.of("column", text)).text("column")).isEqualTo(text);
    }

    @Test
    void a_trusted_column_is_written_as_it_is() {
        assertThat(CellWriter.encode(field("text"), "=A1", true)).isEqualTo("=A1");
    }

    @Test
    void the_character_baserow_refuses_is_left_out() {
        assertThat(encode("text", "a\0b")).isEqualTo("ab");
    }

    @Test
    void maps_and_lists_become_json_in_a_column_of_text() {
        assertThat(encode("long_text", Map.of("breed", "beagle"))).isEqualTo("{\"breed\":\"beagle\"}");
        assertThat(encode("text", List.of(1, 2))).isEqualTo("[1,2]");
    }

    @ParameterizedTest
    @CsvSource({
        "phone_number,+55 (61) 98123-4567,+5561981234567",
        "phone_number,556181234567,556181234567",
        "number,12.50,12.50",
        "number,12.5,12.5",
        "number,0.8731046529874512,0.87",
        "number,0.995,1.00",
        "number,-0.125,-0.13",
        "number,1E-320,0.00",
        "rating,3,3",
        "number,2026-09-01T12:00:00Z,1788264000000",
        "date,2026-01-02,2026-01-02",
        "date,2026-01-02T03:04:05-03:00,2026-01-02T06:04:05Z",
        "date,1788264000000,2026-09-01T12:00:00Z",
        "email,ana@example.com,ana@example.com",
        "single_select,open,open",
    })
    void each_type_of_column_gets_what_it_takes(String type, String value, String cell) {
        assertThat(encode(type, value)).isEqualTo(cell);
    }

    /** Written out, it has a billion digits. */
    @Test
    void a_huge_number_stays_short_in_a_column_of_text() {
        assertThat(encode("text", new BigDecimal("1e999999999"))).isEqualTo("1E+999999999");
        assertThat(encode("text", new BigDecimal("1e12"))).isEqualTo("1000000000000");
    }

    @Test
    void a_column_that_does_not_say_how_many_decimals_it_has_loses_none() {
        var field = TableField.from(JsonNodeFactory.instance
                .objectNode()
                .put("id", 1)
                .put("type", "number")
                .putNull("number_decimal_places"));

        assertThat(CellWriter.encode(field, "12.125", false)).isEqualTo("12.125");
    }

    @ParameterizedTest
    @CsvSource({
        "phone_number,whatsapp:+5561981234567,no_phone_number",
        "phone_number,=1+1,no_phone_number",
        "number,muitos,no_number",
        "number,1e999999999,no_number",
        "number,1e-999999999,no_number",
        "date,01/02/2026,no_date",
        "boolean,talvez,no_truth",
        "email,=1+1@example.com,unsafe_address",
    })
    void what_a_column_cannot_hold_is_refused(String type, String value, String reason) {
        assertThatThrownBy(() -> encode(type, value))
                .isInstanceOfSatisfying(
                        UnwritableException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageNotContaining(value);
    }

    @Test
    void a_column_baserow_fills_in_is_refused() {
        var readOnly = new TableField(1, "when", "last_modified", true, false, true, 0, Map.of());

        assertThatThrownBy(() -> CellWriter.encode(readOnly, "2026-01-02", false))
                .hasMessageContaining("read_only_column");
    }

    @ParameterizedTest
    @CsvSource({"text,", "number,", "date,", "single_select,"})
    void nothing_empties_a_cell(String type) {
        assertThat(CellWriter.encode(field(type), null, false)).isNull();
    }

    @Test
    void nothing_is_written_the_way_columns_without_null_want_it() {
        assertThat(CellWriter.encode(field("email"), null, false)).isEqualTo("");
        assertThat(CellWriter.encode(field("phone_number"), null, false)).isEqualTo("");
        assertThat(CellWriter.encode(field("boolean"), null, false)).isEqualTo(false);
        assertThat(CellWriter.encode(field("link_row"), null, false)).isEqualTo(List.of());
        assertThat(encode("boolean", "sim")).isEqualTo(true);
        assertThat(encode("boolean", "não")).isEqualTo(false);
    }

    @ParameterizedTest
    @CsvSource({
        "text,abc,abc,true",
        "text,abc,abd,false",
        "number,12.50,12.5,true",
        "number,12.50,12,false",
        "date,2026-01-02T03:04:05Z,2026-01-02T03:04:05.123Z,true",
        "date,2026-01-02T03:04:05Z,2026-01-02,false",
        "link_row,a,a,false",
    })
    void a_cell_that_holds_the_value_is_recognised(String type, String cell, String value, boolean same) {
        var row = new BaserowRow(1, Map.of("column", cell));

        assertThat(CellWriter.holds(field(type), row, value)).isEqualTo(same);
    }

    @Test
    void an_option_is_recognised_by_name_and_by_id() {
        var row = new BaserowRow(1, Map.of("column", Map.of("id", 7, "value", "open")));

        assertThat(CellWriter.holds(field("single_select"), row, "open")).isTrue();
        assertThat(CellWriter.holds(field("single_select"), row, 7L)).isTrue();
        assertThat(CellWriter.holds(field("single_select"), row, "closed")).isFalse();
        assertThat(row.text("column")).isEqualTo("open");
    }

    @Test
    void a_row_that_people_have_changed_never_breaks_the_reader() {
        var cells = new HashMap<String, Object>();
        cells.put("empty", null);
        cells.put("list", List.of(Map.of("value", "a"), Map.of("value", "b")));
        var row = new BaserowRow(1, cells);

        assertThat(row.text("empty")).isEmpty();
        assertThat(row.text("list")).isEqualTo("a, b");
        assertThat(row.text("gone")).isEmpty();
        assertThat(row.text(null)).isEmpty();
        assertThat(row.number("list")).isEmpty();
        assertThat(row.instant("list")).isEmpty();
        assertThat(row.truth("list")).isFalse();
        assertThat(row).hasToString("BaserowRow[1, " + cells.keySet() + "]");
    }
}
