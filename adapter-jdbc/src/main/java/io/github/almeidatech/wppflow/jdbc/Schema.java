package io.github.almeidatech.wppflow.jdbc;

import io.github.almeidatech.wppflow.model.FlowException;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database to the tables of this version. */
final class Schema {

    private Schema() {}

    /** Applies what is missing, each step in a transaction. Several processes may do so at once. */
    static void migrate(DataSource source, Map<String, String> words) {
        try {
            Flyway.configure(Schema.class.getClassLoader())
                    .dataSource(source)
                    .locations("classpath:io/github/almeidatech/wppflow/jdbc/migration")
                    .placeholders(words)
                    .table("schema_history")
                    .loggers("slf4j")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new FlowException(StorageError.INCOMPATIBLE, "the tables cannot be brought to this version", e);
        }
    }
}
