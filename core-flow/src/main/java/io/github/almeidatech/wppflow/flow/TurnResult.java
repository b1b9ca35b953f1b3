package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a turn led to: stored together or not at all.
 *
 * @param commands to be carried out in this order
 * @param events to be written down
 * @param ownership our own change of owner, as a handoff makes it, or null. Messages that are to reach the customer
 *     nevertheless are {@link OutboundCommand.Purpose#HANDOFF} ones; an answer needs the bot's ownership
 * @param waitUntil null for a turn that is answered. Otherwise somebody else is still thinking about it: the turn stays
 *     open without a worker, and the handler is asked again at this instant, or as soon as {@link FlowStore#wakeTurn} is
 *     called or the customer has written more
 */
public record TurnResult(
        List<OutboundCommand> commands,
        List<Event> events,
        @Nullable OwnershipSignal ownership,
        @Nullable Instant waitUntil) {

    public TurnResult {
        commands = List.copyOf(commands);
        events = List.copyOf(events);
        if (waitUntil != null && (!commands.isEmpty() || ownership != null)) {
            throw new IllegalArgumentException("a turn that waits has led to nothing yet");
        }
    }

    /** An answered turn. */
    public TurnResult(List<OutboundCommand> commands, List<Event> events, @Nullable OwnershipSignal ownership) {
        this(commands, events, ownership, null);
    }

    /** A turn that is asked about again, at the latest then. */
    public static TurnResult waiting(Instant until, List<Event> events) {
        return new TurnResult(List.of(), events, null, until);
    }
}
