/**
 * Everything in one process, for trying: the server, a simulated Chatwoot with a chat page, and an invented pet hotel.
 */
@NullMarked
package io.github.almeidatech.wppflow.server.sandbox;

import org.jspecify.annotations.NullMarked;
