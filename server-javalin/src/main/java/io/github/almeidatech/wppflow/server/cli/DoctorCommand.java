package io.github.almeidatech.wppflow.server.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigException;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import io.github.almeidatech.wppflow.server.doctor.Doctor;
import io.github.almeidatech.wppflow.server.doctor.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whether everything is as it should be, and what to do where it is not. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Checks configuration, storage, disk, documents, and each tenant's Chatwoot, webhooks, Baserow, models.",
            "Changes nothing; may run beside the server. Exit code 0: no problem, 1: a problem, 2: wrong configuration."
        })
final class DoctorCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "wppflow.yaml; without it the environment is read")
    private @Nullable Path file;

    @Option(names = "--tenant", paramLabel = "ID", description = "only this one")
    private @Nullable String tenant;

    @Option(
            names = "--request",
            paramLabel = "FILE",
            description = {
                "instead: why the signature of a captured webhook is or is not accepted;",
                "the file holds request line, headers, an empty line and the body"
            })
    private @Nullable Path request;

    @Option(names = "--no-model-calls", description = "do not ask the models; asking costs a fraction of a cent")
    private boolean noModelCalls;

    @Option(names = "--json", description = "one JSON object instead of the friendly text")
    private boolean json;

    private final Map<String, String> environment;

    DoctorCommand() {
        this(System.getenv());
    }

    DoctorCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        Config config;
        try {
            config = new ConfigReader(environment).read(file);
        } catch (ConfigException e) {
            print(e.problems().stream()
                    .map(each -> new Finding(
                            "configuration",
                            null,
                            Finding.Level.PROBLEM,
                            each,
                            "docs/configuration.md lists every key."))
                    .toList());
            return 2;
        }
        if (tenant != null && !config.tenants().containsKey(tenant)) {
            throw new ParameterException(spec.commandLine(), "no such tenant: " + tenant);
        }
        List<Finding> findings = request == null
                ? examined(config)
                : List.of(CapturedRequest.read(request)
                        .explain(config, tenant, InstantSource.system().instant()));
        print(findings);
        if (file == null && !json && config.tenants().isEmpty() && Files.exists(Path.of("wppflow.yaml"))) {
            spec.commandLine()
                    .getErr()
                    .println("there is a wppflow.yaml here: doctor --config wppflow.yaml looks at it");
        }
        return findings.stream().anyMatch(each -> each.level() == Finding.Level.PROBLEM) ? 1 : 0;
    }

    private List<Finding> examined(Config config) {
        var http = new OkHttpClient();
        try {
            return new Doctor(config, http, InstantSource.system()).examine(tenant, !noModelCalls);
        } finally {
            http.dispatcher().executorService().shutdown();
            http.connectionPool().evictAll();
        }
    }

    private void print(List<Finding> findings) {
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            ObjectNode all = JsonLines.MAPPER.createObjectNode();
            all.put("ok", findings.stream().noneMatch(each -> each.level() == Finding.Level.PROBLEM));
            ArrayNode list = all.putArray("findings");
            findings.forEach(each -> list.addObject()
                    .put("area", each.area())
                    .put("tenant", each.tenant())
                    .put("level", each.level().word())
                    .put("message", each.message())
                    .put("advice", each.advice()));
            out.println(all);
        } else {
            findings.forEach(each -> out.print(text(each)));
        }
        out.flush();
    }

    private static String text(Finding finding) {
        String mark = finding.level() == Finding.Level.OK
                ? "ok"
                : finding.level().word().toUpperCase(Locale.ROOT);
        String owner = finding.tenant() == null ? "" : finding.tenant() + " ";
        String line = String.format(Locale.ROOT, "%-8s %s%s: %s%n", mark, owner, finding.area(), finding.message());
        return finding.advice() == null ? line : line + "         > " + finding.advice() + System.lineSeparator();
    }
}
