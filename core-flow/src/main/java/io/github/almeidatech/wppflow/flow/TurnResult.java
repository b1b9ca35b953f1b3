package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
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
 * @param plan what policies want done about the events, stored with them; null when they have not been asked, and then
 *     they are asked later. Its change of owner is merged with the turn's own
 * @param records commands that only write the events down elsewhere, after the others. They stand and fall with the events:
 *     they are carried out also when the rest is dropped because a person has taken over
 */
public record TurnResult(
        List<OutboundCommand> commands,
        List<Event> events,
        @Nullable OwnershipSignal ownership,
        @Nullable Instant waitUntil,
        @Nullable PolicyPlan plan,
        List<OutboundCommand> records) {

    public TurnResult {
        if (plan != null) {
            plan = plan.with(ownership);
            ownership = plan.ownership();
            commands = plan.answer(commands);
        }
        commands = List.copyOf(commands);
        events = List.copyOf(events);
        records = List.copyOf(records);
        if (records.stream().anyMatch(command -> command.line() != OutboundCommand.Line.RECORDS)) {
            throw new IllegalArgumentException("records only wanted, got " + records);
        }
        if (waitUntil != null && (!commands.isEmpty() || ownership != null || plan != null || !records.isEmpty())) {
            throw new IllegalArgumentException("a turn that waits has led to nothing yet");
        }
    }

    /** An answered turn, about which policies have not been asked. */
    public TurnResult(List<OutboundCommand> commands, List<Event> events, @Nullable OwnershipSignal ownership) {
        this(commands, events, ownership, null, null, List.of());
    }

    /** A turn that is asked about again, at the latest then. */
    public static TurnResult waiting(Instant until, List<Event> events) {
        return new TurnResult(List.of(), events, null, until, null, List.of());
    }

    /** With what policies want done about its events. */
    public TurnResult with(PolicyPlan decided) {
        return new TurnResult(commands, events, ownership, waitUntil, decided, records);
    }

    /** With further commands that only write the events down elsewhere. */
    public TurnResult recorded(List<OutboundCommand> more) {
        List<OutboundCommand> all =
                Stream.concat(records.stream(), more.stream()).toList();
        return new TurnResult(commands, events, ownership, waitUntil, plan, all);
    }

    /** What {@link #ownership} comes of: the firing of a policy, or else the turn itself. */
    public String ownershipCause(Turn turn) {
        String firing = plan == null ? null : plan.ownershipCause();
        return firing == null ? turn.id() : firing;
    }

    /** All commands of a turn that is completed, in their order. */
    public List<OutboundCommand> allCommands() {
        return Stream.concat(commands.stream(), records.stream()).toList();
    }
}
