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

    /**
     * This try certainly did nothing, and a later one may work. What an earlier try left unclear stays unclear: also the
     * result of a try that only looked, found nothing and must look again. {@code after} is how long to wait at least
     * (what the other side asked for, or the rest of the settling time), or null.
     */
    record NotDone(String reason, @Nullable Duration after) implements CommandResult {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.notDone(this);
        }
    }

    /**
     * This try may have done it, nobody knows; the settling time begins anew. {@code after} is how long to wait before
     * looking, or null.
     */
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

    /**
     * It was not done because a person owns the conversation by now.
     *
     * @param known what {@link FlowStore#holdsBack} said, which is nothing new to the store and may have changed since
     */
    record HeldBack(OwnershipSignal ownership, boolean known) implements CommandResult {

        /** Because of what was seen outside, and the store is to learn. */
        public HeldBack(OwnershipSignal ownership) {
            this(ownership, false);
        }

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
