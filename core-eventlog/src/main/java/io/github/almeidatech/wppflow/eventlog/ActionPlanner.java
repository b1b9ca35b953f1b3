package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.Purpose;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Turns the actions of one policy on one event into commands and events. Each visit returns {@link #PLANNED},
 * or else the reason why it could not plan.
 */
final class ActionPlanner implements PolicyAction.Visitor<String> {

    /** Why the conversation is a person's after {@code hand_off}. */
    static final String HANDED_OFF = "policy_handoff";

    /** Why the bot is silent after {@code pause_bot}. */
    static final String PAUSED = "policy_pause";

    private static final String PLANNED = "";

    private final Policy policy;
    private final Event event;
    private final PolicyContext context;
    private final String firingId;
    private final Predicate<String> files;
    private final Variables variables;

    private final List<OutboundCommand> commands = new ArrayList<>();
    private final List<Event> emitted = new ArrayList<>();
    private final List<String> done = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private @Nullable OwnershipSignal ownership;

    /**
     * @param firingId of the event that will tell of the firing: the cause of everything planned
     * @param files whether a file may be sent from an address
     */
    ActionPlanner(
            Policy policy,
            Event event,
            PolicyContext context,
            Map<String, Object> facts,
            String firingId,
            Predicate<String> files) {
        this.files = files;
        this.policy = policy;
        this.event = event;
        this.context = context;
        this.firingId = firingId;
        this.variables = new Variables(facts);
    }

    /** Plans all actions; those that cannot be planned are left out. */
    ActionPlanner plan() {
        for (PolicyAction action : policy.actions()) {
            boolean needsConversation = !(action instanceof PolicyAction.EmitEvent);
            String obstacle =
                    needsConversation && event.conversation() == null ? "no_conversation" : action.accept(this);
            if (obstacle.equals(PLANNED)) {
                done.add(action.kind());
            } else {
                skipped.add(action.kind() + ": " + obstacle);
            }
        }
        return this;
    }

    String firingId() {
        return firingId;
    }

    List<OutboundCommand> commands() {
        return commands;
    }

    List<Event> emitted() {
        return emitted;
    }

    List<String> done() {
        return done;
    }

    List<String> skipped() {
        return skipped;
    }

    @Nullable
    OwnershipSignal ownership() {
        return ownership;
    }

    @Override
    public String sendMessage(PolicyAction.SendMessage action) {
        if (context.optedOut()) {
            return "opted_out";
        }
        return say(action.text(), Purpose.ANSWER);
    }

    /** Where the address leads to is judged when it is fetched. Without its file, what is written beside it is still said. */
    @Override
    public String sendAttachment(PolicyAction.SendAttachment action) {
        if (context.optedOut()) {
            return "opted_out";
        }
        String url = variables.address(action.url());
        if (url == null) {
            return "url_missing";
        }
        if (!files.test(url)) {
            say(action.caption(), Purpose.ANSWER);
            return "file_forbidden_address";
        }
        return command(new OutboundCommand.SendAttachment(
                url, variables.markdown(action.caption()).strip(), Purpose.ANSWER));
    }

    @Override
    public String assign(PolicyAction.Assign action) {
        return command(new OutboundCommand.Assign(action.agentId(), action.teamId()));
    }

    @Override
    public String changeLabels(PolicyAction.ChangeLabels action) {
        List<String> add = filled(action.add());
        List<String> remove = filled(action.remove());
        return add.isEmpty() && remove.isEmpty() ? "empty" : command(new OutboundCommand.ChangeLabels(add, remove));
    }

    @Override
    public String setConversationAttributes(PolicyAction.SetConversationAttributes action) {
        Map<String, Object> attributes = variables.map(action.attributes());
        return attributes.isEmpty() ? "empty" : command(new OutboundCommand.SetConversationAttributes(attributes));
    }

    @Override
    public String setContactAttributes(PolicyAction.SetContactAttributes action) {
        Map<String, Object> attributes = variables.map(action.attributes());
        if (context.contactId() == null) {
            return "no_contact";
        }
        return attributes.isEmpty()
                ? "empty"
                : command(new OutboundCommand.SetContactAttributes(context.contactId(), attributes));
    }

    @Override
    public String updateContact(PolicyAction.UpdateContact action) {
        String person = event.personKey();
        if (person == null) {
            return "no_contact";
        }
        var fields = new LinkedHashMap<String, String>();
        variables.map(action.customFields()).forEach((key, value) -> {
            if (value != null) {
                fields.put(key, Variables.text(value));
            }
        });
        return command(new OutboundCommand.UpdateContact(
                person, orNothing(action.name()), orNothing(action.email()), fields, action.optedOut()));
    }

    @Override
    public String writeRow(PolicyAction.WriteRow action) {
        Map<String, Object> match = variables.map(action.match());
        Map<String, Object> fields = variables.map(action.fields());
        boolean sure = match.keySet().equals(action.match().keySet())
                && match.values().stream().noneMatch(ActionPlanner::isBlank);
        if (!sure) {
            return "match_missing";
        }
        return match.isEmpty() && fields.isEmpty()
                ? "empty"
                : command(new OutboundCommand.WriteRow(action.table(), match, fields));
    }

    /** The payload says where it comes from, so that an answer can be written down with its cause and depth. */
    @Override
    public String callWebhook(PolicyAction.CallWebhook action) {
        var payload = new LinkedHashMap<String, Object>();
        payload.put("policy", policy.id());
        payload.put("event_type", event.type());
        payload.put("cause_id", firingId);
        payload.put("depth", event.depth() + 1);
        payload.put("data", variables.map(action.payload()));
        return command(new OutboundCommand.CallWebhook(action.target(), payload));
    }

    @Override
    public String emitEvent(PolicyAction.EmitEvent action) {
        emitted.add(new Event(
                Uuid7.at(context.now()),
                event.tenant(),
                event.conversation(),
                event.personKey(),
                action.type(),
                1,
                variables.map(action.payload()),
                Event.Source.RULE,
                event.confidence(),
                firingId,
                event.depth() + 1,
                context.now()));
        return PLANNED;
    }

    @Override
    public String handOff(PolicyAction.HandOff action) {
        String label = orNothing(action.label());
        if (label != null) {
            command(new OutboundCommand.ChangeLabels(List.of(label), List.of()));
        }
        String note = orNothing(action.note());
        command(new OutboundCommand.AddPrivateNote(note == null ? "🤖 " + nameOfPolicy() : note));
        if (action.agentId() != null || action.teamId() != null) {
            command(new OutboundCommand.Assign(action.agentId(), action.teamId()));
        }
        command(new OutboundCommand.SetStatus(ConversationStatus.OPEN));
        if (action.text() != null && !context.optedOut()) {
            say(action.text(), Purpose.HANDOFF);
        }
        ownership = new OwnershipSignal(Owner.HUMAN, context.now(), null, HANDED_OFF, false);
        return PLANNED;
    }

    @Override
    public String pauseBot(PolicyAction.PauseBot action) {
        if (ownership == null) {
            Instant until = context.now().plus(action.time());
            ownership = new OwnershipSignal(Owner.PAUSED, context.now(), until, PAUSED, false);
        }
        return PLANNED;
    }

    @Override
    public String followUp(PolicyAction.FollowUp action) {
        String text = variables.markdown(action.text());
        if (context.optedOut()) {
            return "opted_out";
        }
        if (text.isBlank()) {
            return "empty";
        }
        PolicyAction.Template template = action.template();
        var outside = template == null
                ? null
                : new OutboundCommand.SendTemplate(
                        template.name(),
                        template.language(),
                        template.category(),
                        variables.map(template.params()),
                        variables.plain(template.text()),
                        Purpose.ANSWER);
        Instant at = context.now().plus(action.after());
        return command(new OutboundCommand.FollowUp(at, text, outside, action.unlessReply()));
    }

    private String say(String text, Purpose purpose) {
        String filled = variables.markdown(text);
        return filled.isBlank() ? "empty" : command(new OutboundCommand.SendMessage(filled, null, purpose));
    }

    private String command(OutboundCommand command) {
        commands.add(command);
        return PLANNED;
    }

    private List<String> filled(List<String> texts) {
        return texts.stream()
                .map(variables::plain)
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .distinct()
                .toList();
    }

    private @Nullable String orNothing(@Nullable String text) {
        String filled = text == null ? "" : variables.plain(text).strip();
        return filled.isEmpty() ? null : filled;
    }

    private String nameOfPolicy() {
        return policy.description().isBlank() ? policy.id() : policy.description();
    }

    private static boolean isBlank(@Nullable Object value) {
        return value == null || value instanceof String text && text.isBlank();
    }
}
