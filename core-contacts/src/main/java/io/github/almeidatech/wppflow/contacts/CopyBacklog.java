package io.github.almeidatech.wppflow.contacts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many contacts' copies outside are behind.
 *
 * @param oldest since when the longest; null for none
 */
public record CopyBacklog(long contacts, @Nullable Instant oldest) {}
