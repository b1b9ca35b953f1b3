package io.github.almeidatech.wppflow.server.app;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.model.OutboundCommand;

/**
 * Who carries out which kind of command.
 *
 * @param chat everything for the chat
 * @param records contacts and rows
 * @param webhooks calls of other systems
 */
record CommandRouter(CommandSender chat, CommandSender records, CommandSender webhooks) implements CommandSender {

    @Override
    public CommandResult send(CommandAttempt attempt) {
        return senderOf(attempt.command()).send(attempt);
    }

    private CommandSender senderOf(OutboundCommand command) {
        if (command instanceof OutboundCommand.CallWebhook) {
            return webhooks;
        }
        return switch (command.line()) {
            case REPLIES -> chat;
            case RECORDS -> records;
        };
    }
}
