package io.github.almeidatech.wppflow.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A row's values one after the other, in the order of the select: for wide rows that are read all the time. By name, SQLite's
 * driver looks through all names of each result anew.
 */
final class Columns {

    private final ResultSet row;
    private int index;

    Columns(ResultSet row) {
        this.row = row;
    }

    String text() throws SQLException {
        return Objects.requireNonNull(nullableText());
    }

    @Nullable
    String nullableText() throws SQLException {
        return row.getString(++index);
    }

    long number() throws SQLException {
        return row.getLong(++index);
    }

    @Nullable
    Long nullableNumber() throws SQLException {
        long value = number();
        return row.wasNull() ? null : value;
    }

    int integer() throws SQLException {
        return row.getInt(++index);
    }

    boolean flag() throws SQLException {
        return integer() != 0;
    }

    Instant instant() throws SQLException {
        return Instant.ofEpochMilli(number());
    }

    @Nullable
    Instant nullableInstant() throws SQLException {
        Long value = nullableNumber();
        return value == null ? null : Instant.ofEpochMilli(value);
    }
}
