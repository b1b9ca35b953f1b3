package io.github.almeidatech.wppflow.chatwoot;

/**
 * An agent bot with what it needs to speak and to be believed. Prints neither.
 *
 * @param id Chatwoot's number
 * @param accessToken with which it writes
 * @param secret with which its webhooks are signed; empty before Chatwoot 4.13, which does not sign them
 */
public record ConnectedBot(long id, String accessToken, String secret) {

    @Override
    public String toString() {
        return "ConnectedBot[" + id + "]";
    }
}
