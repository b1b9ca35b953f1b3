package io.github.almeidatech.wppflow.normalizer;

import io.github.almeidatech.wppflow.model.ConversationStatus;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which delivery is a customer's message that wants an answer: the first rule that matches decides, and its word is kept. */
final class DecisionTable {

    private final Set<Long> inboxes;
    private final Set<Long> extraWhatsappInboxes;

    /**
     * @param inboxes those served; empty for all
     * @param extraWhatsappInboxes those taken for WhatsApp whatever their channel
     */
    DecisionTable(Set<Long> inboxes, Set<Long> extraWhatsappInboxes) {
        this.inboxes = Set.copyOf(inboxes);
        this.extraWhatsappInboxes = Set.copyOf(extraWhatsappInboxes);
    }

    Reason ofMessage(
            MessageFacts message,
            ConversationFacts conversation,
            Customer customer,
            @Nullable Long inboxId,
            boolean humanOwned) {
        return switch (message.direction()) {
            case ACTIVITY -> Reason.ACTIVITY_MESSAGE;
            case TEMPLATE -> Reason.TEMPLATE_MESSAGE;
            case OUTGOING -> message.privateNote() ? Reason.PRIVATE_NOTE : ofOutgoing(message);
            case INCOMING ->
                message.privateNote()
                        ? Reason.PRIVATE_NOTE
                        : ofIncoming(message, conversation, customer, inboxId, humanOwned);
            case EVENT -> Reason.NOT_MESSAGE_CREATED;
        };
    }

    private static Reason ofOutgoing(MessageFacts message) {
        if (message.senderKind() == SenderKind.AGENT_BOT || message.ownKey() != null) {
            return Reason.OWN_BOT_MESSAGE;
        }
        if (message.senderKind() == SenderKind.CAPTAIN_ASSISTANT) {
            return Reason.OTHER_BOT_MESSAGE;
        }
        return message.automatic() ? Reason.AUTOMATION_MESSAGE : Reason.HUMAN_AGENT_MESSAGE;
    }

    private Reason ofIncoming(
            MessageFacts message,
            ConversationFacts conversation,
            Customer customer,
            @Nullable Long inboxId,
            boolean humanOwned) {
        if (!serves(inboxId)) {
            return Reason.INBOX_NOT_SERVED;
        }
        if (!canBeWhatsapp(conversation, inboxId)) {
            return Reason.NON_WHATSAPP_INBOX;
        }
        if (customer.group()) {
            return Reason.GROUP_CHAT;
        }
        if (message.reaction()) {
            return Reason.REACTION;
        }
        if (message.unsupported()) {
            return Reason.UNSUPPORTED_MESSAGE;
        }
        if (message.nothing()) {
            return Reason.EMPTY_MESSAGE;
        }
        return humanOwned ? Reason.HUMAN_OWNED : Reason.CUSTOMER_MESSAGE;
    }

    boolean serves(@Nullable Long inboxId) {
        return inboxes.isEmpty() || (inboxId != null && inboxes.contains(inboxId));
    }

    /** A payload without a channel was made by hand: whoever made it knows. */
    private boolean canBeWhatsapp(ConversationFacts conversation, @Nullable Long inboxId) {
        if (conversation.channel() == null || (inboxId != null && extraWhatsappInboxes.contains(inboxId))) {
            return true;
        }
        return switch (conversation.channel()) {
            case "Channel::Whatsapp", "Channel::Api" -> true;
            case "Channel::TwilioSms" ->
                conversation.address() != null && conversation.address().startsWith("whatsapp:");
            default -> false;
        };
    }

    /** Whether the conversation's state says that a person answers it. */
    static boolean humanOwned(ConversationFacts conversation, boolean pendingIsTheBots) {
        ConversationStatus status = conversation.status();
        return (pendingIsTheBots && status != null && status != ConversationStatus.PENDING)
                || (status == ConversationStatus.OPEN && conversation.assignedToPerson());
    }
}
