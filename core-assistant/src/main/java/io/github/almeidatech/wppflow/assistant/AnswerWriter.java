package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import io.github.almeidatech.wppflow.model.FlowException;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Payer;
import java.util.List;
import java.util.Optional;

/**
 * Writes an answer out of passages, as a language model does. What it writes is checked before it is sent; when it fails,
 * or writes what may not be sent, the passages are quoted. Thread-safe; blocks.
 */
@FunctionalInterface
public interface AnswerWriter {

    /** There is no model: passages are quoted. */
    AnswerWriter NONE = request -> Optional.empty();

    /**
     * The answer, or {@link Written#NO_ANSWER} when the passages do not hold one; empty when nobody writes.
     *
     * @throws FlowException when the model cannot be had now: failure, time-out, budget
     */
    Optional<Written> write(Request request);

    /**
     * What is to be answered, from what, and how.
     *
     * @param payer whose turn it is, for limits and for telling tenants apart
     * @param question what the customer said
     * @param history what was said before, oldest first
     * @param passages the only source of facts
     * @param language to answer in
     * @param style how
     */
    record Request(
            Payer payer,
            String question,
            List<Line> history,
            List<KnowledgeAnswer.Source> passages,
            Language language,
            Style style) {
        public Request {
            history = List.copyOf(history);
            passages = List.copyOf(passages);
        }

        @Override
        public String toString() {
            return "Request[" + payer + ", " + passages.size() + " passages]";
        }
    }

    /** One earlier line of the conversation. */
    record Line(boolean fromCustomer, String text) {
        @Override
        public String toString() {
            return "Line[" + fromCustomer + ", " + text.length() + " chars]";
        }
    }

    /**
     * How a business wants to sound.
     *
     * @param business its name
     * @param tone in its own words, such as "caloroso e direto"
     * @param lists whether lists may be used
     * @param maxCharacters of the whole answer
     * @param bot the name it speaks by; empty for none
     */
    record Style(String business, String tone, boolean lists, int maxCharacters, String bot) {

        /** Of a bot without a name. */
        public Style(String business, String tone, boolean lists, int maxCharacters) {
            this(business, tone, lists, maxCharacters, "");
        }

        Style spokenBy(Persona persona) {
            return new Style(
                    business, persona.tone().isBlank() ? tone : persona.tone(), lists, maxCharacters, persona.name());
        }
    }

    /**
     * An answer.
     *
     * @param text CommonMark
     * @param passageIds the passages it rests on, at least one
     * @param unanswered of several questions those that the passages do not answer, in the customer's words
     */
    record Written(String text, List<String> passageIds, List<String> unanswered) {

        /** The passages answer nothing of what was asked: neither are they quoted. */
        public static final Written NO_ANSWER = new Written("", List.of());

        public Written {
            passageIds = List.copyOf(passageIds);
            unanswered = List.copyOf(unanswered);
        }

        /** One that answers all that was asked. */
        public Written(String text, List<String> passageIds) {
            this(text, passageIds, List.of());
        }

        @Override
        public String toString() {
            return "Written[" + text.length() + " chars, " + passageIds + "]";
        }
    }
}
