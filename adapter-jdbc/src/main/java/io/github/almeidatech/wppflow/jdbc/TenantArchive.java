package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All rows of a tenant as plain data, in pages that hold up nobody. */
final class TenantArchive {

    /** Rows. PostgreSQL's driver reads all of them at once, however large they are, so these are few. */
    private static final int PAGE = 100;
    /** Characters and bytes of the rows of a page; one may have some megabytes by itself. */
    private static final long PAGE_SIZE = 1L << 20;

    /** What says nothing to anybody else: keyed hashes, vectors, claims, how far work has come, hashes of tokens. */
    private static final Set<Table> OURS = EnumSet.of(
            Table.SEEN,
            Table.PASSAGE_VECTOR,
            Table.MEDIA_CLAIM,
            Table.DOCUMENT_VERSION,
            Table.POLICY_CURSOR,
            Table.EVENT_MIRROR,
            Table.API_TOKEN);
    /** Columns that hold JSON in every table that has them. */
    private static final Set<String> JSON = Set.of("payload", "custom_fields", "copy_parts");
    /** Tables whose {@code body} holds JSON; elsewhere it is a text. */
    private static final Set<Table> JSON_BODIES =
            EnumSet.of(Table.INBOX, Table.OUTBOX, Table.CONTACT_MERGE, Table.POLICY, Table.ERASURE);

    private final Reader reader;

    TenantArchive(Reader reader) {
        this.reader = reader;
    }

    /** One row, by what the page goes on after it, and how large it is. */
    private record Row(Map<String, Object> data, @Nullable Object[] key, long size) {}

    void forEach(TenantId tenant, BiConsumer<String, Map<String, Object>> each) {
        for (Table table : Table.values()) {
            if (!OURS.contains(table)) {
                pages(tenant, table, each);
            }
        }
    }

    private void pages(TenantId tenant, Table table, BiConsumer<String, Map<String, Object>> each) {
        List<String> key = Arrays.stream(table.key().split(", "))
                .filter(column -> !column.equals("tenant"))
                .toList();
        String columns = String.join(", ", key);
        String marks = key.stream().map(column -> "?").collect(Collectors.joining(", "));
        String first = "select * from " + table.sqlName() + " where tenant = ?";
        String order = key.isEmpty() ? " limit ?" : " order by " + columns + " limit ?";
        String next = first + " and (" + columns + ") > (" + marks + ")" + order;
        List<Row> page = page(tenant, table, key, first + order, new Object[0]);
        while (!page.isEmpty()) {
            page.forEach(row -> each.accept(table.sqlName(), row.data()));
            if (key.isEmpty()) {
                return;
            }
            page = page(tenant, table, key, next, page.get(page.size() - 1).key());
        }
    }

    private List<Row> page(TenantId tenant, Table table, List<String> key, String sql, @Nullable Object[] after) {
        var arguments = new ArrayList<@Nullable Object>();
        arguments.add(tenant.value());
        arguments.addAll(Arrays.asList(after));
        arguments.add(PAGE);
        return reader.read(tenant, session -> {
            var room = new AtomicLong(PAGE_SIZE);
            return session.listUntil(
                    sql, row -> row(table, key, row), row -> room.addAndGet(-row.size()) <= 0, arguments.toArray());
        });
    }

    private static Row row(Table table, List<String> key, ResultSet row) throws SQLException {
        var data = new LinkedHashMap<String, Object>();
        long size = 0;
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
            String column = row.getMetaData().getColumnName(i);
            Object value = row.getObject(i);
            if (value != null && !column.equals("tenant")) {
                data.put(column, plain(table, column, value));
                size += sizeOf(value);
            }
        }
        var values = new @Nullable Object[key.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.getObject(key.get(i));
        }
        return new Row(data, values, size);
    }

    private static int sizeOf(Object value) {
        return value instanceof byte[] bytes ? bytes.length : value instanceof String text ? text.length() : Long.BYTES;
    }

    private static Object plain(Table table, String column, Object value) {
        if (value instanceof byte[] bytes) {
            return column.equals("raw")
                    ? new String(bytes, StandardCharsets.UTF_8)
                    : HexFormat.of().formatHex(bytes);
        }
        boolean json = JSON.contains(column) || column.equals("body") && JSON_BODIES.contains(table);
        return json && value instanceof String text ? Json.plain(text) : value;
    }
}
