package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.router.Classification;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything known when a turn is decided.
 *
 * @param turn what is to be answered
 * @param tenant how
 * @param heard what was said, as text
 * @param contact by whom; null when nothing identifies the sender
 * @param history what was said before
 * @param classification what is wanted; null when we failed before knowing
 * @param now when
 */
record Situation(
        Turn turn,
        AssistantSettings tenant,
        Heard heard,
        @Nullable Contact contact,
        History history,
        @Nullable Classification classification,
        Instant now) {

    /** What to write to the customer in. */
    Language language() {
        return classification == null || heard.nothingReadable() ? tenant.language() : classification.language();
    }

    /** One of the assistant's own sentences in the customer's language. */
    String say(String phrase) {
        return tenant.phrases().say(phrase, language());
    }

    /** One of the assistant's own sentences for the business's people. */
    String note(String phrase) {
        return tenant.phrases().say(phrase, tenant.language());
    }

    InboundMessage newest() {
        List<InboundMessage> messages = turn.messages();
        return messages.get(messages.size() - 1);
    }
}
