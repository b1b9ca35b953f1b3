package io.github.almeidatech.wppflow.eventlog;

import io.github.almeidatech.wppflow.model.OutboundCommand;

/**
 * A command a policy wants carried out.
 *
 * @param firingId the id of the {@code policy.fired} event in the same plan: the command's cause
 * @param command what is to be done
 */
public record PlannedCommand(String firingId, OutboundCommand command) {}
