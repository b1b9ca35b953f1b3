package io.github.almeidatech.wppflow.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.almeidatech.wppflow.jdbc.Database;
import io.github.almeidatech.wppflow.server.TestServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups under a passphrase, made by the server and opened by whoever restores them. */
class RestoreCommandTest {

    private static final String OPERATOR = "operator-token-of-the-restore-command";
    private static final String KEY = "passphrase of an invented owner 1";

    @TempDir
    private Path data;

    @Test
    void an_encrypted_backup_is_restored_with_its_key_and_says_what_is_wrong_with_another_or_none() throws Exception {
        Path token = Files.writeString(data.resolve("operator"), OPERATOR);
        try (TestServer server = TestServer.start(data, settings())) {
            assertThat(new CommandLineOf(server, token).run("backup")).isZero();
        }
        Path backup = onlyBackup();

        assertThat(Files.readString(backup, StandardCharsets.ISO_8859_1)).doesNotContain("SQLite", "pet-hotel");
        assertThat(restored(backup, null)).startsWith("1 ").contains("storage.backup_key is wanted");
        assertThat(restored(backup, "passphrase of somebody else 12"))
                .startsWith("1 ")
                .contains("storage.backup_key is not the one");
        assertThat(restored(backup, KEY)).startsWith("0 ").contains("what was there is kept", "restored");
        try (TestServer server = TestServer.start(data, settings())) {
            assertThat(server.get("/ready").status()).isEqualTo(200);
        }
        assertThat(onlyBackup()).isEqualTo(backup);
    }

    @Test
    void what_was_put_back_by_other_tools_is_marked() throws Exception {
        try (Database database = Database.open("sqlite:" + data.resolve("wppflow.db"))) {
            assertThat(database.restoration()).isEmpty();
        }

        assertThat(said("sqlite:" + data.resolve("wppflow.db"), "--mark-only"))
                .startsWith("0 marked: what it knows ends at ")
                .contains("start the server");
        try (Database database = Database.open("sqlite:" + data.resolve("wppflow.db"))) {
            assertThat(database.restoration()).isPresent();
        }
        assertThat(said("postgresql://wppflow@localhost/wppflow", "backup.dump"))
                .startsWith("2 ")
                .contains("pg_restore", "restore --mark-only");
        assertThat(said("sqlite:" + data.resolve("wppflow.db"))).startsWith("2 ");
        assertThat(said("sqlite:" + data.resolve("wppflow.db"), "--mark-only", "file.db"))
                .startsWith("2 ");
        assertThat(said("sqlite:" + data.resolve("wppflow.db"), "nowhere.db"))
                .startsWith("1 ")
                .contains("nowhere.db: no such file");
    }

    @Test
    void a_database_that_is_not_there_is_neither_made_nor_marked() throws Exception {
        Path elsewhere = data.resolve("elsewhere/wppflow.db");

        assertThat(said("sqlite:" + elsewhere, "--mark-only"))
                .startsWith("1 ")
                .contains("there is no database " + elsewhere, "storage.url")
                .doesNotContain("marked");
        assertThat(elsewhere.getParent()).doesNotExist();
    }

    private String said(String url, String... arguments) throws IOException {
        Path config = Files.writeString(data.resolve("restore.yaml"), "storage: {url: \"" + url + "\"}\n");
        return execute(Stream.concat(Stream.of("restore", "--config", config.toString()), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static String execute(String... arguments) {
        var said = new StringWriter();
        var writer = new PrintWriter(said, true);
        int code = Main.commandLine().setOut(writer).setErr(writer).execute(arguments);
        return code + " " + said;
    }

    private Map<String, String> settings() {
        return Map.of(
                "OPERATOR",
                OPERATOR,
                "BACKUP_KEY",
                KEY,
                "WPPFLOW_STORAGE__BACKUP_KEY",
                "${env:BACKUP_KEY}",
                "WPPFLOW_STORAGE__BACKUP_FOLDER",
                data.resolve("backup").toString(),
                "WPPFLOW_API__TOKENS",
                "[{name: sandbox, tenant: pet-hotel, token: '${env:WPPFLOW_API_TOKEN}', scopes: [admin, read, write]},"
                        + " {name: operator, token: '${env:OPERATOR}', scopes: [admin]}]");
    }

    private Path onlyBackup() throws IOException {
        try (var kept = Files.list(data.resolve("backup"))) {
            List<Path> all = kept.toList();
            assertThat(all).singleElement().asString().endsWith(".db.enc");
            return all.get(0);
        }
    }

    /** The command's exit code and what it said, with a configuration as on another machine. */
    private String restored(Path backup, @Nullable String key) throws IOException {
        Path file = Files.writeString(data.resolve("key"), key == null ? "" : key);
        Path config = Files.writeString(
                data.resolve("restore.yaml"),
                "storage: {url: \"sqlite:" + data.resolve("wppflow.db") + "\""
                        + (key == null ? "" : ", backup_key: \"${file:" + file + "}\"") + "}\n");
        return execute("restore", backup.toString(), "--config", config.toString());
    }
}
