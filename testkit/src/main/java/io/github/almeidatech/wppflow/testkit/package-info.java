/**
 * What tests of a Chatwoot integration need, and the sandbox is made of: a Chatwoot in a box
 * ({@link io.github.almeidatech.wppflow.testkit.SimulatedChatwoot}), faults on demand
 * ({@link io.github.almeidatech.wppflow.testkit.Fault}), a clock that stands still
 * ({@link io.github.almeidatech.wppflow.testkit.SettableClock}) and the contract suites of the ports.
 *
 * <pre>{@code
 * try (var chatwoot = SimulatedChatwoot.start()) {
 *     var webhook = chatwoot.connectAgentBot(URI.create("http://127.0.0.1:3000/webhooks/chatwoot/demo/agent-bot"));
 *     // give the system under test chatwoot.baseUrl(), chatwoot.botToken(), chatwoot.userToken(), webhook.secret()
 *     var ana = chatwoot.customer("+5511990000001", "Ana Exemplo");
 *     long conversation = ana.writes("oi").conversation();
 *     chatwoot.awaitIdle(Duration.ofSeconds(5));
 *     assertThat(chatwoot.messagesIn(conversation)).containsExactly("Olá, Ana!");
 * }
 * }</pre>
 */
@NullMarked
package io.github.almeidatech.wppflow.testkit;

import org.jspecify.annotations.NullMarked;
