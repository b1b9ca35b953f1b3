package io.github.almeidatech.wppflow.router;

import java.util.List;
import java.util.Optional;

/**
 * A language model that tells intents apart. Called by {@link Router#classify} in its caller's thread; may block, bounded
 * by its own time limit. Implementations are thread-safe.
 */
@FunctionalInterface
public interface IntentModel {

    /**
     * Understands a message.
     *
     * @param utterance the message and what was said before
     * @param offline how it was understood without the model; {@link Classification#as} makes an answer from it
     * @param intents the intents to choose from
     * @return an answer, or empty when the model has none, such as after a refusal or an invalid answer; the offline
     *     result then stands
     * @throws io.github.almeidatech.wppflow.model.FlowException when the model failed, or the budget of
     *     {@link Utterance#payer} is used up; the offline result then stands
     */
    Optional<Classification> classify(Utterance utterance, Classification offline, List<Intent> intents);
}
