package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.FlowEngine;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Takes answers that a program outside gives after it was asked. When {@link #take} returns {@link Receipt#TAKEN}, the
 * answer is on disk and its turn is looked at again: it is said unless a person has taken over meanwhile. Thread-safe.
 */
public final class LateAnswers {

    private static final int LATEST = 200;

    private final EventLog events;
    private final Turns turns;
    private final InstantSource clock;

    /** Turns that can be woken, as {@link FlowEngine#wakeTurn} does. */
    @FunctionalInterface
    public interface Turns {
        boolean wake(ConversationId conversation, String turnId, List<Event> because);
    }

    public LateAnswers(EventLog events, Turns turns, InstantSource clock) {
        this.events = events;
        this.turns = turns;
        this.clock = clock;
    }

    /** What became of an answer. */
    public enum Receipt {
        /** Kept, and looked at now. */
        TAKEN,
        /** This question was answered already; the first answer counts. */
        DUPLICATE,
        /** Nobody has asked that. */
        UNKNOWN,
        /** The customer has written more, and was asked about anew. */
        NEWER_MESSAGE,
        /** A person has taken over. */
        HUMAN_OWNED,
        /** It was not waited for any longer: the customer was answered otherwise. */
        ANSWERED_OTHERWISE;

        /** The lower-case word. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The program that was asked; empty when nobody has asked that. */
    public Optional<String> asked(CorrelationId question) {
        return WorkflowEvents.of(events, question)
                .find(WorkflowEvents.CALLED)
                .map(called -> String.valueOf(called.payload().get("workflow")));
    }

    /** Takes an answer. Repeating it is safe. */
    public Receipt take(CorrelationId question, WorkflowAnswer answer) {
        WorkflowEvents known = WorkflowEvents.of(events, question);
        Optional<Event> called = known.find(WorkflowEvents.CALLED);
        if (called.isEmpty()) {
            return Receipt.UNKNOWN;
        }
        if (known.find(WorkflowEvents.ANSWERED).isPresent()) {
            return howItEnded(question) == Receipt.NEWER_MESSAGE ? Receipt.NEWER_MESSAGE : Receipt.DUPLICATE;
        }
        if (known.find(WorkflowEvents.FAILED).isPresent()) {
            return howItEnded(question);
        }
        if (known.askedAnew()) {
            return Receipt.NEWER_MESSAGE;
        }
        Instant now = clock.instant();
        String bot = String.valueOf(called.get().payload().get("workflow"));
        Event answered = WorkflowEvents.answered(question, called.get().personKey(), bot, answer, now);
        return turns.wake(question.conversation(), question.turnId(), List.of(answered))
                ? written(question, answered)
                : howItEnded(question);
    }

    /** While it was being written, the turn may have given up, or another answer have come: the first counts. */
    private Receipt written(CorrelationId question, Event answered) {
        WorkflowEvents now = WorkflowEvents.of(events, question);
        if (now.find(WorkflowEvents.ANSWERED).isEmpty()) {
            return howItEnded(question);
        }
        return now.isAnswered(answered) ? Receipt.TAKEN : Receipt.DUPLICATE;
    }

    private Receipt howItEnded(CorrelationId question) {
        var query = new EventQuery(
                question.conversation().tenant(), question.conversation(), null, "turn.*", null, null, LATEST, null);
        for (Event event : events.query(query).events()) {
            if (question.turnId().equals(event.causeId())) {
                switch (event.type()) {
                    case TurnEvents.SILENCED -> {
                        return Receipt.HUMAN_OWNED;
                    }
                    case TurnEvents.SUPERSEDED -> {
                        return Receipt.NEWER_MESSAGE;
                    }
                    default -> {}
                }
            }
        }
        return Receipt.ANSWERED_OTHERWISE;
    }
}
