package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.flow.TurnHandler;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.server.Metrics;

/** Counts what an assistant decides, by its reasons. An answer that is superseded later was decided all the same. */
final class MeteredAssistant implements TurnHandler {

    private final TurnHandler assistant;
    private final Metrics metrics;

    MeteredAssistant(TurnHandler assistant, Metrics metrics) {
        this.assistant = assistant;
        this.metrics = metrics;
    }

    @Override
    public TurnResult answer(Turn turn) {
        return counted(turn, assistant.answer(turn));
    }

    @Override
    public TurnResult giveUp(Turn turn, RuntimeException failure) {
        return counted(turn, assistant.giveUp(turn, failure));
    }

    private TurnResult counted(Turn turn, TurnResult result) {
        for (Event event : result.events()) {
            if (event.payload().get("outcome") instanceof String outcome
                    && event.payload().get("reason") instanceof String reason) {
                metrics.decided(turn.conversation().tenant(), outcome, reason);
            }
        }
        return result;
    }
}
