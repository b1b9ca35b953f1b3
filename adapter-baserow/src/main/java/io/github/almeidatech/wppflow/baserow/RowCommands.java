package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.Done;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.flow.CommandResult.Unclear;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what is to be written, so that a repetition finds what an earlier try has made. Two writers of one row in
 * this process never run at once: the second is told to come again. Thread-safe.
 */
final class RowCommands {

    private static final Duration FIRST_LOOK = Duration.ofSeconds(3);
    private static final Duration TAKEN = Duration.ofMillis(500);
    private static final String ROW_NUMBER = "id";

    private final BaserowClient client;
    private final Duration settleTime;
    private final InstantSource clock;
    private final Set<Object> underWay = ConcurrentHashMap.newKeySet();

    RowCommands(BaserowClient client, Duration settleTime, InstantSource clock) {
        this.client = client;
        this.settleTime = settleTime;
        this.clock = clock;
    }

    CommandResult writeRow(CommandAttempt attempt, OutboundCommand.WriteRow command, TableSettings table) {
        Map<String, Object> match = command.match();
        boolean own = match.isEmpty();
        if (own) {
            if (table.keyColumn() != null) {
                match = Map.of(table.keyColumn(), attempt.key());
            } else if (attempt.unclearSince() != null) {
                return new Refused("unclear_without_key_column");
            }
        }
        Map<String, Object> wanted = match;
        return alone(List.of(table.id(), wanted), attempt, writer -> {
            if (contradictory(wanted, command.fields())) {
                return new Refused("match_is_changed");
            }
            return own && attempt.unclearSince() == null
                    ? create(writer, table, wanted, command.fields())
                    : createOrUpdate(writer, attempt, table, wanted, own ? Map.of() : command.fields(), command);
        });
    }

    /** A row that would not be found again after it was changed would be made twice. */
    private static boolean contradictory(Map<String, Object> match, Map<String, Object> fields) {
        return match.entrySet().stream()
                .anyMatch(entry -> fields.containsKey(entry.getKey())
                        && !Objects.equals(fields.get(entry.getKey()), entry.getValue()));
    }

    private CommandResult createOrUpdate(
            RowWriter writer,
            CommandAttempt attempt,
            TableSettings table,
            Map<String, Object> match,
            Map<String, Object> changes,
            OutboundCommand.WriteRow command) {
        var names = new HashSet<>(match.keySet());
        names.addAll(command.fields().keySet());
        names.remove(ROW_NUMBER);
        Columns columns = writer.columns(table.id(), names);
        if (match.containsKey(ROW_NUMBER) && columns.find(ROW_NUMBER) == null) {
            return updateNumber(writer, table, columns, match, changes);
        }
        Map<String, @Nullable Object> cells =
                CellWriter.encodeAll(columns, changes, match.keySet(), table.trustedColumns());
        List<BaserowRow> found = find(writer, table, columns, match, cells.keySet());
        if (!found.isEmpty()) {
            match.keySet().forEach(cells::remove);
            writer.update(table.id(), columns, found.get(0), cells);
            return done(found.get(0));
        }
        CommandResult wait = stillSettling(attempt);
        return wait != null ? wait : create(writer, table, match, command.fields());
    }

    private CommandResult updateNumber(
            RowWriter writer,
            TableSettings table,
            Columns columns,
            Map<String, Object> match,
            Map<String, Object> changes) {
        long number = CellWriter.rowNumber(match.get(ROW_NUMBER));
        BaserowRow row = match.size() == 1 && number > 0 ? writer.get(table.id(), number) : null;
        if (row == null) {
            return new Refused(match.size() == 1 ? "row_not_found" : "unsuitable_match");
        }
        writer.update(
                table.id(), columns, row, CellWriter.encodeAll(columns, changes, Set.of(), table.trustedColumns()));
        return done(row);
    }

    private CommandResult create(
            RowWriter writer, TableSettings table, Map<String, Object> match, Map<String, Object> fields) {
        var values = new LinkedHashMap<String, @Nullable Object>(fields);
        values.putAll(match);
        Columns columns = writer.columns(table.id(), values.keySet());
        Map<String, @Nullable Object> cells =
                CellWriter.encodeAll(columns, values, match.keySet(), table.trustedColumns());
        try {
            return done(writer.create(table.id(), columns, cells, match.keySet()));
        } catch (BaserowException e) {
            if (e.error() != BaserowError.NOT_UNIQUE || match.isEmpty()) {
                throw e;
            }
            // Somebody else was quicker, or an earlier try of ours arrived late.
            List<BaserowRow> found = find(writer, table, columns, match, cells.keySet());
            if (found.isEmpty()) {
                return new Refused(e.error().word());
            }
            match.keySet().forEach(cells::remove);
            writer.update(table.id(), columns, found.get(0), cells);
            return done(found.get(0));
        }
    }

    private static List<BaserowRow> find(
            RowWriter writer, TableSettings table, Columns columns, Map<String, Object> match, Set<String> compared) {
        RowMatch rows = RowMatch.of(columns, match);
        var names = new LinkedHashSet<>(match.keySet());
        names.addAll(compared);
        return writer.find(table.id(), rows.filter(), rows::proves, names);
    }

    private static CommandResult done(BaserowRow row) {
        return new Done(String.valueOf(row.id()));
    }

    /** What an earlier try may still be making must not be made again yet; null when it may. */
    @Nullable
    CommandResult stillSettling(CommandAttempt attempt) {
        Instant since = attempt.unclearSince();
        if (since == null) {
            return null;
        }
        Duration rest = Duration.between(clock.instant(), since.plus(settleTime));
        return rest.isNegative() || rest.isZero() ? null : new NotDone("settling", rest);
    }

    /** Does the work unless somebody else is writing the same, and says what became of it. */
    CommandResult alone(Object what, CommandAttempt attempt, Function<RowWriter, CommandResult> work) {
        if (!underWay.add(what)) {
            return new NotDone("row_is_being_written", TAKEN);
        }
        var writer = new RowWriter(client, attempt.leaseUntil());
        try {
            return work.apply(writer);
        } catch (UnwritableException e) {
            return new Refused(e.reason());
        } catch (BaserowException e) {
            return result(e, writer.wasWriting());
        } finally {
            underWay.remove(what);
        }
    }

    private static CommandResult result(BaserowException e, boolean writing) {
        Duration after = e.retryAfter().orElse(null);
        if (e.error().unclear()) {
            return writing
                    ? new Unclear(e.error().word(), after == null ? FIRST_LOOK : after)
                    : new NotDone(e.error().word(), after);
        }
        // A row that was found and is gone by now is made anew by the next try.
        return e.error().retryable() || e.error() == BaserowError.ROW_NOT_FOUND
                ? new NotDone(e.error().word(), after)
                : new Refused(e.error().word());
    }
}
