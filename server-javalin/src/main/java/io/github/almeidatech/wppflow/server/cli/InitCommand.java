package io.github.almeidatech.wppflow.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The first file. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Writes a configuration file to begin with, and never over one that is there.")
final class InitCommand implements Callable<Integer> {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            defaultValue = "wppflow.yaml",
            description = "what to write (${DEFAULT-VALUE})")
    private Path config;

    @Option(names = "--json", description = "one JSON object instead of the friendly text")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (InputStream template = Objects.requireNonNull(InitCommand.class.getResourceAsStream("wppflow.yaml"))) {
            new ConfigFile(config).create(new String(template.readAllBytes(), StandardCharsets.UTF_8));
        }
        if (json) {
            spec.commandLine()
                    .getOut()
                    .println(JsonLines.MAPPER.createObjectNode().put("config", config.toString()));
            spec.commandLine().getOut().flush();
            return 0;
        }
        spec.commandLine().getOut().printf("""
                %s is written. Next:
                  ./wppflow tenant add ID --config %1$s …   connects a Chatwoot inbox (--help)
                  ./wppflow token create --name me --scope read,write,admin --config %1$s
                  ./wppflow serve --config %1$s
                """, config);
        spec.commandLine().getOut().flush();
        return 0;
    }
}
