package io.github.almeidatech.wppflow.benchmarks;

import picocli.CommandLine.Option;

/** Which database a run is on. */
final class StorageOption {

    @Option(
            names = "--storage",
            defaultValue = "SQLITE",
            description = "sqlite or postgresql, one of its own from the installed packages (${DEFAULT-VALUE})")
    private Storage.Kind kind = Storage.Kind.SQLITE;

    Storage.Kind kind() {
        return kind;
    }
}
