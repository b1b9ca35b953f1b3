package io.github.almeidatech.wppflow.flow;

/** What became of a finished answer. */
public enum TurnOutcome {
    /** Stored; its commands will be carried out. */
    COMPLETED,
    /** Newer messages arrived meanwhile: dropped, the next turn holds both. */
    SUPERSEDED,
    /** A person took over meanwhile: the messages are done, the commands dropped; an event says why. */
    TAKEN_OVER,
    /** Its answer is still being waited for: nothing is done with the messages yet. */
    WAITING,
    /** The claim was lost to another worker: nothing changed. */
    LEASE_LOST
}
