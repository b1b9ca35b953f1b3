/**
 * The standalone server: the only place that knows all modules. {@link io.github.almeidatech.wppflow.server.Application}
 * puts them together; the way of a message begins in {@link io.github.almeidatech.wppflow.server.Intake}.
 */
@NullMarked
package io.github.almeidatech.wppflow.server;

import org.jspecify.annotations.NullMarked;
