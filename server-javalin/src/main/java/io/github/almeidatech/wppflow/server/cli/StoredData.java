package io.github.almeidatech.wppflow.server.cli;

import io.github.almeidatech.wppflow.jdbc.Database;
import java.nio.file.Path;
import java.time.InstantSource;

/** The database of a configuration, for commands that are about what is in it already. */
final class StoredData {

    private StoredData() {}

    /** Opens it, as a server that is stopped has left it. */
    static Database open(String url) {
        if (url.startsWith("sqlite:")
                && !Database.look(url, InstantSource.system()).exists()) {
            Path file = Path.of(url.substring("sqlite:".length())).toAbsolutePath();
            throw new RefusedException(
                    404,
                    "there is no database " + file
                            + "\n  Does storage.url (or WPPFLOW_STORAGE__URL) say where the server has its own?");
        }
        return Database.open(url);
    }
}
