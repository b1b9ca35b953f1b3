package io.github.almeidatech.wppflow.baserow;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandResult.NotDone;
import io.github.almeidatech.wppflow.flow.CommandResult.Refused;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Carries out a tenant's {@link OutboundCommand.WriteRow}; other commands are handed on. Contacts reach their rows by
 * {@link BaserowContactMirror#push}.
 *
 * <p>A row is made once: the columns of {@code match}, or the key column of its table with the attempt's key, find what an
 * earlier try has made, and after an unclear try nothing is made until the settling time has passed. A row without either
 * is refused after an unclear try ({@code unclear_without_key_column}) and left to a person, rather than made twice. Cells
 * that hold the value already are not written. Without Baserow's unique constraint, several processes that write the same
 * new row in the same moment can still make two; the lowest id counts then.
 *
 * <p>Refused for good: columns and options the table does not have, values a column cannot hold, a {@code match} that is
 * blank, of an unsuitable type or changed by the same command, answers 400, 402, 403, 404. Not done, to be tried again: no
 * connection, 401, 409, 429, columns that changed under our hands. Everything else may have been done: a time limit, a
 * broken connection, 5xx, an answer that cannot be read.
 *
 * <p>Thread-safe; blocks.
 */
public final class BaserowCommandSender implements CommandSender {

    private final RowCommands rows;
    private final Map<String, TableSettings> tables;
    private final CommandSender others;
    private final InstantSource clock;

    private BaserowCommandSender(Builder settings) {
        this.rows = new RowCommands(settings.client, settings.settleTime, settings.clock);
        this.tables = Map.copyOf(settings.tables);
        this.others = settings.others;
        this.clock = settings.clock;
    }

    /** A sender still to be set up. */
    public static Builder builder(BaserowClient client) {
        return new Builder(client);
    }

    @Override
    public CommandResult send(CommandAttempt attempt) {
        if (!(attempt.command() instanceof OutboundCommand.WriteRow row)) {
            return others.send(attempt);
        }
        if (!clock.instant().isBefore(attempt.leaseUntil())) {
            return new NotDone("lease_over", null);
        }
        TableSettings table = tables.get(row.table());
        return table == null ? new Refused("unknown_table") : rows.writeRow(attempt, row, table);
    }

    /** The tables as they are expected, for {@link SchemaCheck}. */
    public List<TableExpectation> expectations() {
        return tables.values().stream().map(TableSettings::expectation).toList();
    }

    /** What a sender is made of; every setting has a default. */
    public static final class Builder {

        private final BaserowClient client;
        private final Map<String, TableSettings> tables = new LinkedHashMap<>();
        private Duration settleTime = Duration.ofSeconds(60);
        private CommandSender others = attempt -> new Refused("not_for_baserow");
        private InstantSource clock = InstantSource.system();

        private Builder(BaserowClient client) {
            this.client = client;
        }

        /** A table rows may be written to; others are refused ({@code unknown_table}). Default: none. */
        public Builder table(TableSettings table) {
            if (tables.put(table.name(), table) != null) {
                throw new IllegalArgumentException("two tables with the name " + table.name());
            }
            return this;
        }

        /** How long a row may take to appear after a try with an unclear result. Default: 60 seconds. */
        public Builder settleTime(Duration time) {
            if (time.isNegative()) {
                throw new IllegalArgumentException("a duration that is not negative wanted, got " + time);
            }
            this.settleTime = time;
            return this;
        }

        /** Who carries out what is not Baserow's. Default: refused. */
        public Builder others(CommandSender sender) {
            this.others = sender;
            return this;
        }

        /** The clock that leases are measured by. Default: the system's. */
        public Builder clock(InstantSource clock) {
            this.clock = clock;
            return this;
        }

        /** The sender. */
        public BaserowCommandSender build() {
            return new BaserowCommandSender(this);
        }
    }
}
