package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.eventlog.EventLog;
import io.github.almeidatech.wppflow.eventlog.EventQuery;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.Uuid7;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is written down about questions to programs outside. Each kind has one event for each question, under an id made of
 * the question, so that writing it again changes nothing. How a question ends, by an answer or without one, has one id
 * too: whichever is written first counts, and the other leaves no trace.
 */
final class WorkflowEvents {

    /** The question is about to be asked; until when an answer is waited for. */
    static final String CALLED = "workflow.called";
    /** It will be answered later. */
    static final String WAITING = "workflow.waiting";
    /** The answer. */
    static final String ANSWERED = "workflow.answered";
    /** There is none, and why. */
    static final String FAILED = "workflow.failed";

    private static final String RECEIPT = "receipt";
    private static final String ENDED = "workflow.ended";

    private static final int MANY = 200;

    private final List<Event> ofTurn;
    private final CorrelationId question;

    private WorkflowEvents(List<Event> ofTurn, CorrelationId question) {
        this.ofTurn = ofTurn;
        this.question = question;
    }

    /** Everything about the turn of a question. */
    static WorkflowEvents of(EventLog log, CorrelationId question) {
        var query = new EventQuery(
                question.conversation().tenant(), question.conversation(), null, "workflow.*", null, null, MANY, null);
        return new WorkflowEvents(
                log.query(query).events().stream()
                        .filter(event -> question.turnId().equals(event.causeId()))
                        .toList(),
                question);
    }

    Optional<Event> find(String type) {
        Set<String> ids = Set.of(question.eventId(type), question.eventId(ENDED));
        return ofTurn.stream()
                .filter(event -> event.type().equals(type) && ids.contains(event.id()))
                .findFirst();
    }

    /** What was answered; empty also when the person was erased. */
    Optional<WorkflowAnswer> answer() {
        return find(ANSWERED)
                .map(answered -> answered.payload().get("answer"))
                .filter(Map.class::isInstance)
                .map(plain -> WorkflowAnswer.read((Map<?, ?>) plain, url -> true)); // judged when it came
    }

    /** Whether the answer that counts is this one. */
    boolean isAnswered(Event by) {
        Object receipt = by.payload().get(RECEIPT);
        return find(ANSWERED)
                .filter(answered -> Objects.equals(answered.payload().get(RECEIPT), receipt))
                .isPresent();
    }

    /** When the first question of the turn gives up waiting. */
    Optional<Instant> firstUntil() {
        return ofTurn.stream()
                .filter(event -> event.type().equals(CALLED))
                .map(WorkflowEvents::until)
                .min(Instant::compareTo);
    }

    /** Whether the same turn was asked about again, because the customer wrote more. */
    boolean askedAnew() {
        return ofTurn.stream()
                .filter(event -> event.type().equals(CALLED))
                .anyMatch(event -> upTo(event) > question.upTo());
    }

    static Instant until(Event called) {
        return Instant.ofEpochMilli(((Number) called.payload().getOrDefault("until", 0L)).longValue());
    }

    private static long upTo(Event called) {
        return CorrelationId.read(
                        called.tenant(), String.valueOf(called.payload().get("correlation_id")))
                .map(CorrelationId::upTo)
                .orElse(0L);
    }

    static Event called(CorrelationId question, @Nullable String personKey, String bot, Instant until, Instant now) {
        return event(CALLED, CALLED, question, personKey, Map.of("workflow", bot, "until", until.toEpochMilli()), now);
    }

    static Event waiting(CorrelationId question, @Nullable String personKey, String bot, Instant now) {
        return event(WAITING, WAITING, question, personKey, Map.of("workflow", bot), now);
    }

    /** The receipt tells this answer from another one, even of the same words. */
    static Event answered(
            CorrelationId question, @Nullable String personKey, String bot, WorkflowAnswer answer, Instant now) {
        var payload = Map.of("workflow", bot, "answer", answer.toPlainData(), RECEIPT, Uuid7.at(now));
        return event(ANSWERED, ENDED, question, personKey, payload, now);
    }

    static Event failed(
            CorrelationId question, @Nullable String personKey, String bot, Workflow.Failure why, Instant now) {
        return event(FAILED, ENDED, question, personKey, Map.of("workflow", bot, "reason", why.word()), now);
    }

    /**
     * Beside the answer, which stays the first ending.
     *
     * @param files why each of the answer's files cannot be sent, in its order
     */
    static Event undeliverable(
            CorrelationId question, @Nullable String personKey, String bot, List<String> files, Instant now) {
        String reason = Workflow.Failure.UNDELIVERABLE_FILE.word();
        var payload = Map.of("workflow", bot, "reason", reason, "files", files);
        return event(FAILED, FAILED, question, personKey, payload, now);
    }

    /** @param once there is one event of this for the question */
    private static Event event(
            String type,
            String once,
            CorrelationId question,
            @Nullable String personKey,
            Map<String, Object> more,
            Instant now) {
        var payload = new LinkedHashMap<String, Object>();
        payload.put("correlation_id", question.text());
        payload.putAll(more);
        return new Event(
                question.eventId(once),
                question.conversation().tenant(),
                question.conversation(),
                personKey,
                type,
                1,
                payload,
                Event.Source.SYSTEM,
                null,
                question.turnId(),
                0,
                now);
    }
}
