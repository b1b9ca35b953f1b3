package io.github.almeidatech.wppflow.flow;

/** What became of an event; whichever it is, it is on disk and will be answered for. */
public enum Acceptance {
    /** Stored; a message waits for its turn. */
    STORED,
    /** Seen before; nothing changed. */
    DUPLICATE,
    /** Stored as history; a person owns the conversation, so nobody answers automatically. */
    HUMAN_OWNED
}
