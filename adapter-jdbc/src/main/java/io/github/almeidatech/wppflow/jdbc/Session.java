package io.github.almeidatech.wppflow.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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

    /** Whose rows a reading session sees, and whose the next query shall. */
    private String restrictedTo = "";

    private String wanted = "";
    private String restriction = "";
    private long planned;
    private long uses;

    Session(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    /** Lets queries see the rows of one tenant, or all with {@code *}, until it is told otherwise. */
    void restrictTo(String tenant, Dialect dialect) {
        wanted = tenant;
        restriction = dialect.restriction();
    }

    /**
     * Whether it is so long since this was last found; in the beginning, when tables may be growing fastest, also each time the
     * session has been used twice as often.
     */
    boolean plansAreOlderThan(Duration age) {
        long now = System.nanoTime();
        boolean older = Long.bitCount(++uses) == 1 || now - planned > age.toNanos();
        planned = older ? now : planned;
        return older;
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
        if (!restriction.isEmpty() && !wanted.equals(restrictedTo)) {
            return listRestricted(sql, mapper, enough, arguments);
        }
        PreparedStatement statement = prepared(sql);
        bind(statement, arguments);
        try (ResultSet result = statement.executeQuery()) {
            return rows(result, mapper, enough);
        }
    }

    /** In one exchange with the database, and one transaction: a restriction that fails shows nothing. */
    private <T> List<T> listRestricted(String sql, Row<T> mapper, Predicate<T> enough, @Nullable Object[] arguments)
            throws SQLException {
        restrictedTo = "";
        PreparedStatement statement = prepared(restriction + "; " + sql);
        var all = new ArrayList<@Nullable Object>(List.of(wanted));
        all.addAll(Arrays.asList(arguments));
        bind(statement, all.toArray());
        statement.execute();
        if (!statement.getMoreResults()) {
            throw new IllegalStateException("a query has no rows to show");
        }
        try (ResultSet result = statement.getResultSet()) {
            List<T> rows = rows(result, mapper, enough);
            restrictedTo = wanted;
            return rows;
        }
    }

    private static <T> List<T> rows(ResultSet result, Row<T> mapper, Predicate<T> enough) throws SQLException {
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
