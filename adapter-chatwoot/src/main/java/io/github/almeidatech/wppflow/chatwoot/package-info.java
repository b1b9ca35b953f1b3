/**
 * M6: Chatwoot, both ways. What comes in is proved by {@link io.github.almeidatech.wppflow.chatwoot.WebhookAuthenticator};
 * what goes out goes through one {@link io.github.almeidatech.wppflow.chatwoot.ChatwootClient} for each tenant, commands of
 * the flow through {@link io.github.almeidatech.wppflow.chatwoot.ChatwootCommandSender}, files through
 * {@link io.github.almeidatech.wppflow.chatwoot.ChatwootMediaSource}, and what webhooks missed is found by
 * {@link io.github.almeidatech.wppflow.chatwoot.CatchUpReader}.
 *
 * <pre>{@code
 * var client = ChatwootClient.builder(new OkHttpClient(), address, account, botToken)
 *         .userToken(userToken)
 *         .build();
 * long id = client.messages().create(conversation, NewMessage.text("Olá!")).id();
 * }</pre>
 */
@NullMarked
package io.github.almeidatech.wppflow.chatwoot;

import org.jspecify.annotations.NullMarked;
