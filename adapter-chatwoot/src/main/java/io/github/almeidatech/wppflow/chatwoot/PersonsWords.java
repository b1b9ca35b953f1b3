package io.github.almeidatech.wppflow.chatwoot;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.util.Optional;

/**
 * Who knows what people have said, and so whether the bot may speak: for a {@link ChatwootCommandSender}, which reads before
 * each bubble what may not be known yet. Thread-safe.
 */
public interface PersonsWords {

    /**
     * Takes in a message or note of a person as its webhook would have been, in the forms of Chatwoot's API. Known already, or
     * nothing that says whose the conversation is: without effect. Returns when it is stored.
     *
     * @throws RuntimeException nothing is stored; nothing is said to the customer then, and it is tried again
     */
    void take(JsonNode conversation, JsonNode message);

    /** Why the command may not be carried out any more, by all that is known now; empty when it may. */
    Optional<OwnershipSignal> holdsBack(CommandAttempt attempt);
}
