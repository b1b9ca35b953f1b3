package io.github.almeidatech.wppflow.server.cli;

import io.github.almeidatech.wppflow.server.app.Application;
import io.github.almeidatech.wppflow.server.config.ConfigReader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The real thing. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Starts the server. Without a file, one tenant is configured by environment variables alone.",
            "A stop signal lets work in progress finish; exit code 0 when it did, 1 when the rest goes on at the next start."
        })
final class ServeCommand implements Callable<Integer> {

    @Option(names = "--config", paramLabel = "FILE", description = "wppflow.yaml")
    private @Nullable Path config;

    @Override
    public Integer call() throws InterruptedException {
        var stop = StopSignal.listen();
        OldObjects.keepFew();
        Application application = Application.start(new ConfigReader(System.getenv()).readStartable(config));
        stop.await(application::close);
        return application.stop() ? 0 : 1;
    }
}
