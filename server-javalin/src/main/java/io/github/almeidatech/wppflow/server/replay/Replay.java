package io.github.almeidatech.wppflow.server.replay;

import io.github.almeidatech.wppflow.assistant.AnswerWriter;
import io.github.almeidatech.wppflow.assistant.Assistant;
import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.contacts.ContactUpdate;
import io.github.almeidatech.wppflow.contacts.Contacts;
import io.github.almeidatech.wppflow.contacts.InMemoryContactLists;
import io.github.almeidatech.wppflow.contacts.InMemoryContactStore;
import io.github.almeidatech.wppflow.contacts.Pseudonyms;
import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.InMemoryEventLog;
import io.github.almeidatech.wppflow.eventlog.Policies;
import io.github.almeidatech.wppflow.eventlog.PolicyEngine;
import io.github.almeidatech.wppflow.flow.TurnResult;
import io.github.almeidatech.wppflow.knowledge.KnowledgeBase;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.multimodal.MediaReader;
import io.github.almeidatech.wppflow.server.OptOuts;
import io.github.almeidatech.wppflow.server.Tenants;
import io.github.almeidatech.wppflow.server.policy.PolicyFacts;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers the turns of a recorded conversation again, as somebody else would have: with other rules, documents or models.
 * Each turn is answered at its own time, with what the customer and the bot had really said before; what it leads to is
 * compared and thrown away. Nothing is sent, nothing is stored, no file is fetched, no workflow is asked. Thread-safe;
 * blocks while models are asked, where there are some.
 */
final class Replay {

    private final Tenants.Tenant tenant;
    private final PolicyEngine policies;
    private final KnowledgeBase knowledge;
    private final AnswerWriter writer;
    private final Function<String, Optional<Contact>> people;
    private final ReplayBudget budget;

    /**
     * A replay by these rules.
     *
     * @param tenant understands and answers
     * @param policies react
     * @param knowledge is only asked
     * @param writer {@link AnswerWriter#NONE} to quote
     * @param people who is behind a person key, as far as that is known today
     * @param budget what the models are paid out of
     */
    Replay(
            Tenants.Tenant tenant,
            Policies policies,
            KnowledgeBase knowledge,
            AnswerWriter writer,
            Function<String, Optional<Contact>> people,
            ReplayBudget budget) {
        this.tenant = tenant;
        this.policies = new PolicyEngine(policies);
        this.knowledge = knowledge;
        this.writer = writer;
        this.people = people;
        this.budget = budget;
    }

    /**
     * Every turn, or the one that answered a message.
     *
     * @param events all that is known of the conversation, the oldest first
     */
    ReplayReport of(ConversationId conversation, List<Event> events, @Nullable Long messageId) {
        var recording = new Recording(events);
        var log = new InMemoryEventLog();
        Map<Long, List<Event>> arrivals = new HashMap<>();
        var turns = new ArrayList<ReplayReport.Turn>();
        for (Event event : events) {
            Long arrived = Recording.messageOf(event);
            if (event.type().equals(Recording.RECEIVED) && arrived != null) {
                arrivals.put(arrived, reaction(List.of(event), log, recording.decidedAt(event)));
            }
            boolean wanted = messageId == null || Recording.messagesOf(event).contains(messageId);
            if (event.type().equals(Recording.COMPLETED) && wanted) {
                turns.add(turn(conversation, recording, event, arrivals, log));
            }
            log.append(List.of(event));
        }
        return new ReplayReport(conversation.number(), turns, budget.spent());
    }

    private ReplayReport.Turn turn(
            ConversationId conversation,
            Recording recording,
            Event completed,
            Map<Long, List<Event>> arrivals,
            EventLog log) {
        var then = ReplayReport.Outcome.of(completed, recording.firingsOf(completed));
        String unrepeatable = Recording.unrepeatable(completed);
        if (unrepeatable != null) {
            return new ReplayReport.Turn(completed, unrepeatable, then, null);
        }
        TurnResult result = budget.isExhausted() ? null : answer(conversation, recording, completed, log);
        if (result == null || budget.isExhausted()) {
            return new ReplayReport.Turn(completed, "budget_spent", then, null);
        }
        List<Event> about =
                result.events().stream().filter(Recording::isAboutATurn).toList();
        var firings = new ArrayList<Event>();
        Recording.messagesOf(completed).forEach(id -> firings.addAll(arrivals.getOrDefault(id, List.of())));
        firings.addAll(reaction(about, log, recording.decidedAt(completed)));
        return about.stream()
                .filter(event -> event.type().equals(Recording.COMPLETED))
                .findFirst()
                .map(now -> new ReplayReport.Turn(completed, null, then, ReplayReport.Outcome.of(now, firings)))
                .orElseGet(() -> new ReplayReport.Turn(completed, "workflow", then, null));
    }

    private TurnResult answer(ConversationId conversation, Recording recording, Event completed, EventLog log) {
        InstantSource then = InstantSource.fixed(completed.at());
        return Assistant.builder()
                .media(MediaReader.builder()
                        .source(Recording::fetch)
                        .clock(then)
                        .build())
                .contacts(contacts(completed))
                .knowledge(knowledge)
                .events(log)
                .settings(id -> tenant.assistant())
                .writer(writer)
                .clock(then)
                .build()
                .answer(recording.turn(completed, conversation));
    }

    /** What policies make of events at a time: the firings, each with what it wants done. */
    private List<Event> reaction(List<Event> events, EventLog log, Instant at) {
        if (events.isEmpty()) {
            return List.of();
        }
        Event first = events.get(0);
        Contacts known = contacts(first);
        var facts = new PolicyFacts(
                log, known, new OptOuts(conversation -> Optional.empty(), known, conversation -> List.of()));
        return policies.decide(events, facts.of(tenant, first, at)).events().stream()
                .filter(Recording::isFiring)
                .toList();
    }

    /** Only the event's person, as if never opted out: what was so then stands in the recording. */
    private Contacts contacts(Event event) {
        var store = new InMemoryContactStore();
        Optional.ofNullable(event.personKey())
                .flatMap(people)
                .ifPresent(known -> store.upsert(
                        event.tenant(),
                        new ContactUpdate(
                                known.identities(),
                                known.phone(),
                                known.name(),
                                known.email(),
                                known.customFields(),
                                false),
                        event.at()));
        return new Contacts(store, new InMemoryContactLists(), new Pseudonyms(new byte[16]));
    }
}
