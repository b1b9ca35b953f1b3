package io.github.almeidatech.wppflow.server.explain;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventPage;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.ConversationState;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.flow.Ownership;
import io.github.almeidatech.wppflow.jdbc.IgnoredDelivery;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Explains conversations and single messages from what was written down. Reads only. Thread-safe; blocks on storage. */
public final class Explainer {

    private static final int PAGE = 1_000;
    /** How many events of its conversation are looked through for what a message has led to. */
    private static final int FAR = 10 * PAGE;
    /** Among how many turns the one is looked for that called a person; hardly any follow it. */
    private static final int RECENT = 20;

    private static final Set<String> CALLED = Set.of("handoff", "policy_handoff");

    private final EventLog events;
    private final FlowStore store;
    private final Predicate<ConversationId> known;
    private final Function<ConversationId, List<IgnoredDelivery>> ignored;
    private final Function<Payer, Amount> spent;
    private final InstantSource clock;

    /**
     * An explainer.
     *
     * @param known whether a conversation has ever been heard of, also when nothing in it is kept any more
     * @param ignored a conversation's deliveries that led to nothing
     * @param spent what a conversation has cost today
     */
    public Explainer(
            EventLog events,
            FlowStore store,
            Predicate<ConversationId> known,
            Function<ConversationId, List<IgnoredDelivery>> ignored,
            Function<Payer, Amount> spent,
            InstantSource clock) {
        this.events = events;
        this.store = store;
        this.known = known;
        this.ignored = ignored;
        this.spent = spent;
        this.clock = clock;
    }

    /**
     * A conversation's latest events and what they mean.
     *
     * @param limit how many events at most, 1 to 1000
     */
    public Explanation ofConversation(ConversationId conversation, int limit) {
        EventPage page = events.query(EventQuery.of(conversation, limit));
        List<Event> timeline = oldestFirst(page.events());
        return explanation(conversation, null, timeline, page.nextCursor() == null);
    }

    /**
     * Everything one message has led to, and who owned the conversation then.
     *
     * @return empty when nothing is known of the message in this conversation
     */
    public Optional<Explanation> ofMessage(ConversationId conversation, long messageId) {
        Optional<Event> arrival = events.arrivalOf(conversation.tenant(), messageId)
                .filter(event -> conversation.equals(event.conversation()));
        List<Event> all = arrival.map(this::since).orElseGet(() -> latest(conversation));
        List<Event> about = Consequences.of(messageId, all);
        if (about.isEmpty() && !store.stateOf(conversation).waitingMessages().contains(messageId)) {
            return Optional.empty();
        }
        return Optional.of(explanation(conversation, messageId, about, all.size() < FAR));
    }

    /** The conversation of the latest event about a person that is of one; looks through the latest thousand. */
    public Optional<ConversationId> latestOf(TenantId tenant, List<String> personKeys) {
        var query = new EventQuery(
                tenant,
                null,
                personKeys.get(0),
                Set.copyOf(personKeys.subList(1, personKeys.size())),
                null,
                null,
                null,
                PAGE,
                null);
        for (Event event : events.query(query).events()) {
            if (event.conversation() != null) {
                return Optional.of(event.conversation());
            }
        }
        return Optional.empty();
    }

    /** In which conversation a message is. */
    public Optional<ConversationId> conversationOf(TenantId tenant, long messageId) {
        return events.arrivalOf(tenant, messageId).map(Event::conversation);
    }

    private Explanation explanation(
            ConversationId conversation, @Nullable Long messageId, List<Event> timeline, boolean complete) {
        ConversationState state = store.stateOf(conversation);
        List<TurnStory> turns = TurnStory.all(timeline, state);
        List<IgnoredDelivery> alsoDelivered = ignored.apply(conversation);
        boolean heardOf = !alsoDelivered.isEmpty() || known.test(conversation);
        Verdict verdict = new Judge(timeline, turns, state, complete, heardOf, clock.instant()).about(messageId);
        return new Explanation(
                conversation,
                messageId,
                state,
                called(conversation, state.ownership()),
                timeline,
                turns,
                policies(conversation.tenant(), timeline),
                alsoDelivered,
                spent.apply(Payer.of(conversation)),
                verdict,
                complete);
    }

    /** By the change that gave the conversation to a person: what followed, that it was opened, is no other change. */
    private @Nullable Event called(ConversationId conversation, Ownership ownership) {
        boolean isPersons = ownership.effective(clock.instant()) == Owner.HUMAN;
        if (!isPersons || !CALLED.contains(ownership.reason())) {
            return null;
        }
        for (Event change : latest(conversation, FlowEvents.OWNERSHIP_CHANGED, 1)) {
            String cause = change.causeId();
            for (Event turn : latest(conversation, TurnStory.COMPLETED, RECENT)) {
                if (turn.causeId() != null && turn.causeId().equals(cause)) {
                    return turn;
                }
            }
            return cause == null
                    ? null
                    : events.find(conversation.tenant(), cause)
                            .filter(TurnStory::isPolicy)
                            .orElse(null);
        }
        return null;
    }

    private List<Event> latest(ConversationId conversation, String type, int limit) {
        return events.query(new EventQuery(conversation.tenant(), conversation, null, type, null, null, limit, null))
                .events();
    }

    /** Also of those that acted before the timeline begins: rows are tried for days. */
    private Map<String, String> policies(TenantId tenant, List<Event> timeline) {
        var names = new HashMap<String, String>();
        timeline.stream().filter(TurnStory::isPolicy).forEach(event -> note(event, names));
        timeline.stream()
                .filter(event -> event.type().startsWith("command."))
                .map(Event::causeId)
                .filter(Objects::nonNull)
                .filter(cause -> !names.containsKey(cause))
                .collect(Collectors.toSet())
                .forEach(cause ->
                        events.find(tenant, cause).filter(TurnStory::isPolicy).ifPresent(event -> note(event, names)));
        return names;
    }

    private static void note(Event policy, Map<String, String> names) {
        names.put(policy.id(), String.valueOf(policy.payload().get("policy")));
    }

    /** Who owned the conversation when a message arrived, its arrival and what came after it. */
    private List<Event> since(Event arrival) {
        var found = new ArrayList<>(events.query(new EventQuery(
                        arrival.tenant(),
                        arrival.conversation(),
                        null,
                        FlowEvents.OWNERSHIP_CHANGED,
                        null,
                        arrival.at(),
                        1,
                        null))
                .events());
        found.add(arrival);
        List<Event> page;
        do {
            page = events.following(found.get(found.size() - 1), PAGE);
            found.addAll(page.subList(Math.min(1, page.size()), page.size()));
        } while (page.size() == PAGE && found.size() < FAR);
        return found;
    }

    /** Of a message whose arrival is not known any more. */
    private List<Event> latest(ConversationId conversation) {
        var found = new ArrayList<Event>();
        String cursor = null;
        do {
            EventPage page = events.query(
                    new EventQuery(conversation.tenant(), conversation, null, null, null, null, PAGE, cursor));
            found.addAll(page.events());
            cursor = page.nextCursor();
        } while (cursor != null && found.size() < FAR);
        return oldestFirst(found);
    }

    private static List<Event> oldestFirst(List<Event> newestFirst) {
        var list = new ArrayList<>(newestFirst);
        Collections.reverse(list);
        return list;
    }
}
