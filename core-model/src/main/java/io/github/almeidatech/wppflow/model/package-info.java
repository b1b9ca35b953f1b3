/**
 * The words all modules share: who ({@link io.github.almeidatech.wppflow.model.TenantId}), where
 * ({@link io.github.almeidatech.wppflow.model.ConversationId}), what came
 * ({@link io.github.almeidatech.wppflow.model.InboundMessage}), what is to be done
 * ({@link io.github.almeidatech.wppflow.model.OutboundCommand}), what happened
 * ({@link io.github.almeidatech.wppflow.model.Event}) and what went wrong
 * ({@link io.github.almeidatech.wppflow.model.FlowException}).
 *
 * <p>Data only: immutable, thread-safe, without input or output; and one port that siblings share,
 * {@link io.github.almeidatech.wppflow.model.SpendLedger}. Types that hold personal data mask it in
 * {@code toString}, so that a log line can never contain it.
 */
@NullMarked
package io.github.almeidatech.wppflow.model;

import org.jspecify.annotations.NullMarked;
