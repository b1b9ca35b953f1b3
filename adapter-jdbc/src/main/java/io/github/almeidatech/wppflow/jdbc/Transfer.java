package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies all rows of one database into another, empty one of any kind. */
final class Transfer {

    private static final int BATCH = 500;

    private final Dialect from;
    private final Dialect to;
    private final Writer target;

    Transfer(Dialect from, Dialect to, Writer target) {
        this.from = from;
        this.to = to;
        this.target = target;
    }

    Map<String, Long> copyAll() {
        for (Table table : Table.values()) {
            boolean hasRows = target.write(tx -> tx.first("select 1 from " + table.sqlName() + " limit 1", row -> 1)
                    .isPresent());
            if (hasRows) {
                throw new IllegalStateException("the database to copy into is not empty: " + table.sqlName());
            }
        }
        var copied = new LinkedHashMap<String, Long>();
        try (Connection connection = from.readers().getConnection()) {
            if (!from.restriction().isEmpty()) {
                new Session(connection).first(from.restriction(), row -> true, "*");
            }
            connection.setAutoCommit(false); // one state of all tables, read in pieces
            for (Table table : Table.values()) {
                copied.put(table.sqlName(), copy(connection, table));
            }
            copied.forEach(this::count);
            copyMeta(connection);
            connection.rollback();
        } catch (SQLException e) {
            throw new FlowException(from.errorOf(e, false), "copy", e);
        }
        return copied;
    }

    private long copy(Connection connection, Table table) throws SQLException {
        long rows = 0;
        try (var statement = connection.createStatement()) {
            statement.setFetchSize(BATCH);
            try (ResultSet row =
                    statement.executeQuery("select * from " + table.sqlName() + " order by " + table.key())) {
                String insert = insert(table, row);
                var batch = new ArrayList<@Nullable Object[]>(BATCH);
                while (row.next()) {
                    batch.add(values(row));
                    rows++;
                    if (batch.size() == BATCH) {
                        write(insert, batch);
                    }
                }
                write(insert, batch);
            }
        }
        if (table.hasGivenIds()) {
            target.write(tx -> {
                to.continueIds(tx, table.sqlName());
                return true;
            });
        }
        return rows;
    }

    /** What arrived is what was sent. */
    private void count(String table, long rows) {
        long there = target.write(tx ->
                tx.first("select count(*) from " + table, row -> row.getLong(1)).orElseThrow());
        if (there != rows) {
            throw new IllegalStateException("of " + rows + " rows of " + table + ", " + there + " arrived");
        }
    }

    private static String insert(Table table, ResultSet row) throws SQLException {
        var columns = new ArrayList<String>();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            columns.add(row.getMetaData().getColumnName(i));
        }
        return "insert into " + table.sqlName() + " (" + String.join(", ", columns) + ") values (?"
                + ", ?".repeat(columns.size() - 1) + ")";
    }

    private static @Nullable Object[] values(ResultSet row) throws SQLException {
        var values = new @Nullable Object[row.getMetaData().getColumnCount()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.getObject(i + 1);
        }
        return values;
    }

    private void write(String insert, List<@Nullable Object[]> batch) {
        List<@Nullable Object[]> rows = List.copyOf(batch);
        batch.clear();
        target.write(tx -> {
            rows.forEach(row -> tx.later(insert, row));
            return rows.size();
        });
    }

    /** Its secrets, that it was restored, what was noted: all of it is about the rows that move. */
    private void copyMeta(Connection connection) throws SQLException {
        List<String[]> all = new Session(connection)
                .list("select name, value from meta", row -> new String[] {row.getString(1), row.getString(2)});
        for (String[] each : all) {
            target.write(tx -> tx.update(
                    "insert into meta (name, value) values (?, ?) on conflict (name) do update set value = excluded.value",
                    each[0],
                    each[1]));
        }
    }
}
