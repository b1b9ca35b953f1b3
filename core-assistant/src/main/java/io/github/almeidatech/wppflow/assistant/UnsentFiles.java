package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.PlannedCommand;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.flow.EventPolicies;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells the team, in a private note, of a file that could not be sent and why; and the customer that it could not: once for
 * all files of an answer, and not where a policy calls a person. Stands before a tenant's policies, since these are shown
 * every dead letter once, also after a crash. Thread-safe; blocks on storage.
 */
public final class UnsentFiles implements EventPolicies {

    /** How far back an answer's other files are looked for in its conversation. */
    private static final int LATEST = 50;

    private final EventPolicies policies;
    private final EventLog events;
    private final Contacts contacts;
    private final Function<TenantId, Optional<AssistantSettings>> settings;

    /**
     * Before these policies.
     *
     * @param settings empty for a tenant that is not served: nobody is told there
     */
    public UnsentFiles(
            EventPolicies policies,
            EventLog events,
            Contacts contacts,
            Function<TenantId, Optional<AssistantSettings>> settings) {
        this.policies = policies;
        this.events = events;
        this.contacts = contacts;
        this.settings = settings;
    }

    @Override
    public PolicyPlan decide(List<Event> happened, Instant now) {
        PolicyPlan plan = policies.decide(happened, now);
        for (Event event : happened) {
            ConversationId conversation = event.conversation();
            Optional<AssistantSettings> tenant = settings.apply(event.tenant());
            if (conversation != null && tenant.isPresent() && isUnsentFile(event)) {
                plan = with(told(event, conversation, tenant.get(), plan.ownership()), event, plan);
            }
        }
        return plan;
    }

    /** Other reasons, such as the end of the 24 hours, hold for words too and are dealt with there. */
    private static boolean isUnsentFile(Event event) {
        return event.type().equals(FlowEvents.COMMAND_DEAD_LETTERED)
                && event.payload().containsKey("file")
                && String.valueOf(event.payload().get("reason")).startsWith("file_");
    }

    private static PolicyPlan with(List<OutboundCommand> told, Event unsent, PolicyPlan plan) {
        var planned = new ArrayList<PlannedCommand>();
        told.forEach(command -> planned.add(new PlannedCommand(unsent.id(), command)));
        planned.addAll(plan.planned());
        return new PolicyPlan(planned, plan.events(), plan.ownership(), plan.firings());
    }

    private List<OutboundCommand> told(
            Event unsent, ConversationId conversation, AssistantSettings tenant, @Nullable OwnershipSignal policies) {
        var commands = new ArrayList<OutboundCommand>();
        String note = tenant.phrases()
                .say("note_file_not_sent", tenant.language())
                .replace("{file}", String.valueOf(unsent.payload().get("file")))
                .replace("{reason}", String.valueOf(unsent.payload().get("reason")));
        commands.add(new OutboundCommand.AddPrivateNote(note));
        boolean calledByPolicy = policies != null && policies.owner() == Owner.HUMAN;
        if (!calledByPolicy && !optedOut(unsent) && isFirst(unsent, conversation)) {
            String text = tenant.phrases().say("file_not_sent", tenant.language());
            commands.add(new OutboundCommand.SendMessage(text, null, OutboundCommand.Purpose.ANSWER));
        }
        return commands;
    }

    private boolean optedOut(Event unsent) {
        String person = unsent.personKey();
        return person != null && contacts.isListed(unsent.tenant(), ContactList.OPTED_OUT, Identity.person(person));
    }

    /** Of those of one answer. */
    private boolean isFirst(Event unsent, ConversationId conversation) {
        var query = new EventQuery(
                unsent.tenant(), conversation, null, FlowEvents.COMMAND_DEAD_LETTERED, null, null, LATEST, null);
        List<String> newestFirst = events.query(query).events().stream()
                .filter(event -> Objects.equals(event.causeId(), unsent.causeId()))
                .filter(UnsentFiles::isUnsentFile)
                .map(Event::id)
                .toList();
        return newestFirst.isEmpty() || newestFirst.get(newestFirst.size() - 1).equals(unsent.id());
    }
}
