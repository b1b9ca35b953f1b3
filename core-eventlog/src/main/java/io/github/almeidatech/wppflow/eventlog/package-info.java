/**
 * M5: what happened, written down once and never changed, and the policies that act on it. Begin with
 * {@link io.github.almeidatech.wppflow.eventlog.EventLog}.
 */
@NullMarked
package io.github.almeidatech.wppflow.eventlog;

import org.jspecify.annotations.NullMarked;
