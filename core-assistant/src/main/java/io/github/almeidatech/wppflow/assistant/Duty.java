package io.github.almeidatech.wppflow.assistant;

/** When the bot answers by itself. Opt-outs, urgent words and calls for a person are heard at any time. */
public enum Duty {
    /** Whether people are there or not. */
    ALWAYS,
    /** Only during business hours. */
    OPEN,
    /** Only outside of them: while people are there, they answer. */
    CLOSED
}
