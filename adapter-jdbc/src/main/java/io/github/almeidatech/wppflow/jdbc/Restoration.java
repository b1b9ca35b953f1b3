package io.github.almeidatech.wppflow.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That a database was put back from a backup: what happened between the two times is not in it.
 *
 * @param knownUntil when the latest event of any tenant in the backup happened; the epoch when there was none;
 *     null when it is not known, as after a restore by a version that did not write it down
 * @param at when it was put back
 */
public record Restoration(@Nullable Instant knownUntil, Instant at) {

    static final String READ = """
            select restored.value, known.value from meta restored
            left join meta known on known.name = 'restored_from' where restored.name = 'restored_at'
            """;

    private static final String NOTE = """
            insert into meta (name, value) %s where true
            on conflict (name) do update set value = excluded.value
            """;

    static Restoration of(ResultSet row) throws SQLException {
        String known = row.getString(2);
        return new Restoration(
                known == null ? null : Instant.ofEpochMilli(Long.parseLong(known)),
                Instant.ofEpochMilli(Long.parseLong(row.getString(1))));
    }

    /** What waited when the backup was made may have been done since. Statements that both kinds of databases know. */
    static List<String> marking(Instant now) {
        long millis = now.toEpochMilli();
        return List.of(
                NOTE.formatted("select 'restored_at', '%d'".formatted(millis)),
                NOTE.formatted("select 'restored_from', cast(coalesce(max(at), 0) as text) from event"),
                "update outbox set unclear_since = %d where state = 'waiting' and unclear_since is null"
                        .formatted(millis));
    }
}
