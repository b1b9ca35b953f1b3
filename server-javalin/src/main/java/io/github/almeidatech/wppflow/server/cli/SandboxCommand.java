package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.server.sandbox.Sandbox;
import io.github.almeidatech.wppflow.testkit.SimulatedBaserow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything for trying. */
@Command(
        name = "sandbox",
        mixinStandardHelpOptions = true,
        description = {
            "Starts the server, a simulated Chatwoot with a WhatsApp-like chat page, and an invented pet hotel;",
            "and a simulated Baserow with a page of rows, when the configuration names tables for rows.",
            "Works offline; LLM_PROVIDER with its key, and WPPFLOW_ settings, count as for serve.",
            "Stays up until stopped; a data folder that exists is continued."
        })
final class SandboxCommand implements Callable<Integer> {

    private static final Set<String> MODELS =
            Set.of("LLM_PROVIDER", "LLM_MODEL", "LLM_TEMPERATURE", "OPENAI_API_KEY", "ANTHROPIC_API_KEY");

    @Option(
            names = "--port",
            defaultValue = "3000",
            description =
                    "the server's port (${DEFAULT-VALUE}); the simulated Chatwoot takes the next, Baserow the one after;"
                            + " 0 for any free ones")
    private int port;

    @Option(
            names = "--data",
            defaultValue = "data/sandbox",
            description = "where everything is kept (${DEFAULT-VALUE})")
    private Path data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "a configuration as serve takes it, with a tenant pet-hotel; without it, a small one of its own")
    private @Nullable Path config;

    @Option(names = "--json", description = "one line of JSON instead of the friendly text")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        StopSignal stop = StopSignal.listen();
        Map<String, String> environment = System.getenv();
        Sandbox sandbox = Sandbox.start(port, data, overrides(environment), environment, config);
        System.out.println(json ? line(sandbox) : text(sandbox));
        System.out.flush();
        stop.await(sandbox::close);
        sandbox.close();
        return 0;
    }

    /**
     * Settings of {@code serve} that were put into the environment on purpose. Short names that lead elsewhere, such as
     * those of the Chatwoot a shop works with, are left alone: this is for trying.
     */
    static Map<String, String> overrides(Map<String, String> environment) {
        var overrides = new HashMap<String, String>();
        environment.forEach((name, value) -> {
            if (name.startsWith("WPPFLOW_") && name.contains("__") || MODELS.contains(name)) {
                overrides.put(name, value);
            }
        });
        return overrides;
    }

    static String line(Sandbox sandbox) {
        ObjectNode line = JsonLines.MAPPER.createObjectNode();
        line.put("server", sandbox.server().toString());
        line.put("chatwoot", sandbox.chatwoot().baseUrl().toString());
        line.put("page", sandbox.chatwoot().baseUrl() + "/");
        line.put("tenant", Sandbox.TENANT);
        line.put("token", sandbox.token());
        line.put("webhook_secret", sandbox.webhookSecret());
        line.put("chatwoot_token", sandbox.chatwoot().userToken());
        sandbox.baserow().ifPresent(baserow -> {
            line.put("baserow", baserow.baseUrl().toString());
            line.put("baserow_token", baserow.token());
        });
        return line.toString();
    }

    static String text(Sandbox sandbox) {
        return """

                wpp-flow-core sandbox

                  Write as a customer   %s/
                  Server                %s
                  Simulated Chatwoot    %s
                  Tenant                %s
                  API token             %s
                  Webhook secret        %s
                %s
                Ctrl-C stops; starting again goes on where it ended.
                """.formatted(
                        sandbox.chatwoot().baseUrl(),
                        sandbox.server(),
                        sandbox.chatwoot().baseUrl(),
                        Sandbox.TENANT,
                        sandbox.token(),
                        sandbox.webhookSecret(),
                        sandbox.baserow().map(SandboxCommand::rows).orElse(""));
    }

    private static String rows(SimulatedBaserow baserow) {
        return """
                  Rows of policies      %s/  (a simulated Baserow; its rows are gone after a stop)
                  Baserow token         %s
                """.formatted(baserow.baseUrl(), baserow.token());
    }
}
