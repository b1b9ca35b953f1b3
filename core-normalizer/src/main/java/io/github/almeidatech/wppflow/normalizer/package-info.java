/**
 * What a delivery of Chatwoot means: a customer's message to be answered, a sign of who owns the conversation, or nothing
 * to us, and then why. Also who somebody is by phone number.
 *
 * <p>Begin at {@link io.github.almeidatech.wppflow.normalizer.Normalizer} and
 * {@link io.github.almeidatech.wppflow.normalizer.Phones}:
 *
 * <pre>{@code
 * Normalizer normalizer = Normalizer.builder().phoneRegion("BR").ownership(OwnershipMode.AGENT_BOT).build();
 * Normalized normalized = normalizer.normalize(Delivery.of(tenant, DeliverySource.AGENT_BOT, body));
 * normalized.message().ifPresent(customers::add);          // a customer's message
 * String reason = normalized.reason().word();              // customer_message, human_owned, private_note, …
 * }</pre>
 *
 * <p>Nothing here does input or output, keeps state or owns threads. Whoever sends a delivery is authenticated before it
 * comes here; its content is still taken for hostile: every input gives a
 * {@link io.github.almeidatech.wppflow.normalizer.Normalized} or a
 * {@link io.github.almeidatech.wppflow.normalizer.NormalizerException}, in bounded time and memory.
 */
@NullMarked
package io.github.almeidatech.wppflow.normalizer;

import org.jspecify.annotations.NullMarked;
