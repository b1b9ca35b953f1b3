package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.flow.DeadLetter;
import io.github.almeidatech.wppflow.flow.FlowEngine;
import io.github.almeidatech.wppflow.flow.FlowEvents;
import io.github.almeidatech.wppflow.flow.FlowStore;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.TenantId;
import io.github.almeidatech.wppflow.normalizer.Reason;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Commands that were given up, and what a person decides about each. Thread-safe. */
public final class DeadLetters {

    private static final Set<String> MESSAGES = Set.of("send_message", "send_template", "send_attachment", "follow_up");

    private final FlowStore store;
    private final FlowEngine engine;
    private final EventLog events;
    private final Audit audit;
    private final InstantSource clock;

    public DeadLetters(FlowStore store, FlowEngine engine, EventLog events, Audit audit, InstantSource clock) {
        this.store = store;
        this.engine = engine;
        this.events = events;
        this.audit = audit;
        this.clock = clock;
    }

    /** What came of a decision. */
    public enum Outcome {
        /** Done. */
        DONE,
        /** The tenant has no such dead letter (any more). */
        NOT_FOUND,
        /** The customer was answered meanwhile: nothing was done, it must be asked for once more. */
        ANSWERED_MEANWHILE
    }

    /**
     * A message the customer got after a command was given up.
     *
     * @param by who sent it
     * @param at when
     */
    public record Reply(Event.Source by, Instant at) {}

    /** The oldest first; see {@link FlowStore#deadLetters}. */
    public List<DeadLetter> list(TenantId tenant, long afterId, int limit) {
        return store.deadLetters(tenant, afterId, limit);
    }

    /** The one with this number. */
    public Optional<DeadLetter> find(TenantId tenant, long id) {
        return store.deadLetters(tenant, id - 1, 1).stream()
                .filter(letter -> letter.commandId() == id)
                .findFirst();
    }

    /** What the customer got since this message of ours was given up; null when nothing, or when it is no message. */
    public @Nullable Reply replySince(DeadLetter letter) {
        if (!letter.command().speaksToCustomer()) {
            return null;
        }
        var since = new EventQuery(
                letter.conversation().tenant(), letter.conversation(), null, null, letter.since(), null, 1000, null);
        return events.query(since).events().stream()
                .filter(DeadLetters::reachedTheCustomer)
                .map(event -> new Reply(
                        event.source() == Event.Source.PERSON ? Event.Source.PERSON : Event.Source.BOT, event.at()))
                .findFirst()
                .orElse(null);
    }

    private static boolean reachedTheCustomer(Event event) {
        Map<String, Object> payload = event.payload();
        return switch (event.type()) {
            case FlowEvents.COMMAND_DONE -> MESSAGES.contains(String.valueOf(payload.get("command")));
            case "message.observed" -> Reason.HUMAN_AGENT_MESSAGE.word().equals(payload.get("reason"));
            default -> false;
        };
    }

    /**
     * Lets it be tried again, at once. It is looked for before it is sent, and held back when a person has spoken since its
     * turn.
     *
     * @param confirmed also when the customer was answered meanwhile
     */
    public Outcome retry(TenantId tenant, long id, boolean confirmed, String by) {
        DeadLetter letter = find(tenant, id).orElse(null);
        if (letter == null) {
            return Outcome.NOT_FOUND;
        }
        if (!confirmed && replySince(letter) != null) {
            return Outcome.ANSWERED_MEANWHILE;
        }
        if (!store.retryDeadLetter(tenant, id, clock.instant())) {
            return Outcome.NOT_FOUND;
        }
        note(letter, "dead_letter_retried", by);
        engine.wake();
        return Outcome.DONE;
    }

    /** Throws it away for good. */
    public Outcome discard(TenantId tenant, long id, String by) {
        DeadLetter letter = find(tenant, id).orElse(null);
        if (letter == null || !store.discardDeadLetter(tenant, id, clock.instant())) {
            return Outcome.NOT_FOUND;
        }
        note(letter, "dead_letter_discarded", by);
        return Outcome.DONE;
    }

    private void note(DeadLetter letter, String action, String by) {
        audit.note(
                letter.conversation().tenant(),
                action,
                by,
                letter.conversation(),
                Map.of(
                        "dead_letter",
                        letter.commandId(),
                        "key",
                        letter.key(),
                        "command",
                        FlowEvents.word(letter.command())));
    }
}
