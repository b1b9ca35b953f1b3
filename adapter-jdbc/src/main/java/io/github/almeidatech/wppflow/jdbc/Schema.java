package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Brings a database to the tables of this version. */
final class Schema {

    private Schema() {}

    /**
     * Applies what is missing, each step in a transaction, unless it says otherwise beside it: one that takes long on large
     * tables works beside the instances of the version before. Several processes may do so at once.
     */
    static void migrate(Dialect dialect) {
        try {
            configuration(dialect).load().migrate();
        } catch (FlywayException e) {
            throw new FlowException(errorOf(e, dialect), "the tables cannot be brought to this version", e);
        }
    }

    static FluentConfiguration configuration(Dialect dialect) {
        FluentConfiguration configuration = Flyway.configure(Schema.class.getClassLoader())
                .dataSource(dialect.migrations())
                .locations(Stream.of(dialect.migrationFolders())
                        .map(folder -> "classpath:io/github/almeidatech/wppflow/jdbc/" + folder)
                        .toArray(String[]::new))
                .placeholders(dialect.migrationWords())
                .table("schema_history")
                .loggers("slf4j");
        dialect.prepare(configuration);
        return configuration;
    }

    private static StorageError errorOf(FlywayException failure, Dialect dialect) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && dialect.damageOf(sql) != Dialect.Damage.STATEMENT) {
                return dialect.errorOf(sql, false);
            }
        }
        return StorageError.INCOMPATIBLE;
    }
}
