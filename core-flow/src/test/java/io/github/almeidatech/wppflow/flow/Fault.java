package io.github.almeidatech.wppflow.flow;

/** Faults planted outside the store. */
enum Fault {
    NONE,
    /** Sends again after an unclear result without looking. */
    FORGETS_UNCLEAR_RESULTS,
    /** Looks, but sends again before the settling time is over. */
    DOES_NOT_LET_SETTLE,
    /** Sends although the lease has passed. */
    IGNORES_THE_LEASE,
    /** Learns of a person's words only while nobody has written after them. */
    SEES_THE_LAST_WORD_ONLY,
    /** Takes in what people wrote, and sends what was claimed before that. */
    ASKS_BEFORE_IT_LOOKS,
    /** Policies are not told which of them caused an event. */
    FORGETS_CAUSES,
    /** Does not write down why nothing is answered while a person has the conversation. */
    SILENCES_WITHOUT_REASON,
    /** Does not write down why a finished command was not carried out. */
    HOLDS_BACK_WITHOUT_REASON,
    /** The bot decides to say nothing, and not why. */
    DECIDES_WITHOUT_REASON
}
