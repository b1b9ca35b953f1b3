package io.github.almeidatech.wppflow.router;

import io.github.almeidatech.wppflow.model.Payer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a customer said, with what they had said before.
 *
 * @param text the message, or all messages of a turn, a line each; may be blank
 * @param history the customer's earlier messages, oldest first; without the bot's answers
 * @param contact what is known of the customer, field by field, such as {@code plano: mensal}; only an {@link IntentModel}
 *     looks at it
 * @param payer on whose account an {@link IntentModel} is asked; null for the tenant's alone
 */
public record Utterance(
        String text,
        List<String> history,
        Map<String, String> contact,
        @Nullable Payer payer) {

    public Utterance {
        history = List.copyOf(history);
        contact = Map.copyOf(contact);
    }

    /** On the tenant's account. */
    public Utterance(String text, List<String> history, Map<String, String> contact) {
        this(text, history, contact, null);
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
