package io.github.almeidatech.wppflow.jdbc;

/**
 * What an erasure has removed. All zero when nothing was left.
 *
 * @param messages arrivals whose text and raw body are gone
 * @param commands commands whose content is gone; those that waited will not be carried out
 * @param events events that were emptied
 * @param contacts contacts that were removed with all their identities
 */
public record Erased(long messages, long commands, long events, long contacts) {}
