/**
 * The standalone server: the only place that knows all modules. Here is what all of it shares: the tenants, the metrics, and
 * {@link io.github.almeidatech.wppflow.server.Intake}, where the way of a message begins. What stands beside that way has
 * packages of its own: erasure, knowledge, policy, records, replay, doctor, explain. {@code http} is the door, {@code app} puts
 * everything together, {@code cli} starts it; each knows those named before it, and none of these knows a later one.
 */
@NullMarked
package io.github.almeidatech.wppflow.server;

import org.jspecify.annotations.NullMarked;
