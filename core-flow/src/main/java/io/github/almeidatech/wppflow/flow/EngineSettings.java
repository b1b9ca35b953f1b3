package io.github.almeidatech.wppflow.flow;

import java.time.Duration;

/** The numbers of {@link FlowEngine.Builder} that one step needs. */
record EngineSettings(
        Duration turnLease,
        Duration commandLease,
        int maxSupersedes,
        int maxTurnAttempts,
        int maxCommandAttempts,
        int maxRecordAttempts) {}
