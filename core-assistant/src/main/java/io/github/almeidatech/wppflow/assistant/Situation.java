package io.github.almeidatech.wppflow.assistant;

import io.github.almeidatech.wppflow.contacts.Contact;
import io.github.almeidatech.wppflow.flow.Turn;
import io.github.almeidatech.wppflow.model.InboundMessage;
import io.github.almeidatech.wppflow.model.Language;
import io.github.almeidatech.wppflow.model.Payer;
import io.github.almeidatech.wppflow.router.BusinessHours;
import io.github.almeidatech.wppflow.router.Classification;
import io.github.almeidatech.wppflow.router.Utterance;
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
 * @param trail what is looked at on the way
 */
record Situation(
        Turn turn,
        AssistantSettings tenant,
        Heard heard,
        @Nullable Contact contact,
        History history,
        @Nullable Classification classification,
        Instant now,
        Trail trail) {

    /** At the beginning of the way. */
    Situation(
            Turn turn,
            AssistantSettings tenant,
            Heard heard,
            @Nullable Contact contact,
            History history,
            @Nullable Classification classification,
            Instant now) {
        this(turn, tenant, heard, contact, history, classification, now, new Trail());
    }

    /** On whose account models are asked. */
    Payer payer() {
        return Payer.of(turn.conversation(), turn.id());
    }

    /** What to write to the customer in. */
    Language language() {
        return classification == null || heard.nothingReadable() ? tenant.language() : classification.language();
    }

    /** Whether the customer says that they want no more messages. */
    boolean saysNoMore() {
        return classification != null && classification.optOut();
    }

    /**
     * Whether that is to be remembered; what we say of it ourselves is not theirs. What is known already is noted once more
     * only where it is confirmed: an earlier answer to the same words may have been given up for what came after them, or have
     * ended with the process.
     */
    boolean optsOut(Reason because) {
        boolean known = contact != null && contact.optedOut();
        return saysNoMore() && because != Reason.OWN_ECHO && (!known || because == Reason.OPTED_OUT);
    }

    /** What the conversation is about: a bare wish for a person does not change that. Empty when we never knew. */
    String intent() {
        if (classification == null) {
            return "";
        }
        boolean aboutNothing =
                classification.wantsPerson() && classification.intent().equals("general");
        return aboutNothing && !history.lastIntent().isEmpty() ? history.lastIntent() : classification.intent();
    }

    /** What a text means by itself, whatever was said before it: its signals, not whom it goes to. */
    Classification byItself(String text) {
        boolean isAllThereIs =
                text.equals(heard.text()) && history.customerLines().isEmpty();
        return classification != null && isAllThereIs
                ? classification
                : trail.understood(text, () -> tenant.router().classifyOffline(Utterance.of(text)));
    }

    /** Who speaks. */
    Persona persona() {
        return classification == null ? Persona.NONE : tenant.persona(intent());
    }

    /** Whether people are away. */
    boolean closed() {
        BusinessHours hours = tenant.hours();
        return hours != null && !hours.isOpen(now);
    }

    /** Whether the bot answers by itself at this hour. */
    boolean onDuty() {
        return tenant.hours() == null
                || switch (tenant.duty()) {
                    case ALWAYS -> true;
                    case OPEN -> !closed();
                    case CLOSED -> closed();
                };
    }

    /** One of the assistant's own sentences in the customer's language. */
    String say(String phrase) {
        String name = persona().name();
        return tenant.phrases()
                .say(phrase, language())
                .replace("{bot}", name.isEmpty() ? tenant.phrases().business() : name);
    }

    /** What the customer hears when a person is called: while people are away, when they are back. */
    String calling(String phrase) {
        BusinessHours hours = tenant.hours();
        if (hours == null || hours.isOpen(now)) {
            return say(phrase);
        }
        return say(phrase + "_closed").replace("{opens}", OpeningWords.of(hours, now, language()));
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
