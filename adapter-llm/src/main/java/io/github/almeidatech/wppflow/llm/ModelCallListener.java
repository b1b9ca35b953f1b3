package io.github.almeidatech.wppflow.llm;

import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Duration;

/** Is told of every attempt to call a model, for metrics. Called on the caller's thread; must not throw or block. */
@FunctionalInterface
public interface ModelCallListener {

    /** Nobody listens. */
    ModelCallListener NONE = call -> {};

    /** An attempt is over. */
    void called(Call call);

    /**
     * One attempt, sent or not.
     *
     * @param provider {@link Provider#word()}: the outside system's name
     * @param model as configured
     * @param outcome {@code ok} or a {@link LlmError#word()}
     * @param took waiting for a place included
     * @param inputTokens as the provider counted them, or as estimated where it did not; 0 when nothing was billed
     * @param outputTokens likewise
     * @param costMicros millionths of a US dollar, by the price table
     */
    record Call(
            TenantId tenant,
            String provider,
            Ability ability,
            String model,
            String outcome,
            Duration took,
            long inputTokens,
            long outputTokens,
            long costMicros) {}
}
