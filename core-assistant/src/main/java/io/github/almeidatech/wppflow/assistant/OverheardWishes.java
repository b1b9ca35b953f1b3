package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.contacts.ContactList;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.Identity;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.eventlog.PolicyPlan;
import io.github.almeidatech.wppflow.flow.EventPolicies;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.router.Router;
import io.github.almeidatech.wppflow.router.Utterance;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Hears that somebody wants no automatic messages any more, or wants them again, where the bot does not listen: a person has
 * the conversation, the bot is off, or the turn has failed. Notes it as {@code contact.opted_out} or {@code
 * contact.opted_in} and at the contact; says nothing about it. Stands before a tenant's policies, since these are shown every silence once, also after a crash; repeating is harmless.
 * Thread-safe; blocks on storage, never on a model.
 */
public final class OverheardWishes implements EventPolicies {

    /** How far back the messages of a silence are looked for in their conversation. */
    private static final int LATEST = 200;

    /** The words that are known for it. Any other word alone may answer a person's question: "manter ou remover?". */
    private static final Set<String> KEYWORDS = Set.of("parar", "sair", "stop", "descadastrar", "unsubscribe");

    private final EventPolicies policies;
    private final EventLog events;
    private final Contacts contacts;
    private final Function<TenantId, Optional<AssistantSettings>> settings;

    /**
     * Before these policies.
     *
     * @param settings empty for a tenant that is not served: nobody listens there
     */
    public OverheardWishes(
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
        happened.stream().filter(OverheardWishes::nobodyListened).forEach(event -> listen(event, now));
        return policies.decide(happened, now);
    }

    /** A person has the conversation, or the turn has ended without being understood: the bot is off, or we failed. */
    private static boolean nobodyListened(Event event) {
        return event.type().equals(FlowEvents.TURN_SILENCED)
                || event.type().equals(TurnEvents.COMPLETED) && !event.payload().containsKey("intent");
    }

    private void listen(Event silence, Instant now) {
        ConversationId conversation = silence.conversation();
        String person = silence.personKey();
        Optional<Router> router = settings.apply(silence.tenant()).map(AssistantSettings::router);
        if (conversation != null && person != null && router.isPresent()) {
            for (Event message : messagesOf(conversation, silence)) {
                hear(conversation, person, message, router.get(), now);
            }
        }
    }

    private void hear(ConversationId conversation, String person, Event message, Router router, Instant now) {
        String text = String.valueOf(message.payload().get("text"));
        TenantId tenant = conversation.tenant();
        Identity identity = Identity.person(person);
        if (contacts.isListed(tenant, ContactList.OPTED_OUT, identity)) {
            if (OptIn.in(text)) {
                note(TurnEvents.OPTED_IN, message, person, now);
                contacts.delist(tenant, ContactList.OPTED_OUT, identity, now);
            }
        } else if (!isOneOtherWord(text)
                && router.classifyOffline(Utterance.of(text)).optOut()) {
            note(TurnEvents.OPTED_OUT, message, person, now);
            contacts.enlist(tenant, ContactList.OPTED_OUT, identity, now);
        }
    }

    private static boolean isOneOtherWord(String text) {
        String[] words = text.strip().split("\\s+");
        return words.length == 1
                && !KEYWORDS.contains(words[0].replaceAll("\\W", "").toLowerCase(Locale.ROOT));
    }

    /** Before the change, under the message's own key: what a crash has cut off is repeated, and noted once. */
    private void note(String type, Event message, String person, Instant now) {
        String key = message.id() + "/" + type;
        events.append(List.of(new Event(
                UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8)).toString(),
                message.tenant(),
                message.conversation(),
                person,
                type,
                1,
                Map.of("by", "message"),
                Event.Source.CUSTOMER,
                null,
                message.id(),
                0,
                now)));
    }

    /** What was written and not answered, the oldest first. */
    private List<Event> messagesOf(ConversationId conversation, Event silence) {
        if (!(silence.payload().get("message_ids") instanceof List<?> ids)) {
            return List.of();
        }
        Set<Long> wanted = ids.stream().map(OverheardWishes::number).collect(Collectors.toSet());
        return events
                .query(new EventQuery(
                        conversation.tenant(), conversation, null, "message.received", null, null, LATEST, null))
                .events()
                .stream()
                .filter(message -> wanted.contains(messageId(message)))
                .sorted(Comparator.comparing(OverheardWishes::messageId))
                .toList();
    }

    private static long messageId(Event message) {
        return number(message.payload().get("message_id"));
    }

    private static long number(@Nullable Object id) {
        return id instanceof Number number ? number.longValue() : 0;
    }
}
