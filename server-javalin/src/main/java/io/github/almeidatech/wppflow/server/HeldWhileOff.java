package io.github.almeidatech.wppflow.server;

import io.github.almeidatech.wppflow.flow.CommandAttempt;
import io.github.almeidatech.wppflow.flow.CommandResult;
import io.github.almeidatech.wppflow.flow.CommandSender;
import io.github.almeidatech.wppflow.model.ConversationStatus;
import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.Owner;
import io.github.almeidatech.wppflow.model.OwnershipSignal;
import io.github.almeidatech.wppflow.model.TenantId;
import java.time.InstantSource;
import java.util.function.Predicate;

/**
 * Lets nothing out that a customer would see while a tenant's bot is switched off. An answer that was on its way is
 * dropped, and its conversation opened, so that people see that somebody waits; that goes for parting words too, which
 * may have nothing behind them that opens it.
 */
public final class HeldWhileOff implements CommandSender {

    /** The word for it. */
    public static final String REASON = "bot_off";

    private final CommandSender sender;
    private final Predicate<TenantId> isOff;
    private final InstantSource clock;

    public HeldWhileOff(CommandSender sender, Predicate<TenantId> isOff, InstantSource clock) {
        this.sender = sender;
        this.isOff = isOff;
        this.clock = clock;
    }

    /** The same for a caller who hears the result and may try again: nothing is done to the conversation. */
    public static CommandSender postponing(CommandSender sender, Predicate<TenantId> isOff) {
        return attempt -> holds(attempt, isOff) ? new CommandResult.NotDone(REASON, null) : sender.send(attempt);
    }

    private static boolean holds(CommandAttempt attempt, Predicate<TenantId> isOff) {
        return attempt.command().speaksToCustomer()
                && isOff.test(attempt.conversation().tenant());
    }

    @Override
    public CommandResult send(CommandAttempt attempt) {
        OutboundCommand command = attempt.command();
        if (!holds(attempt, isOff)) {
            return sender.send(attempt);
        }
        if (command instanceof OutboundCommand.FollowUp) { // nobody waits for it, and the conversation may be over
            return new CommandResult.Refused(REASON);
        }
        CommandResult opened = sender.send(
                attempt.part(attempt.key() + "-open", new OutboundCommand.SetStatus(ConversationStatus.OPEN)));
        if (opened instanceof CommandResult.Unclear later) { // of the opening: nothing was said
            return new CommandResult.NotDone(later.reason(), later.after());
        }
        if (!(opened instanceof CommandResult.Done)) { // a person must not own what nobody sees
            return opened;
        }
        return new CommandResult.HeldBack(new OwnershipSignal(Owner.HUMAN, clock.instant(), null, REASON, false));
    }
}
