package io.github.almeidatech.wppflow.normalizer;

/** How a conversation's state tells whether a person owns it. */
public enum OwnershipMode {
    /** {@link #AGENT_BOT} for deliveries of an agent bot, {@link #ACCOUNT} for all others. */
    BY_SOURCE,
    /** An agent bot is connected to the inboxes: the bot acts while a conversation is pending, people on all others. */
    AGENT_BOT,
    /** No agent bot: {@code open} alone says nothing, an assigned person does. */
    ACCOUNT;

    /**
     * The mode of the configuration's word, {@code agent-bot} or {@code account}.
     *
     * @throws IllegalArgumentException for another word
     */
    public static OwnershipMode of(String word) {
        return switch (word) {
            case "agent-bot" -> AGENT_BOT;
            case "account" -> ACCOUNT;
            default -> throw new IllegalArgumentException("agent-bot or account wanted");
        };
    }

    /** Whether {@code pending} is what makes a conversation the bot's. */
    boolean pendingIsTheBots(DeliverySource source) {
        return this == AGENT_BOT || (this == BY_SOURCE && source == DeliverySource.AGENT_BOT);
    }
}
