package io.github.almeidatech.wppflow.baserow;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads what has changed in a table since it was last read. With a "last modified" column only the newest rows are asked
 * for, down to those known already; without one, and from time to time, all of them. A row counts as changed when one of
 * the columns asked for is different from what it was.
 *
 * <p>A row counts as removed when a pass over the whole table, during which the number of rows did not change, has not
 * met it, and it is not there when asked for by its number: pages shift while people work in the table.
 *
 * <p>What is known lives as long as this object. A failure in the middle keeps what has been handed over. One read at a
 * time; thread-safe.
 */
final class TableReader {

    private static final int MAX_ASKED_FOR = 200;
    private static final Duration OVERLAP = Duration.ofMinutes(2);

    private final BaserowClient client;
    private final long table;
    private final List<String> columns;
    private final @Nullable RowFilter scope;
    private final Predicate<BaserowRow> inScope;
    private final @Nullable String lastModified;
    private final Duration fullEvery;
    private final InstantSource clock;
    private final AtomicBoolean reading = new AtomicBoolean();

    private final Map<Long, String> known = new HashMap<>();
    private @Nullable Instant newest;
    private @Nullable Instant fullAt;
    private volatile Instant pageAskedAt = Instant.MAX;

    /**
     * What a read came to.
     *
     * @param whole every row was met, and no other, so that what is not known is not there
     */
    record Outcome(int rowsRead, int changed, int removed, int tooLarge, boolean whole) {
        static final Outcome NOTHING = new Outcome(0, 0, 0, 0, false);
    }

    /** @param lastModified the name of such a column, or null */
    TableReader(
            BaserowClient client,
            long table,
            List<String> columns,
            @Nullable RowFilter scope,
            Predicate<BaserowRow> inScope,
            @Nullable String lastModified,
            Duration fullEvery,
            InstantSource clock) {
        this.client = client;
        this.table = table;
        var asked = new ArrayList<>(columns);
        if (lastModified != null) {
            asked.add(lastModified);
        }
        this.columns = List.copyOf(asked);
        this.scope = scope;
        this.inScope = inScope;
        this.lastModified = lastModified;
        this.fullEvery = fullEvery;
        this.clock = clock;
    }

    /**
     * Reads. Nothing when another thread is reading.
     *
     * @param changed is given new and changed rows, a page at a time; when it throws, they are given again next time
     * @param removed is given the numbers of rows that are gone
     * @throws BaserowException when Baserow does not answer; the next read goes on
     */
    Outcome read(Consumer<List<BaserowRow>> changed, Consumer<Set<Long>> removed) {
        if (!reading.compareAndSet(false, true)) {
            return Outcome.NOTHING;
        }
        try {
            Pass pass = new Pass(changed);
            if (newest != null && !fullIsDue()) {
                pass.newest();
                if (pass.count == known.size()) {
                    return pass.outcome(0, false);
                }
            }
            pass.whole();
            int gone = pass.consistent() ? forgetMissing(pass.met, removed) : 0;
            if (pass.consistent()) {
                fullAt = clock.instant();
            }
            return pass.outcome(gone, pass.consistent());
        } finally {
            reading.set(false);
        }
    }

    /** When the page that is being handed over was asked for. */
    Instant pageAskedAt() {
        return pageAskedAt;
    }

    /** The row is handed over again by the next read, which misses it and therefore reads everything. */
    void handOverAgain(long row) {
        known.remove(row);
    }

    private boolean fullIsDue() {
        return fullAt == null || !clock.instant().isBefore(fullAt.plus(fullEvery));
    }

    private int forgetMissing(Set<Long> met, Consumer<Set<Long>> removed) {
        var gone = new HashSet<Long>();
        List<Long> missing = known.keySet().stream()
                .filter(row -> !met.contains(row))
                .sorted()
                .limit(MAX_ASKED_FOR)
                .toList();
        for (long row : missing) {
            if (isGone(row)) {
                gone.add(row);
            }
        }
        if (!gone.isEmpty()) {
            removed.accept(Set.copyOf(gone));
            known.keySet().removeAll(gone);
        }
        return gone.size();
    }

    /** A row too large to be read is there. */
    private boolean isGone(long row) {
        try {
            return client.get(table, row).filter(inScope).isEmpty();
        } catch (BaserowException e) {
            if (e.error() == BaserowError.TOO_LARGE) {
                return false;
            }
            throw e;
        }
    }

    /** One way through the table, or its newest part. */
    private final class Pass {

        private final Consumer<List<BaserowRow>> sink;
        private final Set<Long> met = new HashSet<>();
        private long count = -1;
        private boolean countMoved;
        private int changed;
        private int tooLarge;
        private @Nullable Instant latest = newest;

        Pass(Consumer<List<BaserowRow>> sink) {
            this.sink = sink;
        }

        void newest() {
            Instant until = newest == null ? Instant.MIN : newest.minus(OVERLAP);
            tooLarge += pages(
                    "-" + lastModified,
                    row -> row.instant(lastModified)
                            .map(time -> time.isBefore(until))
                            .orElse(true));
            newest = latest;
        }

        void whole() {
            met.clear();
            count = -1;
            countMoved = false;
            tooLarge = pages(null, row -> false);
            newest = latest;
        }

        /** How many rows are too large. */
        private int pages(@Nullable String orderBy, Predicate<BaserowRow> enough) {
            return new RowPages((page, size) -> page(page, size, orderBy)).read(page -> {
                take(page.rows());
                return page.rows().stream().noneMatch(enough);
            });
        }

        private RowPage page(int page, int size, @Nullable String orderBy) {
            pageAskedAt = clock.instant();
            RowPage answer = client.list(table, new RowQuery(scope, page, size, orderBy, columns));
            countMoved |= count >= 0 && count != answer.count();
            count = answer.count();
            return answer;
        }

        private void take(List<BaserowRow> rows) {
            var fresh = new LinkedHashMap<Long, String>();
            var handedOver = new ArrayList<BaserowRow>();
            for (BaserowRow row : rows) {
                if (!inScope.test(row)) {
                    continue;
                }
                met.add(row.id());
                row.instant(lastModified).ifPresent(time -> latest = later(latest, time));
                String print = fingerprint(row);
                if (!print.equals(known.get(row.id()))) {
                    fresh.put(row.id(), print);
                    handedOver.add(row);
                }
            }
            if (!handedOver.isEmpty()) {
                sink.accept(List.copyOf(handedOver));
                known.putAll(fresh);
                changed += handedOver.size();
            }
        }

        boolean consistent() {
            return !countMoved && met.size() + tooLarge == count;
        }

        Outcome outcome(int removed, boolean whole) {
            return new Outcome(met.size(), changed, removed, tooLarge, whole && tooLarge == 0);
        }
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one == null || other.isAfter(one) ? other : one;
    }

    /** Of the columns asked for, but for the time of the change itself. */
    private String fingerprint(BaserowRow row) {
        var cells = new ArrayList<Object>();
        for (String column : columns) {
            if (!column.equals(lastModified)) {
                cells.add(Optional.ofNullable(row.cells().get(column)));
            }
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(cells.toString().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
