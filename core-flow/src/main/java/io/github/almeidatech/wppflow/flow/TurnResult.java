package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a turn led to: stored together or not at all.
 *
 * @param commands to be carried out in this order
 * @param events to be written down
 * @param ownership our own change of owner, as a handoff makes it, or null. Messages that are to reach the customer
 *     nevertheless are {@link OutboundCommand.Purpose#HANDOFF} ones; an answer needs the bot's ownership
 */
public record TurnResult(
        List<OutboundCommand> commands,
        List<Event> events,
        @Nullable OwnershipSignal ownership) {

    public TurnResult {
        commands = List.copyOf(commands);
        events = List.copyOf(events);
    }
}
