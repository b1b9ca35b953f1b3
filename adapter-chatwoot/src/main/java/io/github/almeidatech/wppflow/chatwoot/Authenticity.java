package io.github.almeidatech.wppflow.chatwoot;

import java.util.Locale;
import java.util.function.Function;

/** Whether a delivery comes from the tenant's Chatwoot. */
public sealed interface Authenticity {

    /** It does. {@code keyId} names the secret that proved it, and may be logged. */
    record Authentic(String keyId) implements Authenticity {
        @Override
        public <R> R match(Function<Authentic, R> authentic, Function<Rejected, R> rejected) {
            return authentic.apply(this);
        }
    }

    /** It is to be refused before anything of it is read. */
    record Rejected(Reason reason) implements Authenticity {
        @Override
        public <R> R match(Function<Authentic, R> authentic, Function<Rejected, R> rejected) {
            return rejected.apply(this);
        }
    }

    /** Why a delivery is refused; the words are part of the API. */
    enum Reason {
        /** There is no proof at all. */
        MISSING_SIGNATURE,
        /** The proof is wrong, incomplete or not of the form Chatwoot writes. */
        INVALID_SIGNATURE,
        /** Genuine, but from another time than now: replayed, held up, or one of the clocks is wrong. */
        STALE_SIGNATURE;

        /** The lower-case word. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Calls the function for the case. */
    <R> R match(Function<Authentic, R> authentic, Function<Rejected, R> rejected);
}
