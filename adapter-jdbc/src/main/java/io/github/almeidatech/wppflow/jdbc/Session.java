package io.github.almeidatech.wppflow.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One connection and the statements prepared on it, of which the least used are let go. Not thread-safe. */
final class Session implements AutoCloseable {

    private static final int MAX_STATEMENTS = 256;

    /** Makes a value of the present row. */
    @FunctionalInterface
    interface Row<T> {
        T map(ResultSet row) throws SQLException;
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new LinkedHashMap<>(64, 0.75f, true);

    /** Whose rows a reading session sees. */
    private String restrictedTo = "";

    Session(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    /** Lets it see the rows of one tenant, or all with {@code *}, until it is told otherwise. */
    void restrictTo(String tenant, Dialect dialect) throws SQLException {
        if (!tenant.equals(restrictedTo)) {
            restrictedTo = "";
            dialect.restrict(this, tenant);
            restrictedTo = tenant;
        }
    }

    /** Runs a statement that is not worth being kept. */
    void execute(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    int update(String sql, @Nullable Object... arguments) throws SQLException {
        PreparedStatement statement = prepared(sql);
        bind(statement, arguments);
        return statement.executeUpdate();
    }

    /** The same statement for many rows, in one exchange with the database where it can do that. */
    void updateAll(String sql, List<@Nullable Object[]> rows) throws SQLException {
        PreparedStatement statement = prepared(sql);
        for (@Nullable Object[] row : rows) {
            bind(statement, row);
            statement.addBatch();
        }
        try {
            statement.executeBatch();
        } finally {
            statement.clearBatch();
        }
    }

    <T> List<T> list(String sql, Row<T> mapper, @Nullable Object... arguments) throws SQLException {
        return listUntil(sql, mapper, row -> false, arguments);
    }

    /** The first rows, up to the one with which it is enough. */
    <T> List<T> listUntil(String sql, Row<T> mapper, Predicate<T> enough, @Nullable Object... arguments)
            throws SQLException {
        PreparedStatement statement = prepared(sql);
        bind(statement, arguments);
        try (ResultSet result = statement.executeQuery()) {
            var rows = new ArrayList<T>();
            while (result.next()) {
                T row = mapper.map(result);
                rows.add(row);
                if (enough.test(row)) {
                    break;
                }
            }
            return rows;
        }
    }

    <T> Optional<T> first(String sql, Row<T> mapper, @Nullable Object... arguments) throws SQLException {
        List<T> rows = list(sql, mapper, arguments);
        return rows.isEmpty() ? Optional.empty() : Optional.of(rows.get(0));
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            if (statements.size() >= MAX_STATEMENTS) {
                String leastUsed = statements.keySet().iterator().next();
                Objects.requireNonNull(statements.remove(leastUsed)).close();
            }
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    private static void bind(PreparedStatement statement, @Nullable Object[] arguments) throws SQLException {
        for (int i = 0; i < arguments.length; i++) {
            Object value = arguments[i];
            int index = i + 1;
            if (value == null) {
                statement.setNull(index, Types.NULL);
            } else if (value instanceof String text) {
                statement.setString(index, storable(text));
            } else if (value instanceof Long number) {
                statement.setLong(index, number);
            } else if (value instanceof Integer number) {
                statement.setInt(index, number);
            } else if (value instanceof Boolean flag) {
                statement.setInt(index, flag ? 1 : 0);
            } else if (value instanceof Instant instant) {
                statement.setLong(index, instant.toEpochMilli());
            } else if (value instanceof Double number) {
                statement.setDouble(index, number);
            } else if (value instanceof byte[] bytes) {
                statement.setBytes(index, bytes);
            } else {
                throw new IllegalArgumentException(
                        "no column type for " + value.getClass().getName());
            }
        }
    }

    /** Text as both databases can hold it: PostgreSQL knows no NUL. */
    static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }

    static @Nullable Long nullableLong(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    static @Nullable Double nullableDouble(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? null : value;
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Instant.ofEpochMilli(row.getLong(column));
    }

    static @Nullable Instant nullableInstant(ResultSet row, String column) throws SQLException {
        Long value = nullableLong(row, column);
        return value == null ? null : Instant.ofEpochMilli(value);
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
