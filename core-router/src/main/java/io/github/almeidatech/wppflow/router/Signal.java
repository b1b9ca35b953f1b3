package io.github.almeidatech.wppflow.router;

/** What decides the behaviour of the bot, whatever the intent. */
public enum Signal {
    /** No more messages are wanted. */
    OPT_OUT,
    /** A person is wanted instead of the bot. */
    WANTS_PERSON,
    /** It cannot wait: an emergency, or the customer says so. */
    URGENT,
    /** The customer is dissatisfied with what was done. */
    COMPLAINT,
    /** How something of the customer's own is doing, which only people can look up: an order, a pet in care, a payment. */
    OWN_CASE,
    /** Something is to be booked, ordered, cancelled or moved, which only people can do. */
    WANTS_ACTION,
    /** Whether this is a robot or a person, and nothing else. */
    ASKS_IF_BOT,
    /** Nothing but a greeting. */
    GREETING_ONLY,
    /** Nothing but thanks, praise or an acknowledgement. */
    THANKS_ONLY
}
