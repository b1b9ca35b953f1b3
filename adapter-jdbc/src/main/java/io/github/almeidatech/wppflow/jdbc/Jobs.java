package io.github.almeidatech.wppflow.jdbc;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Work that is done from time to time by one of all the instances on a database. Thread-safe; blocks on storage only.
 */
public final class Jobs {

    private final Writer writer;
    private final Reader reader;

    Jobs(Writer writer, Reader reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * Takes a job on, unless another has it at present or it was finished at or after {@code notSince}. Whoever has it and
     * dies loses it with the lease.
     *
     * @param name the job's
     * @return whether it is the caller's to do
     */
    public boolean claim(String name, Instant notSince, Instant now, Duration lease) {
        return writer.write(tx -> {
            tx.update(
                    "insert into job (name, claimed_until, finished_at) values (?, ?, null) on conflict do nothing",
                    name,
                    Instant.EPOCH);
            return tx.update("""
                    update job set claimed_until = ? where name = ? and claimed_until <= ?
                      and (finished_at is null or finished_at < ?)
                    """, now.plus(lease), name, now, notSince) == 1;
        });
    }

    /** It is done. */
    public void finished(String name, Instant now) {
        writer.write(tx -> tx.update(
                "update job set claimed_until = ?, finished_at = ? where name = ?", Instant.EPOCH, now, name));
    }

    /** It could not be done; the next who asks may try. */
    public void failed(String name) {
        writer.write(tx -> tx.update("update job set claimed_until = ? where name = ?", Instant.EPOCH, name));
    }

    /**
     * Ends the claim of whoever has died with it, as the only process on this database may do when it starts. A database
     * shared by several processes does nothing here and waits for the lease.
     */
    public void recover(String name) {
        writer.write(tx ->
                tx.isAlone() && tx.update("update job set claimed_until = ? where name = ?", Instant.EPOCH, name) == 1);
    }

    /** Nothing is known of it any more. */
    public void forget(String name) {
        writer.write(tx -> tx.update("delete from job where name = ?", name));
    }

    /** When it was last done. */
    public Optional<Instant> lastFinished(String name) {
        return reader.readAll(session -> session.first(
                        "select finished_at from job where name = ? and finished_at is not null",
                        row -> row.getLong(1),
                        name))
                .map(Instant::ofEpochMilli);
    }
}
