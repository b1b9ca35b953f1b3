package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.baserow.SchemaProblem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the tables.
 *
 * @param problems of columns and tables
 * @param trouble what did not work the last time; empty when all did
 * @param syncedAt when everything was read the last time; null for never
 */
public record TableState(
        List<SchemaProblem> problems,
        String trouble,
        @Nullable Instant syncedAt) {

    public long fatal() {
        return problems.stream().filter(SchemaProblem::fatal).count();
    }

    /** For a person who asks whether all is well. */
    public String wellness() {
        String first = problems.stream()
                .filter(SchemaProblem::fatal)
                .findFirst()
                .map(SchemaProblem::message)
                .orElse(trouble);
        return first.isEmpty() ? "ok" : first;
    }
}
