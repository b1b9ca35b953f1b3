package io.github.almeidatech.wppflow.jdbc;

import java.time.Duration;

/**
 * A database as it is found, by {@link Database#look}.
 *
 * @param exists whether there is one; otherwise the first start makes it
 * @param inUse whether another process has it: a server that runs
 * @param clockAhead how far this machine's clock is ahead of the database's; zero on SQLite
 * @param unrestricted whether PostgreSQL's row-level security does not bind the user: a superuser, or one with {@code bypassrls}
 */
public record DatabaseState(boolean exists, boolean inUse, Duration clockAhead, boolean unrestricted) {}
