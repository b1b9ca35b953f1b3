package io.github.almeidatech.wppflow.jdbc;

/**
 * What was removed because of its age.
 *
 * @param deliveries raw bodies
 * @param messages customers' messages
 * @param commands commands that had ended, dead letters among them
 * @param media texts that were read of files
 * @param keys hashes of delivery keys
 * @param events events that were emptied
 */
public record Expired(long deliveries, long messages, long commands, long media, long keys, long events) {}
