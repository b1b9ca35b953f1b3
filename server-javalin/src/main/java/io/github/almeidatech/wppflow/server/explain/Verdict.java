package io.github.almeidatech.wppflow.server.explain;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What became of a customer's message, and why.
 *
 * @param code what
 * @param messageId which; null when none is known
 * @param reason the stable word for why, where there is one
 * @param at when that was decided; for what is still to come, when it is due
 * @param attempts how many tries there were, where that matters
 * @param failed commands of the same turn that were given up, as {@code assign: no_such_team}
 */
public record Verdict(
        Code code,
        @Nullable Long messageId,
        @Nullable String reason,
        @Nullable Instant at,
        int attempts,
        List<String> failed) {

    public Verdict {
        failed = List.copyOf(failed);
    }

    /** The stable words of the outcome. */
    public enum Code {
        /** The customer was answered. */
        ANSWERED,
        /** The answer was left as a note for a person to send. */
        DRAFTED,
        /** A person was called. */
        HANDED_OFF,
        /** Nothing was said, on purpose. */
        SILENT,
        /** A message that is not to be answered. */
        IGNORED,
        /** A person has the conversation. */
        HUMAN_OWNED,
        /** A person took over before the finished answer was sent. */
        HELD_BACK,
        /** Chatwoot refused the answer, or it failed too often. */
        NOT_SENT,
        /** Chatwoot took the answer, and WhatsApp did not deliver it. */
        UNDELIVERED,
        /** The finished answer was thrown away by hand. */
        DISCARDED,
        /** The finished answer waits to be sent. */
        SENDING,
        /** The answer may have been sent; that is being found out. */
        UNCLEAR,
        /** It waits for its turn: more may come. */
        WAITING,
        /** It is being answered at present. */
        ANSWERING,
        /** Answering has failed and is tried again. */
        FAILING,
        /** Not even giving up worked. */
        ABANDONED,
        /** It is known to have come, and what became of it has been erased or has expired. */
        FORGOTTEN,
        /** The conversation is known; a message of the customer's is further back than was looked, erased, expired, or never came. */
        HISTORY_CUT,
        /** Nothing of the conversation has ever arrived. */
        NOTHING_ARRIVED;

        /** The lower-case word. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Verdict of(Code code, @Nullable Long messageId, @Nullable String reason, @Nullable Instant at) {
        return new Verdict(code, messageId, reason, at, 0, List.of());
    }
}
