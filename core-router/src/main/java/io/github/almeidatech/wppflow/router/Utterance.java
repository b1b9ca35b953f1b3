package io.github.almeidatech.wppflow.router;

import java.util.List;
import java.util.Map;

/**
 * What a customer said, with what they had said before.
 *
 * @param text the message, or all messages of a turn, a line each; may be blank
 * @param history the customer's earlier messages, oldest first; without the bot's answers
 * @param contact what is known of the customer, field by field, such as {@code plano: mensal}; only an {@link IntentModel}
 *     looks at it
 */
public record Utterance(String text, List<String> history, Map<String, String> contact) {

    public Utterance {
        history = List.copyOf(history);
        contact = Map.copyOf(contact);
    }

    /** Of somebody nothing is known of. */
    public Utterance(String text, List<String> history) {
        this(text, history, Map.of());
    }

    /** The first message of a conversation. */
    public static Utterance of(String text) {
        return new Utterance(text, List.of());
    }

    @Override
    public String toString() {
        return "Utterance[" + text.length() + " characters, " + history.size() + " before]";
    }
}
