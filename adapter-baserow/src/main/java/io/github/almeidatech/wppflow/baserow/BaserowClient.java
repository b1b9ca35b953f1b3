package io.github.almeidatech.wppflow.baserow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * The rows and columns a database token of a Baserow reaches. Columns go by their names.
 *
 * <p>Every method blocks, for at most the wait for a place (5 seconds) and the time limit together, and throws
 * {@link BaserowException}. No row is created twice by a repetition here: of a failure that is {@linkplain
 * BaserowError#unclear() unclear} nobody knows whether the work was done. Values are sent as they are: who writes what
 * people have typed goes through {@link BaserowCommandSender} or {@link BaserowContactMirror}, which make it harmless.
 *
 * <p>Thread-safe; make one for each token and keep it: it holds the limits, which Baserow counts by the token's owner, and
 * the circuit breaker.
 */
public final class BaserowClient {

    private static final Duration COLUMNS_KEPT = Duration.ofMinutes(10);
    private static final Duration COLUMNS_TRUSTED = Duration.ofSeconds(20);

    private final BaserowHttp http;
    private final HttpUrl baseUrl;
    private final InstantSource clock;
    private final Map<Long, Columns> columns = new ConcurrentHashMap<>();

    private BaserowClient(Builder settings) {
        this.http = new BaserowHttp(settings);
        this.baseUrl = settings.baseUrl;
        this.clock = settings.clock;
    }

    /**
     * A client still to be set up.
     *
     * @param http shared by all clients: its threads and connections are used, its time limits are not
     * @param baseUrl where Baserow is, such as {@code https://api.baserow.io}
     * @param token a database token
     */
    public static Builder builder(OkHttpClient http, URI baseUrl, String token) {
        return builder(http, baseUrl, () -> token);
    }

    /** The same with a token that may be replaced: it is asked for with each call, and must not block. */
    public static Builder builder(OkHttpClient http, URI baseUrl, Supplier<String> token) {
        return new Builder(http, baseUrl, token);
    }

    /** Whether Baserow accepts the token; which tables it may read and write is not said by this. */
    public boolean tokenWorks() {
        try {
            call("check_token", "GET", url("tokens", "check"), null, null);
            return true;
        } catch (BaserowException e) {
            if (e.error() == BaserowError.FORBIDDEN || e.error() == BaserowError.UNAUTHORIZED) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Whether the token may do that with the table's rows. Changes none: Baserow looks at the right before it refuses a batch
     * of nothing, or a row with the number 0, which there never is.
     *
     * @throws BaserowException when Baserow does not answer, or knows neither token nor table
     */
    public boolean may(long table, RowRight right) {
        ObjectNode nothing = JsonNodeFactory.instance.objectNode();
        nothing.putArray("items");
        try {
            switch (right) {
                case CREATE -> onTable(table, "create_batch", "POST", rows(table, "batch"), nothing, null);
                case UPDATE -> onTable(table, "update_batch", "PATCH", rows(table, "batch"), nothing, null);
                case DELETE -> onTable(table, "delete_row", "DELETE", plainRows(table, 0L), null, null);
            }
            return true;
        } catch (BaserowException e) {
            return switch (e.error()) {
                case INVALID_REQUEST, ROW_NOT_FOUND -> true;
                case FORBIDDEN -> false;
                default -> throw e;
            };
        }
    }

    /** Whether calls are let through at present: {@code closed} (they are), {@code open} or {@code half_open}. */
    public String breakerState() {
        return http.breakerState();
    }

    /** The table's columns, in their order. */
    public List<TableField> fields(long table) {
        var fields = new ArrayList<TableField>();
        JsonNode json = call("list_fields", "GET", url("fields", "table", table), null, null);
        expect("list_fields", json.isArray());
        json.forEach(field -> fields.add(TableField.from(field)));
        columns.put(table, Columns.of(fields, clock.instant()));
        return List.copyOf(fields);
    }

    /** The columns, read at most every ten minutes, unless one that is wanted seems to be missing. */
    Columns columns(long table, Collection<String> wanted) {
        Columns known = columns.get(table);
        Instant now = clock.instant();
        if (known == null
                || now.isAfter(known.readAt().plus(COLUMNS_KEPT))
                || (!known.byName().keySet().containsAll(wanted)
                        && now.isAfter(known.readAt().plus(COLUMNS_TRUSTED)))) {
            known = Columns.of(fields(table), now);
        }
        return known;
    }

    /** They may have changed. */
    void forgetColumns(long table) {
        columns.remove(table);
    }

    /** A page of rows. */
    public RowPage list(long table, RowQuery query) {
        HttpUrl.Builder url = rows(table)
                .addQueryParameter("page", String.valueOf(query.page()))
                .addQueryParameter("size", String.valueOf(query.size()));
        if (query.filter() != null) {
            url.addQueryParameter("filters", query.filter().toJson().toString());
        }
        if (query.orderBy() != null) {
            url.addQueryParameter("order_by", query.orderBy());
        }
        if (!query.columns().isEmpty()
                && query.columns().stream().noneMatch(name -> name.indexOf(',') >= 0 || name.indexOf('"') >= 0)) {
            url.addQueryParameter("include", String.join(",", query.columns()));
        }
        JsonNode json = onTable(table, "list_rows", "GET", url, null, null);
        expect("list_rows", json.path("results").isArray() && json.path("count").isIntegralNumber());
        return new RowPage(
                allRows("list_rows", json.path("results")), json.path("count").asLong());
    }

    /** One row. */
    public Optional<BaserowRow> get(long table, long row) {
        try {
            return Optional.of(row("get_row", onTable(table, "get_row", "GET", rows(table, row), null, null)));
        } catch (BaserowException e) {
            if (e.error() == BaserowError.ROW_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Creates a row. Baserow drops columns it does not know without a word.
     *
     * @return the row as it is stored
     */
    public BaserowRow create(long table, Map<String, ? extends @Nullable Object> cells) {
        return create(table, cells, null);
    }

    BaserowRow create(long table, Map<String, ? extends @Nullable Object> cells, @Nullable Instant notAfter) {
        return row("create_row", onTable(table, "create_row", "POST", rows(table), PlainJson.of(cells), notAfter));
    }

    /** Changes the given columns of a row; others stay. {@link BaserowError#ROW_NOT_FOUND} when it is not there. */
    public BaserowRow update(long table, long row, Map<String, ? extends @Nullable Object> cells) {
        return update(table, row, cells, null);
    }

    BaserowRow update(long table, long row, Map<String, ? extends @Nullable Object> cells, @Nullable Instant notAfter) {
        return row(
                "update_row", onTable(table, "update_row", "PATCH", rows(table, row), PlainJson.of(cells), notAfter));
    }

    /** Moves a row to the trash. False when it was not there. */
    public boolean delete(long table, long row) {
        try {
            onTable(table, "delete_row", "DELETE", plainRows(table, row), null, null);
            return true;
        } catch (BaserowException e) {
            if (e.error() == BaserowError.ROW_NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** Creates 1 to 200 rows, all or none. */
    public List<BaserowRow> createAll(long table, List<Map<String, Object>> rows) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        var items = body.putArray("items");
        rows.forEach(cells -> items.add(PlainJson.of(cells)));
        checkBatch(rows.size());
        JsonNode json = onTable(table, "create_batch", "POST", rows(table, "batch"), body, null);
        return allRows("create_batch", json.path("items"));
    }

    /** Changes 1 to 200 rows, given by their ids, all or none. */
    public List<BaserowRow> updateAll(long table, Map<Long, Map<String, Object>> rows) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        var items = body.putArray("items");
        rows.forEach((id, cells) -> {
            ObjectNode item = items.addObject().put("id", id);
            cells.forEach((column, value) -> item.set(column, PlainJson.of(value)));
        });
        checkBatch(rows.size());
        JsonNode json = onTable(table, "update_batch", "PATCH", rows(table, "batch"), body, null);
        return allRows("update_batch", json.path("items"));
    }

    /** Moves 1 to 200 rows to the trash, all or none: {@link BaserowError#ROW_NOT_FOUND} when one is not there. */
    public void deleteAll(long table, Set<Long> rows) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        var items = body.putArray("items");
        rows.forEach(items::add);
        checkBatch(rows.size());
        onTable(table, "delete_batch", "POST", plainRows(table, "batch-delete"), body, null);
    }

    private static void checkBatch(int size) {
        if (size < 1 || size > RowQuery.MAX_SIZE) {
            throw new IllegalArgumentException("1 to 200 rows wanted, got " + size);
        }
    }

    /** Without saying it, Baserow takes columns by their numbers, and drops names without a word. */
    private HttpUrl.Builder rows(long table, Object... more) {
        return plainRows(table, more).addQueryParameter("user_field_names", "true");
    }

    private HttpUrl.Builder plainRows(long table, Object... more) {
        var segments = new ArrayList<Object>(List.of("rows", "table", table));
        segments.addAll(List.of(more));
        return url(segments.toArray());
    }

    private HttpUrl.Builder url(Object... segments) {
        HttpUrl.Builder url = baseUrl.newBuilder().addPathSegments("api/database");
        for (Object segment : segments) {
            url.addPathSegment(String.valueOf(segment));
        }
        return url.addPathSegment("");
    }

    private JsonNode onTable(
            long table,
            String name,
            String method,
            HttpUrl.Builder url,
            @Nullable JsonNode body,
            @Nullable Instant notAfter) {
        try {
            return call(name, method, url, body, notAfter);
        } catch (BaserowException e) {
            if (e.status() == 400 || e.status() == 404) {
                forgetColumns(table);
            }
            throw e;
        }
    }

    private JsonNode call(
            String name, String method, HttpUrl.Builder url, @Nullable JsonNode body, @Nullable Instant notAfter) {
        return http.call(new ApiCall(name, method, url.build(), body, notAfter));
    }

    private static List<BaserowRow> allRows(String call, JsonNode array) {
        expect(call, array.isArray());
        var rows = new ArrayList<BaserowRow>();
        array.forEach(json -> rows.add(row(call, json)));
        return List.copyOf(rows);
    }

    private static BaserowRow row(String call, JsonNode json) {
        expect(call, json.path("id").isIntegralNumber());
        return BaserowRow.from(json);
    }

    private static void expect(String call, boolean asExpected) {
        if (!asExpected) {
            throw new BaserowException(BaserowError.UNREADABLE_ANSWER, call, null);
        }
    }

    @Override
    public String toString() {
        return "BaserowClient[" + baseUrl.host() + "]";
    }

    /** What a client is made of; every setting has a default. */
    public static final class Builder {

        final OkHttpClient http;
        final HttpUrl baseUrl;
        final Supplier<String> token;
        InstantSource clock = InstantSource.system();
        CallListener listener = CallListener.NONE;
        Duration connectTimeout = Duration.ofSeconds(3);
        Duration timeLimit = Duration.ofSeconds(15);
        Duration batchTimeLimit = Duration.ofSeconds(30);
        Duration breakerDelay = Duration.ofSeconds(5);
        int maxConcurrent = 8;
        int maxPerSecond = 20;
        int maxAnswerBytes = 1 << 20;

        private Builder(OkHttpClient http, URI baseUrl, Supplier<String> token) {
            HttpUrl url = HttpUrl.get(baseUrl);
            if (url == null || !url.username().isEmpty() || !url.password().isEmpty() || url.query() != null) {
                throw new IllegalArgumentException("a base address is http(s), without user and query");
            }
            String present = token.get();
            if (present.isBlank() || !present.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new IllegalArgumentException("a database token is visible ASCII without blanks");
            }
            this.http = http;
            this.baseUrl = url;
            this.token = token;
        }

        /** The clock pauses are measured by. Default: the system's. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** Is told of every call. Default: nobody. */
        public Builder listener(CallListener listener) {
            this.listener = listener;
            return this;
        }

        /** For the connection alone. Default: 3 seconds. */
        public Builder connectTimeout(Duration timeout) {
            this.connectTimeout = positive(timeout);
            return this;
        }

        /** For a whole call. Default: 15 seconds. */
        public Builder timeLimit(Duration limit) {
            this.timeLimit = positive(limit);
            return this;
        }

        /** For a whole call about many rows. Default: 30 seconds. */
        public Builder batchTimeLimit(Duration limit) {
            this.batchTimeLimit = positive(limit);
            return this;
        }

        /** How long the circuit breaker keeps calls back before it tries one. Default: 5 seconds. */
        public Builder breakerDelay(Duration delay) {
            this.breakerDelay = positive(delay);
            return this;
        }

        /**
         * How many calls may be under way at once, 1 to 64. Default: 8, because the hosted service allows ten to all that
         * its user does, the browser included.
         */
        public Builder maxConcurrent(int calls) {
            this.maxConcurrent = between(calls, 1, 64);
            return this;
        }

        /** How many calls may begin in one second, 1 to 1000. Default: 20, as the hosted service allows. */
        public Builder maxPerSecond(int calls) {
            this.maxPerSecond = between(calls, 1, 1_000);
            return this;
        }

        /** Larger answers are not read, 1 kB to 64 MiB. Default: 1 MiB. Fewer rows are asked for then. */
        public Builder maxAnswerBytes(int bytes) {
            this.maxAnswerBytes = between(bytes, 1_000, 64 << 20);
            return this;
        }

        /** The client. */
        public BaserowClient build() {
            return new BaserowClient(this);
        }

        private static Duration positive(Duration duration) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("a positive duration wanted, got " + duration);
            }
            return duration;
        }

        private static int between(int value, int low, int high) {
            if (value < low || value > high) {
                throw new IllegalArgumentException(low + " to " + high + " wanted, got " + value);
            }
            return value;
        }
    }
}
