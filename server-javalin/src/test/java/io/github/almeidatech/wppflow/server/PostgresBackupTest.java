package io.github.almeidatech.wppflow.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.testkit.LocalPostgres;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The backup of docs/operations.md, with PostgreSQL's own tools, as it stands there. */
class PostgresBackupTest {

    private static final List<TenantId> TENANTS = List.of(new TenantId("pet-hotel"), new TenantId("clinica"));

    @TempDir
    private Path folder;

    @Test
    void the_documented_backup_by_the_owner_of_the_database_holds_every_tenant() throws Exception {
        assumeTrue(LocalPostgres.isInstalled(), LocalPostgres.MISSING);
        assumeTrue(isOnPath("pg_dump") && isOnPath("pg_restore"), "pg_dump and pg_restore are not installed");
        List<String> documented = documented();
        try (LocalPostgres postgres = LocalPostgres.startWithoutFsync()) {
            String url = postgres.newDatabase();
            try (Database database = Database.open(url)) {
                TENANTS.forEach(tenant -> database.eventLog().append(List.of(event(tenant, "before"))));
            }
            long rows = postgres.stored(url).rows();
            run(documented.get(0), url);
            try (Database database = Database.open(url)) {
                TENANTS.forEach(tenant -> database.eventLog().append(List.of(event(tenant, "after"))));
            }

            run(documented.get(1), url);

            assertThat(postgres.stored(url).rows()).isEqualTo(rows);
            try (Database database = Database.open(url)) {
                for (TenantId tenant : TENANTS) {
                    assertThat(database.eventLog()
                                    .query(EventQuery.of(tenant, 10))
                                    .events())
                            .extracting(Event::id)
                            .containsExactly("before");
                }
            }
        }
    }

    /** The commands of the first block beneath the heading. */
    private static List<String> documented() throws Exception {
        var block = Pattern.compile("### On PostgreSQL\n.*?```sh\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/operations.md")));
        assertThat(block.find()).isTrue();
        List<String> lines = block.group(1).lines().toList();
        assertThat(lines.get(0)).contains("pg_dump");
        assertThat(lines.get(1)).contains("pg_restore");
        return lines;
    }

    private static boolean isOnPath(String program) {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getenv("PATH"))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    private void run(String command, String url) throws Exception {
        var builder = new ProcessBuilder("sh", "-c", command)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().put("DATABASE_URL", url);
        Process process = builder.start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(command + "\n" + said).isZero();
    }

    private static Event event(TenantId tenant, String id) {
        return new Event(
                id,
                tenant,
                null,
                null,
                "visit.noted",
                1,
                Map.of("n", 1),
                Event.Source.SYSTEM,
                null,
                null,
                0,
                Instant.EPOCH);
    }
}
