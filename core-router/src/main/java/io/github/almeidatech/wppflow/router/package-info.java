/**
 * What a customer wants, and who answers it: {@link io.github.almeidatech.wppflow.router.Router} reads an
 * {@link io.github.almeidatech.wppflow.router.Utterance} into a
 * {@link io.github.almeidatech.wppflow.router.Classification} and leads that to a
 * {@link io.github.almeidatech.wppflow.router.Route}, without network and without a language model unless an
 * {@link io.github.almeidatech.wppflow.router.IntentModel} is given.
 *
 * <pre>{@code
 * Router router = Router.builder().defaultIntent("general").build();
 * Classification heard = router.classify(Utterance.of("qto custa o banho do meu cachorro?"));
 * heard.intent();                // sales
 * router.route(heard).labels();  // intencao_sales, agent_vendas
 * }</pre>
 */
@NullMarked
package io.github.almeidatech.wppflow.router;

import org.jspecify.annotations.NullMarked;
