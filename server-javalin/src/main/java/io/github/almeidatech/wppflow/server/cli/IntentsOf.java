package io.github.almeidatech.wppflow.server.cli;

import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.config.Config;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Whose intents are told apart: the standard ones, or with a configuration those of a tenant. No model is asked. */
final class IntentsOf {

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "understand as a tenant of it does: with its own intents, words and examples")
    private @Nullable Path config;

    @Option(names = "--tenant", paramLabel = "ID", description = "which, when it has several")
    private @Nullable String tenant;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    Router router() {
        if (config == null) {
            if (tenant != null) {
                throw new ParameterException(spec.commandLine(), "--tenant wants --config");
            }
            return Router.builder().build();
        }
        Map<String, Config.Tenant> tenants =
                new ConfigReader(Map.copyOf(System.getenv())).read(config).tenants();
        if (tenant == null && tenants.size() != 1) {
            throw new ParameterException(spec.commandLine(), "--tenant wanted, one of " + tenants.keySet());
        }
        Config.Tenant found = tenant == null ? tenants.values().iterator().next() : tenants.get(tenant);
        if (found == null) {
            throw new ParameterException(spec.commandLine(), "--tenant " + tenant + ": none of " + tenants.keySet());
        }
        return Tenants.router(found, Optional.empty());
    }
}
