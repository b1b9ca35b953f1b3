package io.github.almeidatech.wppflow.server.explain;

import io.github.almeidatech.wppflow.flow.ConversationState;
import io.github.almeidatech.wppflow.jdbc.IgnoredDelivery;
import io.github.almeidatech.wppflow.model.ConversationId;
import io.github.almeidatech.wppflow.model.Event;
import io.github.almeidatech.wppflow.model.SpendLedger.Amount;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why a conversation, or a message in it, went as it did.
 *
 * @param conversation which
 * @param messageId which message; null for the conversation as a whole
 * @param state what is waited for at present, and who owns the conversation
 * @param called the turn's or the policy's event that called the person who has the conversation now; null when nobody was
 *     called, or it is not known any more
 * @param timeline what happened, oldest first
 * @param turns the decisions in it, oldest first
 * @param policies names of policies, by the id of the event that says they acted
 * @param ignored what was delivered about the conversation and led to nothing, the latest first
 * @param spentToday what models have cost in it today, as its budget counts it
 * @param verdict what became of the message, or of the customer's latest one
 * @param complete whether the timeline reaches back to the beginning
 */
public record Explanation(
        ConversationId conversation,
        @Nullable Long messageId,
        ConversationState state,
        @Nullable Event called,
        List<Event> timeline,
        List<TurnStory> turns,
        Map<String, String> policies,
        List<IgnoredDelivery> ignored,
        Amount spentToday,
        Verdict verdict,
        boolean complete) {

    public Explanation {
        timeline = List.copyOf(timeline);
        turns = List.copyOf(turns);
        policies = Map.copyOf(policies);
        ignored = List.copyOf(ignored);
    }
}
