package io.github.almeidatech.wppflow.flow;

import java.time.Duration;
import java.util.function.ToIntFunction;

/** The numbers of {@link FlowEngine.Builder} that one step needs. */
record EngineSettings(
        Duration turnLease,
        Duration commandLease,
        ToIntFunction<Turn> maxSupersedes,
        int maxTurnAttempts,
        int maxCommandAttempts,
        int maxRecordAttempts) {}
