package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.multimodal.MediaFacts;
import io.github.almeidatech.wppflow.multimodal.MediaText;
import io.github.almeidatech.wppflow.multimodal.MediaTextStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What was read of all tenants' files on SQL: for all processes together, over restarts. Thread-safe. */
final class JdbcMediaTextStore implements MediaTextStore {

    private static final int BATCH = 500;

    private final Writer writer;
    private final Reader reader;

    JdbcMediaTextStore(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public Optional<MediaText> find(TenantId tenant, String hash) {
        return reader.read(
                tenant,
                session -> session.first(
                        "select * from media_text where tenant = ? and hash = ?",
                        JdbcMediaTextStore::text,
                        tenant.value(),
                        hash));
    }

    private static MediaText text(ResultSet row) throws SQLException {
        String reason = row.getString("reason");
        if (reason != null) {
            return new MediaText.Unreadable(MediaText.Reason.valueOf(reason.toUpperCase(Locale.ROOT)));
        }
        Long pages = Session.nullableLong(row, "pages");
        Long millis = Session.nullableLong(row, "millis");
        return new MediaText.Read(
                row.getString("body"),
                new MediaFacts(
                        pages == null ? null : pages.intValue(),
                        millis == null ? null : Duration.ofMillis(millis),
                        Session.nullableLong(row, "width"),
                        Session.nullableLong(row, "height")));
    }

    @Override
    public void save(TenantId tenant, String hash, MediaText text, Instant now) {
        @Nullable String body = text.<@Nullable String>match(MediaText.Read::text, unreadable -> null);
        @Nullable
        String reason = text.<@Nullable String>match(
                read -> null, unreadable -> unreadable.reason().word());
        MediaFacts facts = text.match(MediaText.Read::facts, unreadable -> MediaFacts.NONE);
        Duration duration = facts.duration();
        writer.write(tx -> tx.update(
                """
                insert into media_text (tenant, hash, body, reason, pages, millis, width, height, read_at)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?)
                on conflict (tenant, hash) do update set body = excluded.body, reason = excluded.reason,
                  pages = excluded.pages, millis = excluded.millis, width = excluded.width, height = excluded.height,
                  read_at = excluded.read_at
                """,
                tenant.value(),
                hash,
                body,
                reason,
                facts.pages(),
                duration == null ? null : duration.toMillis(),
                facts.width(),
                facts.height(),
                now));
    }

    @Override
    public boolean claim(TenantId tenant, String hash, String reader, Instant now, Instant until) {
        return writer.write(tx -> tx.update("""
                        insert into media_claim (tenant, hash, reader, held_until) values (?, ?, ?, ?)
                        on conflict (tenant, hash) do update
                          set reader = excluded.reader, held_until = excluded.held_until
                          where media_claim.held_until <= ? or media_claim.reader = excluded.reader
                        """, tenant.value(), hash, reader, until, now)) == 1;
    }

    @Override
    public void release(TenantId tenant, String hash, String reader) {
        writer.write(tx -> tx.update(
                "delete from media_claim where tenant = ? and hash = ? and reader = ?", tenant.value(), hash, reader));
    }

    @Override
    public long forget(TenantId tenant) {
        long all = 0;
        while (true) {
            int done = writer.writeGently(tx -> {
                tx.planByArguments();
                return tx.update("""
                    delete from media_text where (tenant, hash) in (select tenant, hash from media_text
                      where tenant = ? limit ?)
                    """, tenant.value(), BATCH);
            });
            all += done;
            if (done < BATCH) {
                return all;
            }
        }
    }
}
