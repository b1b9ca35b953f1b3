package io.github.almeidatech.wppflow.router;

/** How much the bot does by itself for an intent. */
public enum Mode {
    /** A person answers. */
    OFF,
    /** The bot's answer is left as a private note; a person sends it. */
    DRAFT,
    /** The bot answers. */
    AUTO
}
