/**
 * Signed calls of webhooks outside, such as n8n workflows. Begin with {@link
 * io.github.almeidatech.wppflow.webhook.WebhookTarget} and {@link io.github.almeidatech.wppflow.webhook.WebhookClient}; the
 * client carries out {@code CallWebhook} commands ({@link io.github.almeidatech.wppflow.webhook.WebhookCommandSender}) and
 * asks a workflow for the answer to a turn ({@link io.github.almeidatech.wppflow.webhook.WebhookWorkflow}).
 *
 * <pre>{@code
 * var target = new WebhookTarget("reservas", URI.create("https://n8n.example.com/webhook/reservas"), secret, null,
 *         Duration.ofSeconds(10), false, false);
 * var client = new WebhookClient(any -> guardedHttp, failure -> false, clock, WebhookListener.NONE);
 * CommandSender sender = new WebhookCommandSender(client, (tenant, name) -> Optional.of(target),
 *         conversation -> Optional.empty(), events::append, clock);
 * }</pre>
 */
@NullMarked
package io.github.almeidatech.wppflow.webhook;

import org.jspecify.annotations.NullMarked;
