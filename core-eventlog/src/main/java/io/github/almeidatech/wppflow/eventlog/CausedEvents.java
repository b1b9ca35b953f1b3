package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.Event;
import java.util.ArrayList;
import java.util.List;

/** Which events an action may lead to, sooner or later: by itself, by being carried out, and by what Chatwoot says of it. */
final class CausedEvents implements PolicyAction.Visitor<List<CausedEvents.Caused>> {

    static final CausedEvents OF = new CausedEvents();

    /** What the store says of every command that is carried out, or is not. */
    private static final List<Caused> OF_COMMANDS = List.of(
            system("command.done"),
            system("command.held_back"),
            system("command.dead_lettered"),
            system("command.retried"),
            system("command.discarded"),
            system("command.merged"));
    /** Another owner, and Chatwoot's word of it. */
    private static final List<Caused> OF_ANOTHER_OWNER =
            List.of(system("ownership.changed"), system("conversation.observed"));

    /** An event of a type from somewhere. */
    record Caused(String type, Event.Source source) {}

    private CausedEvents() {}

    private static Caused system(String type) {
        return new Caused(type, Event.Source.SYSTEM);
    }

    private static List<Caused> commandAnd(List<Caused> others) {
        var all = new ArrayList<>(OF_COMMANDS);
        all.addAll(others);
        return all;
    }

    @Override
    public List<Caused> sendMessage(PolicyAction.SendMessage action) {
        return OF_COMMANDS;
    }

    @Override
    public List<Caused> sendAttachment(PolicyAction.SendAttachment action) {
        return OF_COMMANDS;
    }

    @Override
    public List<Caused> assign(PolicyAction.Assign action) {
        return action.agentId() == null ? OF_COMMANDS : commandAnd(OF_ANOTHER_OWNER);
    }

    @Override
    public List<Caused> changeLabels(PolicyAction.ChangeLabels action) {
        return OF_COMMANDS;
    }

    @Override
    public List<Caused> setConversationAttributes(PolicyAction.SetConversationAttributes action) {
        return OF_COMMANDS;
    }

    @Override
    public List<Caused> setContactAttributes(PolicyAction.SetContactAttributes action) {
        return OF_COMMANDS;
    }

    @Override
    public List<Caused> updateContact(PolicyAction.UpdateContact action) {
        Boolean optedOut = action.optedOut();
        if (optedOut == null) {
            return OF_COMMANDS;
        }
        String type = optedOut ? "contact.opted_out" : "contact.opted_in";
        return commandAnd(List.of(new Caused(type, Event.Source.RULE)));
    }

    @Override
    public List<Caused> writeRow(PolicyAction.WriteRow action) {
        return OF_COMMANDS;
    }

    @Override
    public List<Caused> callWebhook(PolicyAction.CallWebhook action) {
        return OF_COMMANDS;
    }

    @Override
    public List<Caused> emitEvent(PolicyAction.EmitEvent action) {
        return List.of(new Caused(action.type(), Event.Source.RULE));
    }

    @Override
    public List<Caused> handOff(PolicyAction.HandOff action) {
        return commandAnd(OF_ANOTHER_OWNER);
    }

    @Override
    public List<Caused> pauseBot(PolicyAction.PauseBot action) {
        return List.of(system("ownership.changed"));
    }

    @Override
    public List<Caused> followUp(PolicyAction.FollowUp action) {
        return OF_COMMANDS;
    }
}
