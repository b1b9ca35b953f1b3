package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.Event;

/** Whatever decides about a customer's words, or keeps an answer from them, says why. */
final class WitnessedReasons {

    private WitnessedReasons() {}

    static void logged(Event event) {
        switch (event.type()) {
            case "turn.completed",
                    FlowEvents.TURN_SILENCED,
                    FlowEvents.COMMAND_HELD_BACK,
                    FlowEvents.COMMAND_DEAD_LETTERED -> says(event, "reason");
            case FlowEvents.TURN_ABANDONED -> says(event, "error");
            default -> {}
        }
    }

    private static void says(Event event, String key) {
        boolean said = event.payload().get(key) instanceof String why && !why.isBlank();
        Witness.demand(said, "a silence without a reason", event);
    }
}
