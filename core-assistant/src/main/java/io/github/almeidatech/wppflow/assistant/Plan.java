package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.knowledge.KnowledgeAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is to be done with a turn, before it is put into commands. */
sealed interface Plan {

    /** Why. */
    Reason reason();

    /** Say something. */
    record Reply(Reason reason, String text, List<KnowledgeAnswer.Source> sources) implements Plan {
        public Reply {
            sources = List.copyOf(sources);
        }

        static Reply of(Reason reason, String text) {
            return new Reply(reason, text, List.of());
        }
    }

    /**
     * Leave the answer as a note; a person sends it.
     *
     * @param missing what of the turn it does not answer
     */
    record Draft(Reason reason, String text, List<KnowledgeAnswer.Source> sources, List<Findings.Unanswered> missing)
            implements Plan {
        public Draft {
            sources = List.copyOf(sources);
            missing = List.copyOf(missing);
        }
    }

    /**
     * Call a person; without a text the customer hears nothing about it.
     *
     * @param sources of what is answered in the text, when it is not all that was asked
     * @param missing the questions that the knowledge base does not answer
     */
    record Handoff(
            Reason reason,
            @Nullable String text,
            List<KnowledgeAnswer.Source> sources,
            List<Findings.Unanswered> missing)
            implements Plan {
        public Handoff {
            sources = List.copyOf(sources);
            missing = List.copyOf(missing);
        }

        Handoff(Reason reason, @Nullable String text) {
            this(reason, text, List.of(), List.of());
        }
    }

    /**
     * Do what a program outside has decided.
     *
     * @param draft what it says is left as a note; a person sends it
     */
    record Outside(Reason reason, WorkflowAnswer answer, boolean draft) implements Plan {}

    /**
     * Say nothing.
     *
     * @param said what the bot has said about it already, as far as it is remembered only now; mostly nothing
     */
    record Silence(Reason reason, String said) implements Plan {

        Silence(Reason reason) {
            this(reason, "");
        }
    }

    /** Calls the method for the plan. */
    default <R> R accept(Visitor<R> visitor) {
        if (this instanceof Reply reply) {
            return visitor.reply(reply);
        }
        if (this instanceof Draft draft) {
            return visitor.draft(draft);
        }
        if (this instanceof Outside outside) {
            return visitor.outside(outside);
        }
        return this instanceof Handoff handoff ? visitor.handoff(handoff) : visitor.silence((Silence) this);
    }

    /** One method for each plan. */
    interface Visitor<R> {
        R reply(Reply plan);

        R draft(Draft plan);

        R handoff(Handoff plan);

        R outside(Outside plan);

        R silence(Silence plan);
    }
}
