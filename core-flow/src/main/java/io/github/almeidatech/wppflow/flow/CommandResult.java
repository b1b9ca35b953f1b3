package io.github.almeidatech.wppflow.flow;

import io.github.almeidatech.wppflow.model.OwnershipSignal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What one try of a command led to. */
public sealed interface CommandResult {

    /** It is done. {@code externalId} is the other side's id of what was made, where there is one. */
    record Done(@Nullable String externalId) implements CommandResult {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.done(this);
        }
    }

    /** It was certainly not done and may work later. {@code after} is what the other side asked for, or null. */
    record NotDone(String reason, @Nullable Duration after) implements CommandResult {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.notDone(this);
        }
    }

    /** Nobody knows whether it was done. {@code after} is when to look, or null. */
    record Unclear(String reason, @Nullable Duration after) implements CommandResult {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.unclear(this);
        }
    }

    /** It was certainly not done and never will be. */
    record Refused(String reason) implements CommandResult {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.refused(this);
        }
    }

    /** It was not done because a person owns the conversation by now. */
    record HeldBack(OwnershipSignal ownership) implements CommandResult {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.heldBack(this);
        }
    }

    /** Calls the method for the result. */
    <R> R accept(Visitor<R> visitor);

    /** One method for each case. */
    interface Visitor<R> {
        R done(Done result);

        R notDone(NotDone result);

        R unclear(Unclear result);

        R refused(Refused result);

        R heldBack(HeldBack result);
    }
}
