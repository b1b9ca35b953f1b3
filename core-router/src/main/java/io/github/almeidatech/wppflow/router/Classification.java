package io.github.almeidatech.wppflow.router;

import io.github.almeidatech.wppflow.model.Language;
import java.util.List;
import java.util.Set;

/**
 * How a message was understood.
 *
 * @param intent what it is about: {@code sales}, {@code support}, {@code appointment}, {@code general}, or a tenant's own
 * @param confidence the probability that the intent is right, 0 to 1; calibrated: of the messages with 0.8, about 80 % are
 * @param evidence what decided, strongest first, for people to read; may quote words of the message
 * @param language the language it is written in
 * @param signals what decides the behaviour whatever the intent
 * @param sentiment its mood
 * @param keywords words that carry the topic, in the order of the message, without accents
 */
public record Classification(
        String intent,
        double confidence,
        List<String> evidence,
        Language language,
        Set<Signal> signals,
        Sentiment sentiment,
        List<String> keywords) {

    public Classification {
        if (intent.isBlank()) {
            throw new IllegalArgumentException("an intent wanted");
        }
        if (!(confidence >= 0 && confidence <= 1)) {
            throw new IllegalArgumentException("a confidence within 0 to 1 wanted, not " + confidence);
        }
        evidence = List.copyOf(evidence);
        signals = Set.copyOf(signals);
        keywords = List.copyOf(keywords);
    }

    /** The same message, understood as another intent. */
    public Classification as(String otherIntent, double otherConfidence, List<String> otherEvidence) {
        return new Classification(otherIntent, otherConfidence, otherEvidence, language, signals, sentiment, keywords);
    }

    /** No more messages are wanted. */
    public boolean optOut() {
        return signals.contains(Signal.OPT_OUT);
    }

    /** A person is wanted. */
    public boolean wantsPerson() {
        return signals.contains(Signal.WANTS_PERSON);
    }

    /** It cannot wait. */
    public boolean urgent() {
        return signals.contains(Signal.URGENT);
    }

    /** The customer is dissatisfied with what was done. */
    public boolean complaint() {
        return signals.contains(Signal.COMPLAINT);
    }

    /** Asks how something of the customer's own is doing, which only people can look up. */
    public boolean ownCase() {
        return signals.contains(Signal.OWN_CASE);
    }

    /** Wants something booked, ordered, cancelled or moved, which only people can do. */
    public boolean wantsAction() {
        return signals.contains(Signal.WANTS_ACTION);
    }

    /** Asks whether this is a robot or a person, and nothing else. */
    public boolean asksIfBot() {
        return signals.contains(Signal.ASKS_IF_BOT);
    }

    /** Nothing but a greeting. */
    public boolean greetingOnly() {
        return signals.contains(Signal.GREETING_ONLY);
    }

    /** Nothing but thanks, praise or an acknowledgement. */
    public boolean thanksOnly() {
        return signals.contains(Signal.THANKS_ONLY);
    }

    @Override
    public String toString() {
        return "Classification[" + intent + ", " + confidence + ", " + language.tag() + ", " + signals + "]";
    }
}
