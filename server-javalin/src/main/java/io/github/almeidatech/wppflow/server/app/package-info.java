/**
 * The running application: {@link io.github.almeidatech.wppflow.server.app.Application} puts all modules together,
 * {@link io.github.almeidatech.wppflow.server.app.MessageFlow} the way of a message, and what works beside it: catching up,
 * housekeeping, channels to Chatwoot. Nothing but the command line and the sandbox knows it.
 */
@NullMarked
package io.github.almeidatech.wppflow.server.app;

import org.jspecify.annotations.NullMarked;
