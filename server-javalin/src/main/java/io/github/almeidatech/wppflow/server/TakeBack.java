package io.github.almeidatech.wppflow.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.almeidatech.wppflow.chatwoot.ChatwootConversation;
import io.github.almeidatech.wppflow.chatwoot.ChatwootException;
import io.github.almeidatech.wppflow.chatwoot.ChatwootMessage;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a conversation back that Chatwoot itself has opened because our webhook failed: nobody has asked for a person, and
 * nobody else will answer. Left alone is whatever a person, a team or a message of anybody has to do with. Blocks on
 * Chatwoot.
 */
final class TakeBack {

    private static final Logger log = LoggerFactory.getLogger(TakeBack.class);

    /** "Conversation was marked open by system due to an error with the agent bot.", in the account's language. */
    private static final Pattern OUR_FAILURE =
            Pattern.compile("(?=.*\\b(bot|robô)\\b).*\\b(error|failure|erro|falha)\\b", flags());

    private TakeBack() {}

    private static int flags() {
        return Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS;
    }

    /**
     * A conversation that is the bot's.
     *
     * @param conversation as it is now
     * @param messages its latest ones, oldest first, when it has just been taken back; none when it was the bot's already
     */
    record Taken(JsonNode conversation, List<JsonNode> messages) {}

    /**
     * Empty when it is not ours to take, or Chatwoot does not let us see. Repeating it is harmless.
     *
     * @param conversation in the form of a list that may be older
     * @param intent is run before the conversation is changed, to write down what a crash would leave half done
     */
    static Optional<Taken> of(Tenants.Tenant tenant, JsonNode conversation, Runnable intent) {
        long number = conversation.path("id").asLong();
        List<ChatwootMessage> messages;
        try {
            ChatwootConversation now = tenant.chatwoot().conversations().show(number);
            if (now.status() == ConversationStatus.PENDING) { // taken back with an earlier message
                return Optional.of(new Taken(pending(conversation), List.of()));
            }
            messages = tenant.chatwoot().messages().newest(number);
            if (!isUnattended(now) || !openedByOurFailure(messages)) {
                return Optional.empty();
            }
            intent.run();
            tenant.chatwoot().conversations().setStatus(number, ConversationStatus.PENDING);
        } catch (ChatwootException e) {
            log.warn("conversation {} of tenant {} cannot be taken back now", number, tenant.id(), e);
            return Optional.empty();
        }
        log.warn("conversation {} of tenant {} was opened because our webhook failed; taken back", number, tenant.id());
        return Optional.of(new Taken(
                pending(conversation),
                messages.stream().map(ChatwootMessage::json).toList()));
    }

    private static JsonNode pending(JsonNode conversation) {
        ObjectNode pending = conversation.deepCopy();
        return pending.put("status", "pending");
    }

    private static boolean isUnattended(ChatwootConversation conversation) {
        return conversation.status() == ConversationStatus.OPEN
                && conversation.assignedPerson() == null
                && conversation.json().path("meta").path("team").isEmpty();
    }

    /** Since then only the customer has written, and nobody of the business among what is not answered before it. */
    private static boolean openedByOurFailure(List<ChatwootMessage> messages) {
        boolean ours = false;
        for (int i = messages.size() - 1; i >= 0; i--) {
            ChatwootMessage message = messages.get(i);
            if (message.type() == ChatwootMessage.Type.ACTIVITY) {
                if (ours) {
                    return true;
                }
                String text = message.content();
                ours = text != null && OUR_FAILURE.matcher(text).find();
                if (!ours) {
                    return false;
                }
            } else if (message.type() == ChatwootMessage.Type.OUTGOING) {
                if (!ours || message.isHumanSpeech()) {
                    return false;
                }
                if (message.author() == ChatwootMessage.Author.AGENT_BOT && !message.privateNote()) {
                    return true;
                }
            }
        }
        return ours;
    }
}
