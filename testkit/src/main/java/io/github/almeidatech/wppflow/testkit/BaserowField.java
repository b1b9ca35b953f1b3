package io.github.almeidatech.wppflow.testkit;

import java.util.List;

/**
 * A column of a simulated Baserow table.
 *
 * @param type Baserow's name of the type: {@code text}, {@code long_text}, {@code number} and so on
 * @param unique whether it has the constraint {@code unique_with_empty}
 * @param decimals of a number
 * @param negative whether a number may be below zero
 * @param time whether a date has a time
 * @param options names of a single select
 */
public record BaserowField(
        String name, String type, boolean unique, int decimals, boolean negative, boolean time, List<String> options) {

    public BaserowField {
        options = List.copyOf(options);
        if (unique
                && !List.of("text", "long_text", "url", "email", "number", "date")
                        .contains(type)) {
            throw new IllegalArgumentException("Baserow has no unique constraint on columns of type " + type);
        }
    }

    private static BaserowField of(String name, String type) {
        return new BaserowField(name, type, false, 0, true, false, List.of());
    }

    public static BaserowField text(String name) {
        return of(name, "text");
    }

    public static BaserowField longText(String name) {
        return of(name, "long_text");
    }

    public static BaserowField email(String name) {
        return of(name, "email");
    }

    public static BaserowField url(String name) {
        return of(name, "url");
    }

    /** A phone number column, which can never be unique. */
    public static BaserowField phone(String name) {
        return of(name, "phone_number");
    }

    public static BaserowField checkbox(String name) {
        return of(name, "boolean");
    }

    /** A number with this many decimals, at or above zero or below. */
    public static BaserowField number(String name, int decimals) {
        return new BaserowField(name, "number", false, decimals, true, false, List.of());
    }

    /** A date without time. */
    public static BaserowField date(String name) {
        return of(name, "date");
    }

    /** A date with time. */
    public static BaserowField dateTime(String name) {
        return new BaserowField(name, "date", false, 0, true, true, List.of());
    }

    public static BaserowField singleSelect(String name, String... options) {
        return new BaserowField(name, "single_select", false, 0, true, false, List.of(options));
    }

    /** When the row was created; read-only. */
    public static BaserowField createdOn(String name) {
        return new BaserowField(name, "created_on", false, 0, true, true, List.of());
    }

    /** When the row was last changed; read-only. */
    public static BaserowField lastModified(String name) {
        return new BaserowField(name, "last_modified", false, 0, true, true, List.of());
    }

    /** The same column with the constraint that no value occurs twice; empty ones may. */
    public BaserowField asUnique() {
        return new BaserowField(name, type, true, decimals, negative, time, options);
    }

    /** The same number column without values below zero. */
    public BaserowField notNegative() {
        return new BaserowField(name, type, unique, decimals, false, time, options);
    }

    BaserowField named(String other) {
        return new BaserowField(other, type, unique, decimals, negative, time, options);
    }

    boolean readOnly() {
        return type.equals("created_on") || type.equals("last_modified");
    }

    boolean textual() {
        return List.of("text", "long_text", "email", "url", "phone_number").contains(type);
    }

    boolean dated() {
        return type.equals("date") || readOnly();
    }
}
