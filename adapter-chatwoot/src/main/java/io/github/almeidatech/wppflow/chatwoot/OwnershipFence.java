package io.github.almeidatech.wppflow.chatwoot;

import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.normalizer.OwnershipMode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The last look before something is said to the customer: does the conversation, as Chatwoot shows it now, belong to a
 * person? The engine's own fence knows only what webhooks have told so far.
 */
final class OwnershipFence {

    /** A state read a moment ago holds at least until it has been stored. */
    private static final Duration SHORTEST_PAUSE = Duration.ofMinutes(1);

    private final boolean pendingIsTheBots;
    private final Duration humanPause;

    OwnershipFence(OwnershipMode mode, Duration humanPause) {
        this.pendingIsTheBots = mode == OwnershipMode.AGENT_BOT;
        this.humanPause = humanPause;
    }

    /**
     * What the conversation's state says; empty while the bot may speak.
     *
     * @param answer an answer of the bot. The word that a person was called may be said in their conversation, until they
     *     speak
     */
    Optional<OwnershipSignal> byState(ChatwootConversation conversation, boolean answer, Instant now) {
        return answer ? byState(conversation, now) : Optional.empty();
    }

    /** Whether the last word in the conversation is a person's. */
    Optional<OwnershipSignal> byLastWord(ChatwootConversation conversation) {
        ChatwootMessage last = conversation.lastMessage();
        return last != null && last.isHumanSpeech() && isNotOurs(last) ? Optional.of(spoken(last)) : Optional.empty();
    }

    /**
     * Whether a person spoke after the customer's last message.
     *
     * @param newest messages, oldest first
     */
    Optional<OwnershipSignal> check(List<ChatwootMessage> newest) {
        for (int i = newest.size() - 1; i >= 0; i--) {
            ChatwootMessage message = newest.get(i);
            if (message.type() == ChatwootMessage.Type.INCOMING) {
                return Optional.empty();
            }
            if (message.isHumanSpeech() && isNotOurs(message)) {
                return Optional.of(spoken(message));
            }
        }
        return Optional.empty();
    }

    /** A person's note is the newest: their words to the customer may be hidden behind it. */
    static boolean mayHideSpeech(ChatwootConversation conversation) {
        ChatwootMessage last = conversation.lastMessage();
        return last == null || last.privateNote();
    }

    /** The reasons are the normalizer's words for the same states. A person's ownership ends a pause after its last sign. */
    private Optional<OwnershipSignal> byState(ChatwootConversation conversation, Instant now) {
        ConversationStatus status = conversation.status();
        if (status == ConversationStatus.RESOLVED) {
            return Optional.of(new OwnershipSignal(Owner.CLOSED, now, null, "conversation_resolved", false));
        }
        boolean assigned = conversation.assignedPerson() != null && status == ConversationStatus.OPEN;
        if (pendingIsTheBots ? status == ConversationStatus.PENDING : !assigned) {
            return Optional.empty();
        }
        boolean tooShort = humanPause.compareTo(SHORTEST_PAUSE) < 0;
        Instant until = now.plus(tooShort ? SHORTEST_PAUSE : humanPause);
        String reason = status == ConversationStatus.SNOOZED
                ? "conversation_snoozed"
                : assigned ? "person_assigned" : "conversation_opened";
        return Optional.of(new OwnershipSignal(Owner.HUMAN, now, until, reason, false));
    }

    private OwnershipSignal spoken(ChatwootMessage message) {
        Instant at = message.createdAt();
        return new OwnershipSignal(Owner.HUMAN, at, at.plus(humanPause), "human_agent_message", true);
    }

    private static boolean isNotOurs(ChatwootMessage message) {
        return message.contentAttribute(NewMessage.KEY).isEmpty();
    }
}
