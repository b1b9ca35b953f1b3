package io.github.almeidatech.wppflow.eventlog;

import java.util.function.Function;

/** What a check of a tenant's hash chain found. */
public sealed interface Verification {

    /**
     * Every event is in its place and unchanged. Noted outside the database, it makes later tampering with these events
     * provable.
     *
     * @param events how many there are
     * @param head the last one's hash, {@link ChainedEvent#GENESIS} for none
     */
    record Intact(long events, String head) implements Verification {
        @Override
        public <R> R match(Function<Intact, R> intact, Function<Broken, R> broken) {
            return intact.apply(this);
        }
    }

    /**
     * Something was changed, removed or slipped in.
     *
     * @param position the first place where it shows
     * @param reason how it shows
     */
    record Broken(long position, Reason reason) implements Verification {
        @Override
        public <R> R match(Function<Intact, R> intact, Function<Broken, R> broken) {
            return broken.apply(this);
        }
    }

    /** How a broken chain shows. */
    enum Reason {
        /** An event is missing or there twice. */
        POSITION,
        /** The event's content is not what was written down. */
        CONTENT,
        /** The event itself is not, or does not follow the one before. */
        LINK,
        /** The chain is shorter than noted, or another one. */
        NOT_AS_NOTED
    }

    /** Calls the function for the outcome. */
    <R> R match(Function<Intact, R> intact, Function<Broken, R> broken);
}
