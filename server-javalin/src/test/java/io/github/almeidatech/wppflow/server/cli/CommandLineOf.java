package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.server.TestServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;

/** The program in an operator's hands, pointed at a server and its token. */
final class CommandLineOf {

    private final TestServer server;
    private final Path tokenFile;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    CommandLineOf(TestServer server, Path tokenFile) {
        this.server = server;
        this.tokenFile = tokenFile;
    }

    /** Runs a command; its exit code. */
    int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        var all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--server=" + server.uri(""));
        all.add("--token-file=" + tokenFile);
        return Main.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    /** Runs a command that must succeed; what it says as JSON. */
    JsonNode json(String... arguments) throws JsonProcessingException {
        var all = new ArrayList<>(Arrays.asList(arguments));
        all.add("--json");
        int code = run(all.toArray(String[]::new));
        if (code != 0) {
            throw new AssertionError(code + ": " + err);
        }
        return JsonLines.MAPPER.readTree(out.toString());
    }

    /** What the last command said. */
    String out() {
        return out.toString();
    }

    /** What the last command complained about. */
    String err() {
        return err.toString();
    }
}
