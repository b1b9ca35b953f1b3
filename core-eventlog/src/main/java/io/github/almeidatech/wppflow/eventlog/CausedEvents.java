package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

    /**
     * An event of a type from somewhere.
     *
     * @param payload as the policy writes it, with variables; null when it is not known before, and then it is not certain
     *     either that there will be such an event
     */
    record Caused(
            String type, Event.Source source, @Nullable Map<String, Object> payload) {

        boolean isCertain() {
            return payload != null;
        }
    }

    private CausedEvents() {}

    private static Caused system(String type) {
        return new Caused(type, Event.Source.SYSTEM, null);
    }

    private static List<Caused> command(Caused... others) {
        var all = new ArrayList<>(OF_COMMANDS);
        all.addAll(List.of(others));
        return all;
    }

    /** What was said may not be delivered. */
    private static List<Caused> said() {
        return command(system("message.failed"));
    }

    /** Chatwoot tells of it, too. */
    private static List<Caused> commandForAnotherOwner() {
        return command(system("ownership.changed"), system("conversation.observed"));
    }

    @Override
    public List<Caused> sendMessage(PolicyAction.SendMessage action) {
        return said();
    }

    @Override
    public List<Caused> sendAttachment(PolicyAction.SendAttachment action) {
        return said();
    }

    @Override
    public List<Caused> assign(PolicyAction.Assign action) {
        return action.agentId() == null ? command() : commandForAnotherOwner();
    }

    @Override
    public List<Caused> changeLabels(PolicyAction.ChangeLabels action) {
        return command();
    }

    @Override
    public List<Caused> setConversationAttributes(PolicyAction.SetConversationAttributes action) {
        return command();
    }

    @Override
    public List<Caused> setContactAttributes(PolicyAction.SetContactAttributes action) {
        return command();
    }

    @Override
    public List<Caused> updateContact(PolicyAction.UpdateContact action) {
        Boolean optedOut = action.optedOut();
        return optedOut == null
                ? command()
                : command(new Caused(optedOut ? "contact.opted_out" : "contact.opted_in", Event.Source.RULE, null));
    }

    @Override
    public List<Caused> writeRow(PolicyAction.WriteRow action) {
        return command();
    }

    @Override
    public List<Caused> callWebhook(PolicyAction.CallWebhook action) {
        return command();
    }

    @Override
    public List<Caused> emitEvent(PolicyAction.EmitEvent action) {
        return List.of(new Caused(action.type(), Event.Source.RULE, action.payload()));
    }

    @Override
    public List<Caused> handOff(PolicyAction.HandOff action) {
        var all = new ArrayList<>(commandForAnotherOwner());
        if (action.text() != null) {
            all.add(system("message.failed"));
        }
        return all;
    }

    @Override
    public List<Caused> pauseBot(PolicyAction.PauseBot action) {
        return List.of(system("ownership.changed"));
    }

    @Override
    public List<Caused> followUp(PolicyAction.FollowUp action) {
        return said();
    }
}
