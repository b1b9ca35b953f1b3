package io.github.almeidatech.wppflow.server.doctor;

import io.github.almeidatech.wppflow.baserow.BaserowException;
import io.github.almeidatech.wppflow.baserow.SchemaProblem;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.knowledge.InMemoryDocumentStore;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.server.Metrics;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Secret;
import io.github.almeidatech.wppflow.server.records.BaserowTables;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;

/** A tenant's tables in Baserow, looked at without reading or changing a row. */
final class BaserowExamination {

    private static final String AREA = "baserow";
    private static final String RIGHTS = "Give the token its rights on this table: Settings, Database tokens.";
    private static final String WELL = "the token is known and has its rights, the tables have the fields they need";

    private final Tenants.Tenant tenant;
    private final OkHttpClient http;
    private final InstantSource clock;

    BaserowExamination(Tenants.Tenant tenant, OkHttpClient http, InstantSource clock) {
        this.tenant = tenant;
        this.http = http;
        this.clock = clock;
    }

    /** Nothing for a tenant without Baserow. */
    List<Finding> findings() {
        Secret token = tenant.config().baserow().token();
        if (token == null) {
            return List.of();
        }
        try {
            var tables = new BaserowTables(tenant, token::reveal, nothingStored(), Duration.ZERO, clock);
            if (!tables.tokenWorks()) {
                return List.of(Finding.problem(
                        AREA,
                        "it does not know the token",
                        "Copy it again from Settings, Database tokens; it looks like 32 letters and digits."));
            }
            List<SchemaProblem> problems = tables.check();
            var findings = new ArrayList<>(
                    problems.stream().map(BaserowExamination::finding).toList());
            boolean readable = problems.stream().noneMatch(problem -> switch (problem.kind()) {
                case NO_TABLE, NO_ACCESS, NOT_CHECKED -> true;
                case MISSING, WRONG_TYPE, READ_ONLY, NOT_UNIQUE -> false;
            });
            if (readable) {
                tables.missingRights().forEach(missing -> findings.add(Finding.problem(AREA, missing, RIGHTS)));
            }
            return findings.isEmpty() ? List.of(Finding.ok(AREA, WELL)) : findings;
        } catch (BaserowException e) {
            return List.of(Finding.problem(
                    AREA,
                    "it does not answer as it should: " + e.error().word(),
                    "Is baserow.url right, without /api, and reachable from this machine? Replies go on without it."));
        } catch (IllegalArgumentException e) {
            return List.of(Finding.problem(
                    "configuration", "baserow." + e.getMessage(), "docs/baserow.md lists the fields of each table."));
        }
    }

    /** Looking at tables needs nothing of what they are kept in step with. */
    private BaserowTables.Parts nothingStored() {
        var contacts =
                new Contacts(new InMemoryContactStore(), new InMemoryContactLists(), new Pseudonyms(new byte[16]));
        return new BaserowTables.Parts(
                contacts, KnowledgeBase.inMemory(), new InMemoryDocumentStore(), http, new Metrics());
    }

    private static Finding finding(SchemaProblem problem) {
        String advice = switch (problem.kind()) {
            case NO_TABLE -> "The number stands in the table's address (…/table/701). Is the token for its workspace?";
            case NO_ACCESS -> RIGHTS;
            case NOT_CHECKED -> "Try again; look at Baserow's own state when it stays.";
            case MISSING -> "Add the field, or name the one that is meant in columns. docs/baserow.md lists them.";
            case WRONG_TYPE, READ_ONLY -> "Change the field's type, or name another field in columns.";
            case NOT_UNIQUE -> "It works as it is; with \"unique\", rows cannot become double.";
        };
        return problem.kind() == SchemaProblem.Kind.NOT_UNIQUE
                ? Finding.note(AREA, problem.message(), advice)
                : Finding.problem(AREA, problem.message(), advice);
    }
}
