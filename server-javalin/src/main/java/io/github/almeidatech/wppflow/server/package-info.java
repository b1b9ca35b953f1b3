/**
 * The standalone server: the only place that knows all modules. {@link io.github.almeidatech.wppflow.server.Application}
 * puts them together; the way of a message begins in {@link io.github.almeidatech.wppflow.server.Intake}. What stands beside
 * that way has packages of its own: erasure, knowledge, policy, records, replay, doctor, explain; http and cli are its doors.
 */
@NullMarked
package io.github.almeidatech.wppflow.server;

import org.jspecify.annotations.NullMarked;
