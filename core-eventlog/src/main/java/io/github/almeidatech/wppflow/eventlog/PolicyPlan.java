package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What policies want done: to be stored in the same transaction as the events that led to it, or not at all.
 *
 * @param commands in the order in which they are to be carried out
 * @param events what was emitted, and one for each firing, which says why
 * @param ownership a handoff or pause, or null
 * @param firings every policy that matched
 */
public record PolicyPlan(
        List<OutboundCommand> commands,
        List<Event> events,
        @Nullable OwnershipSignal ownership,
        List<Firing> firings) {

    public PolicyPlan {
        commands = List.copyOf(commands);
        events = List.copyOf(events);
        firings = List.copyOf(firings);
    }

    /**
     * The commands of the turn's own answer, followed by these. When the policies take the conversation from the bot, the
     * answer would be held back as late; it was decided together with them, so its messages become part of the handover.
     */
    public List<OutboundCommand> after(List<OutboundCommand> answer) {
        var all = new ArrayList<>(handedOver(answer, ownership));
        all.addAll(commands);
        return all;
    }

    /** The commands, with messages that still go out although the owner changes. */
    static List<OutboundCommand> handedOver(List<OutboundCommand> commands, @Nullable OwnershipSignal ownership) {
        return ownership == null
                ? commands
                : commands.stream().map(PolicyPlan::handedOver).toList();
    }

    private static OutboundCommand handedOver(OutboundCommand command) {
        if (command instanceof OutboundCommand.SendMessage message) {
            return new OutboundCommand.SendMessage(message.text(), message.inReplyTo(), Purpose.HANDOFF);
        }
        if (command instanceof OutboundCommand.SendAttachment file) {
            return new OutboundCommand.SendAttachment(file.url(), file.caption(), Purpose.HANDOFF);
        }
        return command;
    }
}
