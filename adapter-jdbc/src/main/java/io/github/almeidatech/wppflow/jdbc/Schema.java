package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to the tables of this version. */
final class Schema {

    private Schema() {}

    /** Applies what is missing, each step in a transaction. Several processes may do so at once. */
    static void migrate(Dialect dialect) {
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(dialect.migrations())
                    .locations(Stream.of(dialect.migrationFolders())
                            .map(folder -> "classpath:io/github/almeidatech/wppflow/jdbc/" + folder)
                            .toArray(String[]::new))
                    .placeholders(dialect.migrationWords())
                    .table("schema_history")
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new FlowException(StorageError.INCOMPATIBLE, "the tables cannot be brought to this version", e);
        }
    }
}
