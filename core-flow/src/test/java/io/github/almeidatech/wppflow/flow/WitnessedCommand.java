package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.OutboundCommand;
import io.github.almeidatech.wppflow.model.OutboundCommand.FollowUp;
import io.github.almeidatech.wppflow.model.OutboundCommand.SendMessage;
import java.time.Instant;

/** A command of a completed turn. */
final class WitnessedCommand {
    final int number;
    final OutboundCommand command;
    /** With what was merged into it. */
    OutboundCommand whole;

    final int claimStep;
    final Instant since;
    String fate = "waiting";
    boolean mayBeSeen;
    boolean unclearBefore;
    boolean everDead;
    int seen;

    WitnessedCommand(int number, OutboundCommand command, int claimStep, Instant since) {
        this.number = number;
        this.command = command;
        this.whole = command;
        this.claimStep = claimStep;
        this.since = since;
    }

    @Override
    public String toString() {
        return command + " #" + number + " " + fate + (mayBeSeen ? ", unclear" : "");
    }

    /**
     * Whether its place among the bubbles is fixed: not for what people sent again, and not for a request that was
     * under way when a person took over.
     */
    boolean inLine() {
        return command instanceof SendMessage && fate.equals("done") && !everDead;
    }

    boolean isLater(Instant now) {
        return command instanceof FollowUp followUp && followUp.notBefore().isAfter(now);
    }
}
