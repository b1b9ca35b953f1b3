package io.github.almeidatech.wppflow.benchmarks;

import picocli.CommandLine.Option;

/** The same for a run in which what is around the server may misbehave too. */
final class DisturbedRunOptions extends RunOptions {

    @Option(
            names = "--faults",
            description = "Chatwoot, the model and Baserow misbehave too: 500 after doing, dropped answers, lost and"
                    + " repeated webhooks, …")
    private boolean faults;

    boolean faults() {
        return faults;
    }
}
