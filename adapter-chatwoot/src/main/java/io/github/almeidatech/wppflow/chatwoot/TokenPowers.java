package io.github.almeidatech.wppflow.chatwoot;

import java.util.Locale;

/**
 * What the two tokens may do, found out without changing anything.
 *
 * @param botSpeaks the bot's may write messages and change conversations
 * @param botReads the bot's may read a conversation and its labels (Chatwoot 4.14.2)
 * @param userReads the user's may read the account
 * @param userAdministers the user's may see webhooks and their secrets; not needed for answering
 */
public record TokenPowers(Power botSpeaks, Power botReads, Power userReads, Power userAdministers) {

    /** Whether a token may do something, or why not. */
    public enum Power {
        GRANTED,
        /** The token is right, but this is not its to do. */
        NOT_GRANTED,
        /** Chatwoot does not know the token. */
        WRONG_TOKEN,
        /** The token is of another account, or the account is suspended. */
        WRONG_ACCOUNT,
        /** There is no such token. */
        NO_TOKEN;

        /** The lower-case word. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Power of(ChatwootException refusal) {
            return switch (refusal.error()) {
                case NO_TOKEN -> NO_TOKEN;
                // What was asked for does not exist, but it was looked for.
                case NOT_FOUND -> GRANTED;
                case FORBIDDEN -> NOT_GRANTED;
                case UNAUTHORIZED -> of(refusal.detail().toLowerCase(Locale.ROOT));
                default -> throw refusal;
            };
        }

        private static Power of(String detail) {
            if (detail.contains("account")) {
                return WRONG_ACCOUNT;
            }
            return detail.contains("not authorized") ? NOT_GRANTED : WRONG_TOKEN;
        }
    }
}
