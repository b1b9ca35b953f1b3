package io.github.almeidatech.wppflow.model;

/** Who answers a conversation at present. Only {@link #BOT} lets automatic messages out. */
public enum Owner {
    /** Ours. */
    BOT,
    /** A person took over, or was called. */
    HUMAN,
    /** Nobody answers automatically until a time or a command. */
    PAUSED,
    /** Resolved; the customer's next message opens it for the bot again. */
    CLOSED
}
