package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.model.InboundMessage;
import java.util.List;

/**
 * Answers that nothing is written down about, because the database was restored from a backup of before. Called from many
 * threads; may block on Chatwoot; when it fails, the turn is tried again.
 */
@FunctionalInterface
public interface ForgottenAnswers {

    /** Nothing was forgotten. */
    ForgottenAnswers NONE = messages -> Told.NOTHING;

    /**
     * What the customer was told about these messages of one conversation, in their order.
     *
     * @param messages of a turn, at least one
     */
    Told about(List<InboundMessage> messages);

    /**
     * What the customer was told already.
     *
     * @param answered how many of the messages were answered, from the first one on
     * @param said the bot's words about them; empty when somebody else answered
     */
    record Told(int answered, String said) {

        /** No message was answered. */
        public static final Told NOTHING = new Told(0, "");

        @Override
        public String toString() {
            return "Told[" + answered + ", " + said.length() + " chars]";
        }
    }
}
