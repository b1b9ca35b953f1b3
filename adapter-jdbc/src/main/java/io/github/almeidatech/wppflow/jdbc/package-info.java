/**
 * The stores on SQL: SQLite in one file for one process, PostgreSQL for several instances. Begin with
 * {@link io.github.almeidatech.wppflow.jdbc.Database}:
 *
 * <pre>{@code
 * try (var database = Database.open("sqlite:data/wppflow.db")) {
 *   FlowStore store = database.flowStore();
 *   ...
 * }
 * }</pre>
 *
 * All writing goes through one thread, which takes everything that waits and commits it together: many callers share one
 * synchronisation of the disk. Reading has connections of its own.
 */
@NullMarked
package io.github.almeidatech.wppflow.jdbc;

import org.jspecify.annotations.NullMarked;
