package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.model.ConversationId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Asks a program outside, such as an n8n workflow, for the answer to a turn. It may be asked again under the same
 * correlation id, after a crash. Thread-safe; blocks, up to its time limit.
 */
@FunctionalInterface
public interface Workflow {

    /** There is none. */
    Workflow NONE = request -> new Failed(Failure.UNKNOWN);

    Outcome ask(Request request);

    /**
     * What is asked.
     *
     * @param bot who
     * @param conversation where
     * @param correlationId the same for the same messages of the same turn, however often they are asked about; a later
     *     answer names it
     * @param turnId what caused it
     * @param answerUntil later answers are not waited for
     * @param data message, contact, history, route and language, as plain data
     */
    record Request(
            String bot,
            ConversationId conversation,
            String correlationId,
            String turnId,
            Instant answerUntil,
            Map<String, Object> data) {
        public Request {
            data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
        }

        @Override
        public String toString() {
            return "Request[" + bot + ", " + correlationId + "]";
        }
    }

    /** What came of it. */
    sealed interface Outcome {

        /** Calls the function for the outcome. */
        default <R> R match(Function<WorkflowAnswer, R> answered, Supplier<R> later, Function<Failure, R> failed) {
            if (this instanceof Answered has) {
                return answered.apply(has.answer());
            }
            return this instanceof Failed no ? failed.apply(no.failure()) : later.get();
        }
    }

    /** It answered at once. */
    record Answered(WorkflowAnswer answer) implements Outcome {}

    /** It has begun to work and will answer later. */
    record Later() implements Outcome {}

    /** It cannot be had. */
    record Failed(Failure failure) implements Outcome {}

    /** Why there is no answer. The words are part of the event log. */
    enum Failure {
        /** No program of that name is configured. */
        UNKNOWN,
        /** No connection, or it broke. */
        UNREACHABLE,
        /** The address may not be called. */
        FORBIDDEN_ADDRESS,
        /** There is no such address: an n8n workflow that is not active. */
        NOT_ACTIVE,
        /** It does not accept our secret, or our request. */
        REFUSED,
        /** It has too much to do. */
        OVERLOADED,
        /** It broke while working. */
        BROKEN,
        /** It took longer than a call may take. */
        TIME_LIMIT,
        /** What it answered is not an answer. */
        INVALID_ANSWER,
        /** It answered with nothing but files, none of which can be sent. */
        UNDELIVERABLE_FILE,
        /** It failed several times in a row and is left alone for a while. */
        PAUSED,
        /** It said it would answer later, and did not in time. */
        NO_ANSWER;

        /** The lower-case word. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
