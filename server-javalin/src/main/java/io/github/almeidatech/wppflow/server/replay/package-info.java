/**
 * Recorded turns decided again by other settings, rules or models; nothing is sent. Begin with
 * {@link io.github.almeidatech.wppflow.server.replay.Replays}.
 */
@NullMarked
package io.github.almeidatech.wppflow.server.replay;

import org.jspecify.annotations.NullMarked;
