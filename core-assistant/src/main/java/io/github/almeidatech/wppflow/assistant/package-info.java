/**
 * The standard answer to a turn: the only place that knows the order media → contact → route → knowledge → reply, handoff
 * or a silence with a reason. Begin with {@link io.github.almeidatech.wppflow.assistant.Assistant}.
 */
@NullMarked
package io.github.almeidatech.wppflow.assistant;

import org.jspecify.annotations.NullMarked;
