package io.github.almeidatech.wppflow.router;

import java.util.List;

/**
 * What a customer said, with what they had said before.
 *
 * @param text the message, or all messages of a turn, a line each; may be blank
 * @param history the customer's earlier messages, oldest first; without the bot's answers
 */
public record Utterance(String text, List<String> history) {

    public Utterance {
        history = List.copyOf(history);
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
