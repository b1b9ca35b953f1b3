/**
 * The durable heart: inbox, ordered and debounced turns, outbox. It knows conversations, messages and commands only as
 * things that have an order and an owner; what they say is the {@link io.github.almeidatech.wppflow.flow.TurnHandler}'s
 * business, how they are sent the {@link io.github.almeidatech.wppflow.flow.CommandSender}'s.
 *
 * <pre>
 *   accept(event) ─► inbox ─► claimTurns ─► TurnHandler ─► completeTurn ─► outbox ─► claimCommands ─► CommandSender
 * </pre>
 *
 * <p>The first reply of a turn is mostly claimed with its end, and the next one with the result of the one before.
 *
 * Begin with {@link io.github.almeidatech.wppflow.flow.FlowEngine}; the rules all stores keep are in
 * {@link io.github.almeidatech.wppflow.flow.FlowStore}.
 */
@NullMarked
package io.github.almeidatech.wppflow.flow;

import org.jspecify.annotations.NullMarked;
