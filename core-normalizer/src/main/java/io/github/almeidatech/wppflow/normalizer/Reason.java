package io.github.almeidatech.wppflow.normalizer;

import java.util.Locale;

/** What a delivery was taken for. The words are part of the API. Signatures are judged elsewhere, before. */
public enum Reason {
    /** The only reason to answer. */
    CUSTOMER_MESSAGE,
    /** An automation rule's webhook: a conversation under the name of another event. */
    CONVERSATION_SHAPED_EVENT,
    /** Something changed or was observed; it may still say who owns the conversation. */
    NOT_MESSAGE_CREATED,
    /** Chatwoot's remark. */
    ACTIVITY_MESSAGE,
    /** Chatwoot's greeting, out-of-office text or survey. */
    TEMPLATE_MESSAGE,
    /** A note among the business's people; may be a command to the bot. */
    PRIVATE_NOTE,
    /** What we, or another agent bot, said. */
    OWN_BOT_MESSAGE,
    /** What Chatwoot's own assistant said. */
    OTHER_BOT_MESSAGE,
    /** What an automation rule or a campaign said. */
    AUTOMATION_MESSAGE,
    /** A person answered the customer: a takeover. */
    HUMAN_AGENT_MESSAGE,
    /** An inbox that is not among those to be served. */
    INBOX_NOT_SERVED,
    /** A channel that cannot be WhatsApp. */
    NON_WHATSAPP_INBOX,
    /** A group, where nobody asked the bot. */
    GROUP_CHAT,
    /** An emoji put on a message. */
    REACTION,
    /** Chatwoot's placeholder for what it cannot show. */
    UNSUPPORTED_MESSAGE,
    /** Neither text nor attachment, or deleted meanwhile. */
    EMPTY_MESSAGE,
    /** A customer's message in a conversation that a person answers. */
    HUMAN_OWNED;

    /** The lower-case word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
