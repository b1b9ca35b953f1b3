package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What policies want done: to be stored in the same transaction as the events that led to it, or not at all.
 *
 * @param planned in the order in which they are to be carried out
 * @param events what was emitted, and one for each firing, which says why
 * @param ownership a handoff or pause, or null
 * @param firings every policy that matched
 */
public record PolicyPlan(
        List<PlannedCommand> planned,
        List<Event> events,
        @Nullable OwnershipSignal ownership,
        List<Firing> firings) {

    /** Nothing matched. */
    public static final PolicyPlan NOTHING = new PolicyPlan(List.of(), List.of(), null, List.of());

    public PolicyPlan {
        planned = planned.stream()
                .map(each -> new PlannedCommand(each.firingId(), handedOver(each.command(), ownership)))
                .toList();
        events = List.copyOf(events);
        firings = List.copyOf(firings);
    }

    /** The commands without their causes. */
    public List<OutboundCommand> commands() {
        return planned.stream().map(PlannedCommand::command).toList();
    }

    /** The commands of each firing, in order. */
    public Map<String, List<OutboundCommand>> byFiring() {
        var commands = new LinkedHashMap<String, List<OutboundCommand>>();
        for (PlannedCommand each : planned) {
            commands.computeIfAbsent(each.firingId(), id -> new ArrayList<>()).add(each.command());
        }
        return commands;
    }

    /** The id of the event that tells of the firing which changes the owner; null when no policy does. */
    public @Nullable String ownershipCause() {
        String reason = ownership == null ? "" : ownership.reason();
        return switch (reason) {
            case ActionPlanner.HANDED_OFF -> firstThatDid("hand_off");
            case ActionPlanner.PAUSED -> firstThatDid("pause_bot");
            default -> null;
        };
    }

    private @Nullable String firstThatDid(String action) {
        return events.stream()
                .filter(event -> event.type().equals(Firing.Outcome.FIRED.eventType())
                        && event.payload().get("actions") instanceof List<?> actions
                        && actions.contains(action))
                .map(Event::id)
                .findFirst()
                .orElse(null);
    }

    /** Whether there is nothing to store. */
    public boolean isEmpty() {
        return planned.isEmpty() && events.isEmpty() && ownership == null;
    }

    /**
     * The commands of the turn's own answer as they are to be stored before these. When the policies take the conversation
     * from the bot, the answer would be held back as late; it was decided together with them, so its messages become part
     * of the handover.
     */
    public List<OutboundCommand> answer(List<OutboundCommand> answer) {
        return answer.stream().map(each -> handedOver(each, ownership)).toList();
    }

    /**
     * This plan beside a turn's own change of owner: a handoff is stronger than a pause, whoever wants it, and what the
     * policies say then belongs to it.
     */
    public PolicyPlan with(@Nullable OwnershipSignal ofTurn) {
        boolean turnsHolds = ofTurn != null && (ownership == null || ofTurn.owner() == Owner.HUMAN);
        return turnsHolds ? new PolicyPlan(planned, events, ofTurn, firings) : this;
    }

    /** The same where its change of owner is without effect: nothing is handed over, and what is said needs the bot's turn. */
    public PolicyPlan withoutHandover() {
        List<PlannedCommand> answers = planned.stream()
                .map(each -> new PlannedCommand(each.firingId(), saidFor(Purpose.ANSWER, each.command())))
                .toList();
        return new PolicyPlan(answers, events, null, firings);
    }

    /** A message that still goes out although the owner changes. */
    private static OutboundCommand handedOver(OutboundCommand command, @Nullable OwnershipSignal ownership) {
        boolean handsOver = ownership != null && ownership.owner() != Owner.BOT;
        return handsOver ? saidFor(Purpose.HANDOFF, command) : command;
    }

    private static OutboundCommand saidFor(Purpose purpose, OutboundCommand command) {
        if (command instanceof OutboundCommand.SendMessage message) {
            return new OutboundCommand.SendMessage(message.text(), message.inReplyTo(), purpose);
        }
        if (command instanceof OutboundCommand.SendAttachment file) {
            return new OutboundCommand.SendAttachment(file.url(), file.caption(), purpose);
        }
        return command;
    }
}
