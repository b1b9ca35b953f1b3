/**
 * Why something happened in a conversation, or did not: what the event log and the store know, put in order and in plain
 * sentences. Begin with {@link io.github.almeidatech.wppflow.server.explain.Explainer}.
 */
@NullMarked
package io.github.almeidatech.wppflow.server.explain;

import org.jspecify.annotations.NullMarked;
